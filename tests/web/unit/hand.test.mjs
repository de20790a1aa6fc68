// The wire in hand: what waits, what is folded, timers, queues, forged segments.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markOf } from '../../../web/js/arrowlabel.js';
import {
  answerTo, emptyForge, flagsText, forgeBody, heardNumbers, numberWords, relativeTo, resolved,
} from '../../../web/js/forging.js';
import { foldedAway, heldInHand, heldSegments, repeatsWhileHeld } from '../../../web/js/held.js';
import { obstacle } from '../../../web/js/links.js';
import { countersOf, emptyModel, fold } from '../../../web/js/model.js';
import { listenerQueues } from '../../../web/js/queues.js';
import { conditionsOf, startBody, straight } from '../../../web/js/request.js';
import { CHOICES, ruleWords } from '../../../web/js/ruletext.js';
import { isHolding, initialState, reduce } from '../../../web/js/store.js';
import { nominalRto, openingTimers } from '../../../web/js/timers.js';
import { recorded } from './data.mjs';

const SECOND = 1e9;
const CLIENT = '192.0.2.1:40000';
const SERVER = '192.0.2.2:1337';

/* Events with ids in their order, folded. */
const modelOf = (...events) =>
  events.map((event, i) => ({ id: i + 1, ...event })).reduce(fold, emptyModel);

const begin = { kind: 'run', phase: 'begin', t_ns: 0, kernel: '6.18.0-x', link: 'wire', hosts: {} };
const end = { kind: 'run', phase: 'end', t_ns: 99 * SECOND };
const syn = (n, t, of = null) => ({
  kind: 'segment', n, t_ns: t, from: 'client', to: 'server', flags: ['SYN'], seq: 1000, seq_rel: 0,
  ack: 0, ack_rel: null, len: 0, of, src: CLIENT, dst: SERVER,
});
const synAck = (n, t, of = null) => ({
  ...syn(n, t, of), from: 'server', to: 'client', flags: ['SYN', 'ACK'], seq: 5000, ack: 1001,
  ack_rel: 1, src: SERVER, dst: CLIENT,
});
const copy = (n, t, fate, by = 'person') => ({ kind: 'copy', n, copy: 1, t_ns: t, fate, by });
const state = (host, t, name, peer) => ({
  kind: 'state', host, t_ns: t, new: name, old: 'CLOSED', peer,
  socket: host === 'client' ? CLIENT : SERVER,
});

test('what waits is in hand until it is decided or the run is over', () => {
  const waiting = [begin, syn(1, 1), copy(1, 2, 'held'), synAck(2, 3), copy(2, 4, 'held')];
  const model = modelOf(...waiting);
  assert.deepEqual(heldSegments(model).map(({ n }) => n), [1, 2]);
  assert.deepEqual(heldSegments(model, { 1: 'delay' }).map(({ n }) => n), [2]);
  assert.deepEqual(heldSegments(modelOf(...waiting, end)), []);
});

test('a key is about the selected segment, else about the one that waits longest', () => {
  const model = modelOf(begin, syn(1, 1), copy(1, 2, 'held'), synAck(2, 3), copy(2, 4, 'held'));
  assert.equal(heldInHand(model, null).n, 1);
  assert.equal(heldInHand(model, model.segments[1].id).n, 2);
  assert.equal(heldInHand(model, null, { 1: 'drop', 2: 'drop' }), undefined);
});

test('repeats of what waits are folded, unless unfolded or decided', () => {
  const tries = [
    begin, syn(1, 1), copy(1, 2, 'held'), syn(2, SECOND, 1), copy(2, SECOND + 1, 'held'),
    syn(3, 2 * SECOND, 2), copy(3, 2 * SECOND + 1, 'held'),
  ];
  const model = modelOf(...tries);
  assert.deepEqual(repeatsWhileHeld(model).get(1).map(({ n }) => n), [2, 3]);
  assert.deepEqual([...foldedAway(model)], [2, 3]);
  assert.deepEqual([...foldedAway(model, [1])], []);
  assert.deepEqual([...foldedAway(model, [], { 1: 'deliver' })], []);
  const after = modelOf(...tries, copy(1, 3 * SECOND, 'arrived'));
  assert.deepEqual([...foldedAway(after)], [], 'what still waits must be seen');
});

test('a repeat sent after the first went on is not folded', () => {
  const model = modelOf(
    begin, syn(1, 1), copy(1, 2, 'held'), copy(1, 9, 'arrived'), syn(2, SECOND, 1));
  assert.equal(repeatsWhileHeld(model).size, 0);
});

