/* cache.test.mjs - what a client may keep and ask for again, and answers made
 * shorter; the document of a large run. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';
import { ask, assertSecure, begin, drip, post, raw, startServer, until, upTo } from './server.mjs';

let server;
let ended;
before(async () => {
  server = await startServer();
  ended = (await post(server, '/api/runs', { scenario: 'classic', wait: true })).json.id;
});
after(() => server?.stop());

const GZIP = { 'Accept-Encoding': 'gzip' };

test('an ETag that still holds gets 304, whatever the encoding', async () => {
  const paths = ['/api/scenarios', '/api/scenarios/open', '/api/scenarios/schema.json', '/api/openapi.json',
    `/api/runs/${ended}`];
  for (const path of paths) {
    const tags = [];
    for (const encoding of [{}, GZIP]) {
      const full = await ask(server, path, { headers: encoding });
      assert.equal(full.status, 200, path);
      assert.equal(full.headers['cache-control'], 'no-cache', path);
      assert.equal(full.headers.vary, 'Accept-Encoding', path);
      const { etag } = full.headers;
      assert.match(etag, /^"[\w-]+"$/, path);
      tags.push(etag);
      const head = await ask(server, path, { method: 'HEAD', headers: encoding });
      assert.equal(head.headers.etag, etag, path);
      for (const given of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
        const same = await ask(server, path, { headers: { ...encoding, 'If-None-Match': given } });
        assert.equal(same.status, 304, `${path} ${given}`);
        assert.equal(same.body.length, 0);
        assert.equal(same.headers.etag, etag);
        assert.equal(same.headers['content-encoding'], undefined);
        assertSecure(same);
      }
      const other = await ask(server, path, { headers: { ...encoding, 'If-None-Match': '"x"' } });
      assert.equal(other.status, 200);
      assert.deepEqual(other.json, full.json);
    }
    const long = (await ask(server, path)).body.length >= 1400;
    assert.equal(tags[0] !== tags[1], long, `${path}: two encodings are two things`);
  }
});

test('a run that goes on is not to be kept', async () => {
  const id = await begin(server, drip(5, 200));
  const live = await ask(server, `/api/runs/${id}`);
  assert.equal(live.json.phase, 'running');
  assert.equal(live.headers.etag, undefined);
  assert.equal(live.headers['cache-control'], 'no-store');
  assert.equal((await ask(server, `/api/runs/${id}`, { headers: { 'If-None-Match': '*' } })).status, 200);
  await ask(server, `/api/runs/${id}`, { method: 'DELETE' });
});

test('long answers come compressed to who takes that, short ones never', async () => {
  const long = ['/api/scenarios', '/api/scenarios/schema.json', '/api/openapi.json', '/api/capabilities', '/metrics',
    `/api/runs/${ended}`, `/api/runs/${ended}/segments/1`];
  for (const path of long) {
    const plain = await ask(server, path);
    const packed = await ask(server, path, { headers: GZIP });
    assert.equal(plain.headers['content-encoding'], undefined, path);
    assert.equal(plain.headers.vary, 'Accept-Encoding', path);
    assert.equal(packed.headers['content-encoding'], 'gzip', path);
    assert.equal(packed.headers.vary, 'Accept-Encoding', path);
    assert.ok(packed.body.length < plain.body.length / 2, `${path}: ${packed.body.length} of ${plain.body.length}`);
    if (path !== '/metrics') assert.equal(zlib.gunzipSync(packed.body).toString(), plain.text, path);
    for (const accept of ['', 'gzip;q=0', 'br', 'identity']) {
      const other = await ask(server, path, { headers: { 'Accept-Encoding': accept } });
      assert.equal(other.headers['content-encoding'], undefined, `${path} ${accept}`);
    }
  }
  for (const path of ['/healthz', '/api/nothing', '/api/runs?limit=1']) {
    assert.equal((await ask(server, path, { headers: GZIP })).headers['content-encoding'], undefined, path);
  }
  const waited = await post(server, '/api/runs', { scenario: 'open', wait: true }, GZIP);
  assert.equal(waited.headers['content-encoding'], 'gzip');
  assert.equal(waited.json.phase, 'ended');
});

test('event streams are never compressed', async () => {
  for (const Accept of ['text/event-stream', 'application/x-ndjson']) {
    const answer = await ask(server, `/api/runs/${ended}/events`, { headers: { ...GZIP, Accept } });
    assert.equal(answer.headers['content-encoding'], undefined);
  }
});

/** A field of /proc/PID/status in kB. */
const memory = (name) =>
  Number(new RegExp(`${name}:\\s+(\\d+)`).exec(fs.readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))[1]);

test('the document of a large run is made while it is sent', async () => {
  const bytes = 1 << 20;
  const scenario = { id: 'big', title: 'Big',
    server: [{ call: 'listen' }, { call: 'accept' }, ...upTo(4).map(() => ({ call: 'recv', bytes })), { call: 'close' }],
    client: [{ call: 'connect' }, ...upTo(4).map(() => ({ call: 'send', bytes })), { call: 'close' }] };
  const id = await begin(server, scenario);
  await until('its end', async () =>
    (await ask(server, '/api/runs?limit=5')).json.runs.find((run) => run.id === id).phase === 'ended', 30000);
  const path = `/api/runs/${id}`;
  const whole = await ask(server, path); // the first makes the lines, which are kept
  assert.ok(whole.body.length > 8e6, `${whole.body.length} bytes`);
  assert.deepEqual(whole.json.events.map((event) => event.id), upTo(whole.json.events.length));
  const most = memory('VmHWM');
  const again = await Promise.all(upTo(4).map((i) => ask(server, path, { headers: i % 2 ? GZIP : {} })));
  for (const answer of again) assert.equal(answer.text, whole.text);
  const old = await raw(server, [`GET ${path} HTTP/1.0\r\nHost: localhost\r\n\r\n`]);
  assert.equal(old.slice(old.indexOf('\r\n\r\n') + 4), whole.body.toString('latin1'));
  if (process.env.HANDSHAKE_SANITIZE) return;
  const grown = memory('VmHWM') - most;
  assert.ok(grown < 6000, `${grown} kB more for documents of ${whole.body.length} bytes`);
});
