/* quotas.test.mjs - what one address may take where others than this machine reach
 * the server, and that it cannot take it from them. The clients are addresses of
 * 127/8. */
import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import { ask, assertProblem, drip, post, sleep, startLimited, startServer, until, upTo } from './server.mjs';

const GREEDY = '127.0.0.2';
const OTHER = '127.0.0.3';

async function within(start, fn) {
  const server = await start;
  server.host = '127.0.0.1';
  try {
    await fn(server);
  } finally {
    await server.stop();
  }
}

const limited = (limits, fn) => within(startLimited({ public: 1, ...limits }), fn);
const proxied = (args, fn) => within(startServer({ listen: '127.0.0.1:0', args }), fn);

/* A run that outlasts its test. */
const run = (server, from, body = {}, headers = {}) =>
  post(server, '/api/runs', { scenario: drip(1, 50000), link: 'wire', ...body }, headers, from);

const openRoom = (server, from, headers = {}) => post(server, '/api/rooms', {}, headers, from);

/** A connection from an address; `gone` resolves when it was closed. */
function dial(server, from, text = '') {
  const socket = net.connect({ host: server.host, port: server.port, localAddress: from });
  socket.on('error', () => {});
  socket.gone = new Promise((done) => socket.on('close', done));
  socket.got = '';
  socket.on('data', (bytes) => (socket.got += bytes));
  if (text) socket.write(text);
  return socket;
}

const gauge = async (server, name) => Number(new RegExp(`^${name} (\\S+)$`, 'm')
  .exec((await ask(server, '/metrics', { from: OTHER })).text)[1]);

function assertQuota(answer, sentence) {
  assertProblem(answer, 429, sentence);
  assert.ok(Number(answer.headers['retry-after']) >= 1);
}

test('runs alive and held: one address meets its bound, another does not notice', () =>
  limited({ address_runs: 3, address_held_runs: 1 }, async (server) => {
    const held = await run(server, GREEDY, { hold: true });
    assert.equal(held.status, 201, held.text);
    assertQuota(await run(server, GREEDY, { hold: true }), /1 runs of your address are held/);
    const second = await run(server, GREEDY);
    assert.equal(second.status, 201);
    const auth = { Authorization: `Bearer ${second.json.key}`, 'Content-Type': 'application/json' };
    assertQuota(await ask(server, `/api/runs/${second.json.id}/wire`,
      { method: 'PATCH', headers: auth, body: '{"hold":{"client":true}}', from: GREEDY }), /are held/);
    assert.equal((await run(server, GREEDY)).status, 201);
    assertQuota(await run(server, GREEDY), /3 runs of your address are alive/);
    assert.equal((await run(server, OTHER, { hold: true })).status, 201);
  }));

test('the defaults leave places for others when one address has 64 runs', () =>
  limited({}, async (server) => {
    const answers = await Promise.all(upTo(66).map(() => run(server, GREEDY)));
    const begun = answers.filter(({ status }) => status === 201).length;
    assert.equal(begun, 64);
    assert.equal((await run(server, OTHER)).status, 201);
  }));

test('rooms and votes', () =>
  limited({ address_rooms: 2, address_votes: 3 }, async (server) => {
    const room = (await openRoom(server, GREEDY)).json;
    assert.equal((await openRoom(server, GREEDY)).status, 201);
    assertQuota(await openRoom(server, GREEDY), /2 rooms were opened from your address/);
    assert.equal((await openRoom(server, OTHER)).status, 201);
    const asked = await post(server, `/api/rooms/${room.id}/questions`, { text: 'Which?', choices: ['a', 'b'] },
      { Authorization: `Bearer ${room.key}` }, GREEDY);
    assert.equal(asked.status, 200, asked.text);
    const vote = (voter, from, choice = 0) =>
      post(server, `/api/rooms/${room.id}/votes`, { n: 1, choice, voter: `voter${voter}` }, {}, from);
    for (const voter of [1000, 1001, 1002]) assert.equal((await vote(voter, GREEDY)).status, 200);
    assertQuota(await vote(1003, GREEDY), /3 voters of your address/);
    assert.equal((await vote(1001, GREEDY, 1)).status, 200, 'another mind is no other voter');
    assert.equal((await vote(1003, OTHER)).status, 200);
  }));

