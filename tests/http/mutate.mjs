/* mutate.mjs - a server under random scenarios, rules, decisions and injections.
 *   mutate.mjs [SEED [COUNT]]
 * A small grammar makes what is mostly right and now and then wrong, cuts and
 * changes bytes of it, and sends it to one server; COUNT requests in all, then it
 * ends. Whatever comes, every answer is as the API's description has it, no status
 * is 500, and in the end the server is well and ends with 0: a sanitizer's report
 * would show in that. The same seed makes the same requests. */
import assert from 'node:assert/strict';
import { ask, startServer, upTo } from './server.mjs';

const SEED = Number(process.argv[2] ?? 1);
const COUNT = Number(process.argv[3] ?? 2000);

/* Mulberry32: 32 bits of state are plenty for this. */
let state = SEED >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const maybe = (chance, make) => (random() < chance ? make() : undefined);
const several = (most, make) => upTo(below(most + 1)).map(make);

const HOSTS = ['client', 'server'];
const FLAGS = ['SYN', 'SYN,ACK', 'ACK', 'RST', 'RST,ACK', 'FIN,ACK', 'PSH,ACK', 'SYN,FIN'];
const ODD_NUMBERS = () => pick([0, 1, 65535, 65536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, -1, 0.5]);

/** Mostly what it says, seldom something else. */
const odd = (value) => (random() < 0.98 ? value
  : pick([ODD_NUMBERS, () => 'x'.repeat(below(90)), () => null, () => [], () => ({}), () => true])());
const NUMBER = (most) => odd(below(most));
const TEXT = () => odd(pick(['hello', '\\n', 'a b', '{', 'z'.repeat(below(400)), `n=${below(1000)}`]));

const steps = [
  () => ({ call: 'send', text: TEXT() }), () => ({ call: 'send', bytes: 1 + NUMBER(70000) }),
  () => ({ call: 'recv' }), () => ({ call: 'recv', text: TEXT() }), () => ({ call: 'recv', bytes: 1 + NUMBER(5000) }),
  () => ({ call: 'sleep', ms: 1 + NUMBER(30) }), () => ({ call: 'shutdown', how: odd(pick(['read', 'write', 'both'])) }),
  () => ({ call: 'close' }), () => ({ call: 'print', text: TEXT() }), () => ({ call: 'connect' }),
  () => ({ call: 'listen', port: 1 + NUMBER(65535) }), () => ({ call: 'accept' }), () => ({ call: 'socket', on: 'other' }),
  () => ({ call: 'bind', port: NUMBER(65536) }), () => ({ call: 'crash' }),
  () => ({ call: odd(pick(['send', 'recv'])), on: odd(pick(['conn', 'other'])), text: TEXT() }),
];
const call = () => pick(steps)();

const CONDITIONS = ['', '', `nth ${1 + below(3)}`, 'data', 'empty', 'retransmission'];
const ACTIONS = ['drop', 'hold', 'pass', 'delay 20ms', 'duplicate', 'duplicate 4', 'corrupt', 'answer RST', 'rewrite ttl 1', 'vanish'];
const rule = () => [pick(HOSTS), pick(FLAGS), pick(CONDITIONS), odd(pick(ACTIONS))].filter(Boolean).join(' ');

const scenario = () => ({
  id: `m${below(1000)}`, title: 'Mutated', ip: maybe(0.1, () => odd(pick([4, 6]))),
  server: [{ call: 'listen' }, { call: 'accept' }, ...several(4, call)],
  client: [{ call: 'connect' }, ...several(4, call)],
  wire: maybe(0.5, () => several(2, rule)), repeat: maybe(0.1, () => 1 + NUMBER(4)),
  expect: maybe(0.3, () => ({ client: { connect: odd(pick(['ok', 'ECONNREFUSED'])) }, verdict: odd(pick(['established', 'refused'])) })),
});

const path = () => ({ latency_ms: maybe(0.3, () => NUMBER(40)), jitter_ms: maybe(0.2, () => NUMBER(20)),
  loss: maybe(0.2, random), duplicate: maybe(0.2, random), reorder: maybe(0.2, random), seed: maybe(0.2, () => 1 + NUMBER(999)) });

