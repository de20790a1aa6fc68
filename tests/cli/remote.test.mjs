/* remote.test.mjs - `handshake run --server`: a run on a running server, shown
 * as if it were here; and servers that are none, or break off. */
import assert from 'node:assert/strict';
import net from 'node:net';
import test from 'node:test';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { ask, startServer } from '../http/server.mjs';
import { BIN, STOP_MS, handshake, sleep, start, until } from './program.mjs';
import { timed } from '../http/timed.mjs';

const lines = (text) => text.split('\n').slice(0, -1);

let server;
let dir;
test.before(async () => {
  server = await startServer();
  dir = await mkdtemp(`${tmpdir()}/handshake-remote-`);
});
test.after(async () => {
  await server.stop();
  await rm(dir, { recursive: true });
});

const at = (path = '') => ['--server', `http://${server.authority}${path}`];

/** What differs from run to run: times, numbers thrown, who comes first. */
const shape = (text) => lines(text).map((line) => line.replace(/[\d.]+/g, '#').replace(/ +/g, ' ')).sort();

test('the same ladder as here', async () => {
  const here = await handshake(['run', 'open']);
  const there = await handshake(['run', 'open', ...at()]);
  assert.equal(there.code, 0, there.err);
  /* The handshake: how a close is acknowledged differs from run to run. */
  const segments = (text) => shape(text).filter((line) => /<CTL=SYN/.test(line) || /expectations/.test(line));
  assert.deepEqual(segments(there.out), segments(here.out));
  assert.match(there.out, /^A normal three-way handshake \(open\)\n/);
  assert.match(there.out, /\n8 of 8 expectations met\.\n$/);
});

test('--json: the lines that the server sent, byte for byte', async () => {
  const { code, out } = await handshake(['run', 'classic', '--json', ...at('/')]);
  assert.equal(code, 0);
  const id = JSON.parse(lines(out)[0]).run;
  const whole = await ask(server, `/api/runs/${id}/events`, { headers: { Accept: 'application/x-ndjson' } });
  assert.equal(out, whole.text);
});

test('several, many times, quietly: as here', async () => {
  const several = await handshake(['run', 'open', 'closed-port', ...at()]);
  assert.equal(several.code, 0, several.err);
  assert.match(several.out, /\n2 of 2 runs as expected/);
  const many = await handshake(['run', 'open', '-n', '5', ...at()]);
  assert.match(many.out, /^open: 5 of 5 runs as expected; established 5\.\nconnect\(\) = 0, 5 times/);
  const quiet = await handshake(['run', 'open', '-q', '--rule', 'client SYN answer RST,ACK seq=0 ack=seg.next', ...at()]);
  assert.deepEqual([quiet.code, quiet.out], [1, '']);
  assert.match(quiet.err, /NOT MET client connect ok/);
});

test('options and rules reach the server', async () => {
  const { code, out } = await handshake(['run', 'open', '--json', '--ip', '6', '--seed', '7', '--latency', '12.5ms', '--rule', 'client SYN nth 1 drop', ...at()]);
  assert.equal(code, 0);
  const all = lines(out).map((line) => JSON.parse(line));
  assert.equal(all[0].hosts.client.address, '2001:db8::1');
  const lost = all.find((e) => e.kind === 'copy' && e.fate === 'dropped');
  assert.deepEqual([lost.n, lost.by], [1, 'rule']);
  const again = all.find((e) => e.kind === 'segment' && e.n === 2);
  const landed = all.find((e) => e.kind === 'copy' && e.n === 2);
  assert.ok(landed.t_ns - again.t_ns >= 12.5e6);
});

test('a scenario of one\'s own goes along', async () => {
  const document = JSON.parse((await handshake(['scenarios', 'open'])).out);
  document.id = 'mine';
  await writeFile(`${dir}/mine.json`, JSON.stringify(document, null, 2));
  const { code, out } = await handshake(['run', `${dir}/mine.json`, ...at()]);
  assert.equal(code, 0);
  assert.match(out, /\(mine\)/);
});

test('what the server refuses is said in its words', async () => {
  const bad = await handshake(['run', 'icmp6-no-route', '--ip', '4', ...at()]);
  assert.equal(bad.code, 1);
  assert.match(bad.err, /handshake: icmp6-no-route: the server says: .*IPv6/);
  const lost = await handshake(['run', 'open', ...at('/elsewhere')]);
  assert.equal(lost.code, 1);
  assert.match(lost.err, /the server says: There is nothing at this address/);
});

test('Ctrl-C stops the run there, too', async () => {
  const it = start(BIN, ['run', 'filtered', ...at()]);
  await until(() => /<CTL=SYN>/.test(it.out), 'the first SYN');
  it.child.kill('SIGINT');
  const { code, out } = await it.ended;
  assert.equal(code, 130);
  assert.match(out, /^cancelled: The run was stopped by request\.$/m);
  await until(async () => (await ask(server, '/healthz')).json.runs_alive === 0, 'the end of the run');
});

/* --- servers that are none ----------------------------------------------- */

/** A server that says `answers`, one a connection, piece by piece; null is
 * silence, and `silence` resolves when it begins. */
