/* bytes.js - a segment's header and bytes, tied to each other: pointing at or
 * focusing a field marks its bytes, a byte marks its fields, and the line below
 * says what it means in this segment. As sent, or as a changed copy arrived. */
import { compareSides } from './bytesides.js';
import { fieldKey, fieldOfKey } from './compare.js';
import { classes, h, setText } from './dom.js';
import { makeDump } from './dump.js';
import { explainByte, explainField, makeNotes } from './fieldnotes.js';
import { bytesOf, fieldsOfByte, moveByte, moveField, optionsOf } from './header.js';
import { fitLabels, makePart } from './headergrid.js';
import { texts } from './texts.js';

/** Build it in el; returns {update({segment, detail, before, relative})} with
 * `before` the segment to compare with, {segment, detail?}, or null. */
export function mount(el) {
  const view = makeView();
  el.replaceChildren(view.bar, view.since, view.headers, view.meaning);
  el.classList.add('bytes');
  let shown = {};
  let variant = 0; // 0: as sent; k: the k-th changed copy
  const redraw = () => draw(view, compareSides(shown, variant));
  view.annotate.addEventListener('change', () =>
    el.classList.toggle('is-annotated', view.annotate.checked));
  view.variants.addEventListener('change', (event) => {
    variant = Number(event.target.value);
    redraw();
  });
  new ResizeObserver(() => view.about && fitLabels(view.headers, view.about.fields))
    .observe(view.headers);
  listen(view);
  return {
    update(next) {
      if (next.segment?.n !== shown.segment?.n) variant = 0;
      shown = next;
      el.classList.toggle('is-waiting', !next.detail); // what was there keeps its focus
      el.hidden = !next.detail && !view.about;
      if (!next.detail) return;
      showVariants(view, next.detail, variant);
      redraw();
    },
  };
}

function makeView() {
  const annotate = h('input', { type: 'checkbox', role: 'switch' });
  const variants = h('fieldset', { className: 'segmented is-small variants' });
  return {
    annotate,
    variants,
    bar: h('div', { className: 'bytes__bar' }, variants,
      h('label', { className: 'annotate', title: texts.card.annotateLong }, annotate,
        h('span', {}, texts.card.annotate))),
    since: h('p', { className: 'since' }),
    headers: h('div', { className: 'headers', role: 'group', 'aria-label': texts.card.header }),
    meaning: h('div', { className: 'meaning', ariaLive: 'polite' }),
    about: null, // what is drawn
    goal: null, // column that going up and down keeps to
  };
}

function showVariants({ variants }, { copies = [] }, chosen) {
  variants.hidden = copies.length === 0;
  if (variants.childElementCount !== copies.length + 2) {
    const words = texts.card.variant;
    const names = [words.sent, ...copies.map(({ copy }) => words.arrived(copy, copies.length > 1))];
    variants.replaceChildren(
      h('legend', { className: 'visually-hidden' }, texts.card.variants),
      ...names.map((name, value) => h('label', {},
        h('input', { type: 'radio', name: 'variant', value }), h('span', {}, name))));
  }
  variants.querySelectorAll('input').forEach((input, i) => {
    input.checked = i === chosen;
  });
}

/* What has the focus keeps it, also in another segment: the same field there. */
function draw(view, about) {
  const { headers, since } = view;
  const focused = /** @type {HTMLElement} */ (document.activeElement);
  const at = headers.contains(focused) ? focused.dataset : null;
  const key = at?.field && view.about ? fieldKey(view.about.fields, Number(at.field)) : null;
  view.about = about;
  since.className = classes({ since: true, [`has-${about.kind}`]: about.marked });
  setText(since, about.since);
  headers.replaceChildren(...about.parts.flatMap((part) => drawPart(part, about)));
  fitLabels(headers, about.fields);
  setStops(headers);
  mark(view, [], null);
  if (key !== null) focusField(headers, Math.max(0, fieldOfKey(about.fields, key)));
  else if (at?.byte) headers.querySelector(`.byte[data-byte="${at.byte}"]`)?.focus();
}

function drawPart(part, about) {
  const section = makePart(part, about);
  if (part.part === 'option') {
    section.querySelector('.part__title').after(makeOptions(about.fields));
  }
  if (part.part === 'payload') {
    section.querySelectorAll('.quad, .ruler').forEach((node) => node.remove());
    section.append(makeDump(part.base / 8, about.bytes.length, about));
  }
  section.append(makeNotes(part, about));
  return [section];
}

