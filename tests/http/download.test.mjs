/* download.test.mjs - a run as a file: the right type and name, the same
 * content as everywhere else, and of a run that goes on what there is so far. */
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { linesOf } from './pcapng.mjs';
import { ask, assertProblem, assertSecure, post, raw, startServer } from './server.mjs';
import { gripSyn, letGo } from './wire.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const TYPES = {
  pcapng: 'application/x-pcapng',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  json: 'application/json',
};

async function finished(request) {
  const answer = await post(server, '/api/runs', { wait: true, ...request });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

const get = (run, suffix, options) => ask(server, `/api/runs/${run.id}.${suffix}`, options);

/** The run's events as lines. */
const lines = async (run) =>
  (await ask(server, `/api/runs/${run.id}/events`, { headers: { Accept: 'application/x-ndjson' } })).text;

test('each kind has its type and a name to save it under', async () => {
  const run = await finished({ scenario: 'open' });
  for (const [suffix, type] of Object.entries(TYPES)) {
    const answer = await get(run, suffix);
    assert.equal(answer.status, 200, suffix);
    assert.equal(answer.headers['content-type'], type);
    assert.equal(answer.headers['content-disposition'],
      `attachment; filename="handshake-open-${run.id}.${suffix}"`);
    assert.equal(answer.headers['cache-control'], 'no-store');
    assertSecure(answer);
    const head = await get(run, suffix, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(head.headers['content-type'], type);
    assert.equal(head.text, '');
  }
});

test('a capture holds every event, byte for byte', async () => {
  for (const request of [{ scenario: 'classic' }, { scenario: 'accept-queue-full-abort', link: 'wire' }]) {
    const run = await finished(request);
    assert.equal(linesOf((await get(run, 'pcapng')).body), await lines(run));
  }
});

test('the document is the one of the API', async () => {
  const run = await finished({ scenario: 'classic' });
  assert.deepEqual((await get(run, 'json')).json, (await ask(server, `/api/runs/${run.id}`)).json);
});

test('the text is the ladder, plain and 100 columns wide', async () => {
  const run = await finished({ scenario: 'classic' });
  const { text } = await get(run, 'txt');
  const rows = text.split('\n');
  assert.match(rows[0], /\(classic\)$/);
  assert.match(text, /<SEQ=0><CTL=SYN> -+> SYN-RECEIVED\n/);
  assert.match(text, /\d+ of \d+ expectations met\.\n$/);
  const widths = rows.slice(4).map((row) => [...row].length);
  assert.ok(Math.max(...widths) > 90 && Math.max(...widths) <= 100, `${Math.max(...widths)}`);
  assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f]/);
});

test('a run that goes on gives what there is so far', async () => {
  const run = await gripSyn(server);
  const file = linesOf((await get(run, 'pcapng')).body);
  assert.match(file, /"fate":"held"/);
  assert.doesNotMatch(file, /"phase":"end","verdict"/);
  assert.match((await get(run, 'txt')).text, /<CTL=SYN> -+\|.*\n(.*\n)*\nThe run was still going on here\.\n$/);
  assert.equal((await get(run, 'json')).json.phase, 'running');
  await letGo(run);
  const whole = linesOf((await get(run, 'pcapng')).body);
  assert.ok(whole.startsWith(file));
  assert.match(whole, /"phase":"end","verdict"/);
  assert.match((await get(run, 'txt')).text, /expectations met\.\n/);
});

test('what is not there is said to be so', async () => {
  for (const suffix of Object.keys(TYPES)) {
    assertProblem(await ask(server, `/api/runs/nosuch.${suffix}`), 404, /There is no run nosuch/);
  }
  assert.equal((await ask(server, '/api/runs/nosuch.exe')).status, 404);
  const answer = await post(server, '/api/runs/nosuch.txt', {});
  assertProblem(answer, 405, /GET/);
});

/** Megabytes of segments: more than fits into the sockets between us. */
const large = {
  id: 'large', title: 'Large', group: 'tests', summary: '', teaches: [], rfc: [], needs: [],
  server: [{ call: 'listen' }, { call: 'accept' }, { call: 'recv', bytes: 1000000 }, { call: 'close' }],
  client: [{ call: 'connect' }, { call: 'send', bytes: 1000000 }, { call: 'close' }],
};

/** Ask and stop reading after the first piece; `rest` resolves to all of it. */
const stall = (path) => new Promise((done, fail) => {
  const { host, port } = server;
  const req = http.get({ host, port, path, agent: false }, (res) => {
    const pieces = [];
    const ended = new Promise((all) => res.on('end', () => all(Buffer.concat(pieces))));
    res.on('data', (piece) => {
      if (pieces.push(piece) > 1) return;
      res.pause();
      done({ req, rest: () => (res.resume(), ended) });
    });
  });
  req.on('error', fail);
});

test('a client that does not read holds up nobody, and large files come whole', async () => {
  const run = await finished({ scenario: large });
  const path = `/api/runs/${run.id}.pcapng`;
  const stalled = await Promise.all(Array.from({ length: 20 }, () => stall(path)));
  const { body } = await ask(server, path);
  assert.ok(body.length > 4e6, `${body.length}`);
  assert.equal(linesOf(body), await lines(run));
  for (const { req } of stalled) {
    req.on('error', () => {});
    req.destroy();
  }
  // HTTP/1.0 has no chunks: the end of the connection is the end of the file.
  const old = await raw(server, [`GET ${path} HTTP/1.0\r\n\r\n`]);
  assert.equal(Buffer.from(old.slice(old.indexOf('\r\n\r\n') + 4), 'latin1').compare(body), 0);
});

test('a run that is forgotten while it is sent is sent whole', async () => {
  const run = await finished({ scenario: large });
  const written = await lines(run);
  const { rest } = await stall(`/api/runs/${run.id}.pcapng`);
  assert.equal((await ask(server, `/api/runs/${run.id}`, { method: 'DELETE' })).status, 204);
  assert.equal((await get(run, 'pcapng')).status, 404);
  assert.equal(linesOf(await rest()), written);
});
