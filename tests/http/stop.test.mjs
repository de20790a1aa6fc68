/* stop.test.mjs - SIGTERM and Ctrl-C end the server within a second with 0,
 * whatever is going on.
 *
 * HANDSHAKE_STOP_MS is that second; with sanitizers it is longer. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import net from 'node:net';
import { test } from 'node:test';
import { ask, begin, drip, post, startServer, until, upTo, view } from './server.mjs';
import { timed } from './timed.mjs';

const STOP_MS = Number(process.env.HANDSHAKE_STOP_MS ?? 1000);

/** Stop the server, in time. */
async function stopInTime(server) {
  const ms = await timed(server.stop());
  assert.ok(ms <= STOP_MS, `ended after ${ms} ms`);
}

test('idle', async () => {
  await stopInTime(await startServer());
});

test('SIGINT', async () => {
  const server = await startServer();
  server.child.kill('SIGINT');
  assert.deepEqual(await server.exit, { code: 0, signal: null });
});

test('with 200 viewers asleep and runs alive', async () => {
  const server = await startServer();
  const ids = [await begin(server, drip(2, 30000)), await begin(server, drip(20, 500))];
  const viewers = upTo(200).map((i) => view(server, ids[i % 2]));
  await until('all watching', () => viewers.every((viewer) => viewer.ids().length > 0));
  await stopInTime(server);
  const ends = await Promise.allSettled(viewers.map((viewer) => viewer.ended));
  const tidy = ends.filter((end) => end.status === 'fulfilled').length;
  assert.equal(tidy, 200, 'every stream was ended in good order');
});

test('with requests waiting for their runs', async () => {
  const server = await startServer();
  const waiting = upTo(20).map(() => post(server, '/api/runs', { scenario: drip(2, 30000), wait: true }));
  const ends = Promise.allSettled(waiting);
  await until('runs', async () => (await ask(server, '/healthz')).json.runs_alive === 20);
  await stopInTime(server);
  for (const { value } of await ends) {
    if (value?.status === 201) assert.equal(value.json.verdict.code, 'cancelled'); // it ended before its request
    else if (value) assert.equal(value.status, 503);
  }
});

test('with viewers that never read and requests half sent', async () => {
  const server = await startServer();
  const id = await begin(server, drip(20, 100));
  const sockets = upTo(50).map((i) => {
    const socket = net.connect(server.port, server.host);
    socket.on('error', () => {});
    socket.pause();
    socket.write(i % 2 ? 'POST /api/runs HTTP/1.1\r\nHost: lo'
      : `GET /api/runs/${id}/events HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    return socket;
  });
  await until('the run', async () => (await ask(server, `/api/runs/${id}`)).json.events.length > 5);
  await stopInTime(server);
  for (const socket of sockets) socket.destroy();
});

test('while 64 runs are being set up on a busy machine', async () => {
  const loop = 'i=0; while [ $i -lt 30000000 ]; do i=$((i+1)); done'; // ends by itself
  const busy = upTo(8).map(() => spawn('sh', ['-c', loop]));
  try {
    for (const enough of [4, 32]) {
      const server = await startServer();
      const begun = upTo(64).map(() => post(server, '/api/runs', { scenario: 'open', hold: true }));
      const answers = Promise.allSettled(begun);
      await until('runs', async () => (await ask(server, '/healthz')).json.runs_alive >= enough);
      await server.stop();
      for (const { value } of await answers) assert.ok(!value || [201, 503].includes(value.status), value?.text);
    }
  } finally {
    for (const child of busy) child.kill('SIGKILL');
  }
});

test('a port that is taken is said so, with another to try', async () => {
  const server = await startServer();
  await assert.rejects(startServer({ listen: `127.0.0.1:${server.port}` }),
    new RegExp(`in use.*--listen 127.0.0.1:${server.port + 1}`));
  await stopInTime(server);
});

test('addresses that are none are refused with a sentence', async () => {
  for (const listen of ['', 'nonsense', '127.0.0.1', '127.0.0.1:x', '1.2.3:80', '127.0.0.1:99999', 'example.com:80']) {
    await assert.rejects(startServer({ listen }), /ended at once with [12]: .*(ADDRESS:PORT|no IP address)/s, listen);
  }
});
