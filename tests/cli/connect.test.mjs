/* connect.test.mjs - `handshake connect` in a network of the test's own: two
 * namespaces, here the client's, behind it a router with a firewall. Nothing
 * leaves them. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { BIN, handshake, has, run, start, until } from './program.mjs';

/* Behind the router 198.51.100.254 lies nothing. Port 80 listens over IPv4, 81
 * is dropped, 82 forbidden, the others are closed. */
const NETWORK = `
set -e
ip link set lo up
unshare -n sleep 300 & router=$!
trap 'kill $(jobs -p)' EXIT
trap 'exit' TERM
for i in $(seq 100); do [ $(readlink /proc/$router/ns/net) = $(readlink /proc/$$/ns/net) ] || break; sleep 0.02; done
there() { nsenter -t $router -n "$@"; }
ip link add here0 type veth peer name there0 netns $router
ip addr add 198.51.100.1/24 dev here0
ip link set here0 up
ip -6 addr add 2001:db8:5::1/64 dev here0 nodad
there ip addr add 198.51.100.254/24 dev there0
there ip link set there0 up
there ip -6 addr add 2001:db8:5::254/64 dev there0 nodad
there sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
ip route add default via 198.51.100.254
ip route add blackhole 192.0.2.128/25
there nft -f - <<RULES
table inet filter {
  chain input {
    type filter hook input priority 0
    tcp dport 81 drop
    tcp dport 82 reject with icmpx type admin-prohibited
  }
}
RULES
nsenter -t $router -n nc -lk 80 </dev/null >/dev/null &
while ! there ss -tln | grep -q :80; do sleep 0.02; done
mount --bind "$1" /etc/hosts
echo ready
sleep 300 & wait
`;

const HOSTS = `127.0.0.1 localhost
198.51.100.254 both.test
2001:db8:5::254 both.test
198.51.100.254 slow.test
2001:db8:5::77 slow.test
`;

const skip = !(await has('nft')) && 'nftables is not installed';
const ready = async (child) => {
  for await (const bytes of child.stdout) if (String(bytes).includes('ready')) return true;
  return false;
};

let network, dir;
before(async () => {
  if (skip) return;
  dir = await mkdtemp(join(tmpdir(), 'connect-'));
  await writeFile(join(dir, 'hosts'), HOSTS);
  network = spawn('unshare', ['-rnm', 'bash', '-c', NETWORK, 'network', join(dir, 'hosts')], { stdio: ['ignore', 'pipe', 'inherit'] });
  assert.ok(await ready(network), 'the network stands');
});
after(async () => {
  const ended = network && new Promise((done) => network.on('exit', done));
  network?.kill('SIGTERM');
  await ended;
  if (dir) await rm(dir, { recursive: true });
});

const inside = () => ['-t', String(network.pid), '-U', '-n', '-m', '--preserve-credentials'];
const POWERLESS = ['setpriv', '--bounding-set=-all', '--inh-caps=-all'];

/** `handshake connect` inside, as text. */
const draw = (args, before_ = []) => run('nsenter', [...inside(), ...before_, BIN, 'connect', ...args]);

/** The same as events, and what the last line sums up. */
async function connect(args, before_ = []) {
  const ended = await draw(['--json', ...args], before_);
  const lines = ended.out.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));
  const summary = lines.pop();
  return { ...ended, events: lines, summary, verdicts: lines.filter((e) => e.phase === 'end' && e.verdict).map((e) => e.verdict) };
}

const segments = (events) => events.filter((e) => e.kind === 'segment').map((e) => `${e.from} ${e.flags}`);
const calls = (events) => events.filter((e) => e.kind === 'call' && e.phase === 'end').map((e) => `${e.name} ${e.errno ?? 'ok'}`);

/* --- four answers -------------------------------------------------------- */

