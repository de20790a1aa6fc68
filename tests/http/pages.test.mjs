/* pages.test.mjs - lists in parts: ?limit=, ?after= and the Link to what
 * follows. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, assertProblem, post, startServer, upTo } from './server.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

/** The target of Link: <...>; rel="next", or null. */
function next(answer) {
  const { link } = answer.headers;
  if (link === undefined) return null;
  const [, target] = /^<([^>]+)>; rel="next"$/.exec(link);
  return target;
}

/** All parts from path on, until one has no next. */
async function walk(path, name, limit) {
  const entries = [];
  for (let at = path; at; ) {
    const answer = await ask(server, at);
    assert.equal(answer.status, 200, answer.text);
    const part = answer.json[name];
    assert.ok(part.length <= limit);
    entries.push(...part);
    assert.ok(entries.length < 1000, 'the parts have no end');
    at = next(answer);
    assert.equal(at !== null, at !== null && part.length === limit, 'only a full part has a next');
  }
  return entries.map((entry) => entry.id);
}

test('scenarios in brief: what a list needs, a fraction of the whole, in parts too', async () => {
  const [all, brief] = [await ask(server, '/api/scenarios'), await ask(server, '/api/scenarios?brief=true')];
  const texts = ['id', 'title', 'group', 'summary', 'teaches', 'rfc', 'next', 'seconds', 'needs', 'ip'];
  const short = ({ long, ...whole }) => Object.fromEntries([
    ...texts.filter((name) => name in whole).map((name) => [name, whole[name]]),
    ...(long ? [['long', { seconds: long.seconds }]] : []),
  ]);
  assert.deepEqual(brief.json.scenarios, all.json.scenarios.map(short));
  assert.ok(all.json.scenarios.some(({ long }) => long), 'one has a long form');
  assert.ok(brief.text.length < all.text.length / 2);
  assert.notEqual(brief.headers.etag, all.headers.etag);
  const ids = all.json.scenarios.map(({ id }) => id);
  assert.deepEqual(await walk('/api/scenarios?brief=true&limit=20', 'scenarios', 20), ids);
  const part = await ask(server, '/api/scenarios?brief=true&limit=1');
  assert.deepEqual((await ask(server, next(part))).json.scenarios, [brief.json.scenarios[1]], 'the next is brief too');
  assert.deepEqual((await ask(server, '/api/scenarios?brief=false')).json, all.json);
  assertProblem(await ask(server, '/api/scenarios?brief=maybe'), 400, /true or false/);
});

test('scenarios: the parts are the whole, in order', async () => {
  const all = await ask(server, '/api/scenarios');
  assert.equal(next(all), null);
  const ids = all.json.scenarios.map((scenario) => scenario.id);
  for (const limit of [1, 7, ids.length, 1000]) {
    assert.deepEqual(await walk(`/api/scenarios?limit=${limit}`, 'scenarios', limit), ids, `${limit}`);
  }
  const tail = await ask(server, `/api/scenarios?after=${ids[2]}`);
  assert.deepEqual(tail.json.scenarios.map((scenario) => scenario.id), ids.slice(3));
  const none = await ask(server, `/api/scenarios?after=${ids.at(-1)}`);
  assert.deepEqual(none.json.scenarios, []);
});

test('runs: the parts are the whole, newest first, whatever begins in between', async () => {
  const begun = [];
  for (const _ of upTo(7)) {
    const answer = await post(server, '/api/runs', { scenario: 'open', wait: true });
    begun.unshift(answer.json.id);
  }
  assert.deepEqual(await walk('/api/runs', 'runs', 500), begun);
  for (const limit of [1, 3, 7, 8]) {
    assert.deepEqual(await walk(`/api/runs?limit=${limit}`, 'runs', limit), begun, `${limit}`);
  }
  const first = await ask(server, '/api/runs?limit=2');
  await post(server, '/api/runs', { scenario: 'open', wait: true });
  await ask(server, `/api/runs/${begun[3]}`, { method: 'DELETE' });
  const second = await ask(server, next(first));
  assert.deepEqual(second.json.runs.map((run) => run.id), [begun[2], begun[4]]);
});

test('an entry that is not there, and limits that are none', async () => {
  for (const path of ['/api/runs', '/api/scenarios']) {
    assertProblem(await ask(server, `${path}?after=nonesuch`), 404, /no nonesuch.*without \?after=/);
    for (const limit of ['0', '-1', '1.5', 'x', '', '1001', '4294967297']) {
      assertProblem(await ask(server, `${path}?limit=${limit}`), 400, /limit= takes a number from 1 to 1000/);
    }
  }
});
