// The model: events of a run folded into what the page draws.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  disagreement, emptyModel, fold, foldMany, partners, segmentOf,
} from '../../../web/js/model.js';
import { recorded } from './data.mjs';
import { randomRun } from './random-run.mjs';

const modelOf = (events) => events.reduce(fold, emptyModel);

function deepFreeze(value) {
  if (value && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

test('a recorded open: three segments of the handshake, each arrived once', () => {
  const { segments } = modelOf(recorded('open').events);
  assert.deepEqual(segments.slice(0, 3).map((s) => s.flags.join(',')), ['SYN', 'SYN,ACK', 'ACK']);
  for (const { copies, t_ns: sent } of segments) {
    assert.equal(copies.length, 1);
    assert.equal(copies[0].fate, 'arrived');
    assert.ok(copies[0].t >= sent);
  }
});

test('a recorded open: every call that began has its own end', () => {
  const { events } = recorded('open');
  const { calls } = modelOf(events);
  assert.equal(calls.length, events.filter((e) => e.kind === 'call' && e.phase === 'begin').length);
  for (const call of calls) {
    assert.equal(call.end.name, call.name);
    assert.ok(call.end.t_ns >= call.t);
  }
});

test('listener and connection of the server are two sockets', () => {
  const { sockets } = modelOf(recorded('open').events);
  const server = sockets.filter((socket) => socket.host === 'server');
  assert.deepEqual(server.map((socket) => socket.listener), [true, false]);
  const states = server[1].spans.map((span) => span.state);
  assert.deepEqual(states.slice(0, 2), ['SYN-RECEIVED', 'ESTABLISHED']);
  assert.equal(server[0].spans[0].state, 'LISTEN');
});

test('spans of a socket join without gaps', () => {
  for (const { spans } of modelOf(recorded('classic').events).sockets) {
    spans.slice(1).forEach((span, i) => assert.equal(spans[i].end.id, span.id));
  }
});

test('the client is ESTABLISHED before the server', () => {
  const split = disagreement(modelOf(recorded('open').events));
  assert.equal(split.host, 'client');
  assert.ok(split.to.t > split.from.t);
});

test('a disagreement lasts while only one end is ESTABLISHED', () => {
  const { events } = recorded('open');
  const at = events.findIndex((e) => e.kind === 'state' && e.new === 'ESTABLISHED');
  assert.equal(disagreement(modelOf(events.slice(0, at + 1))).to, null);
  assert.equal(disagreement(modelOf(events.slice(0, at))), null);
});

test('an answer and what it answers are partners', () => {
  const model = modelOf(recorded('open').events);
  assert.ok(partners(model, 1).includes(2));
  assert.ok(partners(model, 2).includes(1));
  assert.deepEqual(partners(model, 999), []);
});

test('a held copy remembers where it waited', () => {
  const ends = { from: 'client', to: 'server' };
  const segment = { id: 1, t_ns: 0, kind: 'segment', n: 1, ...ends, flags: ['SYN'] };
  const held = { id: 2, t_ns: 5, kind: 'copy', n: 1, copy: 1, fate: 'held', by: 'person' };
  const freed = { id: 3, t_ns: 9, kind: 'copy', n: 1, copy: 1, fate: 'arrived', by: 'person' };
  const [copy] = modelOf([segment, held, freed]).segments[0].copies;
  assert.deepEqual({ fate: copy.fate, held: copy.held }, { fate: 'arrived', held: { id: 2, t: 5 } });
});

test('folding never changes its input', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const step = (model, event) => deepFreeze(fold(model, deepFreeze(event)));
    randomRun(seed).reduce(step, emptyModel);
  }
});

test('unknown kinds of events are passed over', () => {
  const model = fold(emptyModel, { id: 1, t_ns: 0, kind: 'something-new' });
  assert.equal(model.last.id, 1);
  assert.equal(model.segments.length, 0);
});

test('events folded one by one, in parts or all at once give the same model', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const events = randomRun(seed);
    const whole = foldMany(emptyModel, deepFreeze(events));
    assert.deepEqual(modelOf(events), whole);
    const half = Math.floor(events.length / 2);
    const first = deepFreeze(foldMany(emptyModel, events.slice(0, half)));
    assert.deepEqual(foldMany(first, events.slice(half)), whole);
  }
});

test('what has not changed stays the same object', () => {
  const { events } = recorded('open');
  const before = foldMany(emptyModel, events.slice(0, -6));
  const after = foldMany(before, events.slice(-6));
  assert.equal(after.segments[0], before.segments[0]);
  assert.equal(after.messages, before.messages);
  assert.notEqual(after.segments, before.segments);
});

test('a segment is found by its number, also where numbers leave gaps', () => {
  const model = modelOf(recorded('open').events);
  for (const segment of model.segments) assert.equal(segmentOf(model, segment.n), segment);
  const some = { segments: model.segments.slice(2) };
  assert.equal(segmentOf(some, 4).n, 4);
  assert.equal(segmentOf(some, 1), undefined);
});
