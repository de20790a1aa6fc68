/* static.test.mjs - the embedded page: every file, both encodings, caching;
 * and the page from a folder. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';
import { LAST, ask, assertProblem, assertSecure, assertSecureData, raw, startServer } from './server.mjs';

const WEB = process.env.HANDSHAKE_WEB ?? 'web';
const files = fs.readdirSync(WEB, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
  .map((entry) => path.relative(WEB, path.join(entry.path, entry.name)))
  .filter((name) => !name.endsWith('.d.ts') && !name.startsWith('api/')); // not part of the program

const MIMES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8', '.svg': 'image/svg+xml' };

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

test('every file is there, byte for byte, plain and compressed', async () => {
  assert.ok(files.length > 0);
  for (const name of files) {
    const content = fs.readFileSync(path.join(WEB, name));
    const plain = await ask(server, `/${name}`);
    assert.equal(plain.status, 200, name);
    assert.ok(plain.body.equals(content), name);
    assert.equal(plain.headers['content-type'], MIMES[path.extname(name)] ?? plain.headers['content-type']);
    assert.equal(plain.headers['cache-control'], 'no-cache');
    assert.equal(plain.headers.vary, 'Accept-Encoding');
    assert.equal(plain.headers['content-encoding'], undefined);
    const assertSafe = /\.(css|js)$/.test(name) ? assertSecureData : assertSecure;
    assertSafe(plain);
    const gzip = await ask(server, `/${name}`, { headers: { 'Accept-Encoding': 'br, gzip' } });
    if (gzip.headers['content-encoding'] === undefined) continue; // no shorter
    assert.ok(zlib.gunzipSync(gzip.body).equals(content), name);
    assert.ok(gzip.body.length < content.length);
    assert.notEqual(gzip.headers.etag, plain.headers.etag);
    assert.equal(gzip.headers.vary, 'Accept-Encoding');
    assertSafe(gzip);
  }
});

test('/ is index.html', async () => {
  const root = await ask(server, '/');
  assert.equal(root.status, 200);
  assert.equal(root.headers['content-type'], 'text/html; charset=utf-8');
  assert.ok(root.body.equals(fs.readFileSync(path.join(WEB, 'index.html'))));
});

test('encodings are chosen by Accept-Encoding', async () => {
  const encoding = async (accept) =>
    (await ask(server, '/', { headers: { 'Accept-Encoding': accept } })).headers['content-encoding'];
  for (const accept of ['gzip', 'GZIP', 'deflate, gzip;q=0.5', '*', 'br;q=1.0, gzip;q=0.8, *;q=0.1']) {
    assert.equal(await encoding(accept), 'gzip', accept);
  }
  for (const accept of ['', 'br', 'gzip;q=0', 'gzip;q=0.000, *', 'identity', 'xgzip', 'gzip2', '*;q=0']) {
    assert.equal(await encoding(accept), undefined, accept);
  }
});

test('an ETag that still holds gets 304 without a body', async () => {
  for (const accept of ['', 'gzip']) {
    const full = await ask(server, '/', { headers: { 'Accept-Encoding': accept } });
    const { etag } = full.headers;
    assert.match(etag, /^"[0-9a-f]+(-gz)?"$/);
    for (const given of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const answer = await ask(server, '/', { headers: { 'Accept-Encoding': accept, 'If-None-Match': given } });
      assert.equal(answer.status, 304, given);
      assert.equal(answer.body.length, 0);
      assert.equal(answer.headers.etag, etag);
      assert.equal(answer.headers.vary, 'Accept-Encoding');
      assertSecure(answer);
    }
    for (const given of ['"x"', etag.slice(0, -1), etag.replaceAll('"', '')]) {
      const answer = await ask(server, '/', { headers: { 'Accept-Encoding': accept, 'If-None-Match': given } });
      assert.equal(answer.status, 200, given);
    }
  }
  const plain = (await ask(server, '/')).headers.etag;
  const mixed = await ask(server, '/', { headers: { 'Accept-Encoding': 'gzip', 'If-None-Match': plain } });
  assert.equal(mixed.status, 200);
});

test('a connection is kept over 304 and HEAD', async () => {
  const { etag } = (await ask(server, '/')).headers;
  const host = `Host: ${server.authority}`;
  const got = await raw(server, [
    `GET / HTTP/1.1\r\n${host}\r\nIf-None-Match: ${etag}\r\n\r\n`,
    `HEAD / HTTP/1.1\r\n${host}\r\n\r\n`,
    LAST,
  ], { gap: 50 });
  assert.deepEqual(got.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 304', 'HTTP/1.1 200', 'HTTP/1.1 204']);
});

test('no path leads out', async () => {
  const tries = ['/../etc/passwd', '/css/../../etc/passwd', '/%2e%2e/etc/passwd', '/..%2fetc/passwd',
    '/%2e%2e%2fetc%2fpasswd', '/index.html%00.js', '/index.html/', '//index.html', '/./index.html', '/css',
    '/css/', '/.git/config', '/\\..\\..\\etc\\passwd'];
  for (const target of tries) {
    const got = await raw(server, [`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`]);
    assert.match(got, /^HTTP\/1.1 404/, target);
  }
});

test('--web serves a folder, and nothing beside it', async () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'handshake-web-'));
  fs.chmodSync(dir, 0o755);
  const web = path.join(dir, 'web');
  fs.mkdirSync(path.join(web, 'js'), { recursive: true });
  fs.writeFileSync(path.join(dir, 'secret.txt'), 'secret');
  fs.writeFileSync(path.join(web, 'index.html'), '<p>one</p>');
  fs.writeFileSync(path.join(web, 'js', 'a.js'), 'let a;');
  fs.writeFileSync(path.join(web, '.hidden'), 'hidden');
  fs.symlinkSync('../secret.txt', path.join(web, 'link.txt'));
  fs.symlinkSync('/etc/passwd', path.join(web, 'far.txt'));
  const own = await startServer({ args: ['--web', web] });
  try {
    const first = await ask(own, '/');
    assert.equal(first.text, '<p>one</p>');
    assert.equal((await ask(own, '/js/a.js')).headers['content-type'], 'text/javascript; charset=utf-8');
    const headers = { 'If-None-Match': first.headers.etag };
    assert.equal((await ask(own, '/', { headers })).status, 304);
    fs.writeFileSync(path.join(web, 'index.html'), '<p>two</p>');
    assert.equal((await ask(own, '/', { headers })).text, '<p>two</p>');
    for (const name of ['/link.txt', '/far.txt', '/../secret.txt', '/%2e%2e/secret.txt', '/.hidden', '/js',
      '/js/', '/js/../../secret.txt', '//etc/passwd', '/js//a.js', '/none']) {
      const got = await raw(own, [`GET ${name} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`]);
      assert.match(got, /^HTTP\/1.1 404/, name);
    }
    assertProblem(await ask(own, '/none'), 404, /nothing/);
  } finally {
    await own.stop();
    fs.rmSync(dir, { recursive: true });
  }
});
