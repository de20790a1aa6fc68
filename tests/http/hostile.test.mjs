/* hostile.test.mjs - requests as no client should send them. Whatever comes,
 * the server answers or closes, and serves the next one. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { after, afterEach, before, test } from 'node:test';
import { LAST, ask, post, raw, startServer, upTo } from './server.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());
afterEach(async () => assert.equal((await ask(server, '/healthz')).status, 200));

const HOST = 'Host: localhost\r\n';
const status = (got) => /^HTTP\/1\.\d (\d+)/.exec(got)?.[1];
const one = async (text) => status(await raw(server, [text], { enough: /^HTTP\/1\.\d \d+/ }));

test('bad request lines', async () => {
  const lines = ['', ' ', '\r\n\r\n', 'GET', 'GET /', 'GET / HTTP/9.9', 'GET  /  HTTP/1.1',
    '/ HTTP/1.1', '\x00\x00\x00',
    'GET / HTTP/1.1 extra', '\xff\xfe\xfd', 'GET http://[ HTTP/1.1', 'PRI * HTTP/2.0', '\x16\x03\x01\x02\x00\x01\x00'];
  for (const line of lines) {
    const got = await raw(server, [Buffer.from(`${line}\r\n${HOST}\r\n`, 'latin1'), LAST]);
    assert.doesNotMatch(got, /^HTTP\/1\.\d 5(?!05)/, JSON.stringify(line));
  }
});

test('unknown methods', async () => {
  assert.equal(await one(`BREW / HTTP/1.1\r\n${HOST}\r\n`), '405');
  assert.equal(await one(`get / HTTP/1.1\r\n${HOST}\r\n`), '405');
  assert.equal(await one(`${'X'.repeat(3000)} / HTTP/1.1\r\n${HOST}\r\n`), '405');
});

test('OPTIONS * and an absolute request target', async () => {
  assert.equal(await one(`OPTIONS * HTTP/1.1\r\n${HOST}\r\n`), '204');
  assert.match(await one(`GET http://evil.example/ HTTP/1.1\r\n${HOST}\r\n`), /^40[0-9]$/);
});

test('huge headers, targets and many headers', async () => {
  const big = 'a'.repeat(100000);
  assert.match(await one(`GET / HTTP/1.1\r\n${HOST}X-Big: ${big}\r\n\r\n`), /^4(00|13|31)$/);
  assert.match(await one(`GET /${big} HTTP/1.1\r\n${HOST}\r\n`), /^4(00|14|31)$/);
  const many = upTo(5000).map((i) => `X-${i}: 1\r\n`).join('');
  assert.match(await one(`GET / HTTP/1.1\r\n${HOST}${many}\r\n`), /^4(00|13|31)$/);
  assert.equal(await one(`GET /healthz HTTP/1.1\r\n${HOST}Cookie: ${'c'.repeat(4000)}\r\n\r\n`), '200');
});

test('headers that never end', async () => {
  const socket = net.connect(server.port, server.host);
  socket.on('error', () => {});
  socket.write(`GET / HTTP/1.1\r\n${HOST}`);
  for (let i = 0; i < 200 && !socket.destroyed; i++) socket.write(`X-${i}: ${'y'.repeat(1000)}\r\n`);
  socket.resume();
  await once(socket, 'close');
});

test('NUL bytes anywhere', async () => {
  for (const text of [`GET /\0 HTTP/1.1\r\n${HOST}\r\n`, `GET /index.html\0.js HTTP/1.1\r\n${HOST}\r\n`,
    `GET / HTTP/1.1\r\nHost: localhost\0evil\r\n\r\n`, `GET / HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`,
    `\0GET / HTTP/1.1\r\n${HOST}\r\n`]) {
    await raw(server, [text, LAST]);
  }
  const answer = await post(server, '/api/runs', '{"scenario":"op\u0000en"}');
  assert.equal(answer.status, 400);
  const escaped = await post(server, '/api/runs', '{"scenario":"open\\u0000x"}');
  assert.ok(escaped.status >= 400 && escaped.status < 500, String(escaped.status));
});

const REQUEST = '{"scenario":"open"}';
const CREATED = /HTTP\/1\.1 201 [^]*?\r\n\r\n/;
const headers = (extra) => `POST /api/runs HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n${extra}\r\n`;

test('a body that comes slowly', async () => {
  const pieces = [headers(`Content-Length: ${REQUEST.length}\r\n`), ...REQUEST];
  assert.equal(status(await raw(server, pieces, { gap: 20, enough: CREATED })), '201');
});

test('chunked bodies, good and bad', async () => {
  const start = headers('Transfer-Encoding: chunked\r\n');
  const chunk = (text) => `${text.length.toString(16)}\r\n${text}\r\n`;
  const good = [start, chunk(REQUEST.slice(0, 5)), chunk(REQUEST.slice(5)), '0\r\n\r\n'];
  assert.equal(status(await raw(server, good, { gap: 20, enough: CREATED })), '201');
  assert.equal(await one(`${start}${[...REQUEST].map(chunk).join('')}0\r\n\r\n`), '201');
  for (const bad of ['zz\r\n', '-1\r\nx', 'ffffffffffffffffff\r\nx', '5\r\nabcdefgh\r\n0\r\n\r\n', '\r\n']) {
    const got = await raw(server, [start + bad, LAST]);
    assert.notEqual(status(got), '201', bad);
  }
});

test('a body without end is not read on and on', async () => {
  const endless = net.connect(server.port, server.host);
  endless.on('error', () => {});
  endless.resume();
  endless.write(headers('Transfer-Encoding: chunked\r\n'));
  const more = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
  for (let i = 0; i < 3000 && !endless.destroyed; i++) {
    if (!endless.write(more)) await Promise.race([once(endless, 'drain'), once(endless, 'close')]).catch(() => {});
  }
  assert.ok(endless.destroyed, '48 MB were taken');
});

test('bodies cut short, too long, or announced and never sent', async () => {
  const cut = net.connect(server.port, server.host);
  cut.on('error', () => {});
  cut.end(`${headers('Content-Length: 1000\r\n')}{"scen`);
  await once(cut, 'finish');
  assert.equal(await one(headers('Content-Length: 99999999999\r\n')), '413');
  for (const length of ['-1', 'x', '1e3', '99999999999999999999999999']) {
    assert.match(await one(headers(`Content-Length: ${length}\r\n`)) ?? 'closed', /^(400|413|closed)$/, length);
  }
  const early = await raw(server, [headers('Content-Length: 5000000\r\nExpect: 100-continue\r\n')],
    { enough: /\r\n\r\n/ });
  assert.match(early, /^HTTP\/1.1 413/);
  assert.match(early, /Connection: close/i);
  const expecting = headers(`Content-Length: ${REQUEST.length}\r\nExpect: 100-continue\r\n`);
  const polite = await raw(server, [expecting, REQUEST], { gap: 100, enough: CREATED });
  assert.match(polite, /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 201/);
  cut.destroy();
});

test('the rest of a refused body is not read as a request', async () => {
  const inner = `GET /healthz HTTP/1.1\r\n${HOST}\r\n`;
  for (const method of ['DELETE', 'PATCH', 'GET', 'POST', 'BREW']) {
    for (const path of ['/nothing', '/api/runs/none', '/healthz', '/']) {
      const text = `${method} ${path} HTTP/1.1\r\n${HOST}Content-Length: ${inner.length}\r\n\r\n${inner}`;
      const got = await raw(server, [text, LAST]);
      // What follows it may be read, or not any more.
      const [first, ...more] = got.match(/HTTP\/1\.1 \d+/g);
      assert.doesNotMatch(first, / 5/);
      assert.ok(more.length === 0 || more.join() === 'HTTP/1.1 204', `${method} ${path}: ${got}`);
    }
    const big = `${method} / HTTP/1.1\r\n${HOST}Content-Length: 2000000\r\n\r\n${inner}`;
    assert.equal((await raw(server, [big])).match(/HTTP\/1\.1 \d+/g)?.length, 1, method);
  }
});

test('requests in one packet are answered in order', async () => {
  const got = await raw(server, [`GET /healthz HTTP/1.1\r\n${HOST}\r\n`.repeat(20) + LAST]);
  assert.equal(got.match(/HTTP\/1\.1 200/g).length, 20);
});

test('a few hundred idle connections keep nobody out', async () => {
  const sockets = upTo(300).map(() => {
    const socket = net.connect(server.port, server.host);
    socket.on('error', () => {});
    socket.write('GET / HT');
    return socket;
  });
  await Promise.all(sockets.map((socket) => once(socket, 'connect'))); // taken in that order
  assert.equal((await ask(server, '/healthz')).status, 200);
  for (const socket of sockets) socket.destroy();
});

test('clients that leave at every moment', async () => {
  const full = `${headers(`Content-Length: ${REQUEST.length}\r\n`)}${REQUEST}`;
  for (let cut = 1; cut <= full.length; cut += 3) {
    const socket = net.connect(server.port, server.host);
    socket.on('error', () => {});
    await new Promise((done) => socket.write(full.slice(0, cut), done));
    if (cut % 2) socket.resetAndDestroy();
    else socket.destroy();
  }
});
