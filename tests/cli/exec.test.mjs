/* exec.test.mjs - `handshake exec`: foreign programs behind the wire, what they
 * meet there, what is seen of them, and that nothing of them is left. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { BIN, handshake, run, start, until } from './program.mjs';
import { timed } from '../http/timed.mjs';

const URL4 = 'http://192.0.2.2/';
const QUIET = ['exec', '-q'];
const END_MS = process.env.HANDSHAKE_SANITIZE ? 8000 : 1000;
const isRoot = process.getuid() === 0;

/** `handshake exec` with its events. */
async function exec(args, program, options) {
  const dir = await mkdtemp(join(tmpdir(), 'exec-'));
  const file = join(dir, 'events');
  const ended = await handshake(['exec', '--json', file, ...args, '--', ...program], options);
  const text = await readFile(file, 'utf8').catch(() => '');
  await rm(dir, { recursive: true });
  return { ...ended, events: text.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line)) };
}

const sh = (command) => ['sh', '-c', command];
const flags = (e) => e.flags.join();
const syns = (events) => events.filter((e) => e.kind === 'segment' && flags(e) === 'SYN');
const fates = (events, segment) => events.filter((e) => e.kind === 'copy' && e.n === segment.n).map((e) => e.fate);
const states = (events, host) => events.filter((e) => e.kind === 'state' && e.host === host && e.peer).map((e) => e.new);
const verdict = (events) => events.at(-1).verdict;

/** Processes whose command line holds `mark`. */
async function alive(mark) {
  const found = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.includes(mark) && Number(pid) !== process.pid) found.push(`${pid} ${line}`);
  }
  return found;
}

/** A word that only this test's processes carry. */
const newMark = () => `mark-${process.pid}-${Math.random().toString(36).slice(2)}`;

/* --- what the wire does to a client -------------------------------------- */

test('curl waits for a SYN that gets lost twice', async () => {
  const curl = ['curl', '-s', '-o', '/dev/null', '-w', '%{http_code} %{time_connect}', URL4];
  const { code, out, err, events } = await exec(['--rule', 'client SYN nth 1-2 drop'], curl);
  assert.equal(code, 0, err);
  const [status, seconds] = out.split(' ');
  assert.equal(status, '200');
  assert.ok(Number(seconds) > 1.9, seconds);
  const sent = syns(events);
  assert.equal(sent.length, 3);
  assert.deepEqual(sent.map((syn) => fates(events, syn)), [['dropped'], ['dropped'], ['arrived']]);
  assert.equal(sent[2].of, sent[0].n);
  assert.deepEqual(states(events, 'client').slice(0, 2), ['SYN-SENT', 'ESTABLISHED']);
  assert.equal(verdict(events).code, 'established');
  assert.match(verdict(events).text, /status 0.*SYN sent 3 times/);
});

test('curl gives up where no SYN arrives, with its own status', async () => {
  const { code, events } = await exec(['--rule', 'client SYN drop'], ['curl', '-s', '--connect-timeout', '1.5', URL4]);
  assert.equal(code, 28);
  assert.equal(syns(events).length, 2);
  assert.equal(verdict(events).code, 'timed-out');
  assert.match(verdict(events).text, /sent 2 SYNs .* none arrived/);
});

test('a port nobody listens on is refused by the kernel', async () => {
  const { code, events } = await exec([], ['curl', '-s', 'http://192.0.2.2:81/']);
  assert.equal(code, 7);
  const reset = events.find((e) => e.kind === 'segment' && e.from === 'server');
  assert.equal(flags(reset), 'RST,ACK');
  assert.equal(verdict(events).code, 'refused');
});

test('latency is what the program measures', async () => {
  const curl = ['curl', '-s', '-o', '/dev/null', '-w', '%{time_connect}', URL4];
  const { code, out, events } = await exec(['--latency', '100ms'], curl);
  assert.equal(code, 0);
  assert.ok(Number(out) >= 0.2, out);
  assert.equal(syns(events).length, 1, 'that is less than a second, after which the SYN would be sent again');
  assert.equal(verdict(events).code, 'established');
  // curl is gone by then; its kernel still has to hear the server's FIN.
  assert.equal(states(events, 'client').at(-1), 'TIME-WAIT');
});

/* --- servers ------------------------------------------------------------- */

