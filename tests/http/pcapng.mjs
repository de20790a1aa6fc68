/* pcapng.mjs - captures read by others than the program under test: the blocks
 * by hand, the packets by tshark. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const BLOCK_EVENTS = 0x8048534c;
const EVENTS_HEAD = 24;
const RUNNING_AS_ROOT = /^Running as user "root" and group "root"\. This could be dangerous\.\n/;

/** The blocks of a little-endian pcapng file: [{ type, body }]. */
export function blocksOf(bytes) {
  const blocks = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32LE(at + 4);
    assert.ok(length >= 12 && length % 4 === 0 && at + length <= bytes.length, `block at ${at}`);
    assert.equal(bytes.readUInt32LE(at + length - 4), length);
    blocks.push({ type: bytes.readUInt32LE(at), body: bytes.subarray(at + 8, at + length - 4) });
    at += length;
  }
  return blocks;
}

/** The events of a run's file, as the lines they were written in. */
export function linesOf(bytes) {
  return blocksOf(bytes)
    .filter((block) => block.type === BLOCK_EVENTS)
    .map(({ body }) => body.subarray(EVENTS_HEAD, EVENTS_HEAD + body.readUInt32LE(20)).toString())
    .join('');
}

export const hasTshark = (() => {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

async function withFiles(files, use) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'handshake-tshark-'));
  const paths = files.map((_, i) => path.join(dir, `${i}.pcapng`));
  try {
    files.forEach((bytes, i) => fs.writeFileSync(paths[i], bytes));
    return await use(paths);
  } finally {
    fs.rmSync(dir, { recursive: true });
  }
}

const sectionOf = ({ _source: { layers } }) => Number(layers.frame['frame.section_number']);

/** One packet as tshark tells it. */
function packetOf({ _source: { layers } }) {
  const { frame } = layers;
  return {
    layers,
    interface: frame['frame.interface_id_tree']['frame.interface_name'],
    direction: { 1: 'in', 2: 'out' }[Number(frame['frame.packet_flags']) & 3] ?? null,
    id: BigInt(frame['frame.packet_id']),
    epoch: frame['frame.time_epoch'],
    hex: layers.frame_raw[0],
    comments: [layers.pkt_comment['frame.comment']].flat(),
  };
}

/** The packets of each of these files. One tshark reads them all, as the sections of
 * one file, for starting it takes longer than its work; it must have nothing to say
 * about them. */
export function decode(files) {
  return withFiles([Buffer.concat(files)], async ([file]) => {
    const { stdout, stderr } = await run('tshark', ['-r', file, '-T', 'json', '-x', '-o', 'tcp.check_checksum:TRUE',
      '-o', 'ip.check_checksum:TRUE', '-o', 'tcp.relative_sequence_numbers:FALSE',
      '-o', 'tcp.analyze_sequence_numbers:FALSE', '--no-duplicate-keys'], { maxBuffer: 1 << 29 });
    assert.equal(stderr.replace(RUNNING_AS_ROOT, ''), '');
    const packets = files.map(() => []);
    for (const each of JSON.parse(stdout)) packets[sectionOf(each) - 1].push(packetOf(each));
    return packets;
  });
}

/** What capinfos says of each of these files, as texts. */
export function capinfos(files) {
  return withFiles(files, async (paths) => {
    const { stdout, stderr } = await run('capinfos', paths);
    assert.equal(stderr, '');
    return stdout.split(/^(?=File name: )/m);
  });
}
