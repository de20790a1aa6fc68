/* rules.test.mjs - what the wire does by itself: rules and chances, changed
 * while a run is alive. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertProblem, drip, post, startServer } from './server.mjs';
import { grip, gripSyn, letGo, patch } from './wire.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const names = (answer) => answer.json.wire.rules.map((rule) => rule.name);

test('a rule in words, named by the wire, does what it says', async () => {
  const run = await gripSyn(server);
  const answer = await run.patch({ rules: { add: ['server SYN,ACK nth 1 drop'] }, hold: false });
  assert.equal(answer.status, 200, answer.text);
  const [rule] = answer.json.wire.rules;
  assert.equal(rule.words, 'server SYN,ACK nth 1 drop');
  assert.deepEqual([rule.do, rule.from, rule.flags, rule.nth], ['drop', 'server', 'SYN,ACK', 1]);
  const whole = await run.ended();
  assert.equal(whole.verdict.code, 'established');
  const dropped = whole.events.find((e) => e.kind === 'copy' && e.fate === 'dropped');
  assert.equal(dropped.by, 'rule');
  assert.equal(dropped.rule, rule.name);
  assert.match(dropped.sentence, /dropped by the rule/);
});

test('rules of the request itself: they come first, and stay over a reset', async () => {
  const slow = { name: 'slow', from: 'server', do: 'delay', delay_ms: 3 };
  const rules = [{ words: 'client SYN nth 1 drop', name: 'lost' }, slow];
  const run = await grip(server, { scenario: 'open', hold: true, options: { rules } });
  await run.see('the lost SYN', (e) => e.kind === 'copy' && e.fate === 'dropped');
  const { wire } = (await run.wire()).json;
  assert.deepEqual(wire.rules.map((rule) => [rule.name, rule.words]),
    [['lost', 'client SYN nth 1 drop'], ['slow', 'server delay 3ms']]);
  assert.deepEqual(names(await run.patch({ rules: { replace: true } })), []);
  assert.deepEqual(names(await run.reset()), ['lost', 'slow'], 'what the run began with');
  const whole = await run.ended();
  assert.equal(whole.verdict.code, 'established');
  const [first] = whole.events.filter((e) => e.kind === 'copy' && e.fate === 'dropped');
  assert.deepEqual([first.n, first.by, first.rule], [1, 'rule', 'lost']);
});

test('a run tells how its wire was set when it began, whatever was changed since', async () => {
  const options = { latency_ms: 2, seed: 7, rules: ['client ACK nth 2 delay 3ms'] };
  const run = await grip(server, { scenario: 'open', hold: true, options });
  await run.patch({ hold: false, latency_ms: 0, rules: { replace: true } });
  const { began } = await run.ended();
  assert.deepEqual(began.hold, { client: true, server: true });
  assert.deepEqual([began.path.client.latency_ms, began.path.server.latency_ms], [2, 2]);
  assert.equal(began.seed, 7);
  assert.deepEqual(began.rules.map((rule) => rule.words), ['client ACK nth 2 delay 3ms']);
  const watched = await post(server, '/api/runs', { scenario: 'open', link: 'loopback', wait: true });
  assert.equal('began' in watched.json, false, 'another link has no wire');
});

test('rules of the request need the wire, and have their faults told', async () => {
  const ask = (body) => post(server, '/api/runs', { scenario: 'open', ...body });
  assertProblem(await ask({ link: 'loopback', options: { rules: ['drop'] } }), 422, /needs the wire/);
  const answer = await ask({ options: { rules: ['drop', 'client explode'] } });
  assertProblem(answer, 400, /./);
  assert.equal(answer.json.faults[0].pointer, '/options/rules/1');
});

test('a rule as an object: named, added, replaced, removed', async () => {
  const run = await gripSyn(server);
  const add = [{ name: 'b', from: 'client', do: 'delay', delay_ms: 5 }, { name: 'a', do: 'pass' }];
  assert.deepEqual(names(await run.patch({ rules: { add } })), ['b', 'a'], 'in the order given');
  assert.deepEqual(names(await run.patch({ rules: { add: ['hold'], remove: ['b'] } })), ['a', 'rule-1']);
  assert.deepEqual(names(await run.patch({ rules: { replace: true, add } })), ['b', 'a']);
  const { wire } = (await run.wire()).json;
  assert.deepEqual(names(await run.patch({ rules: { replace: true, add: wire.rules } })), ['b', 'a'],
    'what GET gives can be sent back');
  assert.deepEqual(names(await run.patch({ rules: { replace: true } })), []);
  await letGo(run);
});

test('all of a patch or nothing', async () => {
  const run = await gripSyn(server);
  await run.patch({ rules: { add: [{ name: 'a', do: 'pass' }] } });
  const before = (await run.wire()).text;
  assertProblem(await run.patch({ hold: false, rules: { add: [{ name: 'a', do: 'drop' }] } }), 409, /called "a"/);
  assertProblem(await run.patch({ hold: false, rules: { remove: ['c'] } }), 404, /"c"/);
  const many = Array.from({ length: 32 }, () => 'pass');
  assertProblem(await run.patch({ hold: false, rules: { add: many } }), 409, /32 rules/);
  assert.equal((await run.wire()).text, before);
  await letGo(run);
});

test('a patch that makes no sense: every fault with its place', async () => {
  const run = await gripSyn(server);
  const rows = [
    ['', ''],
    [[], ''],
    [{ holt: true }, '/holt'],
    [{ hold: 'yes' }, '/hold'],
    [{ hold: { client: 1 } }, '/hold/client'],
    [{ loss: 1.5 }, '/loss'],
    [{ latency_ms: -1 }, '/latency_ms'],
    [{ client: { latency_ms: 600001 } }, '/client/latency_ms'],
    [{ seed: 0.5 }, '/seed'],
    [{ rules: { add: ['client SNY drop'] } }, '/rules/add/0'],
    [{ rules: { add: ['drop', { do: 'lose' }] } }, '/rules/add/1/do'],
    [{ rules: { add: [{ do: 'delay' }] } }, '/rules/add/0'],
    [{ rules: { add: Array.from({ length: 33 }, () => 'pass') } }, '/rules/add/32'],
  ];
  for (const [body, pointer] of rows) {
    const answer = await run.patch(body);
    assertProblem(answer, 400, /faults/);
    assert.equal(answer.json.faults[0].pointer, pointer, answer.text);
  }
  const two = await run.patch({ loss: -1, hold: 0 });
  assert.deepEqual(two.json.faults.map((fault) => fault.pointer), ['/loss', '/hold']);
  assertProblem(await patch(server, '/api/runs/nonesuch/wire', { hold: true }), 404, /no run/);
  await letGo(run);
});

test('conditions: what is not given stays; begun with options', async () => {
  const run = await gripSyn(server, { options: { latency_ms: 2.5, loss: 0, seed: 42 } });
  const { wire } = (await run.wire()).json;
  let { path } = wire;
  assert.equal(wire.seed, 42);
  const both = { latency_ms: 2.5, jitter_ms: 0, loss: 0, duplicate: 0, reorder: 0 };
  assert.deepEqual(path, { client: both, server: both });
  ({ path } = (await run.patch({ jitter_ms: 1, server: { latency_ms: 9 } })).json.wire);
  assert.deepEqual(path.client, { ...both, jitter_ms: 1 });
  assert.deepEqual(path.server, { ...both, jitter_ms: 1, latency_ms: 9 });
  ({ path } = (await run.patch({ path: { client: { latency_ms: 0 } } })).json.wire);
  assert.deepEqual(path.client, { ...both, jitter_ms: 1, latency_ms: 0 });
  assert.equal(path.server.latency_ms, 9);
  await letGo(run);
});

test('latency: a round trip takes twice as long', async () => {
  const run = await grip(server, { scenario: 'open', options: { latency_ms: 50 } });
  const whole = await run.ended();
  const syn = whole.events.find((e) => e.kind === 'segment' && e.n === 1);
  const landed = whole.events.find((e) => e.kind === 'copy' && e.n === 1);
  const took = (landed.t_ns - syn.t_ns) / 1e6;
  assert.ok(took >= 50, `${took} ms`);
  const connect = whole.events.find((e) => e.kind === 'call' && e.name === 'connect' && e.phase === 'end');
  assert.ok(connect.took_ns >= 100e6 && connect.info.rtt_us >= 100000, JSON.stringify(connect));
});

test('reset: back to what it began with, and what was held goes on', async () => {
  const run = await gripSyn(server, { options: { latency_ms: 1 } });
  await run.patch({ rules: { add: ['server drop'] }, loss: 0.5, swallow: true });
  const { status, json } = await run.reset();
  assert.equal(status, 200);
  assert.deepEqual(json.wire.rules, []);
  assert.deepEqual(json.wire.hold, { client: false, server: false });
  assert.equal(json.wire.path.client.loss, 0);
  assert.equal(json.wire.path.client.latency_ms, 1);
  assert.equal(json.wire.swallow, false);
  assert.equal((await run.ended()).verdict.code, 'established');
  assertProblem(await post(server, '/api/runs/nonesuch/reset', ''), 404, /no run/);
});

/** For each sender what became of its segments, in the order sent. */
function fates(whole) {
  const by = { client: [], server: [] };
  const of = new Map();
  for (const e of whole.events) {
    if (e.kind === 'segment') {
      of.set(e.n, []);
      by[e.from].push(of.get(e.n));
    } else if (e.kind === 'copy') {
      of.get(e.n).push(`${e.fate} ${e.action ?? ''}`);
    }
  }
  return by;
}

test('the same seed gives the same fates, another seed others', async () => {
  const options = { loss: 0.2, duplicate: 0.2, reorder: 0.2 };
  const play = async (seed) => {
    const run = await grip(server, { scenario: drip(12, 30), options: { ...options, seed } });
    return fates(await run.ended());
  };
  const [a, b, other] = await Promise.all([play(7), play(7), play(8)]);
  let differ = 0;
  for (const host of ['client', 'server']) {
    const common = Math.min(a[host].length, b[host].length) - 1; // the last may be cut off
    assert.ok(common >= 5, `${host}: ${common}`);
    assert.deepEqual(a[host].slice(0, common), b[host].slice(0, common));
    differ += a[host].slice(0, 5).some((fate, i) => String(fate) !== String(other[host][i]));
  }
  assert.ok(differ > 0);
  assert.ok(a.client.flat().some((fate) => fate !== 'arrived '), 'and something happened at all');
});
