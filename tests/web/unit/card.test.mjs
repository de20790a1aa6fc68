// The segment card: the header as it is drawn, the ways through it, its labels,
// what changed, and numbers in both wordings.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareSides } from '../../../web/js/bytesides.js';
import {
  compareFields, differingBytes, fieldKey, fieldOfKey, goneOptions,
} from '../../../web/js/compare.js';
import { changedCopies, segmentBefore } from '../../../web/js/details.js';
import { labelFor, labelsFor, namesOf } from '../../../web/js/fieldlabels.js';
import {
  bytesOf, cutHeader, fieldsOfByte, moveByte, moveField, optionsOf,
} from '../../../web/js/header.js';
import {
  basesOf, changedWords, fieldWords, saysOf, sentenceOf,
} from '../../../web/js/numbering.js';
import { texts } from '../../../web/js/texts.js';
import { dice } from './random-run.mjs';

/* Fields one after the other: [part, name, width, value, more]. */
function fieldsOf(rows) {
  let at = 0;
  return rows.map(([part, name, width, value = '0', more = {}]) => {
    const field = {
      part, name, bit_offset: at, bit_width: width, value, meaning: name, rfc: '', ...more,
    };
    at += width;
    return field;
  });
}

const flag = (name, value) => ['tcp', name, 1, value];
const kind = (number, name) => ['option', 'Option Kind', 8, number, { meaning: `kind ${number}: ${name}` }];

const TCP = (seq, { syn = '0', window = '64240' } = {}) => [
  ['tcp', 'Source Port', 16, '40000'], ['tcp', 'Destination Port', 16, '1337'],
  ['tcp', 'Sequence Number', 32, seq], ['tcp', 'Acknowledgment Number', 32],
  ['tcp', 'Data Offset', 4], ['tcp', 'Reserved', 3],
  ...['AE', 'CWR', 'ECE', 'URG', 'ACK', 'PSH', 'RST'].map((name) => flag(name, '0')),
  flag('SYN', syn), flag('FIN', '0'),
  ['tcp', 'Window', 16, window], ['tcp', 'Checksum', 16], ['tcp', 'Urgent Pointer', 16],
];
const MSS = [kind('2', 'MSS'), ['option', 'Option Length', 8, '4'], ['option', 'MSS', 16, '1460']];
const STAMPS = (value) => [
  ['option', 'NOP', 8, '1'], ['option', 'NOP', 8, '1'], kind('8', 'Timestamps'),
  ['option', 'Option Length', 8, '10'], ['option', 'TSval', 32, value], ['option', 'TSecr', 32],
];
const SYN = fieldsOf([...TCP('1000', { syn: '1' }), ...MSS, ...STAMPS('7')]);
const ACK = fieldsOf([...TCP('1001', { window: '63' }), ...STAMPS('7')]);

const nameAt = (fields, move) => move && fields[move.field].name;
const index = (fields, name) => fields.findIndex((field) => field.name === name);

test('arrow keys go along the header and across it, column kept', () => {
  const parts = cutHeader(ACK);
  const at = (name, key, more) => moveField(parts, index(ACK, name), { key, ...more });
  assert.equal(nameAt(ACK, at('Source Port', 'ArrowRight')), 'Destination Port');
  assert.equal(at('Source Port', 'ArrowLeft'), null);
  assert.equal(at('Source Port', 'ArrowUp'), null);
  assert.equal(nameAt(ACK, at('Data Offset', 'ArrowUp')), 'Acknowledgment Number');
  assert.equal(nameAt(ACK, at('SYN', 'ArrowDown')), 'Checksum');
  assert.equal(nameAt(ACK, at('Window', 'Home')), 'Data Offset');
  assert.equal(nameAt(ACK, at('Data Offset', 'End')), 'Window');
  assert.equal(nameAt(ACK, at('Window', 'Home', { far: true })), 'Source Port');
  assert.equal(nameAt(ACK, at('Window', 'End', { far: true })), 'TSecr');
  assert.equal(at('Window', 'Enter'), null);
  // Up from SYN through the whole-row numbers, and down again to SYN.
  let move = { field: index(ACK, 'SYN'), goal: null };
  for (const key of ['ArrowUp', 'ArrowUp', 'ArrowDown', 'ArrowDown']) {
    move = moveField(parts, move.field, { key, goal: move.goal });
  }
  assert.equal(nameAt(ACK, move), 'SYN');
  // From the last row of the TCP header into the options.
  assert.equal(nameAt(ACK, at('Checksum', 'ArrowDown')), 'NOP');
});