test('a room of 1,000 phones behind one router', () =>
  limited({}, async (server) => {
    const room = (await openRoom(server, OTHER)).json;
    await post(server, `/api/rooms/${room.id}/questions`, { text: 'Which?', choices: ['a', 'b'] },
      { Authorization: `Bearer ${room.key}` }, OTHER);
    const phones = upTo(1000).map(() => dial(server, GREEDY));
    await until('all phones', async () => (await gauge(server, 'handshake_http_connections')) > 1000);
    const body = (i) => JSON.stringify({ n: 1, choice: i % 2, voter: `phone${1000 + i}` });
    phones.forEach((phone, i) => phone.write(`POST /api/rooms/${room.id}/votes HTTP/1.1\r\nHost: localhost\r\n`
      + `Content-Type: application/json\r\nContent-Length: ${body(i).length}\r\n\r\n${body(i)}`));
    await until('all votes', () => phones.every(({ got }) => got.includes('HTTP/1.1 ')), 20000);
    for (const phone of phones) assert.match(phone.got, /^HTTP\/1\.1 200/);
    const { counts } = (await ask(server, `/api/rooms/${room.id}`,
      { headers: { Authorization: `Bearer ${room.key}` }, from: OTHER })).json;
    assert.deepEqual(counts, [500, 500]);
    for (const phone of phones) phone.destroy();
  }));

test('wrong room codes: an address that guesses is stopped, one that was in goes on', () =>
  limited({}, async (server) => {
    const { id } = (await openRoom(server, OTHER)).json;
    const look = (code, from) => ask(server, `/api/rooms/${code}`, { from });
    assert.equal((await look(id, '127.0.0.4')).status, 200);
    const letters = 'abcdefghkm';
    for (let i = 0; i < 70; i++)
      for (const from of [GREEDY, '127.0.0.4']) await look(`zz${letters[i % 10]}${letters[Math.floor(i / 10)]}z`, from);
    assertQuota(await look('zzzzz', GREEDY), /wrong room codes/);
    assertQuota(await look(id, GREEDY), /wrong room codes/);
    assertQuota(await ask(server, `/api/rooms/${id}/qr.svg`, { from: GREEDY }), /wrong room codes/);
    assert.equal((await look(id, '127.0.0.4')).status, 200, 'it has been in');
    assert.equal((await look(id, '127.0.0.5')).status, 200, 'it has not guessed');
  }));

test('requests a second: an address beyond its rate waits, then is told; another is not', () =>
  limited({ address_requests: 20 }, async (server) => {
    const begun = performance.now();
    const answers = await Promise.all(upTo(60).map(() => ask(server, '/healthz', { from: GREEDY })));
    const refused = answers.filter(({ status }) => status === 429);
    assert.ok(refused.length > 10, `${refused.length}`);
    assert.ok(answers.length - refused.length >= 20);
    assertQuota(refused[0], /more than the 20 requests a second/);
    assert.ok(performance.now() - begun >= 900, 'the refusals were not at once');
    const before = performance.now();
    assert.equal((await ask(server, '/healthz', { from: OTHER })).status, 200);
    assert.ok(performance.now() - before < 500);
    const posted = await until('its turn', async () => {
      const answer = await run(server, GREEDY); // a body comes along
      return answer.status === 429 ? null : answer;
    });
    assert.equal(posted.status, 201, posted.text);
  }));

