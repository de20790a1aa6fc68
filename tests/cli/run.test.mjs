/* run.test.mjs - `handshake run`: one scenario, several, one many times; as
 * ladder, list, JSON, JUnit, or nothing at all. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { BIN, HERE, STOP_MS, handshake, run, start, until } from './program.mjs';
import { timed } from '../http/timed.mjs';

const REFUSE = ['--rule', 'client SYN answer RST,ACK seq=0 ack=seg.next'];
const lines = (text) => text.split('\n').slice(0, -1);
const events = (text) => lines(text).map((line) => JSON.parse(line));

let dir;
test.before(async () => (dir = await mkdtemp(`${tmpdir()}/handshake-run-`)));
test.after(() => rm(dir, { recursive: true }));

test('several: a line each, and how many were as expected', async () => {
  const { code, out, err } = await handshake(['run', 'open', 'closed-port', 'classic']);
  assert.equal(code, 0, err);
  const [open, closed, classic, empty, total] = lines(out);
  assert.match(open, /^ok {6}open {2,}established +\S+ (ms|µs|s) {2}8\/8$/);
  assert.match(closed, /^ok {6}closed-port {2,}refused /);
  assert.match(classic, /^ok {6}classic /);
  assert.equal(empty, '');
  assert.match(total, /^3 of 3 runs as expected, in [\d.]+ (ms|s)\.$/);
});

test('several, one not as expected: named with what was seen, status 1', async () => {
  const { code, out } = await handshake(['run', 'closed-port', 'open', ...REFUSE]);
  assert.equal(code, 1);
  assert.match(out, /^ok {6}closed-port/m);
  assert.match(out, /^FAILED {2}open {2,}refused /m);
  assert.match(out, /^ {8}NOT MET client connect ok - client connect ECONNREFUSED$/m);
  assert.match(out, /^1 of 2 runs as expected/m);
});

test('several with --ladder: each drawn', async () => {
  const { code, out } = await handshake(['run', 'open', 'classic', '--ladder']);
  assert.equal(code, 0);
  assert.equal(out.match(/ms client 192\.0\.2\.1/g).length, 2);
  assert.match(out, /\n\nThe handshake rehearsed in words \(classic\)\n/);
});

test('--json: the events of each, then a summary of each', async () => {
  const all = events((await handshake(['run', 'open', 'closed-port', '--json'])).out);
  assert.deepEqual(all.filter((e) => e.kind === 'run').map((e) => [e.phase, e.scenario ?? e.verdict.code]),
    [['begin', 'open'], ['end', 'established'], ['begin', 'closed-port'], ['end', 'refused']]);
  const [open, closed] = all.filter((e) => e.kind === 'summary');
  assert.deepEqual([open.scenario, open.runs, open.as_expected, open.outcomes], ['open', 1, 1, { established: 1 }]);
  assert.equal(closed.connect[0].errno, 'ECONNREFUSED');
});

test('--json of one: nothing but its events', async () => {
  const all = events((await handshake(['run', 'open', '--json'])).out);
  assert.deepEqual(all.map((e) => e.id), all.map((_, i) => i + 1));
});

test('--repeat: the figures are those of the calls', async () => {
  const { code, out } = await handshake(['run', 'open', '--repeat', '20', '--json']);
  assert.equal(code, 0);
  const all = events(out);
  const ends = all.filter((e) => e.kind === 'call' && e.name === 'connect' && e.phase === 'end');
  const took = ends.map((e) => e.took_ns).sort((a, b) => a - b);
  const summary = all.at(-1);
  assert.equal(summary.runs, 20);
  assert.deepEqual(summary.outcomes, { established: 20 });
  assert.deepEqual(summary.connect, [{
    errno: null, count: 20, min_ns: took[0], p50_ns: took[9], p99_ns: took[19], max_ns: took[19],
  }]);
});

test('--repeat as text: figures, and a histogram that counts every call', async () => {
  const { code, out } = await handshake(['run', 'open', '-n', '30', '--latency', '2ms', '--jitter', '1ms'], { env: { COLUMNS: '70' } });
  assert.equal(code, 0);
  const [head, figures, ...bins] = lines(out);
  assert.equal(head, 'open: 30 of 30 runs as expected; established 30.');
  assert.match(figures, /^connect\(\) = 0, 30 times: min \S+ ms, p50 \S+ ms, p99 \S+ ms, max \S+ ms$/);
  const rows = bins.map((bin) => /^ +\S+ \S+ to +\S+ \S+ +(\d+)( #+)?$/.exec(bin));
  assert.equal(rows.reduce((sum, [, count]) => sum + Number(count), 0), 30);
  const most = Math.max(...rows.map(([, count]) => Number(count)));
  for (const [line, count, bar] of rows) {
    assert.equal(count === '0', bar === undefined);
    assert.ok(line.length <= 70);
    if (Number(count) === most) assert.ok(rows.every((row) => (row[2] ?? '').length <= bar.length));
  }
});

test('--repeat: runs that fail are told of, and not without end', async () => {
  const { code, out } = await handshake(['run', 'open', '-n', '12', ...REFUSE]);
  assert.equal(code, 1);
  assert.match(out, /^open, run 1: NOT MET client connect ok/m);
  assert.match(out, /^open, run 10: NOT MET client connect ok/m);
  assert.doesNotMatch(out, /run 11/);
  assert.match(out, /^and 2 more$/m);
  assert.match(out, /^open: 0 of 12 runs as expected; refused 12\.$/m);
  assert.match(out, /^connect\(\) = ECONNREFUSED, 12 times/m);
});

test('--quiet: nothing when all is well, else the problems on stderr', async () => {
  const well = await handshake(['run', 'open', 'classic', '--quiet']);
  assert.deepEqual([well.code, well.out, well.err], [0, '', '']);
  const bad = await handshake(['run', 'open', '-q', ...REFUSE]);
  assert.deepEqual([bad.code, bad.out], [1, '']);
  assert.match(bad.err, /^open: NOT MET client connect ok - client connect ECONNREFUSED$/m);
});

/** The document as a tree of {name, attributes, text}, by xmllint. */
async function junit(file) {
  const { code, err } = await run('xmllint', ['--noout', '--schema', `${HERE}/junit.xsd`, file]);
  assert.equal(code, 0, err);
  return readFile(file, 'utf8');
}

