// Predictions: what is asked about a held segment, and what the events say came of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyModel, fold } from '../../../web/js/model.js';
import { outcomeOf, questionAbout, roleOf, STILL } from '../../../web/js/predict.js';
import { emptySession, reduceSession, scoreOf, unasked } from '../../../web/js/predictsession.js';
import { numberText } from '../../../web/js/predicttext.js';
import { recorded } from './data.mjs';

const { events } = recorded('open');
const modelAt = (id) => events.filter((e) => e.id <= id).reduce(fold, emptyModel);
const segments = events.filter((e) => e.kind === 'segment');
const LATER = 60_000; // ms of quiet

/* The question as it would have been asked while segment n waited. */
function asked(n, options) {
  const segment = segments.find((each) => each.n === n);
  const model = modelAt(segment.id);
  return questionAbout(model, model.segments.at(-1), options);
}

/* Everything that is asked about segment n, one turn each. */
const kindsOf = (n) => new Set([0, 1, 2, 3].map((turn) => asked(n, { turn }).kind));

test('each role has questions of its own, and a second round asks another', () => {
  assert.deepEqual(segments.slice(0, 3).map(roleOf), ['syn', 'synack', 'ack']);
  assert.deepEqual(kindsOf(1), new Set(['next', 'ack', 'state']));
  assert.deepEqual(kindsOf(2), new Set(['state', 'ack', 'errno', 'next']));
  assert.deepEqual(kindsOf(3), new Set(['state', 'next']));
});

test('what the kernels did answers every question that can be asked about a run', () => {
  for (const { n } of segments) {
    for (const turn of [0, 1, 2, 3]) {
      const question = asked(n, { turn });
      const outcome = outcomeOf(question, events, LATER);
      assert.ok(question.choices.includes(outcome.choice), `${n} ${question.kind}`);
      assert.equal(new Set(question.choices).size, question.choices.length);
      assert.equal(question.choices.at(-1), 'other');
      assert.ok(question.choices.length >= 3 && question.choices.length <= 6);
    }
  }
});

test('the answers of a plain handshake are the right ones', () => {
  const truth = (n, kind) => {
    const turn = [0, 1, 2, 3].find((each) => asked(n, { turn: each }).kind === kind);
    return outcomeOf(asked(n, { turn }), events, LATER).truth;
  };
  assert.equal(truth(1, 'next'), 'server SYN,ACK');
  assert.equal(truth(1, 'ack'), String((segments[0].seq + 1) % 2 ** 32));
  assert.equal(truth(1, 'state'), 'SYN-RECEIVED');
  assert.equal(truth(2, 'state'), 'ESTABLISHED');
  assert.equal(truth(2, 'errno'), 'ok');
  assert.equal(truth(3, 'state'), 'ESTABLISHED');
});

test('nothing is known before it happened, and silence counts after a while', () => {
  const question = asked(1, { turn: 0 });
  const before = events.filter((e) => e.id <= question.since);
  assert.equal(outcomeOf(question, before, 0), null);
  assert.equal(outcomeOf(question, before, LATER).truth, 'nobody');
  const errno = asked(2, { turn: 2 });
  assert.equal(errno.kind, 'errno');
  const still = outcomeOf(errno, events.filter((e) => e.id <= errno.since), LATER);
  assert.equal(still.truth, STILL);
});

test('what nobody thought of is something else', () => {
  const question = asked(1, { turn: 0 });
  const odd = { ...segments[1], id: question.since + 1, flags: ['FIN', 'URG'] };
  const outcome = outcomeOf(question, [...modelAt(0).segments, odd], 0);
  assert.equal(outcome.choice, 'other');
  assert.equal(outcome.truth, 'server FIN,URG');
});

test('a loss asks who sends again', () => {
  const question = asked(3, { fate: 'drop' });
  assert.equal(question.kind, 'again');
  assert.deepEqual(new Set(question.choices),
    new Set(['client ACK', 'server SYN,ACK', 'nobody', 'other']));
});

test('numbers are told as the page tells them', () => {
  const question = asked(1, { turn: 1 });
  const model = modelAt(question.since);
  const next = String((segments[0].seq + 1) % 2 ** 32);
  assert.equal(numberText(next, question, { model, relative: true }), '1');
  assert.equal(numberText(next, question, { model, relative: false }), next);
});

/* The page's state while segment n waits. */
function holding(n) {
  const segment = segments.find((each) => each.n === n);
  const held = { kind: 'copy', n, copy: 1, fate: 'held', by: 'person', t_ns: segment.t_ns };
  const list = [...events.filter((e) => e.id <= segment.id), { ...held, id: segment.id + 1 }];
  return {
    run: { id: 'r', phase: 'running' }, started: 'r', starting: false, moment: null, decided: {},
    events: list, model: list.reduce(fold, emptyModel),
  };
}

