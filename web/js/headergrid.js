/* headergrid.js - draws a header as the RFC does: a bit ruler, rows of 32 bits,
 * and beside each row its four bytes. */
import { classes, h, setText } from './dom.js';
import { labelsFor } from './fieldlabels.js';
import { oneLine } from './format.js';
import { texts } from './texts.js';

const ROW_BITS = 32;
const ROW_BYTES = 4;
const RULER_ROWS = 1;
const MARGIN = 4; // px left free beside a label, both sides together

/** The section of one part of the header (cutHeader()); about: {fields, bytes,
 * words (of field i: {value, absolute}), marks, differs (places of bytes)}. */
export function makePart(part, about) {
  const { fields } = about;
  const last = fields[part.pieces.at(-1).field];
  const bytes = (last.bit_offset + last.bit_width - part.base) / 8;
  const cells = part.pieces.map((piece) => makePiece(piece, about));
  const quads = makeQuads(part.base / 8, bytes, about);
  const grid = h('div', { className: `header is-${part.part}` }, makeRuler(), ...cells, ...quads);
  const title = h('h3', { className: 'part__title' }, texts.card.parts[part.part] ?? part.part,
    h('small', {}, texts.card.count(bytes)));
  return h('section', { className: 'part' }, title, grid);
}

/* Tens and ones one above the other, as in the RFCs. */
function makeRuler() {
  const bits = Array.from({ length: ROW_BITS }, (_, bit) => h('span', { className: 'ruler__bit' },
    h('i', {}, bit % 10 === 0 ? String(bit / 10) : ''), h('i', {}, String(bit % 10))));
  return h('div', { className: 'ruler', ariaHidden: 'true' }, ...bits);
}

/* The first piece of a field is its button; the rest only continue it. */
function makePiece(piece, { fields, words, marks }) {
  const { field, row, rows, column, width, first, last, main } = piece;
  const { name } = fields[field];
  const { value, absolute } = words[field];
  const mark = marks[field];
  const node = first ? h('button', { type: 'button' }) : h('div', { 'aria-hidden': 'true' });
  node.className = classes({
    'field': true, 'is-first': first, 'is-left': column === 0, 'is-open': !last,
    'is-set': width === 1 && value === '1', [`has-${mark?.kind}`]: Boolean(mark) && first,
  });
  if (first) node.append(h('span', { className: 'field__name' }, name));
  if (main) node.append(makeValue(value, absolute));
  if (first) node.append(h('span', { className: 'field__said visually-hidden' }));
  const more = said({ value: main ? '' : value, mark: mark?.text });
  Object.assign(node.dataset, { field, said: more });
  node.style.gridColumn = `${column + 1} / span ${width}`;
  node.style.gridRow = `${row + 1 + RULER_ROWS} / span ${rows}`;
  return node;
}

/* What is said of a field besides what its cell shows. */
const said = ({ value, mark }) => [value, mark].filter(Boolean).join(', ');

function makeValue(value, absolute) {
  const node = h('span', { className: 'field__value' }, oneLine(value));
  if (absolute !== null) node.append(h('small', { className: 'field__absolute' }, absolute));
  return node;
}

/* The bytes of each row, beside it where there is room. */
function makeQuads(first, count, about) {
  const quads = [];
  for (let at = 0; at < count; at += ROW_BYTES) {
    const bytes = Array.from({ length: Math.min(ROW_BYTES, count - at) }, (_, i) =>
      makeByte(first + at + i, about));
    const quad = h('div', { className: 'quad' }, ...bytes);
    quad.style.setProperty('--row', String(at / ROW_BYTES + 1 + RULER_ROWS));
    quads.push(quad);
  }
  return quads;
}

/** One byte of the packet, as two digits. */
export function makeByte(at, { bytes, differs }) {
  const node = h('span', { className: 'byte', role: 'button', tabIndex: -1 }, bytes[at]);
  node.classList.toggle('is-other', differs.has(at));
  node.dataset.byte = at;
  return node;
}

let pen = null;

/* How wide a text is in a cell's font. */
function measurer(font) {
  pen ??= document.createElement('canvas').getContext('2d');
  pen.font = font;
  return (text) => pen.measureText(text).width;
}

/** Write into each cell the longest name it has room for. */
export function fitLabels(root, fields) {
  const cells = [...root.querySelectorAll('.field.is-first')];
  if (cells.length === 0) return;
  const level = cells.find((cell) => !cell.matches('.is-upright')) ?? cells[0];
  const style = getComputedStyle(level.querySelector('.field__name'));
  const measure = measurer(`${style.fontWeight} ${style.fontSize} ${style.fontFamily}`);
  const labels = labelsFor(cells.map((cell) => {
    const { name, bit_width: bits } = fields[cell.dataset.field];
    return { name, bits, room: cell.clientWidth - MARGIN };
  }), measure);
  cells.forEach((cell, i) => {
    const { name } = fields[cell.dataset.field];
    const { text, upright } = labels[i];
    setText(cell.querySelector('.field__name'), text);
    const rest = [text === name ? '' : name, cell.dataset.said].filter(Boolean).join(', ');
    setText(cell.querySelector('.field__said'), rest);
    cell.classList.toggle('is-upright', upright);
  });
}