test('the built-in HTTP server says what it is', async () => {
  const { code, out } = await handshake([...QUIET, '--', 'curl', '-s', '-i', URL4]);
  assert.equal(code, 0);
  assert.match(out, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(out, /built-in server of `handshake exec`/);
  assert.match(out, /You are 192\.0\.2\.1:\d+, this is 192\.0\.2\.2:80/);
});

test('the built-in HTTP server keeps to the protocol', async () => {
  const more = ['-o', '/dev/null', '-w', '%{http_code} %{num_connects} ', URL4];
  const curl = ['curl', '-s', '-o', '/dev/null', '-w', '%{http_code} %{num_connects} ', URL4,
    '--next', '-s', '-I', ...more, '--next', '-s', '-d', 'body=1', ...more,
    '--next', '-s', ...more, '--next', '-s', '-H', `X-Long: ${'x'.repeat(9000)}`, ...more];
  const { code, out } = await handshake([...QUIET, '--', ...curl]);
  assert.equal(code, 0);
  assert.equal(out.trim(), '200 1 200 0 405 0 200 0 431 0');
});

test('the echo server sends back what comes, over both versions', async () => {
  const nc = sh('echo $HANDSHAKE_SERVER; seq 1 20000 | nc -N $HANDSHAKE_SERVER $HANDSHAKE_PORT | md5sum');
  const numbers = await run('sh', ['-c', 'seq 1 20000 | md5sum']);
  for (const [ip, address] of [['4', '192.0.2.2'], ['6', '2001:db8::2']]) {
    const { code, out, err, events } = await exec(['--server', 'echo', '--ip', ip], nc);
    assert.equal(code, 0, err);
    assert.equal(out, `${address}\n${numbers.out}`);
    assert.equal(events[0].hosts.server.address, address);
    assert.equal(events[0].hosts.server.port, 7);
    assert.ok(states(events, 'server').includes('ESTABLISHED'));
  }
});

test('a server of one\'s own: begun first, ended last', async () => {
  const mark = newMark();
  const server = `printf 'from ${mark}' | nc -l -N 8000`;
  const { code, out, err, events } = await exec(['--port', '8000', '--server-exec', server], ['nc', '-N', '192.0.2.2', '8000']);
  assert.equal(code, 0, err);
  assert.equal(out, `from ${mark}`);
  const calls = events.filter((e) => e.kind === 'call').map((e) => `${e.host} ${e.phase}`);
  assert.equal(calls[0], 'server begin');
  assert.equal(calls[1], 'client begin');
  await until(async () => (await alive(mark)).length === 0, 'the server is gone');
});

test('a server that never listens is said to, with status 125', async () => {
  const { code, out, err } = await handshake([...QUIET, '--server-exec', 'exit 3', '--', 'echo', 'begun']);
  assert.equal(code, 125);
  assert.equal(out, '');
  assert.match(err, /server's command ended with status 3 before it listened on 192\.0\.2\.2:80/);
});

/* --- several connections ------------------------------------------------- */

test('parallel connections are all carried and seen', async () => {
  const many = 40;
  const client = sh(`for i in $(seq ${many}); do (sleep 0.3; echo $i) | nc -N $HANDSHAKE_SERVER $HANDSHAKE_PORT & done; wait`);
  const { code, out, events } = await exec(['--server', 'echo'], client);
  assert.equal(code, 0);
  const numbers = out.trim().split('\n').map(Number).sort((a, b) => a - b);
  assert.deepEqual(numbers, Array.from({ length: many }, (_, i) => i + 1));
  for (const host of ['client', 'server']) {
    // A quick program leaves ESTABLISHED before it can be asked for.
    const sockets = events.filter((e) => e.kind === 'state' && e.host === host && e.peer && !/SYN|CLOSED/.test(e.new));
    assert.equal(new Set(sockets.map((e) => `${e.socket} ${e.peer}`)).size, many, host);
  }
  assert.match(verdict(events).text, new RegExp(`tried ${many} connections, ${many} were established`));
});

test('a transfer of megabytes arrives whole', async () => {
  const client = sh('head -c 20000000 /dev/zero | nc -N $HANDSHAKE_SERVER $HANDSHAKE_PORT | wc -c');
  const { code, out } = await handshake([...QUIET, '--server', 'echo', '--', ...client]);
  assert.equal(code, 0);
  assert.equal(out.trim(), '20000000');
});

/* --- the program is its own ---------------------------------------------- */

test('exit statuses are the program\'s, or as env(1) gives them', async () => {
  const cases = [[['true'], 0], [sh('exit 7'), 7], [sh('kill -9 $$'), 137], [sh('kill -TERM $$'), 143],
    [['no-such-program'], 127], [['/etc/passwd'], 126]];
  for (const [program, status] of cases) {
    const { code } = await handshake([...QUIET, '--', ...program]);
    assert.equal(code, status, program.join(' '));
  }
  for (const wrong of [['exec'], ['exec', '--rule', 'nonsense', '--', 'true'], ['exec', '--server', 'ftp', '--', 'true'],
    ['exec', '--server', 'http', '--server-exec', 'true', '--', 'true'], ['exec', '--json', '/no/such/file', '--', 'true']]) {
    const { code, err } = await handshake(wrong);
    assert.equal(code, 125, wrong.join(' '));
    assert.match(err, /^handshake/);
  }
});

test('a record of the events that could not be written whole is a failure', async () => {
  for (const [program, status] of [[['true'], 1], [sh('exit 7'), 7]]) {
    const { code, err } = await handshake([...QUIET, '--json', '/dev/full', '--', ...program]);
    assert.equal(code, status, program.join(' '));
    assert.match(err, /the record could not be written to \/dev\/full: No space left on device/);
  }
});

test('where there is no wire a sentence says so, with status 125', { skip: !process.env.HANDSHAKE_REFUSE }, async () => {
  const { code, out, err } = await run(process.env.HANDSHAKE_REFUSE, ['unshare', BIN, ...QUIET, '--', 'echo', 'begun']);
  assert.equal(code, 125);
  assert.equal(out, '');
  assert.match(err, /only be run behind the wire, which cannot be had here: unshare\(\).*handshake doctor/);
});

test('input, output and errors are the program\'s; the ladder goes to stderr', async () => {
  const both = await handshake([...QUIET, '--', ...sh('cat; echo wrong >&2; pwd')], { input: 'asked\n', cwd: '/tmp' });
  assert.equal(both.out, 'asked\n/tmp\n');
  assert.equal(both.err, 'wrong\n');
  const drawn = await handshake(['exec', '--', 'curl', '-s', '-o', '/dev/null', URL4]);
  assert.equal(drawn.out, '');
  assert.match(drawn.err, /exec\(curl -s -o \/dev\/null/);
  // In one line, or, where the machine was busy, in two: sent, and arrived later.
  assert.match(drawn.err, new RegExp('SYN-SENT +-- <SEQ=0><CTL=SYN> (-+> SYN-RECEIVED'
    + '|\\.+ LISTEN\\n.* \\.\\. <SEQ=0><CTL=SYN> -+> SYN-RECEIVED)'));
  assert.match(drawn.err, /established: The program ended with status 0/);
});

test('a capture can be read back, and by tshark', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'exec-'));
  const file = join(dir, 'run.pcapng');
  const { code } = await handshake([...QUIET, '--pcapng', file, '--', 'curl', '-s', '-o', '/dev/null', URL4]);
  assert.equal(code, 0);
  const { out } = await handshake(['read', file]);
  assert.match(out, /established: The program ended with status 0/);
  const tshark = await run('tshark', ['-r', file, '-Y', 'frame.interface_name == "wire" && tcp.flags.syn == 1', '-T', 'fields', '-e', 'tcp.flags.str']);
  assert.equal(tshark.out.trim().split('\n').length, 2);
  await rm(dir, { recursive: true });
});

