/* tshark.test.mjs - an independent decoder reads the capture of every built-in
 * scenario, on every link where it runs: the packets must be those of the run,
 * where and when they were seen, and their fields ours, checksums and all. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { capinfos, decode, hasTshark } from './pcapng.mjs';
import { ask, post, startServer } from './server.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const skip = hasTshark ? false : 'tshark is not installed';

/** A finished run, with its capture. */
async function runOf(request) {
  const answer = await post(server, '/api/runs', { wait: true, ...request });
  assert.equal(answer.status, 201, `${JSON.stringify(request)}: ${answer.text}`);
  const run = answer.json;
  const file = await ask(server, `/api/runs/${run.id}.pcapng`);
  assert.equal(file.status, 200);
  run.file = file.body;
  return run;
}

/* --- which packets there must be ----------------------------------------- */

const NS = 1000000000n;

/** Wall-clock time of an event as tshark writes it. */
function epochOf(run, event) {
  const [, seconds, fraction] = /^(.*)\.(\d{9})Z$/.exec(run.wall);
  const ns = BigInt(Date.parse(`${seconds}Z`) / 1000) * NS + BigInt(fraction) + BigInt(event.t_ns);
  return `${ns / NS}.${String(ns % NS).padStart(9, '0')}`;
}

const sight = (run, event, interface_, direction, hex = event.hex) =>
  ({ event, interface: interface_, direction, epoch: epochOf(run, event), hex });

/** At the sender and on the wire; on loopback only on its way. */
function sightsOfSent(run, event) {
  if (event.saved) return [sight(run, event, event.to, 'in')];
  const hosts = run.link === 'wire' && !event.forged ? [sight(run, event, event.from, 'out')] : [];
  return [...hosts, sight(run, event, 'wire', null)];
}

function sightsOfCopy(run, copy, segment) {
  if (copy.fate !== 'arrived' || run.link !== 'wire') return [];
  return [sight(run, copy, segment.to, 'in', copy.hex ?? segment.hex)];
}

function sightsOf(run) {
  const segments = new Map(run.events.filter((e) => e.kind === 'segment').map((e) => [e.n, e]));
  return run.events.flatMap((event) => {
    if (event.kind === 'segment' || event.kind === 'icmp') return sightsOfSent(run, event);
    return event.kind === 'copy' ? sightsOfCopy(run, event, segments.get(event.n)) : [];
  });
}

const key = ({ epoch, interface: name, direction, hex }) => `${epoch} ${name} ${direction} ${hex}`;

/** Every packet must be one of the run, and the other way round; each gets its event. */
function pair(run) {
  const sights = new Map(sightsOf(run).map((one) => [key(one), one]));
  assert.deepEqual(run.packets.map(key).sort(), sightsOf(run).map(key).sort());
  for (const packet of run.packets) packet.event = sights.get(key(packet)).event;
}

/* --- what must be said of them ------------------------------------------- */

/** The bits tshark names, in our words. */
const BITS = { FIN: 0x1, SYN: 0x2, RST: 0x4, PSH: 0x8, ACK: 0x10, URG: 0x20, ECE: 0x40, CWR: 0x80, AE: 0x100 };

/* Good; and right, though written as 0xffff where 0 is meant, which tshark tells
 * apart (RFC 1624). Linux writes it so: one segment in 65,536. */
const GOOD = new Set(['1', '4']);

function compare(segment, { layers }) {
  const { tcp } = layers;
  assert.ok(tcp, `tshark sees no TCP in segment ${segment.n}`);
  assert.equal(Number(tcp['tcp.seq_raw'] ?? tcp['tcp.seq']), segment.seq, `seq of ${segment.n}`);
  assert.equal(Number(tcp['tcp.ack_raw'] ?? tcp['tcp.ack']), segment.ack, `ack of ${segment.n}`);
  assert.equal(Number(tcp['tcp.flags']) & 0x1ff, segment.flags.reduce((sum, name) => sum | BITS[name], 0));
  assert.equal(Number(tcp['tcp.window_size_value']), segment.window, `window of ${segment.n}`);
  assert.equal(Number(tcp['tcp.len']), segment.len, `length of ${segment.n}`);
  if (segment.checksum !== 'partial') {
    const isGood = GOOD.has(tcp['tcp.checksum.status']);
    assert.equal(isGood, segment.checksum_ok, `checksum of ${segment.n}`);
  }
  const mss = segment.options.find((option) => option.name === 'MSS');
  const theirs = JSON.stringify(tcp).match(/"tcp\.options\.mss_val":\s*"(\d+)"/);
  assert.equal(theirs ? Number(theirs[1]) : undefined, mss?.value, `MSS of ${segment.n}`);
}

/** The packet on the wire says what became of the segment, and why it is as it is. */
function checkComments(run, segment, packet) {
  const copies = run.events.filter((e) => e.kind === 'copy' && e.n === segment.n);
  const said = [segment, ...copies].map((event) => event.sentence);
  const says = segment.says.map(({ text, rfc }) => `${text} [${rfc}]`);
  assert.deepEqual(packet.comments, [...said, ...says]);
}