test('established: what was agreed, and a polite close', { skip }, async () => {
  const { code, events, summary, verdicts } = await connect(['198.51.100.254', '80']);
  assert.equal(code, 0);
  assert.equal(verdicts[0].code, 'established');
  assert.match(verdicts[0].text, /^Established after .*the answer came .* after its SYN\. MSS 1460 here, 1460 there\. /);
  assert.match(verdicts[0].text, /Agreed on SACK, timestamps, windows scaled by 2\^\d+ here and 2\^\d+ there\.$/);
  assert.deepEqual(segments(events).slice(0, 3), ['client SYN', 'server SYN,ACK', 'client ACK']);
  assert.ok(segments(events).includes('client FIN,ACK') && segments(events).includes('server FIN,ACK'));
  assert.ok(!segments(events).some((line) => line.includes('RST')));
  assert.deepEqual(calls(events), ['connect ok', 'shutdown ok', 'close ok']);
  assert.equal(events[0].link, 'network');
  assert.equal(events[0].hosts.client.address, '198.51.100.1');
  assert.deepEqual(events.filter((e) => e.kind === 'copy').map((e) => events.find((s) => s.kind === 'segment' && s.n === e.n).from)
    .filter((from) => from !== 'server'), [], 'what leaves is not seen to arrive');
  assert.deepEqual([summary.established, summary.captured], ['198.51.100.254:80', true]);
});

test('refused: by RST, with its TTL', { skip }, async () => {
  const { code, events, verdicts } = await connect(['198.51.100.254', '83']);
  assert.equal(code, 1);
  assert.equal(verdicts[0].code, 'refused');
  assert.match(verdicts[0].text, /an RST answered for 198\.51\.100\.254:83 \(TTL 64\)/);
  assert.deepEqual(segments(events), ['client SYN', 'server RST,ACK']);
  assert.deepEqual(calls(events), ['connect ECONNREFUSED']);
});

test('silence: the SYNs counted, and the wait bounded', { skip }, async () => {
  const { code, events, ms, verdicts } = await connect(['--timeout', '2', '198.51.100.254', '81']);
  assert.equal(code, 1);
  assert.ok(ms >= 2000, `${ms} ms`);
  assert.equal(verdicts[0].code, 'timed-out');
  const sent = segments(events); // a third one may go out as the wait ends
  assert.ok(sent.length === 2 || sent.length === 3, sent.join());
  assert.ok(sent.every((segment) => segment === 'client SYN'), sent.join());
  assert.match(verdicts[0].text, new RegExp(`^No answer within [2-9]\\.\\d+ s: ${sent.length} SYNs went out `
    + '\\(at .*s,? .*1\\.\\d+ s.*\\) and nothing came back, no RST and no ICMP'));
});

test('ICMP: who said it, and what it means', { skip }, async () => {
  const forbidden = await connect(['198.51.100.254', '82']);
  assert.equal(forbidden.code, 1);
  assert.equal(forbidden.verdicts[0].code, 'unreachable');
  assert.match(forbidden.verdicts[0].text, /ICMP 3\/13 came from 198\.51\.100\.254, the host itself or a filter in its name: a firewall/);
  assert.ok(forbidden.events.some((e) => e.kind === 'icmp' && e.type === 3 && e.code === 13));
  const beyond = await connect(['203.0.113.9', '80']);
  assert.equal(beyond.code, 1);
  assert.match(beyond.verdicts[0].text, /ICMP 3\/0 came from 198\.51\.100\.254, a router or filter on the way/);
  assert.deepEqual(calls(beyond.events), ['connect ENETUNREACH']);
  const six = await connect(['2001:db8:5::254', '82']);
  assert.match(six.verdicts[0].text, /ICMP 1\/1 came from 2001:db8:5::254/);
});

test('what never leaves this machine is its own matter', { skip }, async () => {
  const { code, events, verdicts } = await connect(['192.0.2.200', '80']);
  assert.equal(code, 1);
  assert.deepEqual(segments(events), []);
  assert.match(verdicts[0].text, /No segment left this machine: .*ip route get 192\.0\.2\.200/);
});

/* --- several addresses --------------------------------------------------- */

test('IPv6 first; a refusal lets the next begin at once', { skip }, async () => {
  // Not at once would be 250 ms later, every time; a busy machine is not as slow
  // as that every time.
  const tries = [];
  for (let i = 0; i < 5; i++) tries.push(await connect(['both.test', '80']));
  const begun = tries.map(({ events }) =>
    events.filter((e) => e.kind === 'call' && e.name === 'connect' && e.phase === 'begin').map((e) => e.t_ns / 1e6));
  assert.ok(begun.some(([first, second]) => second - first < 250), `${begun.join('; ')} ms`);
  const [{ code, events, summary, verdicts }] = tries;
  assert.equal(code, 0);
  assert.deepEqual(verdicts.map((v) => v.code), ['refused', 'established']);
  const begins = events.filter((e) => e.kind === 'run' && e.phase === 'begin');
  assert.deepEqual(begins.map((e) => e.hosts.server.address), ['2001:db8:5::254', '198.51.100.254']);
  assert.deepEqual([summary.addresses, summary.tried], [2, 2]);
});

