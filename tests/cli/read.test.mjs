/* read.test.mjs - `handshake run --pcapng` and `handshake read`: what was
 * written is read back as it was, and what is no such file is named. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { decode, hasTshark, linesOf } from '../http/pcapng.mjs';
import { startServer } from '../http/server.mjs';
import { BIN, handshake, run, start, until } from './program.mjs';

let dir;
test.before(async () => (dir = await mkdtemp(`${tmpdir()}/handshake-read-`)));
test.after(() => rm(dir, { recursive: true }));

const skip = hasTshark ? false : 'tshark is not installed';

/** Run a scenario and keep it. */
async function keep(name, args) {
  const file = `${dir}/${name}.pcapng`;
  const ran = await handshake(['run', ...args, '--pcapng', file]);
  return { ...ran, file };
}

test('a run is read back as it was shown, ladder and events alike', async () => {
  for (const link of ['wire', 'loopback', 'sockets']) {
    const ladder = await keep(`ladder-${link}`, ['classic', '--link', link]);
    assert.equal(ladder.code, 0, ladder.err);
    const drawn = await handshake(['read', ladder.file]);
    assert.deepEqual([drawn.code, drawn.err], [0, '']);
    assert.equal(drawn.out.split('\n')[0], ladder.out.split('\n')[0]);
    assert.match(drawn.out, /expectations met\.\n$/);
    const json = await keep(`json-${link}`, ['classic', '--json', '--link', link]);
    const lines = await handshake(['read', json.file, '--json']);
    assert.equal(lines.out, json.out);
    assert.equal(linesOf(await readFile(json.file)), json.out);
  }
});

test('a picture can be made of it', async () => {
  const { file } = await keep('picture', ['open']);
  const { code, out } = await handshake(['read', file, '--svg']);
  assert.equal(code, 0);
  assert.match(out, /^<svg xmlns=[^]*<\/svg>\n$/);
  assert.match(out, />SYN-RECEIVED<\/text>/);
});

test('a run that failed, and one that was broken off, are kept too', async () => {
  const refused = await keep('refused', ['open', '--rule', 'client SYN answer RST,ACK seq=0 ack=seg.next']);
  assert.equal(refused.code, 1);
  assert.match((await handshake(['read', refused.file])).out, /ECONNREFUSED/);
  const file = `${dir}/stopped.pcapng`;
  const it = start(BIN, ['run', 'filtered', '--json', '--pcapng', file]);
  await until(() => /"kind":"segment"/.test(it.out), 'a segment');
  it.child.kill('SIGINT');
  assert.equal((await it.ended).code, 130);
  const { code, out } = await handshake(['read', file, '--json']);
  assert.equal(code, 0);
  assert.equal(out, it.out);
  assert.match(out, /"code":"cancelled"/);
});

test('a run on a server is kept here', async () => {
  const server = await startServer();
  const { code, err, out, file } = await keep('remote', ['open', '--json', '--server', `http://${server.authority}`]);
  await server.stop();
  assert.equal(code, 0, err);
  assert.equal((await handshake(['read', file, '--json'])).out, out);
});

test('what a program of one\'s own sent is kept too', async () => {
  const [file, events] = [`${dir}/exec.pcapng`, `${dir}/exec.json`];
  const ended = await handshake(['exec', '--pcapng', file, '--json', events, '--', 'true']);
  assert.deepEqual([ended.code, ended.err], [0, '']);
  assert.equal((await handshake(['read', file, '--json'])).out, await readFile(events, 'utf8'));
  const nowhere = await handshake(['exec', '--pcapng', `${dir}/no/folder`, '--', 'true']);
  assert.equal(nowhere.code, 125);
  assert.match(nowhere.err, /cannot write .*: No such file or directory/);
});

test('tshark reads what the command line writes', { skip }, async () => {
  const { file, out } = await keep('tshark', ['syn-lost', '--json']);
  const sent = out.split('\n').filter((line) => /"kind":"segment"/.test(line)).map((line) => JSON.parse(line))
    .sort((a, b) => a.t_ns - b.t_ns); // a file is in the order of time, events in that of their writing
  const packets = (await decode([await readFile(file)]))[0].filter((packet) => packet.interface === 'wire');
  assert.deepEqual(packets.map((packet) => packet.hex), sent.map((segment) => segment.hex));
  assert.match(packets[0].comments.join('\n'), /is dropped by the rule/);
});

test('standard input will do, cut files give what they have and say so', async () => {
  const { file } = await keep('cut', ['classic']);
  const bytes = await readFile(file);
  const whole = await run(BIN, ['read', '-'], { input: bytes });
  assert.deepEqual([whole.code, whole.err], [0, '']);
  const cut = await run(BIN, ['read', '-'], { input: bytes.subarray(0, bytes.length / 3) });
  assert.equal(cut.code, 1);
  assert.match(cut.err, /^handshake: -: the capture was cut off: it ends after event \d+ of \d+\n$/);
  assert.match(cut.out, /\(classic\)\n[^]*<CTL=SYN>/);
  const damaged = Buffer.from(bytes);
  damaged[damaged.indexOf('"kind":"segment"') + 2] = 0x58;
  const { code, err } = await run(BIN, ['read', '-'], { input: damaged });
  assert.equal(code, 1);
  assert.match(err, /the capture is damaged: event \d+ cannot be read: \/kind: must be "run"/);
});

test('what is no capture of ours is named, in one sentence', async () => {
  const cases = [
    ['', /the file is empty/],
    ['hello, world', /is no capture; only captures written by Handshake Lab can be replayed so far/],
    [Buffer.from('d4c3b2a1020004000000000000000000ffff000065000000', 'hex'), /is a classic pcap capture; only/],
    [Buffer.from('1f8b0800', 'hex'), /compressed with gzip/],
  ];
  for (const [bytes, sentence] of cases) {
    await writeFile(`${dir}/other`, bytes);
    const { code, out, err } = await handshake(['read', `${dir}/other`]);
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /^handshake: [^\n]+\n$/);
    assert.match(err, sentence);
  }
});

test('a capture that another program has saved is named', { skip }, async () => {
  const { file } = await keep('saved', ['open']);
  await promisify(execFile)('tshark', ['-r', file, '-w', `${dir}/again.pcapng`]);
  const { code, err } = await handshake(['read', `${dir}/again.pcapng`]);
  assert.equal(code, 1);
  assert.match(err, /events are not in it any more: another program has saved it since/);
});

test('wrong command lines are told before anything is written', async () => {
  const file = `${dir}/never.pcapng`;
  const several = await handshake(['run', 'open', 'classic', '--pcapng', file]);
  assert.equal(several.code, 2);
  assert.match(several.err, /a capture holds one run/);
  assert.equal((await handshake(['run', 'open', '--repeat', '2', '--pcapng', file])).code, 2);
  assert.equal((await handshake(['run', 'nosuch', '--pcapng', file])).code, 2);
  await assert.rejects(stat(file));
  const nowhere = await handshake(['run', 'open', '--pcapng', `${dir}/no/folder`]);
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.err, /cannot write .*: No such file or directory/);
  assert.equal((await handshake(['read'])).code, 2);
  assert.equal((await handshake(['read', file, '--json', '--svg'])).code, 2);
  const missing = await handshake(['read', file]);
  assert.equal(missing.code, 1);
  assert.match(missing.err, /it cannot be opened: No such file or directory/);
});

test('a full disk is said, and the status tells', async () => {
  const { code, err } = await handshake(['run', 'open', '--quiet', '--pcapng', '/dev/full']);
  assert.equal(code, 1);
  assert.match(err, /\/dev\/full cannot be written: No space left on device/);
});
