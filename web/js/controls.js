/* controls.js - what to run: the scenario, the protocol, and the button. */
import { h, keyed, setText } from './dom.js';
import { WISH, wish } from './events.js';
import { texts } from './texts.js';

/** Bring the controls in el to life; returns {update(state)}. */
export function mount(el) {
  const parts = {
    picker: el.querySelector('.picker'),
    button: el.querySelector('.picker__button'),
    title: el.querySelector('.picker__title'),
    summary: el.querySelector('.picker__summary'),
    list: el.querySelector('.picker__list'),
    start: el.querySelector('.start'),
    startText: el.querySelector('.start__text'),
    ip: el.querySelector('.segmented'),
  };
  preparePicker(parts);
  el.addEventListener('submit', (event) => {
    event.preventDefault();
    wish(el, WISH.START);
  });
  parts.ip.addEventListener('change', (event) =>
    wish(el, WISH.PICK_IP, { ip: Number(event.target.value) }));
  return { update: (state) => update(parts, state) };
}

function preparePicker({ picker, button, list }) {
  const open = (on) => {
    list.hidden = !on;
    button.setAttribute('aria-expanded', String(on));
    if (on) list.querySelector('input:checked')?.focus();
  };
  const close = (event) => {
    event.preventDefault();
    event.stopPropagation();
    open(false);
    button.focus();
  };
  button.addEventListener('click', () => open(list.hidden));
  list.addEventListener('change', (event) =>
    wish(list, WISH.PICK_SCENARIO, { id: event.target.value }));
  list.addEventListener('pointerup', (event) => {
    if (event.target.closest('label')) setTimeout(() => open(false), 120); // after its click
  });
  list.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' || event.key === 'Enter') close(event);
  });
  picker.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget && !picker.contains(relatedTarget)) open(false);
  });
  document.addEventListener('pointerdown', ({ target }) => picker.contains(target) || open(false));
}

function update(parts, { scenarios, scenario, ip, starting }) {
  const chosen = scenarios.find((each) => each.id === scenario);
  setText(parts.title, chosen?.title ?? texts.scenario.choose);
  setText(parts.summary, chosen?.summary ?? '');
  keyed(parts.list, grouped(scenarios), { make: makeGroup, update: updateGroup });
  check(parts.list, scenario);
  check(parts.ip, ip);
  parts.start.disabled = starting || !chosen;
  setText(parts.startText, starting ? texts.starting : texts.start);
}

function check(group, value) {
  for (const input of group.querySelectorAll('input')) input.checked = input.value === `${value}`;
}

function grouped(scenarios) {
  const groups = new Map();
  for (const { id, group, title, summary } of scenarios) {
    groups.set(group, [...(groups.get(group) ?? []), { id, title, summary }]);
  }
  return [...groups].map(([id, list]) => ({ id, list }));
}

function makeGroup() {
  return h('fieldset', { className: 'picker__group' });
}

function updateGroup(node, { id, list }) {
  const options = list.map((each) => h('label', { className: 'picker__option' },
    h('input', { type: 'radio', name: 'scenario', value: each.id }),
    h('span', { className: 'picker__option-title' }, each.title),
    h('span', { className: 'picker__option-summary' }, each.summary)));
  node.replaceChildren(h('legend', {}, texts.groups[id] ?? id), ...options);
}
