/* limits.test.mjs - every bound of the server, met: who goes too far is told or
 * ended, and others notice nothing. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { test } from 'node:test';
import { ask, assertProblem, begin, drip, post, raw, sleep, startLimited, until, upTo, view } from './server.mjs';

/** Run fn with a server that has those limits. */
async function limited(limits, fn) {
  const server = await startLimited(limits);
  try {
    await fn(server);
    assert.equal((await ask(server, '/healthz')).status, 200);
  } finally {
    await server.stop();
  }
}

const HEAD = 'Host: localhost\r\n';

/** A socket whose end is noticed: `closed` resolves to the seconds it took. */
function dial(server) {
  const socket = net.connect(server.port, server.host);
  const begun = performance.now();
  socket.on('error', () => {});
  socket.gone = new Promise((done) => socket.on('close', () => done((performance.now() - begun) / 1000)));
  socket.got = '';
  socket.on('data', (bytes) => (socket.got += bytes));
  return socket;
}

/** Write text byte after byte until the socket is gone. */
async function dripBytes(socket, text, ms) {
  for (const letter of text) {
    if (socket.destroyed) return;
    socket.write(letter);
    await sleep(ms);
  }
}

const late = async (server, reason) => {
  const { text } = await ask(server, '/metrics');
  return Number(new RegExp(`^handshake_http_connections_late_total\\{reason="${reason}"\\} (\\d+)$`, 'm').exec(text)[1]);
};

test('capabilities tell the limits the server runs with', () =>
  limited({ viewers: 7, body_bytes: 2048, request_seconds: 9, runs_kept: 3, run_seconds_most: 20 }, async (server) => {
    const { limits } = (await ask(server, '/api/capabilities')).json;
    assert.equal(limits.viewers, 7);
    assert.equal(limits.connections, 7 + 256);
    assert.equal(limits.body_bytes, 2048);
    assert.equal(limits.request_seconds, 9);
    assert.equal(limits.runs_kept, 3);
    assert.equal(limits.run_seconds, 20);
    assert.equal(limits.run_seconds_most, 20);
  }));

test('limits that make no sense are refused with a sentence', async () => {
  const rows = [
    [{ body_bytes: 10 }, /body_bytes can be 1024 to/],
    [{ connections: 10, viewers: 10 }, /10 viewers need more than 10 connections/],
    [{ request_seconds: 4000000 }, /request_seconds can be 1 to/],
  ];
  for (const [limits, sentence] of rows) await assert.rejects(startLimited(limits), sentence);
});

test('a client that drips its headers is ended in time, whatever it sends', () =>
  limited({ request_seconds: 1 }, async (server) => {
    const dripping = dial(server);
    const silent = dial(server);
    const body = dial(server);
    body.write(`POST /api/runs HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n`);
    dripBytes(dripping, `GET /healthz HTTP/1.1\r\n${HEAD}X-Slow: ${'x'.repeat(500)}`, 100);
    dripBytes(body, ' '.repeat(500), 100);
    for (const socket of [dripping, silent, body]) {
      const seconds = await socket.gone;
      assert.ok(seconds >= 0.9 && seconds < 50, `${seconds} s`); // dripping takes 50
      assert.equal(socket.got, '');
    }
    assert.ok(await late(server, 'request') >= 2);
  }));

test('the time begins anew with each request, so that a connection can be used for long', () =>
  limited({ request_seconds: 2 }, async (server) => {
    const socket = dial(server);
    for (let i = 1; i <= 6; i++) {
      socket.write(`GET /healthz HTTP/1.1\r\n${HEAD}\r\n`);
      await until(`answer ${i}`, () => socket.got.match(/HTTP\/1\.1 200/g)?.length === i);
      await sleep(500); // six of these are longer than one request may take
    }
    const seconds = await socket.gone;
    assert.ok(seconds > 4, `${seconds} s`);
  }));

test('who waits for a run, or watches one, may wait longer than a request may take', () =>
  limited({ request_seconds: 2, answer_seconds: 2, viewer_seconds: 2 }, async (server) => {
    const slow = drip(1, 3000);
    const id = await begin(server, slow);
    const viewer = view(server, id);
    const answer = await post(server, '/api/runs', { scenario: slow, wait: true });
    assert.equal(answer.status, 201);
    assert.equal(answer.json.phase, 'ended');
    await viewer.ended;
    assert.equal(viewer.blocks.at(-1).event, 'end');
    assert.equal(await late(server, 'viewer'), 0);
    assert.equal(await late(server, 'answer'), 0);
  }));

/** A run with many megabytes of events: more than sockets hold. */
async function bigRun(server) {
  const bytes = 1 << 20;
  const scenario = { id: 'big', title: 'Big',
    server: [{ call: 'listen' }, { call: 'accept' }, ...upTo(4).map(() => ({ call: 'recv', bytes })), { call: 'close' }],
    client: [{ call: 'connect' }, ...upTo(4).map(() => ({ call: 'send', bytes })), { call: 'close' }] };
  const answer = await post(server, '/api/runs', { scenario, link: 'wire' });
  assert.equal(answer.status, 201, answer.text);
  await until('its end', async () => {
    const { json } = await ask(server, '/api/runs');
    return json.runs.find((run) => run.id === answer.json.id).phase === 'ended';
  });
  return answer.json.id;
}

