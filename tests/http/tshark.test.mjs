/* tshark.test.mjs - an independent decoder reads every segment the wire carried
 * or made: its fields, sentences apart, must be ours, its checksums right. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ask, post, startServer } from './server.mjs';

const LINKTYPE_RAW = 101; // packets begin at the IP header

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

const hasTshark = (() => {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const skip = hasTshark ? false : 'tshark is not installed';

/** A classic pcap file of packets given in hex. */
function pcapOf(packets) {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65535, 16);
  head.writeUInt32LE(LINKTYPE_RAW, 20);
  const records = packets.map((hex, i) => {
    const bytes = Buffer.from(hex, 'hex');
    const record = Buffer.alloc(16);
    record.writeUInt32LE(i, 0);
    record.writeUInt32LE(bytes.length, 8);
    record.writeUInt32LE(bytes.length, 12);
    return Buffer.concat([record, bytes]);
  });
  return Buffer.concat([head, ...records]);
}

/** What tshark makes of them, one object of layers a packet. */
function decode(packets) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'handshake-tshark-'));
  const file = path.join(dir, 'run.pcap');
  try {
    fs.writeFileSync(file, pcapOf(packets));
    const json = execFileSync('tshark', ['-r', file, '-T', 'json', '-o', 'tcp.check_checksum:TRUE',
      '-o', 'ip.check_checksum:TRUE', '-o', 'tcp.relative_sequence_numbers:FALSE',
      '-o', 'tcp.analyze_sequence_numbers:FALSE', '--no-duplicate-keys'],
    { encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'ignore'] });
    return JSON.parse(json).map((packet) => packet._source.layers);
  } finally {
    fs.rmSync(dir, { recursive: true });
  }
}

async function runOf(request) {
  const answer = await post(server, '/api/runs', { link: 'wire', wait: true, ...request });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

/** The bits tshark names, in our words. */
const BITS = { FIN: 0x1, SYN: 0x2, RST: 0x4, PSH: 0x8, ACK: 0x10, URG: 0x20, ECE: 0x40, CWR: 0x80, AE: 0x100 };

function compare(segment, layers) {
  const tcp = layers.tcp;
  assert.ok(tcp, `tshark sees no TCP in segment ${segment.n}`);
  assert.equal(Number(tcp['tcp.seq_raw'] ?? tcp['tcp.seq']), segment.seq, `seq of ${segment.n}`);
  assert.equal(Number(tcp['tcp.ack_raw'] ?? tcp['tcp.ack']), segment.ack, `ack of ${segment.n}`);
  assert.equal(Number(tcp['tcp.flags']) & 0x1ff, segment.flags.reduce((sum, name) => sum | BITS[name], 0));
  assert.equal(Number(tcp['tcp.window_size_value']), segment.window, `window of ${segment.n}`);
  assert.equal(Number(tcp['tcp.len']), segment.len, `length of ${segment.n}`);
  assert.equal(tcp['tcp.checksum.status'] === '1', segment.checksum_ok, `checksum of ${segment.n}`);
  const mss = segment.options.find((option) => option.name === 'MSS');
  const theirs = JSON.stringify(tcp).match(/"tcp\.options\.mss_val":\s*"(\d+)"/);
  assert.equal(theirs ? Number(theirs[1]) : undefined, mss?.value, `MSS of ${segment.n}`);
}

async function checkRun(request) {
  const run = await runOf(request);
  const segments = run.events.filter((event) => event.kind === 'segment');
  assert.ok(segments.length > 0);
  const decoded = decode(segments.map((segment) => segment.hex));
  assert.equal(decoded.length, segments.length);
  segments.forEach((segment, i) => compare(segment, decoded[i]));
  return run;
}

test('tshark agrees on every segment of real handshakes', { skip }, async () => {
  await checkRun({ scenario: 'classic' });
  await checkRun({ scenario: 'classic', options: { ip: 6 } });
});

test('tshark agrees on forged answers and floods', { skip }, async () => {
  for (const scenario of ['reject-rst', 'syn-flood-cookies', 'rst-right-ack']) {
    const run = await checkRun({ scenario });
    assert.ok(run.events.some((event) => event.kind === 'segment' && event.forged), scenario);
  }
});

test('tshark agrees on what was rewritten, and that damage is damage', { skip }, async () => {
  const scenario = (await ask(server, '/api/scenarios/open')).json;
  delete scenario.expect;
  scenario.wire = ['client SYN nth 1 corrupt', 'client SYN nth 2 strip WScale', 'server SYN,ACK rewrite window=1000'];
  const run = await checkRun({ scenario });
  const changed = run.events.filter((event) => event.kind === 'copy' && event.hex);
  const decoded = decode(changed.map((copy) => copy.hex));
  assert.ok(changed.length >= 3);
  assert.equal(decoded[0].tcp['tcp.checksum.status'], '0');
  for (const layers of decoded.slice(1)) assert.equal(layers.tcp['tcp.checksum.status'], '1');
  assert.doesNotMatch(JSON.stringify(decoded[1].tcp), /wscale\.shift/);
  assert.equal(decoded[2].tcp['tcp.window_size_value'], '1000');
});

test('tshark reads the ICMP errors we forge, checksums and all', { skip }, async () => {
  const four = await runOf({ scenario: 'icmp-host-unreachable' });
  const six = await runOf({ scenario: 'icmp6-address-unreachable', options: { ip: 6 } });
  const hex = (run) => run.events.filter((event) => event.kind === 'icmp' && event.forged).map((event) => event.hex);
  const [first] = decode(hex(four));
  assert.equal(first.icmp['icmp.type'], '3');
  assert.equal(first.icmp['icmp.code'], '1');
  assert.equal(first.icmp['icmp.checksum.status'], '1');
  const [second] = decode(hex(six));
  assert.equal(second.icmpv6['icmpv6.type'], '1');
  assert.equal(second.icmpv6['icmpv6.code'], '3');
  assert.equal(second.icmpv6['icmpv6.checksum.status'], '1');
});