test('repeats that the wire swallowed stay folded', () => {
  const model = modelOf(begin, syn(1, 1), copy(1, 2, 'held'), syn(2, SECOND, 1),
    copy(2, SECOND, 'dropped'), copy(1, 2 * SECOND, 'arrived'));
  assert.deepEqual([...foldedAway(model)], [2]);
});

test('a repeat that a person dropped is shown', () => {
  const model = modelOf(begin, syn(1, 1), copy(1, 2, 'held'), syn(2, SECOND, 1),
    copy(2, SECOND, 'held'), copy(1, 2 * SECOND, 'arrived'), copy(2, 3 * SECOND, 'dropped'));
  assert.deepEqual([...foldedAway(model)], []);
});

test('nominal timers: a SYN is linear first since Linux 6.5, a SYN,ACK doubles', () => {
  const seconds = (isSyn, kernel) =>
    [0, 1, 2, 3, 4, 5, 6].map((k) => nominalRto(k, { isSyn, kernel }) / SECOND);
  assert.deepEqual(seconds(true, '6.18.0'), [1, 1, 1, 1, 1, 2, 4]);
  assert.deepEqual(seconds(true, '6.1.0'), [1, 2, 4, 8, 16, 32, 64]);
  assert.deepEqual(seconds(false, '6.18.0'), [1, 2, 4, 8, 16, 32, 64]);
});

test('a timer runs while the kernel waits for the answer, and its gaps are measured', () => {
  const sent = [
    begin, syn(1, 10), state('client', 11, 'SYN-SENT', SERVER), syn(2, 1.03 * SECOND, 1),
  ];
  const [timer] = openingTimers(modelOf(...sent));
  assert.deepEqual([timer.active, timer.tries.length, timer.from], [true, 2, 1.03 * SECOND]);
  assert.deepEqual(timer.waits.map(({ n, measured, nominal }) => ({ n, measured, nominal })),
    [{ n: 2, measured: 1.03 * SECOND - 10, nominal: SECOND }]);
  const answered = modelOf(...sent, state('client', 2 * SECOND, 'ESTABLISHED', SERVER));
  assert.equal(openingTimers(answered)[0].active, false);
  assert.equal(openingTimers(modelOf(...sent, end))[0].active, false);
});

test('an answer to a repeated SYN does not lengthen the timer', () => {
  const model = modelOf(begin, synAck(1, 10), synAck(2, 20e3, 1));
  assert.equal(openingTimers(model)[0].nominal, SECOND);
});

test('what was made by hand has no timer', () => {
  assert.deepEqual(openingTimers(modelOf(begin, { ...syn(1, 1), forged: true })), []);
});

test('the queues of a listener: requests, then what waits for accept()', () => {
  const call = (name, phase, t, more = {}) =>
    ({ kind: 'call', host: 'server', name, phase, t_ns: t, args: '', on: 'listener', ...more });
  const events = [
    begin, call('listen', 'begin', 1, { args: 'backlog 2' }), call('listen', 'end', 2),
    state('server', 3, 'LISTEN', null), state('server', 4, 'SYN-RECEIVED', CLIENT),
  ];
  const queues = (...more) => {
    const [{ limit, syn: requests, accept }] = listenerQueues(modelOf(...events, ...more));
    return [limit, requests.now, accept.now, accept.most];
  };
  const done = state('server', 5, 'ESTABLISHED', CLIENT);
  const accepted = [
    call('accept', 'begin', 6), call('accept', 'end', 7, { result: 5, errno: null }),
  ];
  assert.deepEqual(queues(), [3, 1, 0, 0]);
  assert.deepEqual(queues(done), [3, 0, 1, 1]);
  assert.deepEqual(queues(done, ...accepted), [3, 0, 0, 1]);
  assert.deepEqual(listenerQueues(emptyModel), []);
});

test('a recorded run leaves its queues empty', () => {
  const [queue] = listenerQueues(recorded('open').events.reduce(fold, emptyModel));
  assert.deepEqual([queue.syn.now, queue.accept.now, queue.syn.most], [0, 0, 1]);
});

