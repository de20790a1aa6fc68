// The tape of sequence numbers: who used which, what is acknowledged, and where
// it stands, over runs made at random as well.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textWidth } from '../../../web/js/columns.js';
import { emptyModel, fold } from '../../../web/js/model.js';
import { conversationsOf, countNumbers, fateOf, numberAt } from '../../../web/js/sequence.js';
import { shapeTape } from '../../../web/js/tapeshape.js';
import { recorded } from './data.mjs';
import { dice, randomRun } from './random-run.mjs';

const CIRCLE = 2 ** 32;
const ENDS = { client: '192.0.2.1:40000', server: '192.0.2.2:1337' };
const PEER = { client: 'server', server: 'client' };
const modelOf = (events) => events.reduce(fold, emptyModel);

/* Events of [from, flags, seq, ack, len, fate, more] with relative numbers,
 * counted from these initial ones. */
function talk(rows, isn = { client: 1000, server: 5000 }, link = 'wire') {
  const events = [{ kind: 'run', phase: 'begin', link }];
  rows.forEach(([from, flags, seq, ack, len = 0, fate = 'arrived', more = {}], i) => {
    const n = i + 1;
    events.push({
      kind: 'segment', n, from, to: PEER[from], flags: flags.split(','), len,
      seq: (isn[from] + seq) % CIRCLE, seq_rel: seq,
      ack: ack === null ? 0 : (isn[PEER[from]] + ack) % CIRCLE, ack_rel: ack,
      src: ENDS[from], dst: ENDS[PEER[from]], of: null, ...more,
    });
    if (fate !== 'flying') events.push({ kind: 'copy', n, fate, by: 'link' });
  });
  return modelOf(events.map((event, i) => ({ id: i + 1, t_ns: i, ...event })));
}

const OPEN = [
  ['client', 'SYN', 0, null], ['server', 'SYN,ACK', 0, 1], ['client', 'ACK', 1, 1],
  ['client', 'PSH,ACK', 1, 1, 10], ['server', 'ACK', 1, 11], ['client', 'FIN,ACK', 11, 1],
  ['server', 'FIN,ACK', 1, 12], ['client', 'ACK', 12, 2],
];

const sidesOf = (model) => conversationsOf(model)[0].sides;
const usedBy = (side) => side.blocks.map(({ n, pieces }) =>
  [n, ...pieces.map(({ kind, from, to }) => `${kind} ${from}-${to - 1}`)]);

test('SYN and FIN take one number each, a byte one, an ACK none', () => {
  const { client, server } = sidesOf(talk(OPEN));
  assert.deepEqual(usedBy(client), [[1, 'SYN 0-0'], [4, 'data 1-10'], [6, 'FIN 11-11']]);
  assert.deepEqual(usedBy(server), [[2, 'SYN 0-0'], [7, 'FIN 1-1']]);
  assert.deepEqual([client.next, client.acked, countNumbers(client)], [12, 12, 12]);
  assert.deepEqual([server.next, server.acked, countNumbers(server)], [2, 2, 2]);
  assert.deepEqual(client.bare, [{ n: 3, at: 1 }, { n: 8, at: 12 }]);
  assert.deepEqual(client.acks.map(({ n, back, at }) => [n, back, at]),
    [[2, 0, 1], [5, 1, 11], [7, 11, 12]]);
});

test('as the program recorded it', () => {
  const { client, server } = sidesOf(modelOf(recorded('classic').events));
  assert.deepEqual(usedBy(client),
    [[1, 'SYN 0-0'], [4, 'data 1-16'], [8, 'data 17-31'], [9, 'FIN 32-32']]);
  assert.deepEqual(usedBy(server), [[2, 'SYN 0-0'], [6, 'data 1-28'], [10, 'FIN 29-29']]);
  assert.deepEqual([client.next, client.acked], [33, 33]);
  assert.equal(numberAt(client.next, client, false), 3425523780);
  assert.equal(numberAt(client.next, client, true), 33);
});

test('data in a SYN and in a FIN stands where its numbers are; a RST takes none', () => {
  const { client, server } = sidesOf(talk([
    ['client', 'SYN', 0, null, 5], ['server', 'SYN,ACK', 0, 6],
    ['client', 'FIN,PSH,ACK', 6, 1, 3], ['server', 'RST,ACK', 1, 10, 4],
  ]));
  assert.deepEqual(usedBy(client), [[1, 'SYN 0-0', 'data 1-5'], [3, 'data 6-8', 'FIN 9-9']]);
  assert.deepEqual(server.bare, [{ n: 4, at: 1 }]);
});

