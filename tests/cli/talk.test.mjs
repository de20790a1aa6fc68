/* talk.test.mjs - two terminals: `handshake server` and `handshake client`,
 * against each other and against the exchange as written in rehearsal.mjs. */
import assert from 'node:assert/strict';
import net from 'node:net';
import test, { describe } from 'node:test';
import { readFileSync } from 'node:fs';
import { BIN, STOP_MS, handshake, run, start, until } from './program.mjs';
import { timed } from '../http/timed.mjs';
import { beClient, beServer, dial, listen } from './rehearsal.mjs';

/** `handshake server` on a free port. */
async function server(args = []) {
  const it = start(BIN, ['server', '--port', '0', '--timeout', '5', ...args]);
  await until(() => /listening on port \d+/.test(it.err) && /Waiting/.test(it.out), 'the server');
  it.port = Number(/listening on port (\d+)/.exec(it.err)[1]);
  return it;
}

const client = (port, args = []) => start(BIN, ['client', '--port', String(port), '--timeout', '5', ...args]);
const problems = ({ err }) => err.split('\n').filter((line) => line && !/listening on port/.test(line));

/** Ends with status 1 and one sentence. */
async function failsWith(it, sentence) {
  const end = await it.ended;
  assert.equal(end.code, 1, end.err);
  assert.equal(problems(end).length, 1, end.err);
  assert.match(problems(end)[0], sentence);
  assert.doesNotMatch(end.out, /ESTABLISHED/);
}

/** What a side of the scenario `classic` prints, with # for numbers. */
async function wordsOf(side) {
  const document = JSON.parse((await handshake(['scenarios', 'classic'])).out);
  const texts = document[side].filter((step) => step.call === 'print').map((step) => step.text);
  return `${texts.join('\n')}\n`.replace(/\{[^}]*\}/g, '#');
}

const hashed = (text) => text.replace(/=\d+/g, '=#');

test('server and client: the words of the scenario `classic`, status 0', async () => {
  const one = await server();
  const two = await client(one.port).ended;
  const end = await one.ended;
  assert.deepEqual([end.code, two.code, problems(end), two.err], [0, 0, [], '']);
  assert.equal(hashed(end.out), await wordsOf('server'));
  assert.equal(hashed(two.out), await wordsOf('client'));
  const [, n] = /\[1\] SYN\/seq=(\d+)/.exec(end.out);
  const [, m, ack] = /\[2\] SYN\/seq=(\d+) ACK\/seq=(\d+)/.exec(two.out);
  assert.equal(Number(ack), Number(n) + 1);
  assert.match(end.out, new RegExp(`\\[3\\] ACK/seq=${Number(m) + 1}\n`));
});

test('server: every way of cutting the texts is the same to it', async () => {
  const it = await server(['--keep']);
  for (const how of [{}, { size: 1, gap: 3 }, { size: 5 }, { size: 13 }, { size: 14 }, { tail: '\n' }, { tail: '\r\n', size: 4 }, { number: 1000 }, { number: 2000, size: 15 }]) {
    const talk = await dial(it.port);
    const { theirs } = await beClient(talk, how);
    assert.ok(theirs >= 100 && theirs <= 2000);
    await until(() => it.out.endsWith('Waiting for client connection...\n'), 'the next turn');
    await talk.until_end();
  }
  it.child.kill('SIGINT');
  const end = await it.ended;
  assert.equal(end.out.match(/CONNECTION ESTABLISHED!/g).length, 9);
  assert.deepEqual([end.code, problems(end)], [0, []]);
});

test('client: every way of cutting the texts is the same to it', async () => {
  const it = await listen();
  const seen = new Set();
  for (const how of [{}, { size: 1, gap: 3 }, { size: 9 }, { size: 15, number: 100 }, { size: 16, number: 2000 }, { tail: '\n' }, { number: 999 }]) {
    const one = client(it.port);
    const talk = await it.next();
    const { theirs } = await beServer(talk, how);
    talk.socket.end();
    const end = await one.ended;
    assert.deepEqual([end.code, end.err], [0, '']);
    assert.match(end.out, /Client is now connected to the server\.\n$/);
    assert.ok(theirs >= 1000 && theirs <= 2000);
    seen.add(theirs);
  }
  it.close();
  assert.ok(seen.size > 1, 'the numbers are chosen by chance');
});