test('in headers cut at random every field is reached, and no way leads out', () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const next = dice(seed);
    const rows = [];
    for (let bits = 0; bits < 320;) {
      const width = [1, 1, 3, 4, 6, 8, 8, 13, 16, 20, 32, 64][Math.floor(next() * 12)];
      rows.push([next() < 0.02 ? 'option' : 'tcp', `f${rows.length}`, width]);
      bits += width;
    }
    const fields = fieldsOf(rows);
    const parts = cutHeader(fields);
    const reached = new Set([0]);
    let move = { field: 0, goal: null };
    for (;;) {
      move = moveField(parts, move.field, { key: 'ArrowRight' });
      if (!move) break;
      reached.add(move.field);
    }
    assert.equal(reached.size, fields.length, `seed ${seed}`);
    for (let i = 0; i < fields.length; i += 1) {
      for (const key of ['ArrowUp', 'ArrowDown', 'Home', 'End']) {
        const to = moveField(parts, i, { key });
        assert.ok(to === null || (to.field >= 0 && to.field < fields.length && to.field !== i));
        if (to && key === 'ArrowDown') assert.ok(to.field > i, `seed ${seed}: down from ${i}`);
        if (to && key === 'ArrowUp') assert.ok(to.field < i, `seed ${seed}: up from ${i}`);
      }
    }
  }
});

test('each bit of a header stands in one piece, each byte has its fields', () => {
  for (const fields of [SYN, ACK]) {
    const bits = cutHeader(fields).flatMap(({ base, pieces }) => pieces.flatMap((piece) =>
      Array.from({ length: piece.width * piece.rows }, (_, i) =>
        base + piece.row * 32 + piece.column + i)));
    const last = fields.at(-1);
    const all = last.bit_offset + last.bit_width;
    assert.deepEqual(bits.sort((a, b) => a - b), Array.from({ length: all }, (_, i) => i));
    for (const { pieces } of cutHeader(fields)) {
      for (const piece of pieces.filter(({ first }) => first)) {
        const own = pieces.filter(({ field }) => field === piece.field);
        assert.equal(own.filter(({ main }) => main).length, 1);
        assert.equal(own.filter(({ last: end }) => end).length, 1);
      }
    }
    fields.forEach((field, i) => {
      const { first, last: end } = bytesOf(field);
      assert.ok(fieldsOfByte(fields, first).includes(i) && fieldsOfByte(fields, end).includes(i));
    });
  }
});

test('keys go through the bytes as they are drawn', () => {
  const row = (from, count) => Array.from({ length: count }, (_, i) => ({ at: from + i, x: 20 * i }));
  const rows = [row(0, 4), row(4, 4), row(8, 16), row(24, 3)];
  const to = (at, key, far) => moveByte(rows, at, { key, far });
  assert.equal(to(3, 'ArrowRight'), 4);
  assert.equal(to(4, 'ArrowLeft'), 3);
  assert.equal(to(6, 'ArrowUp'), 2);
  assert.equal(to(7, 'ArrowDown'), 11);
  assert.equal(to(20, 'ArrowUp'), 7, 'the nearest of a shorter row');
  assert.equal(to(20, 'ArrowDown'), 26);
  assert.equal(to(6, 'Home'), 4);
  assert.equal(to(6, 'End'), 7);
  assert.equal(to(6, 'Home', true), 0);
  assert.equal(to(6, 'End', true), 26);
  for (const [at, key] of [[0, 'ArrowLeft'], [0, 'ArrowUp'], [26, 'ArrowDown'], [4, 'Home']]) {
    assert.equal(to(at, key), null);
  }
});