test('only what arrived acknowledges, and only what was sent', () => {
  const rows = [...OPEN.slice(0, 4), ['server', 'ACK', 1, 11, 0, 'dropped'],
    ['server', 'ACK', 1, 999], ['client', 'PSH,ACK', 1, 1, 10, 'flying', { of: 4 }]];
  const { client } = sidesOf(talk(rows));
  assert.deepEqual([client.acked, client.next], [1, 11]);
  assert.deepEqual(client.blocks.map(({ fate }) => fate), ['arrived', 'arrived', 'flying']);
  assert.equal(fateOf({ copies: [] }, 'loopback'), 'arrived');
  assert.equal(fateOf({ copies: [{ fate: 'held' }] }, 'wire'), 'held');
});

test('numbers go on past 2^32, and the picture is the same wherever they begin', () => {
  const view = { width: 700, font: 12, relative: true, looked: null };
  const plain = talk(OPEN);
  const late = talk(OPEN, { client: CIRCLE - 5, server: CIRCLE - 1 });
  for (const host of ['client', 'server']) {
    assert.deepEqual(shapeTape(sidesOf(late)[host], view), shapeTape(sidesOf(plain)[host], view));
  }
  const { client } = sidesOf(late);
  assert.deepEqual([client.next, client.acked], [12, 12]);
  const ticks = shapeTape(client, { ...view, relative: false }).ticks.map(({ text }) => text);
  assert.deepEqual(ticks.filter(Boolean), ['4294967291', '4294967292', '6', '7']);
});

test('the same two ends again, at other numbers: another conversation', () => {
  const first = talk(OPEN);
  const second = talk(OPEN, { client: 70000, server: 90000 });
  const again = second.segments.map((segment) => ({ ...segment, n: segment.n + 8 }));
  const model = { ...first, segments: [...first.segments, ...again] };
  const talks = conversationsOf(model);
  assert.deepEqual(talks.map(({ ns }) => ns.length), [8, 8]);
  assert.deepEqual(talks[1].ends, ENDS);
  assert.equal(talks[1].sides.client.base, 70000);
});

/* What must hold of every shape. */
function check(side, view, about) {
  const shape = shapeTape(side, view);
  const { cells, blocks, ticks, acks, width } = shape;
  cells.forEach((cell, i) => {
    assert.ok(cell.width > 0 && Number.isFinite(cell.x), about);
    if (i === 0) return;
    const before = cells[i - 1];
    assert.equal(cell.from, before.to, `${about}: cells follow each other`);
    assert.ok(Math.abs(cell.x - before.x - before.width) < 1e-6, about);
  });
  const shown = blocks.flatMap(({ n, ns }) => ns ?? [n]).sort((a, b) => a - b);
  assert.deepEqual(shown, side.blocks.map(({ n }) => n).sort((a, b) => a - b), `${about}: each once`);
  checkBlocks(blocks, width, view, about);
  apart(ticks.filter(({ text }) => text).map(({ left, width: wide }) => [left, left + wide]), about);
  apart(acks.filter(({ text }) => text)
    .map(({ x, width: wide }) => [x - wide / 2, x + wide / 2]), about);
  for (const { x, text, width: wide } of acks) {
    assert.ok(x >= 0 && x <= width && (!text || x - wide / 2 >= 0), about);
  }
  for (const { left, width: wide } of ticks) assert.ok(left >= 0 && left + wide <= width + 1e-6, about);
  const { line } = shape;
  if (line) assert.ok(line.start <= line.acked && line.acked <= line.sent + 1e-6, about);
  return shape;
}

function checkBlocks(blocks, width, { font }, about) {
  const rows = new Map();
  for (const block of blocks) {
    assert.ok(block.x >= 0 && block.width > 0 && block.x + block.width <= width + 1e-6, about);
    for (const { label, width: room } of block.parts) {
      assert.ok(textWidth(label, font) <= room, `${about}: "${label}" fits`);
    }
    for (const other of rows.get(block.row) ?? []) {
      const free = block.to <= other.from || other.to <= block.from;
      assert.ok(free, `${about}: segments of a row do not overlap`);
      assert.equal(block.from >= other.to, block.x >= other.x + other.width - 1e-6,
        `${about}: order kept`);
    }
    rows.set(block.row, [...(rows.get(block.row) ?? []), block]);
  }
}

function apart(spans, about) {
  spans.sort((a, b) => a[0] - b[0]);
  spans.slice(1).forEach((span, i) =>
    assert.ok(spans[i][1] < span[0], `${about}: labels do not touch`));
}

/* A conversation that could be: data both ways, losses, repeats, late acks, from
 * initial numbers anywhere. */
