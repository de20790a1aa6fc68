/* wire.js - the wire in hand: hold, conditions and rules. Conditions and
 * rules can be set before a run; hold of one way while one is live. */
import { h, setText } from './dom.js';
import { WISH, wish } from './events.js';
import { offersWire } from './links.js';
import { CONDITIONS, conditionsOf } from './request.js';
import * as rules from './rules.js';
import { isInHand } from './store.js';
import { texts } from './texts.js';

/** Bring the panel in el to life; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(el) {
  const parts = {
    note: el.querySelector('.wire__note'),
    live: el.querySelector('.wire__live'),
    holds: [...el.querySelectorAll('[name="hold-from"]')],
    swallow: el.querySelector('[name="swallow"]'),
    seed: el.querySelector('[name="seed"]'),
    sliders: CONDITIONS.map(makeSlider),
    reset: el.querySelector('.wire__reset'),
    stop: el.querySelector('.wire__stop'),
    rules: rules.mount(el.querySelector('.rules')),
  };
  el.querySelector('.sliders').append(...parts.sliders.map(({ node }) => node));
  for (const box of parts.holds) {
    box.addEventListener('change', () => wish(el, WISH.HOLD, { on: box.checked, from: box.value }));
  }
  parts.swallow.addEventListener('change', () =>
    wish(el, WISH.SWALLOW, { on: parts.swallow.checked }));
  parts.seed.addEventListener('change', () => {
    const seed = parts.seed.value === '' ? null : Math.abs(Math.trunc(Number(parts.seed.value)));
    wish(el, WISH.SEED, { seed });
  });
  parts.reset.addEventListener('click', () => wish(el, WISH.RESET_WIRE));
  parts.stop.addEventListener('click', () => wish(el, WISH.STOP));
  return { update: (state) => update(parts, state) };
}

function makeSlider({ name, max, step, unit }) {
  const id = `condition-${name}`;
  const input = h('input', { type: 'range', id, min: 0, max, step, value: 0 });
  const output = h('output', { htmlFor: id });
  input.addEventListener('input', () =>
    wish(input, WISH.CONDITION, { change: { [name]: Number(input.value) } }));
  const node = h('div', { className: 'slider' },
    h('label', { htmlFor: id }, texts.wire.conditions[name]), input, output);
  return { node, input, output, name, unit };
}

function update(parts, state) {
  const live = isInHand(state);
  const wire = live ? state.wire : null; // null: not known yet
  const possible = live || offersWire(state);
  setText(parts.note, noteFor(live, possible));
  parts.live.disabled = !wire;
  parts.reset.disabled = !live;
  parts.stop.disabled = state.run?.phase !== 'running';
  showSwitches(parts, wire);
  showConditions(parts, wire, state);
  for (const { input } of parts.sliders) input.disabled = !possible;
  parts.seed.disabled = !possible;
  parts.rules.update(state, live, possible);
}

function showSwitches({ holds, swallow }, wire) {
  for (const box of holds) box.checked = Boolean(wire?.hold[box.value]);
  swallow.checked = Boolean(wire?.swallow);
}

/* Those of the live wire, or of the next; what is being moved is left alone. */
function showConditions({ sliders, seed }, wire, next) {
  const conditions = wire ? conditionsOf(wire) : next.conditions;
  const value = (wire ?? next).seed;
  for (const { input, output, name, unit } of sliders) {
    if (document.activeElement !== input) input.value = conditions[name];
    output.value = shown(Number(input.value), unit);
    input.setAttribute('aria-valuetext', output.value);
  }
  if (document.activeElement !== seed) seed.value = value ?? '';
}

function shown(value, unit) {
  return unit === '%' ? `${Math.round(value * 100)} %` : `${value} ${unit}`;
}

function noteFor(live, possible) {
  if (live) return texts.wire.live;
  return possible ? texts.wire.before : texts.wire.never;
}