/** What a program sees of itself. */
const LOOK = sh('id -u; id -g; grep -E "^(Cap(Prm|Eff|Bnd|Amb)|NoNewPrivs)" /proc/self/status; env | grep -iE "proxy|HANDSHAKE"; ip -br link');

function checkLook(out, uid, gid) {
  assert.ok(out.startsWith(`${uid}\n${gid}\n`), out);
  for (const set of ['Prm', 'Eff', 'Bnd', 'Amb']) assert.match(out, new RegExp(`Cap${set}:\\t0{16}\\n`));
  assert.match(out, /NoNewPrivs:\t1/);
  assert.match(out, /HANDSHAKE_SERVER=192\.0\.2\.2\n/);
  assert.match(out, /HANDSHAKE_PORT=80\n/);
  assert.doesNotMatch(out, /proxy/i);
  assert.match(out, /^lo .*\neth0@wire0 .*\nwire0@eth0 [^\n]*\n$/m);
}

const PROXIES = { http_proxy: 'http://127.0.0.1:9', ALL_PROXY: 'http://127.0.0.1:9' };

test('it runs as whoever called, without any power', async () => {
  const { code, out, err } = await handshake([...QUIET, '--', ...LOOK], { env: PROXIES });
  assert.equal(code, 0, err);
  checkLook(out, process.getuid(), process.getgid());
});