function randomTalk(seed) {
  const next = dice(seed);
  const int = (most) => Math.floor(next() * most);
  const at = { client: 0, server: 0 };
  const rows = [['client', 'SYN', 0, null], ['server', 'SYN,ACK', 0, 1]];
  at.client = 1;
  at.server = 1;
  for (let i = 0; i < 4 + int(60); i += 1) {
    const from = next() < 0.7 ? 'client' : 'server';
    const len = next() < 0.6 ? 1 + int(next() < 0.5 ? 20 : 1448) : 0;
    const again = next() < 0.15;
    const seq = again ? int(at[from]) : at[from];
    const fate = next() < 0.12 ? 'dropped' : next() < 0.05 ? 'flying' : 'arrived';
    const ack = next() < 0.03 ? int(CIRCLE) : int(at[PEER[from]] + 1);
    rows.push([from, len ? 'PSH,ACK' : 'ACK', seq, ack, len, fate, { of: again ? 1 : null }]);
    at[from] = Math.max(at[from], seq + len);
  }
  const isn = { client: int(CIRCLE), server: CIRCLE - 1 - int(100) };
  return talk(rows, isn, next() < 0.2 ? 'loopback' : 'wire');
}

test('whatever was sent, the tape is in order and its labels apart', () => {
  for (let seed = 1; seed <= 120; seed += 1) {
    const model = seed % 3 === 0 ? modelOf(randomRun(seed, 25)) : randomTalk(seed);
    for (const { sides, ns } of conversationsOf(model)) {
      for (const side of Object.values(sides)) {
        for (const [width, relative] of [[288, true], [340, false], [900, true], [2600, false]]) {
          const looked = ns[seed % ns.length];
          const view = { width, font: 12, relative, looked };
          check(side, view, `seed ${seed}, ${side.host}, ${width} px`);
        }
      }
    }
  }
});

test('all segments with their numbers are on a tape, once', () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const model = randomTalk(seed);
    const talks = conversationsOf(model);
    assert.deepEqual(talks.flatMap(({ ns }) => ns).sort((a, b) => a - b),
      model.segments.map(({ n }) => n));
    const taking = model.segments.filter(({ flags, len }) => len > 0 || flags.includes('SYN'));
    const blocks = talks.flatMap(({ sides }) => Object.values(sides).flatMap((side) => side.blocks));
    assert.equal(blocks.length, taking.length);
    for (const { n, from, to } of blocks) {
      const { len, flags } = model.segments[n - 1];
      assert.equal(to - from, len + (flags.includes('SYN') ? 1 : 0));
    }
  }
});

const LONG = [...OPEN.slice(0, 3), ...Array.from({ length: 100 }, (_, i) =>
  ['client', 'ACK', 1 + i * 1448, 1, 1448])];

test('many segments of data fold into one, and unfold', () => {
  const { client } = sidesOf(talk(LONG));
  const view = { width: 700, font: 12, relative: true, looked: 50 };
  const folded = check(client, view, 'folded');
  assert.equal(folded.blocks.length, 4);
  const [fold1] = folded.blocks.filter(({ ns }) => ns);
  assert.equal(fold1.ns.length, 98);
  assert.match(fold1.parts[0].label, /98 segments · 141904 bytes/);
  const open = check(client, { ...view, open: [fold1.key] }, 'open');
  assert.equal(open.blocks.length, 101);
  assert.ok(open.width > view.width);
  assert.equal(check(client, { ...view, width: 9000 }, 'wide').blocks.length, 101);
});

test('what was sent many times: the first two, and the rest as one', () => {
  const tries = Array.from({ length: 7 }, (_, i) =>
    ['client', 'SYN', 0, null, 0, 'dropped', { of: i > 0 ? 1 : null }]);
  const { client } = sidesOf(talk(tries));
  const view = { width: 700, font: 12, relative: true, looked: null };
  const { blocks } = check(client, view, 'tries');
  assert.deepEqual(blocks.map(({ n, row }) => [n, row]), [[1, 0], [2, 1], [null, 2]]);
  assert.deepEqual(blocks[2].ns, [3, 4, 5, 6, 7]);
  assert.equal(blocks[2].fate, 'lost');
  const open = check(client, { ...view, open: [blocks[2].key] }, 'open');
  assert.deepEqual(open.blocks.map(({ row }) => row), [0, 1, 2, 3, 4, 5, 6]);
});

test('the segment looked at: its numbers written, what it acknowledges marked', () => {
  const { client } = sidesOf(talk(OPEN));
  const view = { width: 700, font: 12, relative: true };
  const data = shapeTape(client, { ...view, looked: 4 });
  assert.deepEqual(data.ticks.filter(({ text }) => text).map(({ text }) => text),
    ['0', '1', '11', '12']);
  const ack = shapeTape(client, { ...view, looked: 5 });
  const x = (at) => ack.ticks.find((tick) => tick.at === at).x;
  assert.deepEqual(ack.band, { from: x(1), to: x(11) });
  assert.deepEqual(shapeTape(client, { ...view, looked: 3 }).caret, { n: 3, x: x(1) });
});
