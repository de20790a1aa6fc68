/* menu.js - a button that opens a menu: arrow keys, Home and End, a letter, Esc
 * and a click elsewhere do what menus do. */
import { h, keyed, setText } from './dom.js';

const MOVES = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

/** Tie a button to its list (role "menu"). pick(id) is called for what was
 * chosen. Returns {show(items)}: items are {id, name, hint, href?, disabled?},
 * those with href are links. */
export function mountMenu(button, list, pick) {
  const all = () => [...list.querySelectorAll('[role=menuitem]')];
  const close = (back) => {
    if (list.hidden) return;
    list.hidden = true;
    button.ariaExpanded = 'false';
    if (back) button.focus();
  };
  const open = (at) => {
    list.hidden = false;
    button.ariaExpanded = 'true';
    all().at(at)?.focus();
  };
  button.addEventListener('click', () => (list.hidden ? open(0) : close(true)));
  button.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    open(event.key === 'ArrowDown' ? 0 : -1);
  });
  listen(list, { button, all, close, pick });
  return { show: (items) => keyed(list, items, { make: makeItem, update: updateItem }) };
}

function listen(list, { button, all, close, pick }) {
  list.addEventListener('keydown', (event) => onKey(event, all(), close));
  list.addEventListener('click', (event) => {
    const item = event.target.closest('[role=menuitem]');
    if (!item || item.ariaDisabled === 'true') return;
    close(true);
    pick(item.dataset.id);
  });
  list.addEventListener('focusout', (event) => {
    if (event.relatedTarget !== button && !list.contains(event.relatedTarget)) close(false);
  });
}

function onKey(event, items, close) {
  const at = items.indexOf(event.target);
  if (event.key === 'Escape' || event.key === 'Tab') {
    close(event.key === 'Escape');
    event.stopPropagation();
    return;
  }
  const to = placeOf(event.key, at, items);
  if (to === null) return;
  event.preventDefault();
  event.stopPropagation();
  items.at(to).focus();
}

/* Where a key moves to: along the items, or to the next that begins with it. */
function placeOf(key, at, items) {
  if (Math.abs(MOVES[key]) === Infinity) return key === 'Home' ? 0 : -1;
  if (key in MOVES) return (at + MOVES[key]) % items.length;
  if (key.length !== 1 || key === ' ') return null;
  const begins = (item) => item.textContent.toLowerCase().startsWith(key.toLowerCase());
  const next = [...items.slice(at + 1), ...items.slice(0, at + 1)].find(begins);
  return next ? items.indexOf(next) : null;
}

function makeItem({ id, href }) {
  const props = { className: 'menu__item', role: 'menuitem', tabIndex: -1 };
  const node = h(href ? 'a' : 'button', props);
  node.dataset.id = id;
  if (!href) node.type = 'button';
  node.append(h('span', { className: 'menu__name' }), ' ', h('span', { className: 'menu__hint' }));
  return node;
}

function updateItem(node, { name, hint, href, disabled }) {
  if (href) {
    node.href = href;
    node.download = '';
  }
  node.ariaDisabled = String(Boolean(disabled));
  setText(node.firstElementChild, name);
  setText(node.lastElementChild, hint);
}