const decisions = [
  () => ({ do: 'deliver' }), () => ({ do: 'drop' }), () => ({ do: 'corrupt' }), () => ({ do: odd('duplicate'), copies: 1 + NUMBER(5) }),
  () => ({ do: 'delay', delay_ms: NUMBER(50) }), () => ({ do: 'rewrite', set: { ttl: 1 + NUMBER(255), window: NUMBER(65536) } }),
];

const requests = [
  () => ['POST', '/api/runs', { scenario: pick([scenario, scenario, () => odd(pick(['open', 'refused', 'filtered']))])(),
    hold: maybe(0.4, () => odd(true)), wait: maybe(0.05, () => odd(true)), link: maybe(0.3, () => odd(pick(['wire', 'loopback', 'sockets']))),
    options: { ...path(), max_seconds: 1 + below(3), rules: maybe(0.2, () => several(2, rule)) } }],
  () => ['POST', '/api/scenarios/check', scenario()],
  () => ['PATCH', `/api/runs/${run()}/wire`, { hold: maybe(0.4, () => odd({ [pick(HOSTS)]: random() < 0.5 })), ...path(),
    swallow: maybe(0.2, () => odd(true)) }],
  () => ['POST', `/api/runs/${run()}/segments/${1 + below(12)}`, pick(decisions)()],
  () => ['POST', `/api/runs/${run()}/inject`, { to: odd(pick(HOSTS)), flags: odd(pick(FLAGS)),
    seq: maybe(0.5, () => odd(pick([below(2 ** 32), 'client.next', 'server.isn+1']))), ack: maybe(0.4, () => odd(below(2 ** 32))),
    src_port: maybe(0.3, () => 1 + NUMBER(65535)), dst_port: maybe(0.3, () => 1 + NUMBER(65535)),
    payload: maybe(0.3, TEXT), ttl: maybe(0.2, () => 1 + NUMBER(255)), count: maybe(0.2, () => 1 + NUMBER(40)),
    bad_checksum: maybe(0.1, () => odd(true)) }],
  () => ['POST', `/api/runs/${run()}/reset`, {}],
  () => ['DELETE', `/api/runs/${run()}`],
  () => ['GET', `/api/runs/${run()}${pick(['', '.json', '.txt', '.svg', '.pcapng', '/wire', `/segments/${1 + below(12)}`])}`],
  () => ['GET', pick(['/api/runs', '/api/capabilities', '/metrics', '/healthz'])],
];
/* Runs are begun as often as they are asked about. */
const next = () => (ids.length === 0 || random() < 0.3 ? requests[0] : pick(requests))();

const ids = [];
const run = () => pick(ids.slice(-6).concat(ids.slice(-2)));

/** Now and then what is sent is no longer what the grammar made. */
function mangle(text) {
  if (random() < 0.85) return text;
  const at = below(text.length);
  return pick([() => text.slice(0, at), () => text.slice(0, at) + String.fromCharCode(below(128)) + text.slice(at + 1),
    () => text.slice(0, at) + text.slice(at + below(20)), () => text + text.slice(at), () => '['.repeat(below(3000))])();
}

const server = await startServer();
const seen = new Map();
try {
  for (let i = 0; i < COUNT; i++) {
    const [method, at, value] = next();
    const body = value && mangle(JSON.stringify(value));
    const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const answer = await ask(server, at, { method, headers, body })
      .catch((error) => assert.fail(`request ${i} of seed ${SEED}: ${method} ${at} ${body}: ${error.message}`));
    assert.notEqual(answer.status, 500, `request ${i} of seed ${SEED}: ${method} ${at} ${body}`);
    if (answer.status === 201) ids.push(answer.json.id);
    seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
  }
  assert.equal((await ask(server, '/healthz')).status, 200);
} catch (error) {
  console.error(error.message, server.stderr);
  process.exitCode = 1;
} finally {
  await server.stop().catch((error) => {
    console.error(error.message, server.stderr);
    process.exitCode = 1;
  });
}
console.log(`seed ${SEED}: ${COUNT} requests, ${ids.length} runs,`, Object.fromEntries([...seen].sort()));