test('silence is waited for a quarter of a second, the slower is given up', { skip }, async () => {
  const { code, events, summary, verdicts } = await connect(['slow.test', '80']);
  assert.equal(code, 0);
  assert.deepEqual(verdicts.map((v) => v.code), ['cancelled', 'established']);
  assert.match(verdicts[0].text, /another address was faster/);
  const [first, second] = events.filter((e) => e.kind === 'call' && e.name === 'connect' && e.phase === 'begin');
  const apart = (second.t_ns - first.t_ns) / 1e6;
  assert.ok(apart >= 250, `${apart} ms`);
  assert.equal(summary.established, '198.51.100.254:80');
});

test('--ip takes the addresses of one version', { skip }, async () => {
  const { code, summary, verdicts } = await connect(['--ip', '6', 'both.test', '80']);
  assert.equal(code, 1);
  assert.deepEqual(verdicts.map((v) => v.code), ['refused']);
  assert.equal(summary.addresses, 1);
});

/* --- without the power to capture ---------------------------------------- */

test('unseen segments are counted by the kernel and not invented', { skip }, async () => {
  const silent = await connect(['--timeout', '2', '198.51.100.254', '81'], POWERLESS);
  assert.equal(silent.code, 1);
  assert.deepEqual(segments(silent.events), []);
  assert.equal(silent.summary.captured, false);
  assert.match(silent.verdicts[0].text, /: [23] SYNs went out and nothing came back\. A filter/);
  assert.ok(silent.events.some((e) => e.kind === 'message' && e.text === 'the kernel sent the SYN again (1)'));
  const stands = await connect(['198.51.100.254', '80'], POWERLESS);
  assert.equal(stands.code, 0);
  assert.match(stands.verdicts[0].text, /^Established after [^;]*\. Agreed on SACK, timestamps, windows scaled/);
  const forbidden = await connect(['198.51.100.254', '82'], POWERLESS);
  assert.match(forbidden.verdicts[0].text, /ICMP 3\/13 came from 198\.51\.100\.254/);
  const text = await draw(['198.51.100.254', '80'], POWERLESS);
  assert.match(text.out, /Segments are not seen \(cannot watch here0: /);
});

/* --- for people ---------------------------------------------------------- */

test('the ladder leaves the far side blank', { skip }, async () => {
  const { code, out } = await draw(['198.51.100.254', '80']);
  assert.equal(code, 0);
  assert.match(out, /^198\.51\.100\.254 port 80\.\nSEQ and ACK count/);
  assert.match(out, /-- <SEQ=0><CTL=SYN> \.+\n/);
  assert.match(out, /<- <SEQ=0><ACK=1><CTL=SYN,ACK> -+\n/);
  assert.doesNotMatch(out, /CLOSED$/m);
  assert.match(out, /\nestablished: Established after/);
});

test('it waits without any power; Ctrl-C ends that', { skip }, async () => {
  const it = start('nsenter', [...inside(), BIN, 'connect', '--timeout', '60', '198.51.100.254', '81']);
  await until(() => it.out.includes('CTL=SYN'), 'the SYN');
  const status = await readFile(`/proc/${it.child.pid}/status`, 'utf8');
  assert.match(status, /^CapPrm:\t0{16}\nCapEff:\t0{16}\n/m);
  assert.match(status, /^NoNewPrivs:\t1$/m);
  if (!process.env.HANDSHAKE_SANITIZE) assert.match(status, /^Seccomp:\t2$/m);
  it.child.kill('SIGINT');
  const { code, out } = await it.ended;
  assert.equal(code, 130);
  assert.match(out, /cancelled: Given up after .* by request/);
});

test('a wrong command line is 2, a name without address 1', async () => {
  for (const wrong of [['localhost'], [], ['localhost', '0'], ['localhost', '65536'], ['localhost', 'no-such-service'],
    ['--timeout', '0', 'localhost', '80'], ['--ip', '5', 'localhost', '80']]) {
    const { code, err } = await handshake(['connect', ...wrong]);
    assert.equal(code, 2, wrong.join(' '));
    assert.match(err, /^handshake connect: .*\nUsage: /);
  }
  const { code, err } = await handshake(['connect', 'no-such-host.invalid', '80']);
  assert.equal(code, 1);
  assert.match(err, /no address for "no-such-host\.invalid"/);
});