test('client: a server that does not close its end is left', async () => {
  const it = await listen();
  const one = client(it.port);
  const talk = await it.next();
  await beServer(talk);
  const end = await one.ended;
  assert.equal(end.code, 0);
  talk.socket.destroy();
  it.close();
});

test('numbers of other programs are taken, with a remark', async () => {
  await Promise.all([7, 99999, 4294967294].map(async (number) => {
    const one = await server();
    const talk = await dial(one.port);
    await beClient(talk, { number });
    const end = await one.ended;
    assert.equal(end.code, 0);
    assert.match(problems(end)[0], new RegExp(`the client chose ${number}, which is not from 1000 to 2000`));
  }));
  const it = await listen();
  const one = client(it.port);
  await beServer(await it.next(), { number: 5 });
  const end = await one.ended;
  assert.equal(end.code, 0);
  assert.match(end.err, /the server chose 5, which is not from 100 to 2000/);
  it.close();
});

/* --- what goes wrong at the server --------------------------------------- */

/** What a client does to `handshake server`, and what the server says. */
const clientFaults = [
  ['a wrong number', (talk) => beClient(talk, { ack: (m) => m + 2 }), /the client acknowledged (\d+), but the server had sent (\d+): (\d+) must follow/],
  ['the server\'s number without the one', (talk) => beClient(talk, { ack: (m) => m }), /the client acknowledged (\d+), but the server had sent \1: /],
  ['a number with one digit more', (talk) => beClient(talk, { ack: (m) => (m + 1) * 10 }), /must follow/],
  ['garbage', (talk) => talk.say('GET / HTTP/1.1\r\n\r\n'), /the client sent "GET \/ HTTP\/1\.1\\r\\n\\r\\n" where "\[1\] SYN\/seq=N" was expected/],
  ['garbage that is nearly right', (talk) => talk.say('[1] SYN/seq=12a4'), /the client sent "\[1\] SYN\/seq=12a4" where/],
  ['escape sequences', (talk) => talk.say('\x1b[2J\x00\xff'), /sent "\\x1b\[2J\\x00\\xc3\\xbf|sent "\\x1b\[2J\\x00/],
  ['no end', (talk) => talk.say('['.repeat(100000)), /the client sent "\[{40}\.\.\." where/],
  ['a number without end', (talk) => talk.say(`[1] SYN/seq=${'9'.repeat(50)}`), /where "\[1\] SYN\/seq=N" was expected/],
  ['a negative number', (talk) => talk.say('[1] SYN/seq=-5'), /where "\[1\] SYN\/seq=N" was expected/],
  ['the wrong message', (talk) => talk.say('[3] ACK/seq=1235'), /sent "\[3\] ACK\/seq=1235" where "\[1\] SYN\/seq=N"/],
  ['no word, then it leaves', (talk) => talk.socket.end(), /the client closed the connection before it sent "\[1\] SYN\/seq=N"/],
  ['half a message', async (talk) => {
    await talk.say('[1] SYN/');
    talk.socket.end();
  }, /the client closed the connection in the middle of "\[1\] SYN\/seq=N": "\[1\] SYN\/" came/],
  ['no third message', async (talk) => {
    await talk.say('[1] SYN/seq=1500');
    await talk.got(/ACK\/seq=1501/);
    talk.socket.end();
  }, /the client closed the connection before it sent "\[3\] ACK\/seq=N"/],
  ['RST', async (talk) => {
    await talk.say('[1] SYN/seq=1500');
    await talk.got(/ACK\/seq=1501/);
    talk.socket.resetAndDestroy();
  }, /the client broke the connection off \(RST\) before it sent "\[3\] ACK\/seq=N"/],
];

describe('server: clients that go wrong', { concurrency: 8 }, () => {
  for (const [name, act, sentence] of clientFaults) {
    test(`a client that sends ${name}`, async () => {
      const it = await server();
      const talk = await dial(it.port);
      await act(talk);
      await failsWith(it, sentence);
      talk.socket.destroy();
    });
  }
});

for (const drip of [false, true]) {
  test(`server: ${drip ? 'bytes that drip end' : 'silence ends'} by --timeout`, async () => {
    const it = start(BIN, ['server', '--port', '0', '--timeout', '1']);
    await until(() => /port (\d+)/.test(it.err), 'the server');
    const talk = await dial(Number(/port (\d+)/.exec(it.err)[1]));
    const begun = Date.now();
    if (drip) talk.say('[1] SYN/seq=1234', { size: 1, gap: 300 }).catch(() => {});
    await failsWith(it, /the client did not send "\[1\] SYN\/seq=N" within 1 s \(--timeout says/);
    assert.ok(Date.now() - begun >= 900);
    talk.socket.destroy();
  });
}

test('server --keep: no bad client ends it', async () => {
  const it = await server(['--keep', '--timeout', '1']);
  for (const [, act] of clientFaults) {
    const talk = await dial(it.port);
    const before = problems(it).length;
    await act(talk);
    await until(() => problems(it).length > before, 'the sentence');
    talk.socket.destroy();
  }
  const idle = await dial(it.port); // holds the turn until its time is over
  const good = await dial(it.port);
  await beClient(good);
  await until(() => /ESTABLISHED/.test(it.out), 'the good one');
  idle.socket.destroy();
  it.child.kill('SIGTERM');
  assert.equal((await it.ended).code, 0);
});

/* --- what goes wrong at the client --------------------------------------- */

const serverFaults = [
  ['a wrong number', (talk) => beServer(talk, { ack: (n) => n }), /the server acknowledged (\d+), but the client had sent \1: \d+ must follow/],
  ['garbage', (talk) => talk.say('SSH-2.0-OpenSSH_9.2\r\n'), /the server sent "SSH-2\.0-OpenSSH_9\.2\\r\\n" where "\[2\] SYN\/seq=N ACK\/seq=N" was expected/],
  ['half an answer', async (talk) => {
    await talk.got(/^\[1\] SYN\/seq=(\d{4})/);
    await talk.say('[2] SYN/seq=12');
    talk.socket.end();
  }, /the server closed the connection in the middle of "\[2\] SYN\/seq=N ACK\/seq=N": "\[2\] SYN\/seq=12" came/],
  ['nothing and leaves', async (talk) => {
    await talk.got(/^\[1\] SYN\/seq=(\d{4})/);
    talk.socket.end();
  }, /the server closed the connection before it sent "\[2\]/],
  ['RST', async (talk) => {
    await talk.got(/^\[1\] SYN\/seq=(\d{4})/);
    talk.socket.resetAndDestroy();
  }, /the server broke the connection off/],
];

describe('client: servers that go wrong', { concurrency: 8 }, () => {
  for (const [name, act, sentence] of serverFaults) {
    test(`a server that sends ${name}`, async () => {
      const it = await listen();
      const one = client(it.port);
      const talk = await it.next();
      await act(talk).catch(() => {}); // it may be left in the middle
      await failsWith(one, sentence);
      talk.socket.destroy();
      it.close();
    });
  }
});

test('client: silence ends by --timeout', async () => {
  const it = await listen();
  const one = start(BIN, ['client', '--port', String(it.port), '--timeout', '1']);
  const talk = await it.next();
  await failsWith(one, /the server did not send "\[2\] SYN\/seq=N ACK\/seq=N" within 1 s/);
  talk.socket.destroy();
  it.close();
});

test('client: nobody listens: start the server first', async () => {
  const it = await listen();
  const { port } = it;
  it.close();
  const { code, out, err } = await handshake(['client', '--port', String(port)]);
  assert.equal(code, 1);
  assert.equal(out, '//~~ Client Side ~~//\nConnecting to server...\n');
  assert.match(err, new RegExp(`nobody listens on 127\\.0\\.0\\.1 port ${port}: start the server first`));
});

/* --- addresses, ports, signals ------------------------------------------- */

test('IPv6: ::1 on both sides, by name as well', async () => {
  const one = await server(['--bind', '::1']);
  const two = await client(one.port, ['::1']).ended;
  assert.deepEqual([two.code, (await one.ended).code], [0, 0]);
  const three = await server(['--bind', '::']);
  const four = await client(three.port, ['localhost']).ended;
  assert.deepEqual([four.code, (await three.ended).code], [0, 0]);
});

test('a busy port: the next one is offered', async () => {
  const holder = net.createServer();
  await new Promise((done) => holder.listen(0, '127.0.0.1', done));
  const { port } = holder.address();
  const { code, out, err } = await handshake(['server', '--port', String(port)]);
  holder.close();
  assert.equal(code, 1);
  assert.equal(out, '');
  assert.match(err, new RegExp(`port ${port} on 127\\.0\\.0\\.1 is in use by another program: try --port ${port + 1}`));
});

test('the default port is 1337', async () => {
  const help = (await handshake(['server', '--help'])).out;
  assert.match(help, /else 1337/);
  const holder = net.createServer();
  const mine = await new Promise((done) => {
    holder.once('error', () => done(false));
    holder.listen(1337, '127.0.0.1', () => done(true));
  });
  const { code, err } = await handshake(['server']);
  if (mine) holder.close();
  assert.equal(code, 1);
  assert.match(err, /port 1337 on 127\.0\.0\.1 is in use by another program: try --port 1338/);
});

test('reserved ports, foreign addresses, no addresses', async (t) => {
  const foreign = await handshake(['server', '--bind', '192.0.2.1', '--port', '0']);
  assert.equal(foreign.code, 1);
  assert.match(foreign.err, /this machine has no address 192\.0\.2\.1: try --bind 127\.0\.0\.1/);
  const name = await handshake(['server', '--bind', 'example']);
  assert.equal(name.code, 1);
  assert.match(name.err, /"example" is no IP address/);
  const nowhere = await handshake(['client', 'no.such.name.invalid']);
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.err, /cannot find "no\.such\.name\.invalid"/);
  if (Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8')) <= 80) return t.diagnostic('every port is free to all here');
  const low = process.getuid() === 0
    ? await run('setpriv', ['--reuid', '65534', '--clear-groups', '--bounding-set', '-all', '--inh-caps', '-all', BIN, 'server', '--port', '80'])
    : await handshake(['server', '--port', '80']);
  if (low.code === 127 || /setpriv/.test(low.err)) return t.diagnostic(low.err);
  assert.equal(low.code, 1);
  assert.match(low.err, /ports below 1024 are reserved for root: try --port 1337|in use/);
});

/** Whether the other side, on this machine, has read all that we sent. */
function allRead({ localPort, remotePort }) {
  const [here, there] = [localPort, remotePort].map((port) => port.toString(16).toUpperCase().padStart(4, '0'));
  return new RegExp(`:${there} \\w+:${here} 01 \\w{8}:0{8} `).test(readFileSync('/proc/net/tcp', 'utf8'));
}

test('Ctrl-C ends each within a second, wherever it is', async () => {
  const it = await listen();
  const waiting = await server();
  const talking = await server();
  const talk = await dial(talking.port);
  await talk.say('[1] SYN/');
  const asking = client(it.port);
  await (await it.next()).got(/SYN\/seq=(\d+)/);
  await until(() => allRead(talk.socket), 'half a message read');
  for (const one of [waiting, talking, asking]) {
    one.child.kill('SIGINT');
    const ms = await timed(one.ended);
    const end = await one.ended;
    assert.equal(end.code, 130);
    assert.ok(ms <= STOP_MS, `${ms} ms`);
    assert.deepEqual(problems(end), []);
  }
  talk.socket.destroy();
  it.close();
});

test('wrong usage', async () => {
  for (const args of [['server', 'here'], ['server', '--port', '65536'], ['client', '--port', '0'], ['client', 'a', 'b'], ['client', '--keep'], ['server', '--timeout', '0']]) {
    const { code, err } = await handshake(args);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, /\nUsage: handshake (server|client) /);
  }
});