test('numbers of the forge are said as the program reads them', () => {
  assert.equal(numberWords({ base: '', plus: 5 }), undefined);
  assert.equal(numberWords({ base: 'absolute', plus: -1 }), 4294967295);
  assert.equal(numberWords({ base: 'client.isn', plus: 1 }), 'client.isn+1');
  assert.equal(numberWords({ base: 'server.next', plus: -1000 }), 'server.next-1000');
  assert.equal(numberWords({ base: 'server.next', plus: 0 }), 'server.next');
});

test('the form becomes a body without what is left to the wire', () => {
  assert.deepEqual(forgeBody(emptyForge), { to: 'server', flags: 'SYN' });
  const full = {
    ...emptyForge, flags: ['ACK', 'SYN'], seq: { base: 'absolute', plus: 7 }, window: '0',
    mss: '1460', sack: true, payload: 'hi', checksum: 'wrong',
  };
  assert.deepEqual(forgeBody(full), {
    to: 'server', flags: 'SYN,ACK', seq: 7, window: 0, options: { mss: 1460, sack: true },
    payload: 'hi', bad_checksum: true,
  });
  assert.deepEqual(forgeBody({ ...emptyForge, kind: 'icmp', icmp: '3/4', mtu: '600' }),
    { to: 'server', icmp: { type: 3, code: 4, mtu: 600 } });
  assert.equal(flagsText([]), '(none)');
});

test('every field of the headers that the program takes can be forged', () => {
  const form = {
    ...emptyForge, flags: ['ACK', 'AE'], offset: '15', reserved: '7', dscp: '46', ecn: '3',
    ipId: '4660', ttl: '1', urgent: '9', srcPort: '1', dstPort: '2', checksum: 'chosen',
    checksumDigits: '0xBEEF', tsval: '5', tsecr: '', wscale: '0', count: '200', vary: true,
  };
  assert.deepEqual(forgeBody(form), {
    to: 'server', flags: 'ACK,AE', src_port: 1, dst_port: 2, offset: 15, reserved: 7, urgent: 9,
    ip_id: 4660, ttl: 1, tos: 46 * 4 + 3, count: 200, checksum: 0xbeef, vary_source: true,
    options: { wscale: 0, timestamps: [5, 0] },
  });
  assert.equal(forgeBody({ ...emptyForge, ecn: '1' }).tos, 1);
  const bytes = { ...emptyForge, options: ' 02 04 05 b4 ', mss: '9', checksum: 'chosen' };
  assert.deepEqual(forgeBody(bytes), { to: 'server', flags: 'SYN', options: '020405b4' });
});

test('a number of the forge, counted from where its host began', () => {
  const heard = { client: { isn: 2 ** 32 - 1, next: 0 } };
  assert.equal(relativeTo(4, 'client', heard), 5);
  assert.equal(relativeTo(4, 'server', heard), null);
  assert.equal(relativeTo(null, 'client', heard), null);
});

test('an answer is filled in: to a SYN,ACK the ACK that completes the handshake', () => {
  const model = modelOf(begin, syn(1, 1), synAck(2, 2));
  const form = answerTo(model.segments[1], model);
  assert.deepEqual(forgeBody(form),
    { to: 'server', flags: 'ACK', seq: 'client.next', ack: 'server.isn+1' });
  const heard = heardNumbers(model);
  assert.deepEqual([resolved(form.seq, heard), resolved(form.ack, heard)], [1001, 5001]);
});

test('an answer to a SYN chooses a number for a host that nobody has heard', () => {
  const model = modelOf(begin, syn(1, 1));
  assert.deepEqual(forgeBody(answerTo(model.segments[0], model)),
    { to: 'client', flags: 'SYN,ACK', seq: 1000, ack: 'client.isn+1' });
});

test('numbers nobody has said come to nothing; numbers wrap', () => {
  assert.equal(resolved({ base: 'server.isn', plus: 1 }, {}), null);
  assert.equal(resolved({ base: 'client.isn', plus: 1 }, { client: { isn: 4294967295 } }), 0);
});

test('what was done to a copy is told from how often it was sent', () => {
  assert.equal(markOf({}), null);
  assert.equal(markOf({ changed: 'sent 2 times' }), null);
  assert.equal(markOf({ changed: 'window 1 -> 2, checksum not mended' }), 'damaged');
  assert.equal(markOf({ changed: 'ack 1001 -> 2001' }), 'changed');
});

test('counters belong to the segment that caused them', () => {
  const counter = {
    kind: 'counter', t_ns: 3, host: 'server', counter: 'InCsumErrors', delta: 1, cause: 3,
  };
  const model = modelOf(begin, syn(1, 1), copy(1, 2, 'arrived'), counter);
  assert.equal(countersOf(model, model.segments[0])[0].counter, 'InCsumErrors');
});

