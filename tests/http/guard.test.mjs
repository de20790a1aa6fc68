/* guard.test.mjs - pages of other sites cannot drive the server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LAST, ask, assertProblem, post, raw, startServer } from './server.mjs';

async function withServer(options, fn) {
  const server = await startServer(options);
  try {
    await fn(server);
  } finally {
    await server.stop();
  }
}

const hostStatus = async (server, Host) => (await ask(server, '/healthz', { headers: { Host } })).status;

test('Host must name this server', () =>
  withServer({}, async (server) => {
    const { port } = server;
    for (const host of ['localhost', `localhost:${port}`, 'LocalHost:1', '127.0.0.1', `127.0.0.1:${port}`,
      '127.9.9.9', '[::1]', `[::1]:${port}`]) {
      assert.equal(await hostStatus(server, host), 200, host);
    }
    for (const host of ['evil.example', `evil.example:${port}`, 'localhost.evil.example', 'localhost.',
      '192.168.1.1', '0.0.0.0', '8.8.8.8', '[::2]', '[::1', '::1', '127.0.0.1:x', '127.0.0.1:99999',
      '127.1', '2130706433', '0x7f.1', ':80', '127.0.0.1@evil', '[::1]evil', 'localhost:80:80']) {
      assert.equal(await hostStatus(server, host), 403, host);
    }
    const answer = await ask(server, '/', { headers: { Host: 'evil.example' } });
    assertProblem(answer, 403, /Host/);
  }));

test('Host: exactly one, but HTTP/1.0 needs none', () =>
  withServer({}, async (server) => {
    const twice = await raw(server, ['GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n', LAST]);
    assert.match(twice, /^HTTP\/1.1 400/);
    assert.match(await raw(server, ['GET /healthz HTTP/1.1\r\n\r\n', LAST]), /^HTTP\/1.1 400/);
    assert.match(await raw(server, ['GET /healthz HTTP/1.0\r\n\r\n']), /^HTTP\/1.\d 200/);
    assert.match(await raw(server, ['GET /healthz HTTP/1.0\r\nHost: evil\r\n\r\n']), /^HTTP\/1.\d 403/);
  }));

test('on all addresses any IP literal is this server, names are not', () =>
  withServer({ listen: '0.0.0.0:0' }, async (server) => {
    for (const host of ['192.168.1.1:80', '[fe80::1]', 'localhost']) {
      assert.equal(await hostStatus(server, host), 200, host);
    }
    assert.equal(await hostStatus(server, 'evil.example'), 403);
  }));

test('IPv6 loopback serves', () =>
  withServer({ listen: '[::1]:0' }, async (server) => {
    assert.equal(await hostStatus(server, `[::1]:${server.port}`), 200);
  }));

test('Origin must be this server', () =>
  withServer({}, async (server) => {
    const status = async (Origin, Host = server.authority) =>
      (await post(server, '/api/runs', { scenario: 'open' }, { Origin, Host })).status;
    assert.equal(await status(`http://${server.authority}`), 201);
    assert.equal(await status(`http://localhost:${server.port}`, `localhost:${server.port}`), 201);
    for (const origin of ['http://evil.example', 'null', '', `http://localhost:${server.port}`,
      `http://127.0.0.1:${server.port + 1}`, `ftp://${server.authority}`, `http://${server.authority}/`,
      `http://${server.authority}.evil.example`, server.authority]) {
      assert.equal(await status(origin), 403, origin);
    }
    const before = (await ask(server, '/api/runs')).json.runs.length;
    const answer = await post(server, '/api/runs', { scenario: 'open' }, { Origin: 'http://evil.example' });
    assertProblem(answer, 403, /another site/);
    assert.equal((await ask(server, '/api/runs')).json.runs.length, before);
  }));

test('cross-site requests are refused, a followed link is not', () =>
  withServer({}, async (server) => {
    const status = async (path, mode, dest, method = 'GET') =>
      (await ask(server, path, {
        method,
        headers: { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': mode, 'Sec-Fetch-Dest': dest },
      })).status;
    assert.equal(await status('/', 'navigate', 'document'), 200);
    assert.equal(await status('/', 'navigate', 'iframe'), 403);
    assert.equal(await status('/', 'no-cors', 'script'), 403);
    assert.equal(await status('/api/runs', 'navigate', 'document'), 403);
    assert.equal(await status('/api/runs', 'no-cors', 'image'), 403);
    assert.equal(await status('/', 'navigate', 'document', 'POST'), 403);
    for (const site of ['same-origin', 'none']) {
      const answer = await ask(server, '/api/runs', { headers: { 'Sec-Fetch-Site': site } });
      assert.equal(answer.status, 200);
    }
  }));
