/* memory.test.mjs - one memory budget for all runs: what does not fit ends its
 * run, and nothing else is lost. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ask, begin, post, startLimited, until, upTo } from './server.mjs';

const MB = 1 << 20;
const BUDGET = 128 * MB;

/** Resident bytes; 0 when it is ending. */
const resident = (server) => 1024 * Number(/^VmRSS:\s+(\d+)/m
  .exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))?.[1] ?? 0);

const gauge = async (server, name) => Number(new RegExp(`^${name} (\\S+)$`, 'm')
  .exec((await ask(server, '/metrics')).text)[1]);

/** Run fn with a server whose runs may hold so much together. */
async function within(memory_bytes, fn) {
  const server = await startLimited({ memory_bytes });
  try {
    await fn(server);
  } finally {
    await server.stop();
  }
}

/** A small POST that makes many megabytes of events, and keeps them a while. */
function flood(pieces, ms = 1) {
  const steps = (call) => upTo(pieces).map(() => ({ call, bytes: 65536 }));
  return { id: 'flood', title: 'Flood',
    server: [{ call: 'listen' }, { call: 'accept' }, ...steps('recv'), { call: 'close' }],
    client: [{ call: 'connect' }, ...steps('send'), { call: 'sleep', ms }, { call: 'close' }] };
}

/** Ids of runs that ended with that verdict. */
const ended = async (server, code) => (await ask(server, '/api/runs')).json.runs
  .filter((run) => run.verdict?.code === code);

test('64 runs that fill the memory end by themselves; a small one does not notice', () => within(BUDGET, async (server) => {
  let peak = 0;
  const watching = setInterval(() => (peak = Math.max(peak, resident(server))), 20);
  server.exit.finally(() => clearInterval(watching));
  for (const _ of upTo(63)) await begin(server, flood(60, 6000));
  const small = [];
  let cut = [];
  do {
    const answer = await post(server, '/api/runs', { scenario: 'open', link: 'wire', wait: true });
    assert.equal(answer.status, 201, answer.text);
    small.push(answer.json.verdict.code);
    cut = cut.concat(await ended(server, 'limit'));
  } while ((await ask(server, '/healthz')).json.runs_alive > 0);
  assert.ok(small.every((code) => code === 'established'), small.join());
  assert.ok(cut.length > 0);
  assert.match(cut[0].verdict.text, /memory for runs is used up: .* 128 MB/);
  // Reading makes JSON of what is kept, which counts as well.
  for (const run of (await ask(server, '/api/runs')).json.runs) await ask(server, `/api/runs/${run.id}.json`);
  assert.ok(await gauge(server, 'handshake_run_memory_bytes') <= BUDGET);
  assert.equal(await gauge(server, 'handshake_run_memory_limit_bytes'), BUDGET);
  assert.equal((await ask(server, '/api/capabilities')).json.limits.memory_bytes, BUDGET);
  clearInterval(watching);
  if (!process.env.HANDSHAKE_SANITIZE) // those keep what was freed
    assert.ok(peak <= BUDGET + 64 * MB, `${peak / MB} MB`);
}));

test('older ended runs make room first, and held copies count', () => within(64 * MB, async (server) => {
  const old = await begin(server, flood(20));
  await until('its end', async () => (await ended(server, 'established')).length === 1);
  const before = await gauge(server, 'handshake_run_memory_bytes');
  assert.equal((await post(server, '/api/runs', { scenario: 'open', hold: true })).status, 201);
  await until('a held segment', async () => (await gauge(server, 'handshake_run_memory_bytes')) > before);
  await until('the oldest to be forgotten', async () => {
    await begin(server, flood(20));
    await until('its end, but for the held one', async () => (await ask(server, '/healthz')).json.runs_alive <= 1);
    return (await ask(server, `/api/runs/${old}`)).status === 404;
  });
  const kept = await ended(server, 'established');
  assert.ok(kept.length > 1);
  assert.equal((await ended(server, 'limit')).length, 0);
}));
