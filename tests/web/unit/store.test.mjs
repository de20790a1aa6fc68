// The store: (state, action) -> state.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createStore, initialState, neighbour, reduce, selectedSegment,
} from '../../../web/js/store.js';
import { recorded } from './data.mjs';

const { events } = recorded('open');
const run = { id: 'r1', title: 'A run', scenario: 'open', phase: 'running' };
const after = (...actions) => actions.reduce(reduce, initialState);
const opened = (list = events) =>
  after({ type: 'opened', run }, { type: 'events', run: 'r1', list });

test('events come in once and in order, whatever a reconnect repeats', () => {
  const state = [events.slice(0, 5), events.slice(2, 9), events.slice(0, 3), events.slice(9)]
    .reduce((s, list) => reduce(s, { type: 'events', run: 'r1', list }), opened([]));
  assert.deepEqual(state.events.map((e) => e.id), events.map((e) => e.id));
  assert.deepEqual(state.model, opened().model);
});

test('an event after a gap waits for the one before it', () => {
  const state = opened([events[0], events[2]]);
  assert.deepEqual(state.events.map((e) => e.id), [1]);
});

test('events of another run are not taken', () => {
  const state = reduce(opened([]), { type: 'events', run: 'other', list: events });
  assert.equal(state.events.length, 0);
});

test('the end of the run ends it', () => {
  assert.equal(opened(events.slice(0, -1)).run.phase, 'running');
  assert.equal(opened().run.phase, 'ended');
});

test('a moment shows exactly the events up to it', () => {
  const half = events[Math.floor(events.length / 2)].id;
  const state = reduce(opened(), { type: 'moment', id: half });
  assert.equal(state.model.last.id, half);
  assert.deepEqual(reduce(state, { type: 'moment', id: null }).model, opened().model);
});

test('opening a segment shows its card, another event shows the story', () => {
  const id = events.find((e) => e.kind === 'segment').id;
  const card = reduce(opened(), { type: 'step', id, open: true });
  assert.equal(card.panel, 'card');
  assert.equal(selectedSegment(card).n, 1);
  assert.equal(reduce(card, { type: 'step', id: 1 }).panel, 'story');
});

test('neighbours are the next and previous segments, and end at the ends', () => {
  const ids = events.filter((e) => e.kind === 'segment').map((e) => e.id);
  const at = (step) => ({ ...opened(), step });
  assert.equal(neighbour(at(null), 1), ids[0]);
  assert.equal(neighbour(at(null), -1), ids.at(-1));
  assert.equal(neighbour(at(ids[0]), 1), ids[1]);
  assert.equal(neighbour(at(ids.at(-1)), 1), null);
  assert.equal(neighbour(at(ids[1] + 1), -1), ids[1]);
});

test('a run that this page started is fresh, another is not', () => {
  const started = after({ type: 'started', id: 'r1' }, { type: 'opened', run });
  assert.equal(started.run.fresh, true);
  assert.equal(opened().run.fresh, false);
});

test('opening a run forgets what was shown of the last', () => {
  const before = reduce(opened(), { type: 'step', id: 3 });
  const state = reduce(before, { type: 'opened', run: { id: 'r2' } });
  assert.equal(state.events.length, 0);
  assert.equal(state.step, null);
});

test('an unknown action changes nothing', () => {
  assert.equal(reduce(initialState, { type: 'nonsense' }), initialState);
});

test('subscribers are told once for many actions of one frame', () => {
  const frames = [];
  const store = createStore((work) => frames.push(work));
  const seen = [];
  store.subscribe((state) => seen.push(state.ip));
  store.dispatch({ type: 'ip', ip: 6 });
  store.dispatch({ type: 'numbers', relative: false });
  assert.equal(frames.length, 1);
  frames[0]();
  assert.deepEqual(seen, [6]);
});

test('all there is to say of a scenario comes later, and stays', () => {
  const [open, lost] = [{ id: 'open', title: 'Open' }, { id: 'lost', title: 'Lost' }];
  const state = after({ type: 'scenarios', list: [open, lost] },
    { type: 'abouts', list: [{ ...lost, why: 'because' }] });
  assert.deepEqual(state.scenarios, [open, { ...lost, why: 'because', whole: true }]);
  const again = reduce(state, { type: 'scenarios', list: [open, lost] });
  assert.equal(again.scenarios[1].why, 'because', 'also when the list comes after it');
  assert.equal(after({ type: 'abouts', list: [open] }).scenarios.length, 1);
});

test('the chosen scenario is the shown run\'s: start shows it again', () => {
  const list = [{ id: 'open', title: 'Open' }, { id: 'lost', title: 'Lost' }];
  const opened = (scenario) => ({ type: 'opened', run: { id: 'r1', scenario } });
  assert.equal(after({ type: 'scenarios', list }, opened('lost')).scenario, 'lost');
  assert.equal(after(opened('lost'), { type: 'scenarios', list }).scenario, 'lost');
  assert.equal(after({ type: 'scenarios', list }, opened('my-own')).scenario, 'open');
  assert.equal(after(opened('my-own'), { type: 'scenarios', list }).scenario, 'open');
});