test('a label is the longest name that fits, and never cut', () => {
  const measure = (text) => text.length * 6;
  assert.deepEqual(labelFor('Acknowledgment Number', 200, measure),
    { text: 'Acknowledgment Number', upright: false });
  assert.deepEqual(labelFor('Acknowledgment Number', 90, measure),
    { text: 'Acknowledgment', upright: false });
  assert.deepEqual(labelFor('Version', 20, measure), { text: 'Ver', upright: false });
  assert.deepEqual(labelFor('SYN', 10, measure), { text: 'SYN', upright: true });
  assert.deepEqual(labelFor('Reserved', 10, measure), { text: 'R', upright: false });
  assert.deepEqual(labelFor('Reserved', 4, measure), { text: 'Rsv', upright: true });
  for (const { name, bit_width: bits } of [...SYN, ...ACK]) {
    for (const perBit of [6.5, 10, 14, 30]) {
      const { text, upright } = labelFor(name, bits * perBit - 4, measure);
      assert.ok(namesOf(name).includes(text));
      assert.ok(upright ? text.length <= 4 : measure(text) <= bits * perBit - 4, name);
    }
  }
});

test('single bits stand upright together', () => {
  const measure = (text) => text.length * 6;
  const cells = (room) => [...['DF', 'ACK'].map((name) => ({ name, bits: 1, room })),
    { name: 'Window', bits: 16, room: 99 }];
  const upright = (room) => labelsFor(cells(room), measure).map((label) => label.upright);
  assert.deepEqual(upright(20), [false, false, false]);
  assert.deepEqual(upright(14), [true, true, false]);
});

test('options by name, with the fields that are theirs', () => {
  assert.deepEqual(optionsOf(SYN).map(({ name, first, last }) => [name, last - first + 1]),
    [['MSS', 3], ['NOP', 1], ['NOP', 1], ['Timestamps', 4]]);
});

test('what changed is found by what it is, not by where it stands', () => {
  const { marks, gone } = compareFields(ACK, SYN);
  const changed = ACK.filter((_, i) => marks[i]).map(({ name }, i) => [name, i]);
  assert.deepEqual(changed.map(([name]) => name), ['Sequence Number', 'SYN', 'Window']);
  assert.equal(marks[index(ACK, 'Sequence Number')].was.value, '1000');
  assert.equal(marks[index(ACK, 'TSval')], null, 'the same option further to the front');
  assert.deepEqual(goneOptions(gone), ['MSS']);
  const back = compareFields(SYN, ACK);
  assert.deepEqual(back.marks.filter((mark) => mark?.kind === 'new').length, 3);
  assert.deepEqual(back.gone, []);
  const same = compareFields(SYN, SYN);
  assert.ok(same.marks.every((mark) => mark === null));
});

test('a field is found again in another segment', () => {
  const at = index(SYN, 'TSval');
  assert.equal(ACK[fieldOfKey(ACK, fieldKey(SYN, at))].name, 'TSval');
  assert.equal(fieldOfKey(ACK, fieldKey(SYN, index(SYN, 'MSS'))), -1);
});

test('bytes that differ, also where one is longer', () => {
  assert.deepEqual([...differingBytes(['00', '01', '02'], ['00', '11'])], [1, 2]);
});

const segment = (n, more = {}) => ({
  n, from: 'client', src: 'a', dst: 'b', seq: 1001, seq_rel: 1, ack: 5001, ack_rel: 1, copies: [],
  ...more,
});

test('the segment before is the last of the same side and connection', () => {
  const segments = [segment(1), segment(2, { from: 'server', src: 'b', dst: 'a' }),
    segment(3, { src: 'c' }), segment(4), segment(5)];
  assert.equal(segmentBefore({ segments }, segments[3]).n, 1);
  assert.equal(segmentBefore({ segments }, segments[4]).n, 4);
  assert.equal(segmentBefore({ segments }, segments[2]), undefined);
  assert.equal(segmentBefore({ segments }, segments[1]), undefined);
  assert.deepEqual(changedCopies({ copies: [{ fate: 'held', changed: 'x' },
    { fate: 'arrived', changed: 'x' }, { fate: 'arrived' }] }).length, 1);
});

const hexOf = (fields, byte) =>
  byte.repeat((fields.at(-1).bit_offset + fields.at(-1).bit_width) / 8);

