/* viewers.test.mjs - many viewers of one run, and those that do not read. */
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { ask, assertProblem, begin, drip, startServer, until, upTo, view } from './server.mjs';

const VIEWERS = 200;

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const whole = async (id) => (await ask(server, `/api/runs/${id}`)).json;

/** The value of a field of /proc/PID/status in kB. */
async function resident() {
  const { readFileSync } = await import('node:fs');
  const status = readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]);
}

test(`${VIEWERS} viewers of one run each get every event once, in order`, async () => {
  const id = await begin(server, drip(20, 20));
  const viewers = upTo(VIEWERS).map((i) =>
    view(server, id, { headers: i % 4 === 0 ? { Accept: 'application/x-ndjson' } : {} }));
  await Promise.all(viewers.map((viewer) => viewer.ended));
  const { events } = await whole(id);
  assert.ok(events.length > 100);
  for (const viewer of viewers) {
    const ids = viewer.lines.length > 0 ? viewer.lines.map((line) => JSON.parse(line).id) : viewer.ids();
    assert.deepEqual(ids, upTo(events.length));
  }
});

test('many runs at once, each with its viewers', async () => {
  const ids = await Promise.all(upTo(8).map(() => begin(server, drip(10, 10))));
  const viewers = ids.flatMap((id) => upTo(10).map(() => ({ id, viewer: view(server, id) })));
  for (const { id, viewer } of viewers) {
    await viewer.ended;
    assert.deepEqual(viewer.ids(), upTo((await whole(id)).events.length));
  }
});

test('a viewer that never reads does not hold up others', async () => {
  const id = await begin(server, drip(20, 50));
  const deaf = upTo(20).map(() => {
    const socket = net.connect({ port: server.port, host: server.host });
    socket.on('error', () => {});
    socket.pause();
    socket.write(`GET /api/runs/${id}/events HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(3));
    return socket;
  });
  const viewer = await view(server, id).ended;
  assert.equal((await ask(server, '/healthz')).status, 200);
  assert.deepEqual(viewer.ids(), upTo((await whole(id)).events.length));
  assert.ok(deaf.every((socket) => !socket.destroyed), 'none had to be sent away for that');
  for (const socket of deaf) socket.destroy();
});

test('viewers that leave in the middle leave nothing behind', async () => {
  const id = await begin(server, drip(20, 100));
  const rounds = async (n) => {
    for (let i = 0; i < n; i++) {
      const viewers = upTo(100).map(() => view(server, id));
      await until('all watching', () => viewers.every((viewer) => viewer.ids().length > 0));
      for (const viewer of viewers) viewer.cut();
    }
  };
  await rounds(2);
  const before = await resident();
  await rounds(16);
  await ask(server, `/api/runs/${id}`, { method: 'DELETE' });
  /* A sanitizer keeps what is freed, and a shadow of it. */
  if (process.env.HANDSHAKE_SANITIZE) return;
  /* 1,600 viewers: each left behind would be 16 kB. That some have left may not
   * have been noticed yet. */
  await until('what they took, given back', async () => await resident() - before < 8000);
});

test('too many viewers: 503 with a sentence, room again when some leave', async () => {
  const limit = (await ask(server, '/api/capabilities')).json.limits.viewers;
  const id = await begin(server, drip(20, 2000));
  const watching = (viewers) => () => viewers.every((viewer) => viewer.ids().length > 0);
  const viewers = upTo(limit).map(() => view(server, id));
  await until('all watching', watching(viewers), 60000);
  const refused = await ask(server, `/api/runs/${id}/events`);
  assertProblem(refused, 503, new RegExp(`${limit} viewers`));
  assert.match(refused.headers['retry-after'], /^\d+$/);
  assert.equal((await ask(server, '/healthz')).status, 200);
  await ask(server, `/api/runs/${id}`, { method: 'DELETE' });
  await Promise.all(viewers.map((viewer) => viewer.ended));
  const other = await begin(server, 'open');
  assert.equal((await view(server, other).ended).status, 200);
});