/* The options by name, so that they are seen as what they are. */
function makeOptions(fields) {
  const chip = ({ name, first, last, alone }) => {
    const node = h('span', { className: classes({ 'option': true, 'is-filler': alone }) }, name);
    const list = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    node.dataset.fields = list.join(' ');
    return node;
  };
  return h('p', { className: 'options' }, ...optionsOf(fields).map(chip));
}

/* --- pointing and walking ------------------------------------------------ */

const KEYS = new Set([
  'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End',
]);

function listen(view) {
  const { headers } = view;
  let kept = null; // what has the focus: pointing elsewhere comes back to it
  const show = (node) => {
    const { list, byte } = named(node, view.about);
    mark(view, list, byte);
  };
  headers.addEventListener('pointerover', ({ target }) =>
    show(target.closest('[data-field], [data-byte], [data-fields]') ?? kept));
  headers.addEventListener('pointerleave', () => show(kept));
  headers.addEventListener('focusin', ({ target }) => {
    kept = target.closest('.field, .byte');
    if (!kept) return;
    setStops(headers, kept);
    show(kept);
  });
  headers.addEventListener('focusout', () => {
    kept = null;
  });
  headers.addEventListener('keydown', (event) => {
    const node = event.target.closest('.field, .byte');
    if (!node || !KEYS.has(event.key) || event.altKey || event.metaKey) return;
    event.preventDefault();
    walk(view, node, event);
  });
}

function walk(view, node, { key, ctrlKey: far }) {
  const { headers, about } = view;
  if (node.matches('.byte')) {
    const to = moveByte(drawnRows(headers), Number(node.dataset.byte), { key, far });
    if (to !== null) headers.querySelector(`.byte[data-byte="${to}"]`).focus();
    return;
  }
  const from = Number(node.dataset.field);
  const to = moveField(about.parts, from, { key, far, goal: view.goal });
  if (!to) return;
  focusField(headers, to.field);
  view.goal = to.goal;
}

/* Bytes as they stand: how many are in a row depends on the room. */
function drawnRows(headers) {
  const rows = [];
  let top = null;
  for (const node of headers.querySelectorAll('.byte')) {
    const box = node.getBoundingClientRect();
    if (top === null || Math.abs(box.top - top) > box.height / 2) rows.push([]);
    top = box.top;
    rows.at(-1).push({ at: Number(node.dataset.byte), x: box.left });
  }
  return rows;
}

function focusField(headers, i) {
  headers.querySelector(`.field.is-first[data-field="${i}"]`)?.focus();
}

/* One tab stop among the fields and one among the bytes. */
function setStops(headers, node = null) {
  for (const selector of ['.field.is-first', '.byte']) {
    const all = [...headers.querySelectorAll(selector)];
    if (node && !node.matches(selector)) continue;
    const stop = node ?? all[0];
    for (const each of all) each.tabIndex = each === stop ? 0 : -1;
  }
}

/* The fields a node stands for, and the byte where it is one. */
function named(node, about) {
  if (!node) return { list: [], byte: null };
  const { field, fields, byte } = node.dataset;
  if (field) return { list: [Number(field)], byte: null };
  if (fields) return { list: fields.split(' ').map(Number), byte: null };
  return { list: fieldsOfByte(about.fields, Number(byte)), byte: Number(byte) };
}

function mark({ headers, meaning, about }, list, byte) {
  const ranges = list.map((index) => bytesOf(about.fields[index]));
  for (const node of headers.querySelectorAll('[data-field]')) {
    node.classList.toggle('is-marked', list.includes(Number(node.dataset.field)));
  }
  for (const node of headers.querySelectorAll('[data-byte]')) {
    const at = Number(node.dataset.byte);
    node.classList.toggle('is-marked', ranges.some(({ first, last }) => first <= at && at <= last));
    node.classList.toggle('is-at', at === byte);
  }
  if (byte !== null) meaning.replaceChildren(...explainByte(byte, about));
  else if (list.length === 0) setText(meaning, texts.card.pick);
  else meaning.replaceChildren(...explainField(list[0], about));
}
