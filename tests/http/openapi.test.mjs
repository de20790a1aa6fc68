/* openapi.test.mjs - the description of the API: served as it stands in the
 * repository, good by OpenAPI's own schema, and one that bites: what is not as
 * it says is found. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { checkAnswer, checkEvent, faultsBy, named, openapi } from './contract.mjs';
import { ask, assertSecure, post, startServer } from './server.mjs';

const require = createRequire(new URL('../web/package.json', import.meta.url));

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

test('it is served as it stands in the repository', async () => {
  const answer = await ask(server, '/api/openapi.json');
  assert.equal(answer.status, 200);
  assertSecure(answer);
  assert.deepEqual(answer.json, openapi, 'run tools/schema');
  const { version } = (await ask(server, '/api/capabilities')).json;
  assert.equal(answer.json.info.version, version);
});

test('OpenAPI\'s own schema has nothing against it', async () => {
  const { Validator } = await import(require.resolve('@seriousme/openapi-schema-validator'));
  const validator = new Validator();
  const result = await validator.validate(structuredClone(openapi));
  assert.equal(result.valid, true, JSON.stringify(result.errors));
  assert.equal(validator.version, '3.1');
});

test('every operation has what a reader looks for', () => {
  const ids = new Set();
  for (const [path, item] of Object.entries(openapi.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const what = `${method} ${path}`;
      assert.ok(operation.summary.length > 3, what);
      assert.ok(openapi.tags.some(({ name }) => name === operation.tags[0]), what);
      assert.ok(Object.keys(operation.responses).some((status) => status < 400), what);
      for (const status of ['403', '500', '503']) assert.ok(operation.responses[status], `${what} ${status}`);
      ids.add(operation.operationId);
    }
  }
  assert.equal(ids.size, Object.values(openapi.paths).flatMap(Object.values).length);
});

test('the scenario in it is the published schema', async () => {
  const schema = (await ask(server, '/api/scenarios/schema.json')).json;
  const moved = JSON.parse(JSON.stringify(schema).replaceAll('#/$defs/', '#/components/schemas/'));
  const { scenario } = openapi.components.schemas;
  assert.deepEqual(scenario.properties, moved.properties);
  assert.deepEqual(scenario.required, moved.required);
  for (const [name, definition] of Object.entries(moved.$defs)) {
    assert.deepEqual(openapi.components.schemas[name], definition, name);
  }
});

test('answers that are not as it says are found', async () => {
  const run = (await post(server, '/api/runs', { scenario: 'open', wait: true })).json;
  const asked = { method: 'GET', path: `/api/runs/${run.id}`, body: undefined };
  const answer = (json, more = {}) =>
    ({ status: 200, headers: { 'content-type': 'application/json' }, json, text: JSON.stringify(json), ...more });
  checkAnswer(asked, answer(run));
  const wrong = [
    answer({ ...run, phase: 'over' }), answer({ ...run, extra: 1 }), answer({ ...run, id: undefined }),
    answer({ ...run, events: [{ ...run.events[0], kind: 'nonesuch' }] }),
    answer({ ...run, events: [{ ...run.events[0], more: 1 }] }),
    answer(run, { status: 202 }), answer(run, { headers: { 'content-type': 'text/html' } }),
  ];
  for (const other of wrong) assert.throws(() => checkAnswer(asked, other), JSON.stringify(other).slice(0, 80));
  assert.throws(() => checkEvent('{"id":1}'));
  const begun = { method: 'POST', path: '/api/runs', body: '{"scenario":"open"}' };
  const created = answer({ id: run.id, key: run.key }, { status: 201 });
  assert.throws(() => checkAnswer(begun, created), /lacks Location/);
  created.headers.location = '/api/runs/x';
  checkAnswer(begun, created);
  assert.throws(() => checkAnswer({ ...begun, body: '{"scenario":"open","wiat":true}' }, created), /the body of/);
});

test('bodies: what the server refuses as written, the schemas refuse too', async () => {
  const { id } = (await post(server, '/api/runs', { scenario: 'open', hold: true, link: 'wire' })).json;
  const rows = [
    ['/api/runs', 'run-request', { scenario: 'open', hold: 1 }],
    ['/api/runs', 'run-request', { scenario: 'open', options: { loss: 2 } }],
    ['/api/runs', 'run-request', { link: 'wire' }],
    ['/api/runs', 'run-request', { scenario: { id: 'x' } }],
    [`/api/runs/${id}/segments/1`, 'decision', { do: 'lose' }],
    [`/api/runs/${id}/segments/1`, 'decision', { do: 'delay' }],
    [`/api/runs/${id}/segments/1`, 'decision', { do: 'drop', copies: 2 }],
    [`/api/runs/${id}/inject`, 'forge', { flags: 'SYN' }],
    [`/api/runs/${id}/inject`, 'forge', { to: 'client', icmp: { type: 3 } }],
  ];
  for (const [path, schema, body] of rows) {
    assert.notDeepEqual(faultsBy(named(schema), body), [], JSON.stringify(body));
    assert.equal((await post(server, path, body)).status, 400, JSON.stringify(body));
  }
  await ask(server, `/api/runs/${id}`, { method: 'DELETE' });
});
