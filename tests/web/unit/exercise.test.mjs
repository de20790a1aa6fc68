// Exercises and goals: made from real runs, and fair.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  blanks, faultsIn, isFit, isRight, isTrueOrder, shuffledSegments, usable,
} from '../../../web/js/exercise.js';
import { goalOf, GOALS } from '../../../web/js/goals.js';
import { emptyModel, fold } from '../../../web/js/model.js';
import { texts } from '../../../web/js/texts.js';
import { recorded } from './data.mjs';
import { randomRun } from './random-run.mjs';

const modelOf = (events) => events.reduce(fold, emptyModel);
const runs = ['open', 'classic'].map((name) => modelOf(recorded(name).events));

test('blanks can be worked out: nothing is asked of a side that was not heard', () => {
  for (const model of runs) {
    for (let seed = 0; seed < 50; seed += 1) {
      const { rows } = blanks(model, { seed: String(seed) });
      const heard = new Set();
      for (const { from, to, blank, cells } of rows) {
        assert.ok(blank.length < 3 && blank.length > 0);
        if (!heard.has(from)) assert.ok(!blank.includes('seq'));
        if (!heard.has(to)) assert.ok(!blank.includes('ack'));
        for (const name of blank) assert.ok(isRight(name, cells[name], cells[name]));
        heard.add(from);
      }
    }
  }
});

test('an exercise comes again the same, and another seed gives another', () => {
  const [, model] = runs;
  assert.deepEqual(blanks(model, { seed: 'a' }), blanks(model, { seed: 'a' }));
  const all = new Set(Array.from({ length: 20 }, (_, seed) =>
    JSON.stringify(blanks(model, { seed: String(seed) }).rows.map(({ blank }) => blank))));
  assert.ok(all.size > 10);
});

test('what is filled in is judged by its meaning', () => {
  assert.ok(isRight('flags', 'ack syn', 'SYN,ACK'));
  assert.ok(isRight('flags', ' SYN+ACK ', 'SYN,ACK'));
  assert.ok(!isRight('flags', 'SYN', 'SYN,ACK'));
  assert.ok(isRight('seq', ' 0 ', '0'));
  assert.ok(!isRight('seq', '', '0'));
  assert.ok(!isRight('ack', '2', '1'));
});

test('numbers are those of the run, absolute or relative', () => {
  const [model] = runs;
  const first = usable(model)[1];
  const row = (relative) => blanks(model, { relative }).rows[1].cells;
  assert.equal(row(true).ack, '1');
  assert.equal(row(false).ack, String(first.ack));
});

test('shuffled segments never stand as they were, and only true orders pass', () => {
  for (const model of runs) {
    const truth = usable(model).map(({ n }) => n);
    assert.ok(isTrueOrder(model, truth));
    assert.deepEqual(faultsIn(model, truth), []);
    for (let seed = 0; seed < 50; seed += 1) {
      const order = shuffledSegments(model, { seed: String(seed) }).map(({ n }) => n);
      assert.deepEqual([...order].sort((a, b) => a - b), truth);
      assert.ok(!isTrueOrder(model, order));
    }
  }
});

test('an impossible order says which came first, and why', () => {
  const [model] = runs;
  const [syn, synAck, ack, ...rest] = usable(model).map(({ n }) => n);
  const faults = faultsIn(model, [synAck, syn, ack, ...rest]);
  assert.deepEqual(faults, [{ n: synAck, before: syn, why: 'heard' }]);
  const late = faultsIn(model, [ack, syn, synAck, ...rest]);
  assert.ok(late.some(({ n, before, why }) => n === ack && before === syn && why === 'sent'));
});

test('any run at all gives an exercise or says that it does not fit', () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const model = modelOf(randomRun(seed, 12));
    if (!isFit(model)) continue;
    assert.ok(blanks(model).rows.length >= 3);
    assert.ok(shuffledSegments(model).length >= 3);
  }
  assert.ok(!isFit(emptyModel));
});

test('every goal has its words, and none is met before anything happened', () => {
  for (const { id, met, body } of GOALS) {
    assert.ok(texts.goals[id].text && texts.goals[id].hint, id);
    assert.equal(met(emptyModel), null, id);
    assert.ok(body.client.some(({ call }) => call === 'connect'));
    for (const model of runs) assert.equal(met(model), null, `${id} by a plain handshake`);
  }
  assert.equal(goalOf('nothing'), undefined);
});

test('a goal is met by what the kernels did', () => {
  const [model] = runs;
  const calls = (change) => ({
    ...model, calls: model.calls.map((call) => (call.name === 'connect'
      ? { ...call, end: { ...call.end, ...change } } : call)),
  });
  const connect = model.calls.find(({ name }) => name === 'connect').end.id;
  assert.equal(goalOf('refused').met(calls({ errno: 'ECONNREFUSED' })), connect);
  assert.equal(goalOf('timeout').met(calls({ errno: 'ETIMEDOUT' })), connect);
  assert.equal(goalOf('late').met(calls({ took_ns: 2e9 })), connect);
});
