/* fieldnotes.js - what a field means in this segment, in words: for the one
 * that is looked at, and for all of them under the header. */
import { classes, h } from './dom.js';
import { oneLine, rfcLink } from './format.js';
import { bytesOf, fieldsOfByte } from './header.js';
import { texts } from './texts.js';

const MOST_IN_BYTE = 3; // fields of one byte explained one by one

/** "RFC 9293 3.1" as a link to that section, or as it is. */
export function reference(rfc) {
  const href = rfcLink(rfc);
  if (!rfc || !href) return rfc ?? '';
  return h('a', { className: 'rfc', href, target: '_blank', rel: 'noopener noreferrer' }, rfc);
}

/** Nodes about field i. about: {fields, parts, words, marks, compared (text of
 * an unmarked field)}. */
export function explainField(i, about) {
  const { fields, words, marks, compared } = about;
  const { meaning, rfc } = fields[i];
  return [
    h('p', { className: 'meaning__head' }, h('b', {}, fields[i].name), ' ', ...valueOf(words[i])),
    h('p', { className: 'meaning__place' }, placeOf(i, about)),
    h('p', { className: 'meaning__text' }, words[i].meaning ?? meaning, ' ', reference(rfc)),
    h('p', { className: classes({ meaning__was: true, 'is-other': marks[i] }) },
      marks[i]?.was ?? compared),
  ];
}

function valueOf({ value, absolute }) {
  const node = h('code', {}, oneLine(value));
  if (absolute === null) return [node];
  return [node, ' ', h('small', {}, texts.card.inHeader(absolute))];
}

function placeOf(i, { fields, parts }) {
  const { part, bit_offset: offset, bit_width: width } = fields[i];
  const base = parts.find((each) => each.part === part).base;
  const from = offset - base;
  const name = texts.card.parts[part] ?? part;
  return texts.card.place({
    part: name, from, to: from + width - 1, width, ...bytesOf(fields[i]),
  });
}

/** Nodes about a byte: its digits, its bits, and the fields it is part of. */
export function explainByte(at, about) {
  const { fields, bytes } = about;
  const list = fieldsOfByte(fields, at);
  if (list.length === 1) return [makeByteHead(at, bytes[at]), ...explainField(list[0], about)];
  const few = list.length <= MOST_IN_BYTE;
  const rows = few ? list.map((i) => line(i, about)) : flagLines(list, about);
  return [makeByteHead(at, bytes[at]), ...rows];
}

function makeByteHead(at, hex) {
  const bits = parseInt(hex, 16).toString(2).padStart(8, '0').replace(/(?=....$)/, ' ');
  const [name, value, binary] = texts.card.byteIs(at, hex, bits);
  return h('p', { className: 'meaning__head' }, h('b', {}, name), ' ', h('code', {}, value), ' ',
    h('code', { className: 'meaning__bits' }, binary));
}

function line(i, { fields, words }) {
  const name = h('b', {}, fields[i].name);
  return h('p', { className: 'meaning__text' }, name, ' ', ...valueOf(words[i]), ' ',
    words[i].meaning);
}

/* Many bits: what is set speaks, what is not is named. */
function flagLines(list, about) {
  const clear = list.filter((i) => about.words[i].value === '0');
  const names = clear.map((i) => about.fields[i].name).join(', ');
  return [
    ...list.filter((i) => !clear.includes(i)).map((i) => line(i, about)),
    clear.length > 0 ? h('p', { className: 'meaning__place' }, texts.card.notSet(names)) : null,
  ].filter(Boolean);
}

/** All fields of a part, each with its meaning. */
export function makeNotes({ pieces }, about) {
  const list = pieces.filter((piece) => piece.first).map((piece) => piece.field);
  return h('ul', { className: 'remarks' }, ...list.map((i) => makeNote(i, about)));
}

function makeNote(i, about) {
  const { fields, words, marks } = about;
  const mark = marks[i];
  const node = h('li', { className: classes({ remark: true, [`has-${mark?.kind}`]: mark }) },
    h('b', {}, fields[i].name), ' ', ...valueOf(words[i]), ' ',
    h('span', { className: 'remark__text' }, words[i].meaning, ' ',
      mark ? h('em', {}, mark.was, ' ') : null, reference(fields[i].rfc)));
  node.dataset.field = i;
  return node;
}
