/* picker.js - the scenarios, in groups and searchable: which to run, how long
 * it takes, what it teaches, and why one cannot be run here. */
import { h, keyed, setText, whenChanged } from './dom.js';
import { WISH, wish } from './events.js';
import { ability, chosenScenario, obstacle } from './links.js';
import { texts } from './texts.js';

/** Bring the picker in el to life; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(el) {
  const parts = {
    el,
    button: el.querySelector('.picker__button'),
    title: el.querySelector('.picker__title'),
    summary: el.querySelector('.picker__summary'),
    box: el.querySelector('.picker__box'),
    search: el.querySelector('.picker__search'),
    list: el.querySelector('.picker__list'),
    none: el.querySelector('.picker__none'),
  };
  let state = null;
  const show = () => state && update(parts, state);
  openAndClose(parts);
  parts.search.addEventListener('input', show);
  parts.list.addEventListener('change', (event) =>
    wish(el, WISH.PICK_SCENARIO, { id: event.target.value }));
  const concerns = ({ scenarios, scenario, caps, link }) => [scenarios, scenario, caps, link];
  return {
    update: whenChanged(concerns, (next) => {
      state = next;
      show();
    }),
  };
}

function openAndClose(parts) {
  const { el, button, box, search, list } = parts;
  const open = (on) => {
    box.hidden = !on;
    button.setAttribute('aria-expanded', String(on));
    if (on) (list.querySelector('input:checked') ?? search).focus();
  };
  button.addEventListener('click', () => open(box.hidden));
  list.addEventListener('pointerup', (event) => {
    const input = event.target.closest('label')?.querySelector('input');
    if (input && !input.disabled) setTimeout(() => open(false), 120); // after its click
  });
  box.addEventListener('keydown', (event) => keyIn(event, parts, open));
  el.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget && !el.contains(relatedTarget)) open(false);
  });
  document.addEventListener('pointerdown', ({ target }) => el.contains(target) || open(false));
}

/* Escape leaves; Enter too, but from the search it goes to what was found. */
function keyIn(event, { button, search, list }, open) {
  const { key, target } = event;
  const searching = target === search;
  if (searching && ['Enter', 'ArrowDown'].includes(key)) {
    toFirst(event, list);
  } else if (['Enter', 'Escape'].includes(key)) {
    event.preventDefault();
    event.stopPropagation();
    open(false);
    button.focus();
  }
}

/* From the search to what was found. */
function toFirst(event, list) {
  event.preventDefault();
  list.querySelector('input:not(:disabled)')?.click();
  list.querySelector('input:checked')?.focus();
}

function update({ title, summary, search, list, none }, state) {
  const { scenarios, scenario } = state;
  const chosen = chosenScenario(state);
  const against = chosen && reasonAgainst(chosen, state);
  setText(title, chosen?.title ?? texts.scenario.choose);
  setText(summary, against ?? chosen?.summary ?? '');
  summary.classList.toggle('is-warning', Boolean(against));
  const found = scenarios.filter((each) => matches(each, search.value));
  none.hidden = found.length > 0;
  keyed(list, grouped(found, state), { make: makeGroup, update: updateGroup });
  for (const input of list.querySelectorAll('input')) input.checked = input.value === scenario;
}

/** Why a scenario cannot be run as things are chosen: a sentence, or null. */
export function reasonAgainst(scenario, state) {
  const found = obstacle(scenario, state);
  if (!found) return null;
  const { need, why } = found;
  if (why === null) return texts.scenario.choose_link(need);
  return ability(state.caps, need) ? texts.scenario.needs(need, why) : why;
}

/* Every word is looked for in all that is said about a scenario. */
function matches({ id, title, summary, teaches = [], rfc = [] }, sought) {
  const all = [id, title, summary, ...teaches, ...rfc].join(' ').toLowerCase();
  return sought.toLowerCase().split(/\s+/).every((word) => all.includes(word));
}

function grouped(scenarios, state) {
  const groups = new Map();
  for (const scenario of scenarios) {
    const { id, group, title, summary, seconds } = scenario;
    const against = reasonAgainst(scenario, state);
    const takes = seconds ? texts.scenario.takes(seconds) : '';
    const item = { id, title, summary, takes, against };
    groups.set(group, [...(groups.get(group) ?? []), item]);
  }
  return [...groups].map(([id, list]) => ({ id, list }));
}

function makeGroup() {
  return h('fieldset', { className: 'picker__group' });
}

function updateGroup(node, { id, list }) {
  const focused = node.querySelector('input:focus')?.value;
  const options = list.map(makeOption);
  node.replaceChildren(h('legend', {}, texts.group(id)), ...options);
  if (focused) node.querySelector(`[value="${CSS.escape(focused)}"]`)?.focus();
}

function makeOption({ id, title, summary, takes, against }) {
  const disabled = Boolean(against);
  const input = h('input', { type: 'radio', name: 'scenario', value: id, disabled });
  return h('label', { className: `picker__option${against ? ' is-refused' : ''}` }, input,
    h('span', { className: 'picker__option-title' }, title,
      takes ? h('span', { className: 'picker__takes' }, takes) : null),
    h('span', { className: 'picker__option-summary' }, summary),
    against ? h('span', { className: 'picker__option-against' }, against) : null);
}