test('a server with requests that wait their turn ends in time', () =>
  limited({ address_requests: 1 }, async (server) => {
    const sockets = upTo(30).map(() => dial(server, GREEDY, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    await until('one answer', () => sockets.some(({ got }) => got.includes('200')));
  }));

test('connections: three addresses share them, whoever came first', () =>
  limited({ viewers: 10, connections: 60, address_connections: 50 }, async (server) => {
    const first = upTo(50).map(() => dial(server, GREEDY));
    const second = upTo(50).map(() => dial(server, '127.0.0.4'));
    await sleep(300);
    for (let i = 0; i < 5; i++) assert.equal((await ask(server, '/healthz', { from: OTHER })).status, 200);
    const closed = await Promise.race([Promise.race(first.map(({ gone }) => gone.then(() => 'displaced'))), sleep(3000)]);
    assert.equal(closed, 'displaced');
    assert.ok(await gauge(server, 'handshake_http_connections_displaced_total') > 0);
    const beyond = dial(server, GREEDY);
    upTo(30).forEach(() => first.push(dial(server, GREEDY)));
    await Promise.race([beyond.gone, sleep(2000)]);
    assert.ok(await gauge(server, 'handshake_http_connections_refused_total') > 0);
    for (const socket of [beyond, ...first, ...second]) socket.destroy();
  }));

test('a held run that nobody asks about ends; one that is watched goes on', () =>
  limited({ held_seconds: 1 }, async (server) => {
    const left = (await run(server, GREEDY, { scenario: 'open', hold: true })).json;
    const watched = (await run(server, GREEDY, { scenario: 'open', hold: true })).json;
    const viewer = dial(server, OTHER, `GET /api/runs/${watched.id}/events HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const phase = async (id) => (await ask(server, '/api/runs')).json.runs.find((one) => one.id === id);
    const over = await until('its end', async () => {
      const one = await phase(left.id);
      return one.phase === 'ended' && one;
    });
    assert.equal(over.verdict.code, 'limit');
    assert.match(over.verdict.text, /held, and there was no request about it for 1 s/);
    await sleep(1000);
    assert.equal((await phase(watched.id)).phase, 'running');
    viewer.destroy();
    await until('its end, too', async () => (await phase(watched.id)).phase === 'ended', 40000);
  }));

const via = (chain, name = 'X-Forwarded-For') => ({ [name]: chain });
const ROOMS = ['--max-address-rooms', '1'];

/** Whether two requests with these headers count as of one client. */
async function isSame(args, one, two) {
  let same;
  await proxied([...ROOMS, ...args], async (server) => {
    assert.equal((await openRoom(server, GREEDY, one)).status, 201);
    same = (await openRoom(server, GREEDY, two)).status === 429;
  });
  return same;
}

test('behind a trusted proxy the client is the right-most address that is none', async () => {
  const trust = ['--trusted-proxy', '127.0.0.0/8', '--trusted-proxy', '10.1.0.0/16'];
  const rows = [ // what one and another request say, and whether they are one client
    [via('192.0.2.1'), via('192.0.2.2'), false],
    [via('192.0.2.1'), via('192.0.2.1'), true],
    [via('203.0.113.9, 192.0.2.1'), via('203.0.113.8, 192.0.2.1'), true], // made up at the left
    [via('192.0.2.1, 10.1.2.3'), via('192.0.2.2, 10.1.2.3'), false],
    [via('192.0.2.1, 10.1.2.3'), via('192.0.2.1, 10.1.9.9'), true],
    [via('2001:db8:1:2::1'), via('2001:db8:1:2:ffff::9'), true], // one /64
    [via('2001:db8:1:2::1'), via('2001:db8:1:3::1'), false],
    [via('for=192.0.2.1', 'Forwarded'), via('for="192.0.2.1:4711";proto=http', 'Forwarded'), true],
    [via('for="[2001:db8:1:2::1]:80"', 'Forwarded'), via('2001:db8:1:2::7'), true],
    [{ ...via('192.0.2.1'), ...via('for=192.0.2.7', 'Forwarded') },
      { ...via('192.0.2.1'), ...via('for=192.0.2.8', 'Forwarded') }, true], // two stories
    [via('nonsense'), via('other nonsense'), true],
    [{}, via('nonsense'), true],
  ];
  for (const [one, two, same] of rows)
    assert.equal(await isSame(trust, one, two), same, JSON.stringify([one, two]));
});

test('who is no trusted proxy is not believed', async () => {
  assert.equal(await isSame(['--trusted-proxy', '127.0.0.9'], via('192.0.2.1'), via('192.0.2.2')), true);
  for (const text of ['', 'host', '127.0.0.1/33', '::1/129', '127.0.0.1/', '1.2.3.4/x'])
    await assert.rejects(startServer({ args: ['--trusted-proxy', text] }), /expected the address of a proxy/, text);
});

test('behind a proxy runs are owned, on loopback alone nothing is counted', async () => {
  await proxied(['--trusted-proxy', '127.0.0.1'], async (server) =>
    assert.equal((await ask(server, '/api/capabilities')).json.owned_runs, true));
  await proxied(['--max-address-rooms', '1'], async (server) => {
    for (const _ of upTo(3)) assert.equal((await openRoom(server, GREEDY)).status, 201);
  });
});