const counts = (xml, tag) => xml.match(new RegExp(`<${tag}[ >]`, 'g'))?.length ?? 0;

test('--junit: valid, each expectation a case, failures say what was seen', async () => {
  const file = `${dir}/two.xml`;
  const { code } = await handshake(['run', 'open', 'closed-port', '--junit', file, ...REFUSE]);
  assert.equal(code, 1);
  const xml = await junit(file);
  const [, tests, failures] = /<testsuites name="handshake" tests="(\d+)" failures="(\d+)" errors="0"/.exec(xml);
  assert.equal(counts(xml, 'testsuite'), 2);
  assert.equal(counts(xml, 'testcase'), Number(tests));
  assert.equal(counts(xml, 'failure'), Number(failures));
  assert.ok(Number(failures) > 0);
  assert.match(xml, /<testcase classname="open" name="client connect ok" time="[\d.]+">\s*<failure message="client connect ECONNREFUSED">/);
  assert.match(xml, /<testcase classname="closed-port" name="client connect ECONNREFUSED" time="0\.\d+"\/>/);
  assert.match(xml, /<property name="link" value="wire"\/>/);
});

test('--junit: a run that cannot begin is an error, texts are escaped', async () => {
  const document = JSON.parse((await handshake(['scenarios', 'open'])).out);
  document.id = 'mine';
  document.client = [{ call: 'connect', port: 1338 }, { call: 'print', text: '<&"]]>\u0001' }];
  document.expect = { client: { connect: 'ok' }, segments: ['client SYN'] };
  await writeFile(`${dir}/mine.json`, JSON.stringify(document));
  const file = `${dir}/error.xml`;
  const { code, err } = await handshake(['run', `${dir}/mine.json`, 'syn-lost', '--junit', file, '--link', 'sockets']);
  assert.equal(code, 1);
  assert.match(err, /handshake: syn-lost: .*needs the wire/);
  const xml = await junit(file);
  assert.match(xml, /<testcase classname="syn-lost" name="the run comes to its end" time="0\.000000">\s*<error message="[^"]*needs the wire/);
});

