/* rooms.test.mjs - a class votes: questions, votes, counts, and who may see
 * them when. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, assertProblem, post, startServer } from './server.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const QUESTION = { text: 'What comes next?', choices: ['SYN', 'SYN,ACK', 'RST'] };

/** A room with its owner's key. */
async function open() {
  const { status, json, headers } = await post(server, '/api/rooms', {});
  assert.equal(status, 201);
  assert.equal(headers.location, `/api/rooms/${json.id}`);
  const at = headers.location;
  const owner = { Authorization: `Bearer ${json.key}` };
  return {
    ...json, at, owner,
    ask: (question) => post(server, `${at}/questions`, question, owner),
    close: (how) => post(server, `${at}/close`, how, owner),
    vote: (voter, n, choice) => post(server, `${at}/votes`, { voter: `voter${voter}00`, n, choice }),
    look: (headers = {}) => ask(server, at, { headers }),
  };
}

test('a room begins without a question', async () => {
  const room = await open();
  assert.match(room.id, /^[a-z0-9]{5}$/);
  assert.match(room.key, /^[0-9a-f]{32}$/);
  const { json } = await room.look();
  assert.deepEqual(json, { id: room.id, question: null, voters: 0, counts: null });
});

test('votes are counted once a voter, and shown to the owner or at the end', async () => {
  const room = await open();
  const asked = await room.ask(QUESTION);
  assert.deepEqual(asked.json.question, { n: 1, ...QUESTION, open: true, answer: null });
  for (const [voter, choice] of [[1, 1], [2, 1], [3, 0], [3, 2]]) {
    assert.equal((await room.vote(voter, 1, choice)).status, 200);
  }
  assert.equal((await room.look()).json.counts, null);
  assert.equal((await room.look()).json.voters, 3);
  assert.deepEqual((await room.look(room.owner)).json.counts, [0, 2, 1]);
  assert.equal((await room.close({ answer: 1 })).status, 200);
  const { json } = await room.look();
  assert.deepEqual(json.counts, [0, 2, 1]);
  assert.equal(json.question.answer, 1);
  assert.equal(json.question.open, false);
  assertProblem(await room.vote(4, 1, 1), 409, /closed/);
});

test('the next question forgets the votes of the last', async () => {
  const room = await open();
  await room.ask(QUESTION);
  await room.vote(1, 1, 0);
  await room.ask({ ...QUESTION, choices: ['yes', 'no'] });
  assertProblem(await room.vote(2, 1, 0), 409, /Another question/);
  assertProblem(await room.vote(2, 2, 2), 422, /no such choice/);
  assert.equal((await room.vote(1, 2, 1)).status, 200);
  assert.deepEqual((await room.look(room.owner)).json.counts, [0, 1]);
});

test('only the owner asks, closes and forgets', async () => {
  const room = await open();
  for (const key of [undefined, 'Bearer ', `Bearer ${room.key}0`, `Bearer ${'0'.repeat(32)}`]) {
    const headers = key ? { Authorization: key } : {};
    assertProblem(await post(server, `${room.at}/questions`, QUESTION, headers), 401, /key/);
    assertProblem(await post(server, `${room.at}/close`, {}, headers), 401, /key/);
    assertProblem(await ask(server, room.at, { method: 'DELETE', headers }), 401, /key/);
  }
  assertProblem(await room.close({ answer: 0 }), 409, /No question/);
  assert.equal((await ask(server, room.at, { method: 'DELETE', headers: room.owner })).status, 204);
  assertProblem(await room.look(), 404, /no room/);
});

test('what is no question or vote is refused with its place', async () => {
  const room = await open();
  const bad = [{}, { ...QUESTION, choices: ['one'] }, { ...QUESTION, text: '' },
    { ...QUESTION, choices: Array(9).fill('x') }, { ...QUESTION, text: 'x'.repeat(300) },
    { ...QUESTION, more: 1 }, 'nonsense'];
  for (const question of bad) {
    const answer = await room.ask(question);
    assertProblem(answer, 400, /faults/);
    assert.ok(answer.json.faults.length > 0);
  }
  await room.ask(QUESTION);
  for (const vote of [{ n: 1, choice: 0 }, { n: 1, choice: -1, voter: 'abcdefgh' },
    { n: 1, choice: 0, voter: 'abc' }, { n: 1, choice: 0, voter: '<script>alert' }]) {
    assertProblem(await post(server, `${room.at}/votes`, vote), 400, /faults/);
  }
  assert.equal((await room.look()).json.voters, 0);
});

