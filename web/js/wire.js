/* wire.js - the wire in hand: hold, conditions and rules. Conditions can be set
 * before a run; hold of one way and rules while one is live. */
import { h } from './dom.js';
import { WISH, wish } from './events.js';
import { chosenLink } from './links.js';
import { CONDITIONS, conditionsOf } from './request.js';
import * as rules from './rules.js';
import { isInHand } from './store.js';
import { texts } from './texts.js';

/** Bring the panel in el to life; returns {update(state)}. */
export function mount(el) {
  const parts = {
    note: el.querySelector('.wire__note'),
    live: el.querySelector('.wire__live'),
    holds: [...el.querySelectorAll('[name="hold-from"]')],
    swallow: el.querySelector('[name="swallow"]'),
    seed: el.querySelector('[name="seed"]'),
    sliders: CONDITIONS.map(makeSlider),
    reset: el.querySelector('.wire__reset'),
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
  const { wire, seed } = state;
  const conditions = live && wire ? conditionsOf(wire) : state.conditions;
  const possible = live || [null, 'wire'].includes(chosenLink(state));
  parts.note.textContent = noteFor(state, live, possible);
  parts.live.disabled = !live;
  parts.reset.disabled = !live;
  for (const box of parts.holds) box.checked = live && Boolean(wire?.hold?.[box.value]);
  parts.swallow.checked = Boolean(wire?.swallow);
  for (const { input, output, name, unit } of parts.sliders) {
    input.disabled = !possible;
    if (document.activeElement !== input) input.value = conditions[name];
    output.value = shown(Number(input.value), unit);
    input.setAttribute('aria-valuetext', output.value);
  }
  parts.seed.disabled = !possible;
  if (document.activeElement !== parts.seed) parts.seed.value = (live ? wire?.seed : seed) ?? '';
  parts.rules.update(state, live);
}

function shown(value, unit) {
  return unit === '%' ? `${Math.round(value * 100)} %` : `${value} ${unit}`;
}

function noteFor(state, live, possible) {
  if (live) return texts.wire.live;
  return possible ? texts.wire.before : texts.wire.never;
}
