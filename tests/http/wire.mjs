/* wire.mjs - the wire in a test's hands: what hold, rules and inject share. */
import assert from 'node:assert/strict';
import { ask, post, until } from './server.mjs';

/** PATCH value as JSON. */
export function patch(server, path, value) {
  return ask(server, path, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json' },
    body: typeof value === 'string' ? value : JSON.stringify(value),
  });
}

/** Begin a run whose wire is in our hands. */
export async function grip(server, request) {
  const answer = await post(server, '/api/runs', { link: 'wire', ...request });
  assert.equal(answer.status, 201, answer.text);
  const at = `/api/runs/${answer.json.id}`;
  const run = { id: answer.json.id, at };
  run.get = async () => (await ask(server, at)).json;
  run.events = async (kind) => (await run.get()).events.filter((e) => e.kind === kind);
  run.wire = () => ask(server, `${at}/wire`);
  run.patch = (value) => patch(server, `${at}/wire`, value);
  run.decide = (n, value) => post(server, `${at}/segments/${n}`, value);
  run.inject = (value) => post(server, `${at}/inject`, value);
  run.reset = () => post(server, `${at}/reset`, '');
  /** Wait for an event that fits. */
  run.see = (what, fits) => until(what, async () => (await run.get()).events.find(fits));
  run.held = (n) => run.see(`segment ${n} held`, (e) => e.kind === 'copy' && e.n === n && e.fate === 'held');
  run.fate = (n) => run.see(`the fate of segment ${n}`, (e) => e.kind === 'copy' && e.n === n && e.fate !== 'held');
  run.state = (host, state) =>
    run.see(`${host} ${state}`, (e) => e.kind === 'state' && e.host === host && e.new === state);
  run.copies = async (n) => (await run.events('copy')).filter((e) => e.n === n && e.fate !== 'held');
  run.ended = () => until('the end', async () => {
    const whole = await run.get();
    return whole.phase === 'ended' && whole;
  });
  return run;
}

/** Begin, wait until the client's SYN is held. */
export async function gripSyn(server, request = {}) {
  const run = await grip(server, { scenario: 'open', hold: true, ...request });
  await run.held(1);
  return run;
}

/** Let everything go and wait for the end. */
export async function letGo(run) {
  const answer = await run.reset();
  assert.ok([200, 409].includes(answer.status), answer.text);
  return run.ended();
}