test('an ordinary user, and root without power, see themselves too', { skip: !isRoot }, async () => {
  for (const [args, id] of [[['--reuid', '1000', '--regid', '1000', '--clear-groups'], 1000],
    [['--bounding-set=-sys_admin', '--inh-caps=-sys_admin'], 0]]) {
    const { code, out, err } = await run('setpriv', [...args, BIN, ...QUIET, '--', ...LOOK], { env: PROXIES });
    assert.equal(code, 0, err);
    checkLook(out, id, id);
  }
});

test('nothing but the server can be reached', async () => {
  const { code, out } = await handshake([...QUIET, '--', ...sh(
    'curl -s -m 2 http://198.51.100.1/; echo $?; curl -s -m 5 http://example.com/; echo $?; nc -z 127.0.0.1 22; echo $?')]);
  assert.equal(code, 0);
  assert.equal(out, '7\n6\n1\n');
});

/* --- its end ------------------------------------------------------------- */

test('what the program leaves running ends with it', async () => {
  const mark = newMark();
  const { code } = await handshake([...QUIET, '--', ...sh(`(setsid sh -c 'sleep 100; : ${mark}' >/dev/null 2>&1 &); exit 3`)]);
  assert.equal(code, 3);
  assert.deepEqual(await alive(mark), []);
  // Its connections are closed by that, and come to rest.
  const left = await exec(['--server', 'echo'], sh('(sleep 100 | nc $HANDSHAKE_SERVER $HANDSHAKE_PORT &)'
    + '; until grep -q ":0007 01 " /proc/self/net/tcp; do sleep 0.02; done'));
  assert.equal(left.code, 0);
  assert.equal(states(left.events, 'client').at(-1), 'TIME-WAIT');
});

/* A test that fails must not leave any. */
const staying = [];
after(() => staying.forEach((child) => child.kill('SIGKILL')));

/** Start a program that stays, and wait until it is through its first command. */
async function startStaying(args, first, rest) {
  const mark = newMark();
  const it = start(BIN, [...QUIET, ...args.map((word) => word.replace('MARK', mark)), '--', 'sh', '-c', `${first}
echo runs; ${rest}; : ${mark}`]);
  staying.push(it.child);
  await until(() => it.out.includes('runs'), 'the program runs');
  return { ...it, mark };
}

test('SIGTERM is passed on, and has the last word within a second', async () => {
  const meek = await startStaying([], 'trap "exit 9" TERM', 'sleep 100 & wait');
  meek.child.kill('SIGTERM');
  assert.equal((await meek.ended).code, 9);
  const deaf = await startStaying(['--server-exec', 'trap "" TERM; nc -lk 80; : MARK'], 'trap "" TERM INT', 'while :; do sleep 1; done');
  deaf.child.kill('SIGTERM');
  const ms = await timed(deaf.ended);
  assert.equal((await deaf.ended).code, 137);
  assert.ok(ms < END_MS, `${ms} ms`);
  for (const { mark } of [meek, deaf]) assert.deepEqual(await alive(mark), []);
});

test('a killed main leaves nothing', async () => {
  const it = await startStaying(['--server-exec', 'nc -lk 80; : MARK'], 'setsid sleep 100 &', 'sleep 100');
  it.child.kill('SIGKILL');
  await until(async () => (await alive(it.mark)).length === 0, 'all are gone');
});

test('fifty in a row leave no process and no namespace', async () => {
  const mark = newMark();
  // Each makes five; the kernel lets go of them in the background, later the
  // busier the machine is: for 20 s it is tried again. What stays would count,
  // and sixty are all that may be.
  const loop = `echo 60 >/proc/sys/user/max_net_namespaces || exit 99
    for i in $(seq 50); do
      until "$0" exec -q -- sh -c ': ${mark}; exec curl -s -o /dev/null ${URL4}'; do
        tries=$((tries + 1)); [ $tries -lt 200 ] || exit 1; sleep 0.1
      done
    done`;
  const id = isRoot ? '1000' : String(process.getuid());
  const { code, err } = await run('unshare', ['-U', `--map-user=${id}`, `--map-group=${id}`, '--keep-caps', 'sh', '-c', loop, BIN]);
  assert.equal(code, 0, err);
  assert.deepEqual(await alive(mark), []);
});