test('a round goes from the question to the reason, and counts', () => {
  let session = emptySession;
  const act = (action) => (session = reduceSession(session, action));
  act({ do: 'start' });
  const state = holding(1);
  act({ do: 'sync', state, quietMs: 0 });
  act({ do: 'sync', state, quietMs: 0 });
  assert.equal(session.phase, 'asked');
  act({ do: 'commit', state });
  assert.equal(session.phase, 'asked', 'a guess comes first');
  act({ do: 'choose', choice: 'server SYN,ACK' });
  const again = { ...segments[0], id: state.events.at(-1).id + 1, of: 1 };
  act({ do: 'commit', state: { ...state, events: [...state.events, again] } });
  act({ do: 'choose', choice: 'nobody' });
  assert.equal(session.chosen, 'server SYN,ACK', 'the guess stands');
  act({ do: 'sync', state, quietMs: 0 });
  assert.equal(session.phase, 'released');
  const later = [...state.events, again, { ...segments[1], id: again.id + 1 }];
  act({ do: 'sync', state: { ...state, decided: { 1: 'deliver' }, events: later }, quietMs: 0 });
  assert.equal(session.phase, 'told');
  assert.ok(session.outcome.because.length > 0);
  assert.deepEqual(scoreOf(session), { right: 1, all: 1 });
  act({ do: 'next', state: { ...holding(2), decided: { 1: 'deliver' } } });
  assert.equal(session.phase, 'asked');
  assert.equal(session.question.n, 2);
});

test('where a class guesses, nobody here has to, and nothing is counted here', () => {
  let session = emptySession;
  const act = (action) => (session = reduceSession(session, action));
  const state = holding(1);
  act({ do: 'start' });
  act({ do: 'sync', state, quietMs: 0 });
  act({ do: 'sync', state, quietMs: 0 });
  act({ do: 'commit', state, byClass: true });
  assert.equal(session.phase, 'released');
  const later = [...state.events, { ...segments[1], id: state.events.at(-1).id + 1 }];
  act({ do: 'sync', state: { ...state, decided: { 1: 'deliver' }, events: later }, quietMs: 0 });
  assert.equal(session.phase, 'told');
  assert.equal(session.outcome.choice, 'server SYN,ACK');
  assert.deepEqual(scoreOf(session), { right: 0, all: 0 });
});

/* The state in which the client's timer sent again: arrived tells whether the first
 * segment has, answer whether one waits, until when it waited itself. */
function impatient({ arrived, answer, until = 100 }) {
  const [syn, synAck] = segments;
  const copy = (n, fate, t_ns, id) => ({ kind: 'copy', n, copy: 1, fate, by: 'person', t_ns, id });
  const list = [
    { ...syn, id: 1, t_ns: 0 }, copy(1, 'held', 0, 2),
    copy(1, arrived ? 'arrived' : 'dropped', until, 3),
    ...(answer ? [{ ...synAck, id: 4, t_ns: 200 }, copy(2, 'held', 200, 5)] : []),
    { ...syn, id: 6, n: 3, of: 1, t_ns: 1000 }, copy(3, 'held', 1000, 7),
  ];
  return {
    run: { id: 'r', phase: 'running' }, started: 'r', starting: false, moment: null, decided: {},
    events: list, model: list.reduce(fold, emptyModel),
  };
}

test('what a timer sends again while its answer waits is thrown away unasked', () => {
  const asking = (state) => {
    const begun = reduceSession(emptySession, { do: 'start' });
    const waits = reduceSession(begun, { do: 'sync', state, quietMs: 0 });
    return reduceSession(waits, { do: 'sync', state, quietMs: 0 });
  };
  const numbers = (state) => unasked(asking(state), state).map(({ n }) => n);
  const both = impatient({ arrived: true, answer: true });
  assert.deepEqual(numbers(both), [3]);
  assert.equal(asking(both).question.n, 2);
  const taken = { ...both, decided: { 2: 'deliver' } };
  assert.deepEqual(numbers(taken), [3], 'also when the answer is let go meanwhile');
  assert.equal(asking(taken).phase, 'waiting');
  assert.deepEqual(numbers(impatient({ arrived: true, answer: false, until: 2000 })), [3]);
  for (const other of [{ arrived: false, answer: false }, { arrived: false, answer: false, until: 2000 },
    { arrived: true, answer: false }]) {
    const state = impatient(other);
    assert.deepEqual(numbers(state), [], 'a loss is made good by what is sent again');
    assert.equal(asking(state).question.n, 3);
  }
  assert.deepEqual(unasked(asking(both), { ...both, moment: 4 }), []);
  assert.deepEqual(unasked(emptySession, both), [], 'without a round nobody decides');
});

test('another run, or a look back, does not disturb the round', () => {
  const act = (session, action) => reduceSession(session, action);
  const state = holding(1);
  let session = act(act(act(emptySession, { do: 'start' }), { do: 'sync', state, quietMs: 0 }),
    { do: 'sync', state, quietMs: 0 });
  assert.equal(act(session, { do: 'sync', state: { ...state, moment: 3 }, quietMs: 0 }), session);
  session = act(session, { do: 'sync', state: { ...state, run: { id: 'x' } }, quietMs: 0 });
  assert.equal(session.phase, 'idle');
});
