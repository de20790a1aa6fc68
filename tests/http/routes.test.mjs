/* routes.test.mjs - every route of the API, and every way to be refused. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LAST, ask, assertProblem, assertSecure, begin, drip, post, raw, startServer, until } from './server.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const ended = (id) =>
  until(`the end of ${id}`, async () => {
    const { json } = await ask(server, `/api/runs/${id}`);
    return json.phase === 'ended' && json;
  });

test('healthz says ok', async () => {
  const answer = await ask(server, '/healthz');
  assert.equal(answer.status, 200);
  assert.equal(answer.json.status, 'ok');
  assertSecure(answer);
});

test('capabilities name the kernel, the link and the limits', async () => {
  const { status, json, headers } = await ask(server, '/api/capabilities');
  assert.equal(status, 200);
  assert.equal(headers['cache-control'], 'no-store');
  assert.ok(['wire', 'loopback', 'sockets'].includes(json.link), json.link);
  assert.match(json.kernel, /^\d+\.\d+/);
  assert.match(json.version, /^\d+\.\d+\.\d+$/);
  assert.equal(json.limits.body_bytes, 65536);
  const link = json.links.find((other) => other.name === json.link);
  assert.equal(link.on, true);
  for (const { name, why, how } of [...json.links, ...json.sandbox, ...json.features]) {
    assert.ok(name && why && Array.isArray(how), name);
  }
  for (const limit of Object.values(json.limits)) assert.ok(limit > 0);
});

test('scenarios: the list, one, none', async () => {
  const { json } = await ask(server, '/api/scenarios');
  const ids = json.scenarios.map((scenario) => scenario.id);
  assert.ok(ids.includes('open') && ids.includes('classic'), ids.join());
  const one = await ask(server, '/api/scenarios/open');
  assert.equal(one.status, 200);
  assert.equal(one.json.id, 'open');
  assert.ok(one.json.title && one.json.client.length > 0);
  assertProblem(await ask(server, '/api/scenarios/nonesuch'), 404, /no scenario nonesuch.*\/api\/scenarios/);
});

test('a run: begun, listed, shown, forgotten', async () => {
  const made = await post(server, '/api/runs', { scenario: 'open' });
  assert.equal(made.status, 201);
  assertSecure(made);
  const { id } = made.json;
  assert.equal(made.headers.location, `/api/runs/${id}`);
  const run = await ended(id);
  assert.equal(run.id, id);
  assert.equal(run.scenario, 'open');
  assert.equal(run.verdict.code, 'established');
  assert.deepEqual(run.events.map((e) => e.id), run.events.map((_, i) => i + 1));
  const { json: list } = await ask(server, '/api/runs');
  const entry = list.runs.find((other) => other.id === id);
  assert.equal(entry.event_count, run.events.length);
  assert.equal(entry.events, undefined);
  const gone = await ask(server, `/api/runs/${id}`, { method: 'DELETE' });
  assert.equal(gone.status, 204);
  assert.equal(gone.body.length, 0);
  assertProblem(await ask(server, `/api/runs/${id}`), 404, /no run .*forgotten.*GET \/api\/runs/);
  assertProblem(await ask(server, `/api/runs/${id}`, { method: 'DELETE' }), 404, /no run/);
});

test('runs are listed newest first', async () => {
  const first = await begin(server, 'open');
  const second = await begin(server, 'open');
  const { json } = await ask(server, '/api/runs');
  assert.deepEqual(json.runs.slice(0, 2).map((run) => run.id), [second, first]);
});

test('segments: every field of one, none of another', async () => {
  const id = await begin(server, 'open');
  await ended(id);
  const { status, json } = await ask(server, `/api/runs/${id}/segments/1`);
  assert.equal(status, 200);
  assert.equal(json.n, 1);
  assert.equal(json.from, 'client');
  assert.ok(json.fields.length > 20);
  assertProblem(await ask(server, `/api/runs/${id}/segments/9999`), 404, /no segment 9999/);
  for (const n of ['0', '4294967295', '4294967296', '99999999999999999999', '-1', 'x', '']) {
    const answer = await ask(server, `/api/runs/${id}/segments/${n}`);
    assertProblem(answer, 404, /./);
  }
});

test('deleting a run that is alive stops it', async () => {
  const id = await begin(server, drip(20, 200));
  assert.equal((await ask(server, `/api/runs/${id}`, { method: 'DELETE' })).status, 204);
  await until('no run alive', async () => (await ask(server, '/healthz')).json.runs_alive === 0);
});

test('bad requests say where and why', async () => {
  const broken = await post(server, '/api/runs', '{\n  "scenario": open }');
  assertProblem(broken, 400, /faults/);
  assert.match(broken.json.faults[0].detail, /line 2/);
  const typo = await post(server, '/api/runs', { scenario: 'open', wiat: true });
  assertProblem(typo, 400, /faults/);
  assert.match(typo.json.faults[0].pointer, /wiat/);
  for (const body of ['', '[]', 'null', '7', '{}', '{"scenario":7}', '\u0000', '[['.repeat(3000)]) {
    const answer = await post(server, '/api/runs', body);
    assertProblem(answer, 400, /faults/);
    assert.ok(answer.json.faults.length > 0, body);
  }
  const ip = await post(server, '/api/runs', { scenario: 'open', options: { ip: 5 } });
  assertProblem(ip, 400, /./);
});

test('an unknown scenario is named as such', async () => {
  const answer = await post(server, '/api/runs', { scenario: 'nonesuch' });
  assertProblem(answer, 404, /no such scenario.*\/api\/scenarios/);
});

test('a body must be JSON by its header', async () => {
  const body = '{"scenario":"open"}';
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', '']) {
    const answer = await post(server, '/api/runs', body, { 'Content-Type': type });
    assertProblem(answer, 415, /Content-Type: application\/json/);
  }
  for (const type of ['application/json; charset=utf-8', 'Application/JSON']) {
    assert.equal((await post(server, '/api/runs', body, { 'Content-Type': type })).status, 201);
  }
});

test('a body too large is refused, announced or not', async () => {
  const fill = (bytes) => `{"scenario":"open"}${' '.repeat(bytes - 19)}`;
  assert.equal((await post(server, '/api/runs', fill(65536))).status, 201);
  assertProblem(await post(server, '/api/runs', fill(65537)), 413, /65536 bytes/);
  assertProblem(await post(server, '/api/runs', fill(900000)), 413, /65536 bytes/);
  const chunked = { 'Transfer-Encoding': 'chunked' };
  assert.equal((await post(server, '/api/runs', fill(65536), chunked)).status, 201);
  assertProblem(await post(server, '/api/runs', fill(65537), chunked), 413, /65536 bytes/);
});

test('too many runs alive: 429, and later again', async () => {
  const { runs_alive: limit } = (await ask(server, '/api/capabilities')).json.limits;
  await until('quiet', async () => (await ask(server, '/healthz')).json.runs_alive === 0);
  const ids = [];
  let answer;
  for (let i = 0; i <= limit; i++) {
    answer = await post(server, '/api/runs', { scenario: drip(20, 500) });
    if (answer.status !== 201) break;
    ids.push(answer.json.id);
  }
  assert.equal(ids.length, limit);
  assertProblem(answer, 429, /./);
  assert.match(answer.headers['retry-after'], /^\d+$/);
  for (const id of ids) await ask(server, `/api/runs/${id}`, { method: 'DELETE' });
  await until('room', async () => (await ask(server, '/healthz')).json.runs_alive === 0);
  await begin(server, 'open');
});

test('a path that is nothing is 404', async () => {
  const paths = ['/nothing', '/api', '/api/', '/api/runs/', '/api/runs/a/b', '/api/runs/%2e%2e',
    '/api/runs/a%00b', '/api/scenarios/%00', `/api/runs/${'x'.repeat(500)}`, '//', '/api/runs?'.repeat(2)];
  for (const path of paths.slice(0, -1)) assertProblem(await ask(server, path), 404, /./);
  assertProblem(await post(server, '/nothing', {}), 404, /nothing at this address/);
});

test('percent-encoding and a query make no difference', async () => {
  assert.equal((await ask(server, '/%61pi/scenarios/op%65n')).json.id, 'open');
  assert.equal((await ask(server, '/api/scenarios/open?x=1&y')).json.id, 'open');
});

test('other methods get 405 and what is allowed', async () => {
  const rows = [
    ['/healthz', 'POST', 'GET, HEAD, OPTIONS'],
    ['/api/runs', 'PUT', 'GET, HEAD, POST, OPTIONS'],
    ['/api/runs', 'DELETE', 'GET, HEAD, POST, OPTIONS'],
    ['/api/runs/abc', 'PATCH', 'GET, HEAD, DELETE, OPTIONS'],
    ['/api/runs/abc/events', 'POST', 'GET, HEAD, OPTIONS'],
    ['/', 'POST', 'GET, HEAD, OPTIONS'],
    ['/', 'DELETE', 'GET, HEAD, OPTIONS'],
  ];
  for (const [path, method, allow] of rows) {
    const answer = await ask(server, path, { method, body: method === 'POST' ? 'x' : undefined });
    assertProblem(answer, 405, /takes .* only/);
    assert.equal(answer.headers.allow, allow, `${method} ${path}`);
    const options = await ask(server, path, { method: 'OPTIONS' });
    assert.equal(options.status, 204);
    assert.equal(options.headers.allow, allow);
    assertSecure(options);
  }
});

test('HEAD is GET without a body', async () => {
  for (const path of ['/healthz', '/api/scenarios', '/']) {
    const get = await ask(server, path);
    const head = await ask(server, path, { method: 'HEAD' });
    assert.equal(head.status, get.status);
    assert.equal(head.body.length, 0);
    assert.equal(head.headers['content-length'], get.headers['content-length']);
    assert.equal(head.headers['content-type'], get.headers['content-type']);
    assertSecure(head);
  }
  const id = await begin(server, 'open');
  const stream = await ask(server, `/api/runs/${id}/events`, { method: 'HEAD' });
  assert.equal(stream.status, 200);
  assert.equal(stream.headers['content-type'], 'text/event-stream');
  assert.equal((await ask(server, '/nothing', { method: 'HEAD' })).status, 404);
  const host = `Host: ${server.authority}`;
  for (const path of [`/api/runs/${id}/events`, '/nothing', '/']) {
    const two = [`HEAD ${path} HTTP/1.1\r\n${host}\r\n\r\n`, LAST];
    const got = await raw(server, two, { gap: 30 });
    assert.match(got, /^HTTP\/1.1 \d+ [^]*?\r\n\r\nHTTP\/1.1 204 /, path);
  }
});
