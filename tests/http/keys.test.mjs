/* keys.test.mjs - Idempotency-Key: the same request sent twice begins one
 * run. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, assertProblem, drip, post, startLimited, startServer, until, upTo } from './server.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const send = (key, body, to = server) => post(to, '/api/runs', body, { 'Idempotency-Key': key });
const count = async () => (await ask(server, '/api/runs')).json.runs.length;

test('the same key and body: the same run, said to be so', async () => {
  const first = await send('a-1', { scenario: 'open' });
  const before_ = await count();
  for (const _ of upTo(3)) {
    const again = await send('a-1', { scenario: 'open' });
    assert.equal(again.status, 201);
    assert.equal(again.text, first.text);
    assert.equal(again.headers.location, first.headers.location);
    assert.equal(again.headers['idempotency-replayed'], 'true');
  }
  assert.equal(first.headers['idempotency-replayed'], undefined);
  assert.equal(await count(), before_);
  assert.notEqual((await send('a-2', { scenario: 'open' })).json.id, first.json.id);
  assert.notEqual((await post(server, '/api/runs', { scenario: 'open' })).json.id, first.json.id);
});

test('with wait: both get the ended run, also when the second comes meanwhile', async () => {
  const body = { scenario: drip(2, 150), wait: true };
  const [one, two] = await Promise.all([send('wait', body), send('wait', body)]);
  const three = await send('wait', body);
  for (const answer of [one, two, three]) {
    assert.equal(answer.status, 201);
    assert.equal(answer.json.phase, 'ended');
    assert.deepEqual(answer.json, one.json);
  }
});

test('the same key with another body: 422, and nothing begins', async () => {
  const first = await send('b', { scenario: 'open' });
  const before_ = await count();
  for (const body of [{ scenario: 'classic' }, { scenario: 'open', wait: true }, '{"scenario": "open"}']) {
    const other = await send('b', body);
    assertProblem(other, 422, new RegExp(`another body.*${first.json.id}`));
  }
  assert.equal(await count(), before_);
});

test('a request that was refused can be tried again with its key', async () => {
  assertProblem(await send('c', { scenario: 'nonesuch' }), 404, /scenario/);
  assertProblem(await send('c', '{'), 400, /faults/);
  assert.equal((await send('c', { scenario: 'open' })).status, 201);
});

test('the run of a key was forgotten: 410, and nothing begins', async () => {
  const { json } = await send('d', { scenario: 'open' });
  await ask(server, `/api/runs/${json.id}`, { method: 'DELETE' });
  const before_ = await count();
  assertProblem(await send('d', { scenario: 'open' }), 410, /forgotten.*another key/);
  assert.equal(await count(), before_);
});

test('keys that are none', async () => {
  for (const key of ['', ' ', 'two words', 'x'.repeat(129), 'tab\there']) {
    assertProblem(await send(key, { scenario: 'open' }), 400, /1 to 128 printable/);
  }
  assert.equal((await send('x'.repeat(128), { scenario: 'open' })).status, 201);
  assert.equal((await send('"c8a5-structured"', { scenario: 'open' })).status, 201);
});

test('the table is bounded: after 256 others a key is forgotten, not before', async () => {
  const small = await startLimited({ runs_alive: 64, runs_kept: 1000 });
  try {
    const begun = [];
    for (const i of upTo(257)) {
      await until('room', async () => (await ask(small, '/healthz')).json.runs_alive < 60);
      begun.push((await send(`key-${i}`, { scenario: 'open' }, small)).json.id);
    }
    assert.equal((await send('key-2', { scenario: 'open' }, small)).json.id, begun[1]);
    assert.equal((await send('key-257', { scenario: 'open' }, small)).json.id, begun[256]);
    assert.ok(!begun.includes((await send('key-1', { scenario: 'open' }, small)).json.id));
  } finally {
    await small.stop();
  }
});
