/* bytes.js - a segment's header and bytes, tied to each other: pointing at or
 * focusing a field marks its bytes, pointing at a byte marks its fields, and
 * either way the line below says what it means in this segment. */
import { classes, h, roving, setText } from './dom.js';
import { hexBytes, oneLine, rfcLink } from './format.js';
import { bytesOf, cutHeader, fieldsOfByte } from './header.js';
import { texts } from './texts.js';

const PER_ROW = 16;
/* Names that do not fit their few bits, as the RFC's own figures shorten them. */
const SHORT = {
  'Reserved': 'Rsv', 'Reserved Flag': 'Rsv', 'Data Offset': 'Offset', 'Version': 'Ver',
  'Header Length': 'IHL', 'Traffic Class': 'Class',
};
const UPRIGHT_BITS = 1;

/** Nodes that show a segment's fields and bytes. */
export function makeBytes({ fields, hex }) {
  const bytes = hexBytes(hex);
  const meaning = h('div', { className: 'meaning', ariaLive: 'polite' });
  const dump = makeDump(bytes);
  const parts = cutHeader(fields).map((part) => makePart(part, fields));
  const headers = h('div', { className: 'headers' }, ...parts);
  const title = makeTitle(texts.card.bytes, bytes.length);
  const box = h('div', { className: 'bytes' }, headers, title, dump, meaning);
  tie(box, fields, meaning);
  roving(headers, '.field.is-first')();
  return box;
}

function makeTitle(text, bytes) {
  return h('h3', { className: 'bytes__title' }, text, h('small', {}, texts.card.count(bytes)));
}

function makePart({ part, pieces }, fields) {
  const last = fields[pieces.at(-1).field];
  const bits = last.bit_offset + last.bit_width - fields[pieces[0].field].bit_offset;
  const cells = pieces.map((piece) => makePiece(piece, fields[piece.field]));
  const grid = h('div', { className: `header is-${part}` }, ...cells);
  return h('section', {}, makeTitle(texts.card.parts[part] ?? part, bits / 8), grid);
}

/* The first piece of a field is its button; the rest only continue it. */
function makePiece({ field, row, rows, column, width, first, main }, { name, value }) {
  const upright = width <= UPRIGHT_BITS;
  const text = width < 8 ? (SHORT[name] ?? name) : name;
  const said = `${text} ${oneLine(value)}${text === name ? '' : `, ${name}`}`;
  const node = first
    ? h('button', { type: 'button', 'aria-label': said })
    : h('div', { 'aria-hidden': 'true' });
  node.className = classes({
    'field': true, 'is-first': first, 'is-upright': upright, 'is-set': upright && value === '1',
  });
  node.append(h('span', { className: 'field__name' }, first ? text : '…'));
  if (main) node.append(' ', h('span', { className: 'field__value' }, oneLine(value)));
  node.dataset.field = field;
  node.style.gridColumn = `${column + 1} / span ${width}`;
  node.style.gridRow = `${row + 1} / span ${rows}`;
  return node;
}

function makeDump(bytes) {
  const rows = [];
  for (let at = 0; at < bytes.length; at += PER_ROW) {
    rows.push(makeDumpRow(bytes.slice(at, at + PER_ROW), at));
  }
  return h('div', { className: 'dump' }, ...rows);
}

function makeDumpRow(bytes, at) {
  const byte = (className, text) => (value, i) => {
    const node = h('span', { className }, text(value));
    node.dataset.byte = at + i;
    return node;
  };
  const hex = bytes.map(byte('byte', (value) => value));
  const text = bytes.map(byte('byte', printable));
  return h('div', { className: 'dump__row' },
    h('span', { className: 'dump__offset' }, at.toString(16).padStart(4, '0')),
    h('span', { className: 'dump__hex' }, ...hex),
    h('span', { className: 'dump__text', ariaHidden: 'true' }, ...text));
}

function printable(byte) {
  const code = parseInt(byte, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·';
}

function tie(box, fields, meaning) {
  let kept = null; // the focused field: pointing elsewhere comes back to it
  const show = (list) => mark(box, fields, meaning, list);
  const named = (node) => {
    if (node?.dataset.field) return [Number(node.dataset.field)];
    return node?.dataset.byte ? fieldsOfByte(fields, Number(node.dataset.byte)) : [];
  };
  box.addEventListener('pointerover', (event) => {
    const list = named(event.target.closest('[data-field], [data-byte]'));
    show(list.length > 0 ? list : (kept ?? []));
  });
  box.addEventListener('pointerleave', () => show(kept ?? []));
  box.addEventListener('focusin', (event) => {
    kept = named(event.target.closest('[data-field]'));
    if (kept.length > 0) show(kept);
  });
  box.addEventListener('focusout', () => {
    kept = null;
  });
  show([]);
}

function mark(box, fields, meaning, list) {
  const bytes = list.map((index) => bytesOf(fields[index]));
  for (const node of box.querySelectorAll('.field')) {
    node.classList.toggle('is-marked', list.includes(Number(node.dataset.field)));
  }
  for (const node of box.querySelectorAll('.byte')) {
    const at = Number(node.dataset.byte);
    node.classList.toggle('is-marked', bytes.some(({ first, last }) => first <= at && at <= last));
  }
  if (list.length === 0) setText(meaning, texts.card.pick);
  else meaning.replaceChildren(...list.slice(0, 1).flatMap((index) => explain(fields[index])));
}

function explain({ name, value, meaning, rfc }) {
  return [
    h('p', { className: 'meaning__head' }, h('b', {}, name), ' ', h('code', {}, oneLine(value))),
    h('p', {}, meaning, ' ', reference(rfc)),
  ];
}

/** "RFC 9293 3.1" as a link to that section, or as it is. */
export function reference(rfc) {
  const href = rfcLink(rfc);
  if (!rfc || !href) return rfc ?? '';
  return h('a', { className: 'rfc', href, target: '_blank', rel: 'noopener noreferrer' }, rfc);
}
