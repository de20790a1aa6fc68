/* dom.js - small helpers over the platform: make, reconcile, move the focus.
 * Text goes in as text only; there is no way to pass markup. */

const seen = new WeakMap(); // node -> the item it shows, and its JSON

/** Make an HTML element. Props are set as properties where the element has
 * them, as attributes otherwise; children are nodes or texts. */
export function h(name, props = {}, ...children) {
  const el = document.createElement(name);
  for (const [key, value] of Object.entries(props)) setProp(el, key, value);
  el.append(...children.filter((child) => child !== null && child !== undefined));
  return el;
}

function setProp(el, key, value) {
  if (value === null || value === undefined) return;
  if (key in el && !key.includes('-')) el[key] = value;
  else el.setAttribute(key, value);
}

/** Make the children of parent show items, one node each, in order. Nodes are
 * kept by key (so focus stays) and updated only when their item changed. */
export function keyed(parent, items, { key = (item) => item.id, make, update }) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key ?? node, node]));
  const names = items.map((item) => String(key(item)));
  const wanted = new Set(names);
  for (const [name, node] of old) if (!wanted.has(name)) node.remove();
  let before = parent.firstElementChild;
  items.forEach((item, i) => {
    const node = old.get(names[i]) ?? named(make(item), names[i]);
    refresh(node, item, update);
    if (node === before) before = before.nextElementSibling;
    else parent.insertBefore(node, before);
  });
}

function named(node, name) {
  node.dataset.key = name;
  return node;
}

function refresh(node, item, update) {
  const was = seen.get(node);
  if (was?.item === item) return;
  const json = JSON.stringify(item);
  seen.set(node, { item, json });
  if (was?.json !== json) update(node, item);
}

/** update(state), called when one of the parts that pick(state) lists is another
 * than before. */
export function whenChanged(pick, update) {
  let last = null;
  return (state) => {
    const parts = pick(state);
    if (last?.every((part, i) => part === parts[i])) return;
    last = parts;
    update(state);
  };
}

/** The names that hold, {name: boolean}, as a class attribute. */
export function classes(names) {
  return Object.keys(names).filter((name) => names[name]).join(' ');
}

/** Set text only when it differs, so that live regions speak once. */
export function setText(el, text) {
  if (el.textContent !== text) el.textContent = text;
}

const DOWN = { ArrowDown: 1, ArrowUp: -1 };
const ALL_WAYS = { ...DOWN, ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };

/** One tab stop for a group: arrow keys, Home and End move the focus along the
 * elements that match the selector. A list of what happened is gone along by
 * arrows up and down alone: the other keys move through the run. Call the result
 * after each update. */
export function roving(group, selector, { isList = false } = {}) {
  const moves = isList ? DOWN : ALL_WAYS;
  const all = () => [...group.querySelectorAll(selector)];
  let last = null;
  const stop = (chosen) => {
    last = chosen;
    for (const el of all()) {
      const index = el === chosen ? 0 : -1;
      if (el.tabIndex !== index) el.tabIndex = index;
    }
  };
  group.addEventListener('focusin', (event) => {
    const el = event.target.closest(selector);
    if (el) stop(el);
  });
  group.addEventListener('keydown', (event) => {
    const list = all();
    const at = list.indexOf(event.target);
    if (at < 0 || !(event.key in moves)) return;
    const to = Math.min(list.length - 1, Math.max(0, at + moves[event.key]));
    list[to].focus();
    event.preventDefault();
  });
  return () => {
    if (last?.tabIndex === 0 && group.contains(last)) return;
    const list = group.querySelectorAll(selector);
    for (const el of list) if (el.tabIndex === 0) return;
    stop(list[0]);
  };
}