test('as sent: compared with the segment before, or told why not', () => {
  const detail = { fields: ACK, hex: hexOf(ACK, '00') };
  const now = (before) => compareSides({ segment: segment(3), detail, before, relative: true }, 0);
  assert.equal(now(null).since, texts.card.since.first('client'));
  assert.equal(now({ segment: segment(1) }).since, texts.card.since.loading(1));
  const about = now({ segment: segment(1), detail: { fields: SYN, hex: hexOf(SYN, '00') } });
  assert.equal(about.since, '3 fields changed · gone: MSS since segment 1 of this side');
  const window = about.marks[index(ACK, 'Window')];
  assert.deepEqual(window, {
    kind: 'changed', text: 'changed since segment 1', was: 'It was 64240 in segment 1.',
  });
  assert.equal(about.differs.size, 0);
});

test('as arrived: what is other than sent, the data by its bytes', () => {
  const sent = fieldsOf([...TCP('7'), ['payload', 'Payload', 32, '4 bytes']]);
  const came = fieldsOf([...TCP('7', { window: '5' }), ['payload', 'Payload', 32, '4 bytes']]);
  const hex = hexOf(sent, '00');
  const damaged = `${hex.slice(0, -2)}ff`.replace(/^(.{28})00/, '$105');
  const detail = { fields: sent, hex, copies: [{ copy: 1, fields: came, hex: damaged }] };
  const shown = { segment: segment(3), detail, before: null, relative: true };
  const about = compareSides(shown, 1);
  const names = came.filter((_, i) => about.marks[i]).map(({ name }) => name);
  assert.deepEqual(names, ['Window', 'Payload']);
  assert.equal(about.marks[index(came, 'Window')].was, 'It was sent as 64240.');
  assert.deepEqual([...about.differs], [14, 23]);
  assert.equal(about.since, '2 fields other than sent');
});

test('as arrived: fillers where an option was taken away', () => {
  const filler = ['option', 'NOP', 8, '1'];
  const came = fieldsOf([...TCP('7'), filler, filler, filler, filler]);
  const sent = fieldsOf([...TCP('7'), ...MSS]);
  const detail = {
    fields: sent, hex: hexOf(sent, '00'), copies: [{ copy: 1, fields: came, hex: hexOf(came, '00') }],
  };
  const about = compareSides({ segment: segment(3), detail, before: null, relative: true }, 1);
  assert.equal(about.marks.filter(Boolean).length, 4);
  assert.equal(about.marks.at(-1).was, 'It was not sent like that.');
});

test('numbers in both wordings, and only where there are two', () => {
  const field = { value: '1001', meaning: 'to 1002', value_rel: '1', meaning_rel: 'to 2' };
  assert.deepEqual(fieldWords(field, true), { value: '1', meaning: 'to 2', absolute: '1001' });
  assert.deepEqual(fieldWords(field, false), { value: '1001', meaning: 'to 1002', absolute: null });
  assert.deepEqual(fieldWords({ value: '63', meaning: 'm' }, true),
    { value: '63', meaning: 'm', absolute: null });
  const event = { sentence: 'sends 1001.', sentence_rel: 'sends 1.' };
  assert.equal(sentenceOf(event, true), 'sends 1.');
  assert.equal(sentenceOf(event, false), 'sends 1001.');
  assert.deepEqual(saysOf([{ text: 'ack 9', text_rel: 'ack 1', rfc: 'R' }, { text: 'x' }], true),
    [{ text: 'ack 1', rfc: 'R' }, { text: 'x', rfc: undefined }]);
});

test('what was changed on the way follows the numbers, round the end too', () => {
  const own = segment(1, { seq: 3, seq_rel: 8, ack: 5001, ack_rel: 1 });
  assert.deepEqual(basesOf(own), { seq: 2 ** 32 - 5, ack: 5000 });
  const changed = 'seq 3 -> 13, ack 5001 -> 6001, window 1 -> 2';
  assert.equal(changedWords(changed, own, true), 'seq 8 -> 18, ack 1 -> 1001, window 1 -> 2');
  assert.equal(changedWords(changed, own, false), changed);
  const copy = { sentence: `At 1 ms it arrives, changed: ${changed}.`, changed, n: 1 };
  assert.match(sentenceOf(copy, true, () => own), /changed: seq 8 -> 18, ack 1 -> 1001, window/);
});