async function pretend(answers) {
  let silent = null;
  const silence = new Promise((done) => (silent = done));
  const fake = net.createServer(async (socket) => {
    socket.on('error', () => {});
    socket.once('data', async () => {
      const pieces = answers.length > 1 ? answers.shift() : answers[0];
      for (const piece of pieces) {
        if (piece === null) return silent(); // and no word more
        socket.write(piece);
        await sleep(5); // so that each comes by itself
      }
      socket.end();
    });
  });
  await new Promise((done) => fake.listen(0, '127.0.0.1', done));
  return { port: fake.address().port, silence, close: () => fake.close() };
}

const created = ['HTTP/1.1 201 Created\r\nContent-Length: 11\r\n\r\n', '{"id":"a1"}'];
const stream = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const chunk = (text) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

/** `handshake run open` on that server. */
async function runOn(answers) {
  const fake = await pretend(answers);
  const result = await handshake(['run', 'open', '--json', '--server', `127.0.0.1:${fake.port}`]);
  fake.close();
  return result;
}

async function recorded() {
  const { out } = await handshake(['run', 'open', '--json']);
  return out;
}

test('chunks cut anywhere, extensions and trailers, a body without length', async () => {
  const text = await recorded();
  const half = Math.floor(text.length / 2);
  const body = `${chunk(text.slice(0, half)).replace('\r\n', ';a=b\r\n')}${chunk(text.slice(half))}0\r\nX: y\r\n\r\n`;
  const pieces = `${stream}${body}`.match(/[^]{1,977}/g);
  const chunked = await runOn([created, pieces]);
  assert.equal(chunked.err, '');
  assert.equal(chunked.out, text);
  const plain = await runOn([created, ['HTTP/1.0 200 OK\r\n\r\n', text]]);
  assert.equal(plain.out, text);
});

test('what makes no sense is said, and ends', async () => {
  const [first] = lines(await recorded());
  const rows = [
    [[['']], /does not speak HTTP/],
    [[['SSH-2.0-OpenSSH\r\n\r\n']], /does not speak HTTP/],
    [[['HTTP/1.1 200 OK\r\n']], /does not speak HTTP/],
    [[[`HTTP/1.1 200 OK\r\n${'x'.repeat(40000)}`]], /does not speak HTTP/],
    [[['HTTP/1.1 201 Created\r\nContent-Length: 13\r\n\r\n{"id":"a/../b"}']], /the server says: status 201/],
    [[['HTTP/1.1 500 No\r\n\r\nsorry \x1b[31m']], /the server says: status 500, sorry \\x1b\[31m/],
    [[['HTTP/1.1 201 Created\r\nContent-Length: 30\r\n\r\n{}']], /closed the connection in the middle/],
    [[created, ['HTTP/1.1 404 Not Found\r\n\r\n{"detail":"gone"}']], /the server says: gone/],
    [[created, [stream, 'zz\r\n']], /the answer is not HTTP/],
    [[created, [stream, 'ffffffffffffffffff\r\n']], /the answer is not HTTP/],
    [[created, [stream, chunk('{"id":1}\n')]], /an event that this version does not understand/],
    [[created, [stream, chunk(`${first.replace('"id":1', '"id":2')}\n`)]], /left events out/],
    [[created, [stream, chunk(`${first}\n`), '0\r\n\r\n']], /ended before the run did/],
    [[created, [stream, chunk(`${first}\n`)]], /closed the connection in the middle/],
    [[created, [stream, chunk('x'.repeat(5 << 20))]], /a line without end/],
  ];
  for (const [answers, sentence] of rows) {
    const { code, err } = await runOn(answers);
    assert.equal(code, 1, `${sentence}: ${err}`);
    assert.match(err, sentence);
    assert.doesNotMatch(err, /\x1b/);
  }
});

test('a silent server can be left', async () => {
  for (const answers of [[[null]], [created, [stream, null]]]) {
    const fake = await pretend(answers);
    const it = start(BIN, ['run', 'open', '--server', `127.0.0.1:${fake.port}`]);
    await fake.silence;
    it.child.kill('SIGINT');
    assert.ok(await timed(it.ended) <= 4 * STOP_MS);
    const { code } = await it.ended;
    assert.equal(code, 130);
    fake.close();
  }
});

test('nobody there; no address at all', async () => {
  const nobody = await handshake(['run', 'open', '--server', 'http://127.0.0.1:1']);
  assert.equal(nobody.code, 1);
  assert.match(nobody.err, /nothing answers at http:\/\/127\.0\.0\.1:1: is `handshake serve` running there\?/);
  for (const url of ['https://localhost', 'ftp://x', 'http://', 'http://a:0', 'http://a:99999', 'http://[::1', 'http://a b', 'http://a\n', 'http://u@h', `http://${'a'.repeat(300)}`]) {
    const { code, err } = await handshake(['run', 'open', '--server', url]);
    assert.equal(code, 2, url);
    assert.match(err, /--server "/);
  }
});

test('health: well, not well, nobody', async () => {
  assert.equal((await handshake(['health', String(server.port)])).code, 0);
  const fake = await pretend([['HTTP/1.1 503 No\r\n\r\n']]);
  const sick = await handshake(['health', String(fake.port)]);
  fake.close();
  assert.equal(sick.code, 1);
  assert.match(sick.err, /is not well/);
  const nobody = await handshake(['health', '1']);
  assert.equal(nobody.code, 1);
  assert.match(nobody.err, /nothing answers/);
});