test('a viewer that hardly reads is ended when it stays behind; one that comes back misses nothing', () =>
  limited({ viewer_seconds: 1, answer_seconds: 1, request_seconds: 60 }, async (server) => {
    const id = await bigRun(server);
    const paths = [[`/api/runs/${id}/events`, 'viewer'], [`/api/runs/${id}`, 'answer']];
    for (const [path, reason] of paths) {
      const before = await late(server, reason);
      const socket = net.connect({ port: server.port, host: server.host, highWaterMark: 1024 });
      socket.on('error', () => {});
      socket.write(`GET ${path} HTTP/1.1\r\n${HEAD}\r\n`);
      socket.pause();
      const reading = setInterval(() => socket.read(512), 50); // 10 kB a second
      await until(`the end of the ${reason}`, async () => await late(server, reason) > before, 20000);
      clearInterval(reading);
      socket.destroy();
    }
    // On a busy machine this one may stay behind, too.
    const seen = [];
    let ended = false;
    for (let i = 0; i < 20 && !ended; i++) {
      const viewer = view(server, id, { headers: { 'Last-Event-ID': String(seen.length) } });
      await viewer.ended.catch(() => {});
      seen.push(...viewer.ids());
      ended = viewer.blocks.at(-1)?.event === 'end';
    }
    assert.ok(ended, 'the end was never seen');
    assert.deepEqual(seen, upTo(seen.length));
  }));

test('one address cannot take every connection', () =>
  limited({ viewers: 10, connections: 40, address_connections: 8 }, async (server) => {
    const sockets = upTo(8).map(() => dial(server));
    await Promise.all(sockets.map((socket) => once(socket, 'connect'))); // taken in that order
    const ninth = dial(server);
    ninth.write(`GET /healthz HTTP/1.1\r\n${HEAD}\r\n`);
    await ninth.gone;
    assert.equal(ninth.got, '');
    assert.ok(sockets.every((socket) => !socket.destroyed), 'only the ninth is one too many');
    const other = await new Promise((done, fail) => {
      const from = { host: server.host, port: server.port, path: '/healthz', localAddress: '127.0.0.2', agent: false };
      http.get(from, (res) => res.resume().on('end', () => done(res.statusCode))).on('error', fail);
    });
    assert.equal(other, 200);
    for (const socket of sockets) socket.destroy();
    await until('room again', () => ask(server, '/healthz').then(({ status }) => status === 200, () => false));
  }));

test('headers too long: 431 with a sentence, 414 and 431 when they are longer than that', () =>
  limited({ header_bytes: 4096 }, async (server) => {
    assert.equal((await ask(server, '/healthz', { headers: { Cookie: 'c'.repeat(3000) } })).status, 200);
    const refused = await ask(server, '/healthz', { headers: { 'X-Much': 'c'.repeat(5000) } });
    assert.equal(refused.status, 431);
    assert.match(refused.json.detail, /4096 bytes.*cookies/);
    assert.match(await raw(server, [`GET / HTTP/1.1\r\n${HEAD}Cookie: ${'c'.repeat(20000)}\r\n\r\n`]), /^HTTP\/1\.1 431/);
    assert.match(await raw(server, [`GET /${'c'.repeat(20000)} HTTP/1.1\r\n${HEAD}\r\n`]), /^HTTP\/1\.1 414/);
  }));

test('bodies: as many bytes as the limit says', () =>
  limited({ body_bytes: 1024 }, async (server) => {
    const fill = (bytes) => `{"scenario":"open"}${' '.repeat(bytes - 19)}`;
    assert.equal((await post(server, '/api/runs', fill(1024))).status, 201);
    assertProblem(await post(server, '/api/runs', fill(1025)), 413, /1024 bytes/);
  }));

test('runs: alive, kept, and how long one may take', () =>
  limited({ runs_alive: 2, runs_kept: 3, run_seconds_most: 2 }, async (server) => {
    const ids = [await begin(server, drip(1, 30000)), await begin(server, drip(1, 30000))];
    const third = await post(server, '/api/runs', { scenario: 'open' });
    assertProblem(third, 429, /2 runs are alive/);
    assert.equal(third.headers['retry-after'], '1');
    const whole = await until('the limit', async () => {
      const { json } = await ask(server, `/api/runs/${ids[0]}`);
      return json.phase === 'ended' && json;
    });
    assert.equal(whole.verdict.code, 'limit');
    assertProblem(await post(server, '/api/runs', { scenario: 'open', options: { max_seconds: 3 } }), 400, /2 s at most/);
    await until('room', async () => (await ask(server, '/healthz')).json.runs_alive === 0);
    for (let i = 0; i < 5; i++) await post(server, '/api/runs', { scenario: 'open', wait: true });
    await until('room', async () => (await ask(server, '/healthz')).json.runs_alive === 0);
    const { runs } = (await ask(server, '/api/runs')).json;
    assert.equal(runs.length, 3);
    assertProblem(await ask(server, `/api/runs/${ids[0]}`), 404, /forgotten/);
  }));

test('a server that is stopping says so on connections that are open', async () => {
  const server = await startLimited({});
  const id = await begin(server, drip(20, 500));
  const deaf = dial(server); // keeps the server from ending at once
  deaf.pause();
  deaf.write(`GET /api/runs/${id}/events HTTP/1.1\r\n${HEAD}\r\n`.repeat(2));
  const waits = post(server, '/api/runs', { scenario: drip(20, 500), wait: true });
  await until('runs', async () => (await ask(server, '/healthz')).json.runs_alive === 2);
  const stopped = server.stop();
  assertProblem(await waits, 503, /stopping/);
  deaf.destroy();
  await stopped;
});
