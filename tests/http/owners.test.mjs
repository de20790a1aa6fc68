/* owners.test.mjs - a run belongs to the client that began it, where others than
 * this machine reach the server; reading stays open, unless it is private. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handshake } from '../cli/program.mjs';
import { ask, assertProblem, post, startServer, until, view } from './server.mjs';

/** A server with these options while fn runs. */
async function serving(options, fn) {
  const server = await startServer(options);
  if (server.host === '0.0.0.0') server.host = '127.0.0.1';
  try {
    await fn(server);
  } finally {
    await server.stop();
  }
}

const everywhere = { listen: '0.0.0.0:0' };
const bearer = (key) => ({ Authorization: `Bearer ${key}` });

/** A run whose first segment is held. */
async function heldRun(server) {
  const answer = await post(server, '/api/runs', { scenario: 'open', hold: true, link: 'wire' });
  assert.equal(answer.status, 201, answer.text);
  const { id, key } = answer.json;
  const auth = bearer(key);
  await until('a held segment', async () =>
    (await ask(server, `/api/runs/${id}/wire`, { headers: auth })).json.wire.held > 0);
  return { id, key, auth };
}

/** Everything that changes a run, in an order in which all of it can be done. */
const changes = (id) => [
  ['PATCH', `/api/runs/${id}/wire`, { swallow: true }],
  ['POST', `/api/runs/${id}/inject`, { to: 'server', flags: 'SYN', src_port: 4000, dst_port: 5000, seq: 1 }],
  ['POST', `/api/runs/${id}/segments/1`, { do: 'deliver' }],
  ['POST', `/api/runs/${id}/reset`, {}],
  ['DELETE', `/api/runs/${id}`, undefined],
];

const send = (server, [method, path, body], headers) => ask(server, path, {
  method, headers: { ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers },
  body: body && JSON.stringify(body) });

test('beyond loopback changing, deciding, injecting and deleting need the key', () =>
  serving(everywhere, async (server) => {
    const { id, key, auth } = await heldRun(server);
    const other = await heldRun(server);
    assert.match(key, /^[0-9a-f]{32}$/);
    for (const headers of [{}, other.auth, bearer(`${key}0`), bearer(key.slice(1)), { Authorization: key }])
      for (const change of changes(id))
        assertProblem(await send(server, change, headers), 403, /belongs to the browser.*no accounts.*Bearer/);
    assertProblem(await send(server, ['DELETE', `/api/runs/${id}?key=${key}`]), 403, /belongs/);
    for (const change of changes(id)) {
      const answer = await send(server, change, auth);
      assert.ok(answer.status < 300, `${change[0]} ${change[1]}: ${answer.text}`);
    }
    assert.equal((await ask(server, `/api/runs/${id}`)).status, 404);
  }));

test('reading stays open to everybody', () =>
  serving(everywhere, async (server) => {
    const { id, key } = await heldRun(server);
    const { json } = await ask(server, '/api/capabilities');
    assert.deepEqual([json.owned_runs, json.private_runs, json.loopback_only], [true, false, false]);
    for (const path of ['', '/wire', '/segments/1', '.json', '.pcapng', '.txt', '.svg']) {
      const answer = await ask(server, `/api/runs/${id}${path}`);
      assert.equal(answer.status, 200, path);
      assert.ok(!answer.text.includes(key), `the key is in ${path}`);
    }
    assert.ok(!(await ask(server, '/api/runs')).text.includes(key));
  }));

test('an answer that waited has the key, too, and it deletes the run', () =>
  serving(everywhere, async (server) => {
    const { json } = await post(server, '/api/runs', { scenario: 'open', wait: true });
    assert.equal(json.phase, 'ended');
    assert.equal((await ask(server, `/api/runs/${json.id}`)).json.key, undefined);
    assert.equal((await send(server, ['DELETE', `/api/runs/${json.id}`], bearer(json.key))).status, 204);
  }));

test('on loopback alone nothing needs a key', () =>
  serving({}, async (server) => {
    const { id } = await heldRun(server);
    assert.equal((await ask(server, '/api/capabilities')).json.owned_runs, false);
    for (const change of changes(id)) assert.ok((await send(server, change)).status < 300, change[1]);
  }));

test('--private closes reading: without the key there is nothing to see', () =>
  serving({ args: ['--private'] }, async (server) => {
    const { id, key, auth } = await heldRun(server);
    const paths = ['', '/wire', '/segments/1', '.json', '.pcapng', '.txt', '.svg', '/events'];
    for (const path of paths)
      assertProblem(await ask(server, `/api/runs/${id}${path}`), 403, /belongs to the browser/);
    assert.deepEqual((await ask(server, '/api/runs')).json.runs, []);
    assert.equal((await ask(server, '/api/runs', { headers: auth })).json.runs[0].id, id);
    for (const path of paths.slice(0, -1)) {
      assert.equal((await ask(server, `/api/runs/${id}${path}`, { headers: auth })).status, 200, path);
      assert.equal((await ask(server, `/api/runs/${id}${path}?key=${key}`)).status, 200, path);
    }
    const viewer = view(server, id, { query: `?key=${key}` });
    await until('an event', () => viewer.ids().length > 0);
    viewer.cut();
  }));

test('run --server has its key: it reads a private run, and stops it', () =>
  serving({ args: ['--private'] }, async (server) => {
    const at = `http://127.0.0.1:${server.port}`;
    const done = await handshake(['run', '--server', at, 'open']);
    assert.equal(done.code, 0, done.err);
    assert.match(done.out, /ESTABLISHED/);
  }));

