/* rules.js - the rules of the live wire, or of the next one, in words: a list to
 * remove from, and a builder whose selects write the words that are added. */
import { h, keyed, setText } from './dom.js';
import { WISH, wish } from './events.js';
import { CHOICES, ruleWords } from './ruletext.js';
import { texts } from './texts.js';

const MOST = 32; // the program takes no more

/** Bring the rules in el to life; returns {update(state, live, possible)}. */
export function mount(el) {
  const parts = {
    list: el.querySelector('.rules__list'),
    empty: el.querySelector('.rules__empty'),
    form: el.querySelector('.rules__form'),
    words: el.querySelector('.rules__words'),
  };
  const selects = Object.entries(CHOICES).map(makeSelect);
  el.querySelector('.rules__selects').append(...selects);
  const write = () => {
    const chosen = Object.fromEntries(selects.map(({ control: { name, value } }) => [name, value]));
    parts.words.value = ruleWords(chosen);
  };
  el.querySelector('.rules__selects').addEventListener('change', write);
  parts.form.addEventListener('submit', (event) => {
    event.preventDefault();
    const words = parts.words.value.trim();
    if (words) wish(el, WISH.ADD_RULE, { words });
  });
  parts.list.addEventListener('click', (event) => {
    const button = event.target.closest('.rule__remove');
    if (button) wish(el, WISH.REMOVE_RULE, { name: button.dataset.name });
  });
  selects[0].control.value = 'client';
  selects[1].control.value = 'SYN';
  selects[2].control.value = 'nth 1';
  write();
  return { update: (state, live, possible) => update(parts, state, live, possible) };
}

/* A label with its select. */
function makeSelect([name, values]) {
  const option = (value) =>
    h('option', { value }, texts.rules.choices[name][value] ?? (value || texts.rules.any[name]));
  const select = h('select', { name }, ...values.map(option));
  return h('label', { className: 'rules__select' },
    h('span', { className: 'visually-hidden' }, texts.rules.labels[name]), select);
}

/* Rules of the next run are called by their place. */
const prepared = (rules) => rules.map((words, i) => ({ name: String(i + 1), words }));

function update({ list, empty, form }, { wire, rules: next }, live, possible) {
  const rules = live ? (wire?.rules ?? []) : prepared(possible ? next : []);
  empty.hidden = rules.length > 0;
  setText(empty, live ? texts.rules.none : texts.rules.later);
  const room = possible && rules.length < MOST;
  for (const button of form.querySelectorAll('button')) button.disabled = !room;
  keyed(list, rules.map(({ name, words }) => ({ id: `${name} ${words}`, name, words })), {
    make: () => h('li', { className: 'rule' }),
    update: updateRule,
  });
}

function updateRule(node, { name, words }) {
  const remove = h('button', {
    type: 'button', className: 'icon rule__remove', ariaLabel: texts.rules.remove(words),
  }, '✕');
  remove.dataset.name = name;
  node.replaceChildren(
    h('span', { className: 'rule__name' }, name),
    h('code', { className: 'rule__words' }, words),
    remove,
  );
}