test('choices become the words of a rule', () => {
  const words = ruleWords({ from: 'client', flags: 'SYN', which: 'nth 1', action: 'drop' });
  assert.equal(words, 'client SYN nth 1 drop');
  assert.equal(ruleWords({ action: 'corrupt' }), 'corrupt');
  assert.ok(Object.values(CHOICES).every((list) => new Set(list).size === list.length));
});

const caps = {
  link: 'loopback', features: [{ name: 'mptcp', on: false, why: 'not built in' }],
  links: [
    { name: 'wire', on: false, why: 'namespaces are refused' }, { name: 'loopback', on: true },
    { name: 'sockets', on: true },
  ],
};

test('what a scenario needs and cannot have is said with its reason', () => {
  const against = (needs, link = null, all = caps) => obstacle({ needs }, { link, caps: all });
  assert.equal(against([]), null);
  assert.equal(against(['wire'], null, null), null, 'nothing is known yet');
  assert.deepEqual(against(['wire']), { need: 'wire', why: 'namespaces are refused' });
  assert.deepEqual(against(['mptcp']), { need: 'mptcp', why: 'not built in' });
  const links = [{ name: 'wire', on: true }, ...caps.links.slice(1)];
  const wired = { ...caps, link: 'wire', links };
  assert.equal(against(['wire'], null, wired), null);
  assert.deepEqual(against(['wire'], 'sockets', wired), { need: 'wire', why: null });
});

test('a run is asked for with what was chosen, and no more', () => {
  const chosen = { ...initialState, scenario: 'open', ip: 6, caps: { ...caps, link: 'wire' } };
  assert.deepEqual(startBody(chosen), { scenario: 'open', options: { ip: 6 } });
  const held = { ...chosen, hold: true, seed: 7, conditions: { ...straight, loss: 0.1 } };
  assert.deepEqual(startBody(held),
    { scenario: 'open', hold: true, options: { ip: 6, seed: 7, loss: 0.1 } });
  const rules = reduce(held, { type: 'rules', list: ['client SYN nth 1 drop'] });
  assert.deepEqual(startBody(rules).options,
    { ip: 6, seed: 7, loss: 0.1, rules: ['client SYN nth 1 drop'] });
  assert.deepEqual(startBody({ ...rules, link: 'sockets' }),
    { scenario: 'open', link: 'sockets', options: { ip: 6 } });
});

test('a scenario’s own IP version is kept to; its long form is asked for by name', () => {
  const scenarios = [{ id: 'six', ip: 6, long: { seconds: 140 } }, { id: 'open' }];
  const chosen = { ...initialState, scenarios, scenario: 'six', long: true };
  assert.deepEqual(startBody(chosen), { scenario: 'six', options: { ip: 6, long: true } });
  assert.deepEqual(startBody({ ...chosen, scenario: 'open' }),
    { scenario: 'open', options: { ip: 4 } });
});

test('conditions are read from the way of the client', () => {
  const wire = { path: { client: { latency_ms: 50, loss: 0.2 }, server: { latency_ms: 9 } } };
  assert.deepEqual(conditionsOf(wire), { ...straight, latency_ms: 50, loss: 0.2 });
  assert.deepEqual(conditionsOf(null), straight);
});

test('hold is that of the live wire, else the choice for the next run', () => {
  const live = [
    { type: 'opened', run: { id: 'r', phase: 'running', link: 'wire' } },
    { type: 'wire', run: 'r', wire: { hold: { client: false, server: true } } },
  ].reduce(reduce, initialState);
  assert.equal(isHolding(live), true);
  assert.equal(isHolding(reduce(live, { type: 'closed' })), false);
});

test('the run’s beginning on this page’s clock is the earliest that an event tells', () => {
  const opened = reduce(initialState, { type: 'opened', run: { id: 'r', phase: 'running' } });
  const event = (id, ms) => ({ id, t_ns: ms * 1e6, kind: 'message' });
  const told = (s, id, ms, now) =>
    reduce(s, { type: 'events', run: 'r', list: [event(id, ms)], now });
  const late = told(opened, 1, 10, 1030);
  assert.equal(late.origin, 1020);
  assert.equal(told(late, 2, 50, 1052).origin, 1002);
  assert.equal(told(opened, 1, 10).origin, null, 'an old event tells nothing');
});
