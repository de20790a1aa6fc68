/* dump.js - the payload byte by byte, sixteen a row with the text beside; a long
 * one is opened bit by bit. */
import { h } from './dom.js';
import { makeByte } from './headergrid.js';
import { texts } from './texts.js';

const PER_ROW = 16;
const FIRST = 256; // bytes shown at once
const MORE = 2048; // and with each press

/** Rows for bytes[first, end); about as for makePart(). */
export function makeDump(first, end, about) {
  const box = h('div', { className: 'dump' });
  const fill = (from, most) => {
    const to = Math.min(end, from + most);
    for (let at = from; at < to; at += PER_ROW) {
      box.append(makeRow(at, Math.min(at + PER_ROW, to), first, about));
    }
    if (to < end) box.append(makeMore(end - to, () => fill(to, MORE)));
  };
  fill(first, FIRST);
  return box;
}

function makeRow(from, to, first, about) {
  const places = Array.from({ length: to - from }, (_, i) => from + i);
  const text = places.map((at) => {
    const node = h('span', { className: 'letter' }, printable(about.bytes[at]));
    node.dataset.byte = at;
    return node;
  });
  return h('div', { className: 'dump__row' },
    h('span', { className: 'dump__offset', ariaHidden: 'true' },
      (from - first).toString(16).padStart(4, '0')),
    h('span', { className: 'dump__hex' }, ...places.map((at) => makeByte(at, about))),
    h('span', { className: 'dump__text', ariaHidden: 'true' }, ...text));
}

function makeMore(left, open) {
  const props = { type: 'button', className: 'plain dump__more' };
  const button = h('button', props, texts.card.more(left));
  button.addEventListener('click', () => {
    button.remove();
    open();
  });
  return button;
}

function printable(byte) {
  const code = parseInt(byte, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·';
}
