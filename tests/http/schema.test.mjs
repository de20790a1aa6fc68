/* schema.test.mjs - the JSON Schema of scenarios: every scenario fits it, and
 * what it refuses the server refuses too. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { ask, assertSecure, post, startServer } from './server.mjs';
import { faults } from './schema.mjs';

const home = new URL('../../', import.meta.url);
const kept = JSON.parse(fs.readFileSync(new URL('schema/scenario.schema.json', home)));

let server;
let schema;
before(async () => {
  server = await startServer();
  schema = (await ask(server, '/api/scenarios/schema.json')).json;
});
after(() => server?.stop());

test('it is served as it stands in the repository', async () => {
  const answer = await ask(server, '/api/scenarios/schema.json');
  assert.equal(answer.status, 200);
  assertSecure(answer);
  assert.deepEqual(answer.json, kept);
  assert.equal(answer.json.$schema, 'https://json-schema.org/draft/2020-12/schema');
});

test('every file of scenarios/ fits', () => {
  const names = fs.readdirSync(new URL('scenarios/', home)).filter((name) => name.endsWith('.json'));
  assert.ok(names.length >= 2);
  for (const name of names) {
    const document = JSON.parse(fs.readFileSync(new URL(`scenarios/${name}`, home)));
    assert.deepEqual(faults(schema, document), [], name);
  }
});

test('every scenario the server lists fits, as the server writes it', async () => {
  const { scenarios } = (await ask(server, '/api/scenarios')).json;
  assert.ok(scenarios.length >= 2);
  for (const document of scenarios) assert.deepEqual(faults(schema, document), [], document.id);
});

const plain = { id: 'mine', title: 'Mine', client: [{ call: 'connect' }], server: [{ call: 'listen' }] };
const with_rule = (rule) => ({ ...plain, wire: [rule] });

test('what fits the schema the server takes', async () => {
  const good = [
    plain,
    { ...plain, wire: ['client SYN nth 1 drop', { do: 'drop', from: 'client', flags: 'SYN', nth: [2, null] }] },
    with_rule({ name: 'a', words: 'server drop' }),
    with_rule({ do: 'rewrite', set: { seq: '+1', window: 0 }, strip: ['MSS', 254] }),
    with_rule({ do: 'answer', answer: { flags: 'RST,ACK', seq: 'server.next-1', options: { mss: 1, sack: true } } }),
    with_rule({ do: 'answer', answer: { icmp: { type: 3, code: 4, mtu: 1280 } } }),
    { ...plain, path: { latency_ms: 0.5, server: { loss: 0.1 } }, seed: 9007199254740991 },
  ];
  for (const scenario of good) {
    assert.deepEqual(faults(schema, scenario), [], JSON.stringify(scenario));
    const answer = await post(server, '/api/runs', { scenario });
    assert.ok([201, 422].includes(answer.status), answer.text);
    if (answer.status === 201) await ask(server, `/api/runs/${answer.json.id}`, { method: 'DELETE' });
  }
});

test('what the schema refuses the server refuses at the same place', async () => {
  const rows = [
    [{ id: 'mine', client: [{ call: 'connect' }] }, ''],
    [{ ...plain, id: 'Mine' }, '/id'],
    [{ ...plain, titel: 'x' }, '/titel'],
    [{ ...plain, needs: ['wings'] }, '/needs/0'],
    [{ ...plain, client: [{ call: 'conect' }] }, '/client/0'],
    [{ ...plain, client: [{ call: 'connect', ms: 5 }] }, '/client/0'],
    [{ ...plain, client: [{ call: 'connect', port: 65536 }] }, '/client/0/port'],
    [{ ...plain, client: [{ call: 'sleep' }] }, '/client/0'],
    [{ ...plain, expect: { verdict: 'fine' } }, '/expect/verdict'],
    [with_rule({ do: 'lose' }), '/wire/0'],
    [with_rule({ do: 'delay' }), '/wire/0'],
    [with_rule({ do: 'drop', delay_ms: 1 }), '/wire/0'],
    [with_rule({ do: 'answer', answer: { to: 'client', flags: 'RST' } }), '/wire/0'],
    [{ ...plain, wire: Array.from({ length: 33 }, () => 'pass') }, '/wire'],
    [{ ...plain, path: { loss: 2 } }, '/path/loss'],
    [{ ...plain, path: { client: { loss: 2 } } }, '/path/client/loss'],
    [{ ...plain, seed: 0.5 }, '/seed'],
  ];
  for (const [scenario, place] of rows) {
    const found = faults(schema, scenario);
    assert.ok(found.some(([at]) => at === place || at.startsWith(`${place}/`)), `${place}: ${JSON.stringify(found)}`);
    const answer = await post(server, '/api/runs', { scenario });
    assert.equal(answer.status, 400, answer.text);
    const pointers = answer.json.faults.map((fault) => fault.pointer);
    const near = place.replace(/\/\d+$/, '');
    assert.ok(pointers.some((pointer) => pointer.startsWith(`/scenario${near}`)), `${place}: ${pointers}`);
  }
});

test('a scenario is checked without running it, every fault at its place', async () => {
  const check = (text) => post(server, '/api/scenarios/check', text);
  const runs = async () => (await ask(server, '/api/runs')).json.runs.length;
  const before = await runs();
  const open = JSON.parse(fs.readFileSync(new URL('scenarios/open.json', home)));
  const good = await check(JSON.stringify(open));
  assert.equal(good.status, 200);
  assert.deepEqual(good.json, { faults: [] });
  const bad = { ...open, client: [{ call: 'conect' }], title: 7 };
  const { faults: found } = (await check(JSON.stringify(bad))).json;
  assert.deepEqual(found.map(({ pointer }) => pointer).sort(), ['/client/0/call', '/title']);
  const broken = await check('{"id": ');
  assert.equal(broken.json.faults.length, 1);
  assert.match(broken.json.faults[0].detail, /line 1/);
  assert.equal(await runs(), before, 'nothing was run');
});