test('--junit: where it cannot be written nothing is begun', async () => {
  const { code, out, err } = await handshake(['run', 'open', '--junit', `${dir}/no/where.xml`]);
  assert.equal(code, 1);
  assert.equal(out, '');
  assert.match(err, /cannot write .*where\.xml: No such file/);
});

/** Ctrl-C once the run has drawn its first segment, or what else is waited for. */
async function interrupt(args, mark = /<CTL=SYN>/) {
  const it = start(BIN, ['run', ...args]);
  await until(() => mark.test(it.out), 'the first SYN');
  it.child.kill('SIGINT');
  assert.ok(await timed(it.ended) <= 5 * STOP_MS, 'it ends soon');
  return it.ended;
}

test('Ctrl-C: what was known, and 130', async () => {
  const { code, out } = await interrupt(['filtered']);
  assert.equal(code, 130);
  assert.match(out, /^cancelled: The run was stopped by request\.$/m);
});

test('Ctrl-C among several: the ended ones are summed up, the file is whole', async () => {
  const file = `${dir}/cut.xml`;
  const second = /"scenario":"filtered"[^]*"SYN"/;
  const { code, out } = await interrupt(['open', 'filtered', '--json', '--junit', file], second);
  assert.equal(code, 130);
  assert.equal(events(out).filter((e) => e.kind === 'summary')[0].as_expected, 1);
  const xml = await junit(file);
  assert.match(xml, /<testcase classname="filtered" name="the run comes to its end" time="[\d.]+">\s*<error/);
});

test('a reader who leaves ends the run', async () => {
  const script = `"${BIN}" run filtered | head -1; echo "\${PIPESTATUS[0]}"`;
  const { out } = await run('bash', ['-c', script]);
  assert.match(out, /\n1\n$/);
});

test('scenarios that are none: named with the nearest, faults with their place', async () => {
  const none = await handshake(['run', 'open', 'clasic']);
  assert.equal(none.code, 2);
  assert.match(none.err, /"clasic" is no scenario and no file \(did you mean "classic"\?\)/);
  assert.equal(none.out, '');
  await writeFile(`${dir}/bad.json`, '{"id":"x","client":[{"call":"fly"}]}');
  const bad = await handshake(['run', `${dir}/bad.json`]);
  assert.equal(bad.code, 2);
  assert.match(bad.err, /bad\.json: \/client\/0/);
  const folder = await handshake(['run', dir]);
  assert.equal(folder.code, 2);
  assert.match(folder.err, /cannot read .*: Is a directory/);
});

test('what cannot be had together', async () => {
  for (const args of [['--quiet', '--json'], ['-q', '--hold'], ['--hold', '--server', 'localhost:1']]) {
    const { code, out, err } = await handshake(['run', 'open', ...args]);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, /--quiet|--hold/);
    assert.equal(out, '');
  }
});

test('a stack limit of 64 kB is enough', { skip: Boolean(process.env.HANDSHAKE_SANITIZE) }, () => {
  for (const args of [['run', 'open', '--json'], ['run', 'open', '--repeat', '2'], ['doctor'],
    ['exec', '--', 'true'], ['connect', '127.0.0.1', '1', '--timeout', '1']]) {
    const { status, signal, stderr } =
      spawnSync('sh', ['-c', 'ulimit -s 64 && exec "$0" "$@"', BIN, ...args], { encoding: 'utf8' });
    assert.equal(signal, null, `${args}: ${stderr}`);
    assert.equal(status, args[0] === 'connect' ? 1 : 0, `${args}: ${stderr}`);
  }
});