test('asking again costs little while nothing changes', async () => {
  const room = await open();
  await room.ask(QUESTION);
  const { etag, 'cache-control': keeping } = (await room.look()).headers;
  assert.equal(keeping, 'no-cache', 'kept by the browser, asked about each time');
  assert.equal((await room.look({ 'If-None-Match': etag })).status, 304);
  assert.equal((await room.look({ 'If-None-Match': etag, ...room.owner })).status, 200);
  await room.vote(1, 1, 0);
  assert.equal((await room.look({ 'If-None-Match': etag })).status, 200);
});

const codeAt = (room, address, headers = {}) => ask(server,
  `${room.at}/qr.svg${address === undefined ? '' : `?address=${encodeURIComponent(address)}`}`, { headers });
const linkIn = ({ text }) => /<title>(.*)<\/title>/.exec(text)[1];

test('the code of a room holds its link here, black on white with a quiet zone', async () => {
  const room = await open();
  const answer = await codeAt(room);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-type'], 'image/svg+xml');
  assert.equal(linkIn(answer), `http://${server.authority}/#vote/${room.id}`);
  const [, side] = /viewBox="0 0 (\d+) \1"/.exec(answer.text);
  assert.match(answer.text, new RegExp(`<path fill="#fff" d="M0 0h${side}v${side}h-${side}z"/>`));
  const corners = [...answer.text.matchAll(/M(\d+) (\d+)h(\d+)/g)].slice(1).map((m) => m.map(Number));
  assert.ok(corners.every(([, x, y, width]) => x >= 4 && y >= 4 && x + width <= side - 4 && y < side - 4));
  assert.ok(answer.text.length < 20000);
  const again = await codeAt(room, undefined, { 'If-None-Match': answer.headers.etag });
  assert.equal(again.status, 304);
  const other = await open();
  assert.notEqual((await codeAt(other)).headers.etag, answer.headers.etag);
});

test('no code is made of what is not an address of this server', async () => {
  const room = await open();
  for (const address of ['http://evil.example', 'http://evil.example/#', '', 'javascript:alert(1)',
    `http://${server.authority}/`, `http://${server.authority}@evil.example`, `http://${server.authority}.evil`,
    `ftp://${server.authority}`, server.authority, ` http://${server.authority}`, 'x'.repeat(2000)]) {
    assertProblem(await codeAt(room, address), 422, /address/);
  }
  const here = { Host: `localhost:${server.port}` };
  assert.equal(linkIn(await codeAt(room, `https://localhost:${server.port}`, here)),
    `https://localhost:${server.port}/#vote/${room.id}`);
  assertProblem(await codeAt(room, `http://localhost:${server.port}`), 422, /address/);
  assertProblem(await codeAt({ at: '/api/rooms/nones' }), 404, /no room/);
});

test('forty phones look and vote at once; none sees a count before the end', async () => {
  const room = await open();
  await room.ask(QUESTION);
  const phone = async (voter) => {
    const seen = [await room.look(), await room.vote(voter, 1, voter % 3), await room.look(),
      await room.vote(voter, 1, (voter + 1) % 3), await room.look()];
    for (const { status, json } of seen) {
      assert.equal(status, 200);
      assert.equal(json.counts, null);
      assert.equal(json.question.answer, null);
    }
  };
  await Promise.all(Array.from({ length: 40 }, (_, voter) => phone(voter)));
  assert.deepEqual((await room.look(room.owner)).json.counts, [13, 14, 13]);
  assert.equal((await room.look()).json.voters, 40);
  const closed = await room.close({});
  assert.equal(closed.json.question.answer, null, 'closed before anybody knows');
  assertProblem(await room.vote(1, 1, 0), 409, /closed/);
  await room.close({ answer: 1 });
  const { counts, question } = (await room.look()).json;
  assert.deepEqual({ counts, answer: question.answer }, { counts: [13, 14, 13], answer: 1 });
});

test('rooms and voters are bounded', async () => {
  const own = await startServer();
  try {
    for (let i = 0; i < 32; i++) assert.equal((await post(own, '/api/rooms', {})).status, 201);
    const full = await post(own, '/api/rooms', {});
    assertProblem(full, 503, /rooms are in use/);
    assert.ok(Number(full.headers['retry-after']) > 0);
  } finally {
    await own.stop();
  }
  const room = await open();
  await room.ask(QUESTION);
  for (let i = 0; i < 2000; i++) assert.equal((await room.vote(i, 1, 0)).status, 200);
  assertProblem(await room.vote(2000, 1, 0), 503, /2000 have voted/);
  assert.equal((await room.vote(7, 1, 2)).status, 200);
});

test('a voter that is too short is told how long it must be', async () => {
  const room = await open();
  await room.ask(QUESTION);
  const answer = await post(server, `/api/rooms/${room.id}/votes`, { n: 1, choice: 0, voter: 'abc' });
  assert.equal(answer.status, 400);
  assert.deepEqual(answer.json.faults, [{ pointer: '/voter', detail: 'is 3 bytes long; at least 8 are needed' }]);
});
