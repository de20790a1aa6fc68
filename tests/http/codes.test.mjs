/* codes.test.mjs - the right status for requests that are nearly right: what a
 * client accepts, how it sends its body, which methods there are. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LAST, ask, assertProblem, post, raw, startServer } from './server.mjs';

let server;
let id;
before(async () => {
  server = await startServer();
  id = (await post(server, '/api/runs', { scenario: 'open', wait: true })).json.id;
});
after(() => server?.stop());

test('406: what the client accepts is not to be had', async () => {
  const rows = [
    ['/healthz', /as application\/json/], ['/api/scenarios', /as application\/json/],
    [`/api/runs/${id}`, /as application\/json/], ['/metrics', /as text\/plain/],
    [`/api/runs/${id}/events`, /text\/event-stream or application\/x-ndjson/],
    [`/api/runs/${id}.pcapng`, /as application\/x-pcapng/],
  ];
  for (const [path, sentence] of rows) {
    for (const Accept of ['image/png', 'text/html', '*/*;q=0']) {
      assertProblem(await ask(server, path, { headers: { Accept } }), 406, sentence);
    }
    for (const Accept of ['*/*', 'text/html,application/xhtml+xml,*/*;q=0.8', 'image/png, */*;q=0.1']) {
      assert.equal((await ask(server, path, { headers: { Accept } })).status, 200, `${path} ${Accept}`);
    }
  }
  const answer = await post(server, '/api/runs', { scenario: 'open' }, { Accept: 'text/html' });
  assertProblem(answer, 406, /application\/json/);
  const removed = await ask(server, '/api/runs/none', { method: 'DELETE', headers: { Accept: 'text/html' } });
  assertProblem(removed, 404, /no run/);
});

const HEAD = 'Host: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n';

test('411: a body of unknown length', async () => {
  for (const path of ['/api/runs', `/api/runs/${id}/inject`]) {
    const got = await raw(server, [`POST ${path} HTTP/1.1\r\n${HEAD}\r\n`]);
    assert.match(got, /^HTTP\/1\.1 411 [^]*Content-Length, or in chunks/);
  }
  assert.match(await raw(server, [`POST /api/runs HTTP/1.1\r\n${HEAD}Content-Length: 0\r\n\r\n`]), /^HTTP\/1\.1 400/);
  assert.match(await raw(server, [`POST /api/runs/none/reset HTTP/1.1\r\n${HEAD}\r\n`]), /^HTTP\/1\.1 404/);
});

test('415: a body that is no JSON, or compressed', async () => {
  const answer = await post(server, '/api/runs', { scenario: 'open' }, { 'Content-Encoding': 'gzip' });
  assertProblem(answer, 415, /without Content-Encoding/);
  assert.equal(answer.headers['accept-encoding'], 'identity');
  const plain = await post(server, '/api/runs', { scenario: 'open' }, { 'Content-Encoding': 'identity' });
  assert.equal(plain.status, 201);
});

test('405 names the methods of every path, and OPTIONS has the same', async () => {
  const rows = [
    ['/metrics', 'GET, HEAD, OPTIONS'], ['/api/scenarios/schema.json', 'GET, HEAD, OPTIONS'],
    [`/api/runs/${id}`, 'GET, HEAD, DELETE, OPTIONS'], [`/api/runs/${id}/wire`, 'GET, HEAD, PATCH, OPTIONS'],
    [`/api/runs/${id}/segments/1`, 'GET, HEAD, POST, OPTIONS'], [`/api/runs/${id}/inject`, 'POST, OPTIONS'],
  ];
  for (const [path, allow] of rows) {
    const refused = await ask(server, path, { method: 'PUT' });
    assertProblem(refused, 405, /takes .* only/);
    assert.equal(refused.headers.allow, allow, path);
    const options = await ask(server, path, { method: 'OPTIONS' });
    assert.equal(options.status, 204);
    assert.equal(options.headers.allow, allow, path);
  }
  assertProblem(await ask(server, '/api/nothing', { method: 'OPTIONS' }), 404, /nothing at this address/);
});

test('HEAD of everything is its GET without a body', async () => {
  const paths = ['/metrics', '/api/capabilities', '/api/runs', '/api/scenarios', '/api/scenarios/open',
    '/api/scenarios/schema.json', `/api/runs/${id}`, `/api/runs/${id}/segments/1`, `/api/runs/${id}/events`,
    `/api/runs/${id}.txt`, '/api/runs/none', '/api/runs?limit=0'];
  for (const path of paths) {
    const get = await ask(server, path);
    const head = await ask(server, path, { method: 'HEAD' });
    assert.equal(head.status, get.status, path);
    assert.equal(head.body.length, 0, path);
    for (const name of ['content-type', 'etag', 'cache-control', 'vary', 'content-disposition']) {
      assert.equal(head.headers[name], get.headers[name], `${name} of ${path}`);
    }
    const two = [`HEAD ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`, LAST];
    assert.match(await raw(server, two, { gap: 30 }), /^HTTP\/1.1 \d+ [^]*?\r\n\r\nHTTP\/1.1 204 /, path);
  }
});
