/* wait.test.mjs - POST with "wait": the answer is the ended run, and nobody
 * else waits for it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, assertProblem, assertSecure, drip, post, startServer, until, upTo } from './server.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

/** The id of the run that is alive. */
const running = () => until('a run alive', async () => {
  const { runs } = (await ask(server, '/api/runs')).json;
  return runs.find((run) => run.phase === 'running')?.id;
});

test('wait answers with the whole run', async () => {
  for (const scenario of ['open', 'classic']) {
    for (const ip of [4, 6]) {
      const answer = await post(server, '/api/runs', { scenario, wait: true, options: { ip } });
      assert.equal(answer.status, 201, answer.text);
      assertSecure(answer);
      assert.equal(answer.json.phase, 'ended');
      assert.equal(answer.json.scenario, scenario);
      assert.equal(answer.json.verdict.code, 'established');
      assert.equal(answer.headers.location, `/api/runs/${answer.json.id}`);
      assert.equal(answer.json.events.at(-1).phase, 'end');
      const kept = await ask(server, answer.headers.location);
      const { key, ...run } = answer.json; // its owner's alone
      assert.match(key, /^[0-9a-f]{32}$/);
      assert.deepEqual(kept.json, run);
    }
  }
});

test('while one waits, others are served', async () => {
  const waiting = post(server, '/api/runs', { scenario: drip(1, 30000), wait: true });
  let done = false;
  waiting.then(() => (done = true));
  const id = await running();
  for (let i = 0; i < 20; i++) await ask(server, '/api/scenarios');
  assert.equal(done, false);
  await ask(server, `/api/runs/${id}`, { method: 'DELETE' });
  assert.equal((await waiting).json.phase, 'ended');
});

test('many wait at once', async () => {
  const answers = await Promise.all(upTo(30).map(() => post(server, '/api/runs', { scenario: 'open', wait: true })));
  for (const answer of answers) assert.equal(answer.json.verdict.code, 'established');
  assert.equal(new Set(answers.map((answer) => answer.json.id)).size, 30);
});

test('a run deleted while waited for is answered as cancelled', async () => {
  const waiting = post(server, '/api/runs', { scenario: drip(20, 500), wait: true });
  const id = await running();
  await ask(server, `/api/runs/${id}`, { method: 'DELETE' });
  const answer = await waiting;
  assert.equal(answer.json.verdict.code, 'cancelled');
});

test('waiting does not change how a request is refused', async () => {
  assertProblem(await post(server, '/api/runs', { scenario: 'nonesuch', wait: true }), 404, /scenario/);
  assertProblem(await post(server, '/api/runs', { scenario: 'open', wait: 'yes' }), 400, /faults/);
});