function checkPacket(run, packet) {
  const { event } = packet;
  assert.equal(packet.comments[0], event.sentence);
  if (event.kind === 'icmp') return;
  assert.equal(packet.id, BigInt(event.n));
  if (event.kind === 'copy') return;
  compare(event, packet);
  if (packet.interface === 'wire') checkComments(run, event, packet);
}

/** Runs of these requests, a number at a time since most of them only wait, all
 * decoded by one tshark and checked. Resolves to the runs with their packets. */
async function checkAll(requests, atATime = 24) {
  const waiting = requests.map((request, i) => ({ request, i }));
  const runs = [];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) runs[next.i] = await runOf(next.request);
  };
  await Promise.all(Array.from({ length: atATime }, work));
  const files = runs.map(({ file }) => file);
  const [packets, infos] = await Promise.all([decode(files), capinfos(files)]);
  for (const [i, run] of runs.entries()) check(Object.assign(run, { packets: packets[i], infos: infos[i] }));
  return runs;
}

const checkRun = async (request) => (await checkAll([request]))[0];

function check(run) {
  try {
    pair(run);
    for (const packet of run.packets) checkPacket(run, packet);
    assert.match(run.infos, /^Strict time order: {3}True$/m);
    assert.match(run.infos, /^Capture application: Handshake Lab /m);
    assert.match(run.infos, new RegExp(`^Capture comment: .*\\(${run.scenario}\\)`, 'm'));
  } catch (error) {
    error.message = `${run.scenario} on ${run.link}: ${error.message}`;
    throw error;
  }
}

async function catalogue() {
  const { scenarios } = (await ask(server, '/api/scenarios')).json;
  assert.ok(scenarios.length > 50);
  return scenarios;
}

test('tshark agrees on every built-in scenario on the wire', { skip }, async () => {
  const scenarios = await catalogue();
  await checkAll(scenarios.map(({ id }) =>
    ({ scenario: id, link: 'wire', options: id.startsWith('icmp6') ? { ip: 6 } : {} })));
});

test('tshark agrees on what runs without the wire', { skip }, async () => {
  const scenarios = (await catalogue()).filter((s) => !(s.needs ?? []).includes('wire'));
  const requests = scenarios.flatMap(({ id: scenario }) => ['loopback', 'sockets'].map((link) =>
    ({ scenario, link, options: { max_seconds: 5 } })));
  assert.ok(requests.length >= 4);
  await checkAll([...requests, { scenario: 'open', link: 'loopback', options: { ip: 6 } }]);
});

test('tshark agrees over IPv6', { skip }, async () => {
  await checkAll(['open', 'classic', 'syn-lost', 'reject-rst', 'accept-later'].map((scenario) =>
    ({ scenario, link: 'wire', options: { ip: 6 } })));
});

test('tshark agrees on what was rewritten, and that damage is damage', { skip }, async () => {
  const scenario = (await ask(server, '/api/scenarios/open')).json;
  delete scenario.expect;
  scenario.wire = ['client SYN nth 1 corrupt', 'client SYN nth 2 strip WScale', 'server SYN,ACK rewrite window=1000'];
  const run = await checkRun({ scenario, link: 'wire' });
  const changed = run.packets.filter(({ event }) => event.kind === 'copy' && event.hex);
  assert.ok(changed.length >= 3);
  assert.equal(changed[0].layers.tcp['tcp.checksum.status'], '0');
  for (const { layers } of changed.slice(1)) assert.equal(layers.tcp['tcp.checksum.status'], '1');
  assert.doesNotMatch(JSON.stringify(changed[1].layers.tcp), /wscale\.shift/);
  assert.equal(changed[2].layers.tcp['tcp.window_size_value'], '1000');
});

test('tshark agrees on a bad road: lost, doubled and delayed', { skip }, async () => {
  const run = await checkRun({
    scenario: 'classic', link: 'wire',
    options: { latency_ms: 5, jitter_ms: 2, loss: 0.2, duplicate: 0.2, reorder: 0.2, seed: 7 },
  });
  const comments = run.packets.flatMap((packet) => packet.comments).join('\n');
  assert.match(comments, /is dropped by chance on the link \(loss\)/);
  assert.match(comments, /copy 2 of segment/);
});

test('tshark reads the ICMP errors we forge, checksums and all', { skip }, async () => {
  const four = await checkRun({ scenario: 'icmp-host-unreachable', link: 'wire' });
  const six = await checkRun({ scenario: 'icmp6-address-unreachable', link: 'wire', options: { ip: 6 } });
  const forged = (run) => run.packets.find(({ event }) => event.kind === 'icmp' && event.forged).layers;
  const { icmp } = forged(four);
  assert.equal(icmp['icmp.type'], '3');
  assert.equal(icmp['icmp.code'], '1');
  assert.equal(icmp['icmp.checksum.status'], '1');
  const { icmpv6 } = forged(six);
  assert.equal(icmpv6['icmpv6.type'], '1');
  assert.equal(icmpv6['icmpv6.code'], '3');
  assert.equal(icmpv6['icmpv6.checksum.status'], '1');
});
