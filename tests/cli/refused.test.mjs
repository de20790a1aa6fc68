/* refused.test.mjs - what the system refuses is said, with its true reason: a disk
 * that is full, memory, descriptors. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startServer } from '../http/server.mjs';
import { BIN, run } from './program.mjs';

const folder = mkdtempSync(join(tmpdir(), 'handshake-refused-'));
after(() => rmSync(folder, { recursive: true }));

/** Run a line of shell in which $H is the program. */
const shell = (line, options) => run('bash', ['-c', line.replaceAll('$H', `'${BIN}'`)], options);

const capture = join(folder, 'run.pcapng');

// Every command that prints to standard output and ends.
const printing = ['run open', 'run open open', 'run --json open', 'run --help', 'scenarios', 'scenarios --ids',
  'scenarios --schema', 'scenarios open', 'doctor', 'doctor --json', `read ${capture}`, `read --json ${capture}`,
  `read --svg ${capture}`, '--help', 'help run', '--version', 'connect --help'];

test('what could not be written to standard output is said, with status 1', async () => {
  assert.equal((await shell(`$H run -q --pcapng ${capture} open`)).code, 0);
  const ends = await Promise.all(printing.map((words) => shell(`$H ${words} > /dev/full`)));
  ends.forEach(({ code, err }, i) => {
    assert.equal(code, 1, printing[i]);
    assert.match(err, /^handshake: the output could not be written to standard output: /m, printing[i]);
  });
});

test('the same of the rehearsal in two terminals', async () => {
  const port = 20000 + process.pid % 20000;
  const { code, err } = await shell(`$H server --port ${port} --timeout 5 > /dev/full & `
    + `for i in $(seq 100); do $H client --port ${port} 127.0.0.1 > /dev/null 2>&1 && break; sleep 0.1; done; wait $!`);
  assert.equal(code, 1);
  assert.match(err, /output could not be written/);
});

test('a reader who has seen enough is no fault', async () => {
  const { err } = await shell('$H scenarios | head -1');
  assert.equal(err, '');
});

test('records that could not be written are said, with status 1', async () => {
  const rows = [['exec -q --json /dev/full true', /the record could not be written to \/dev\/full: No space left/],
    ['exec -q --pcapng /dev/full true', /\/dev\/full cannot be written: No space left/],
    ['run -q --pcapng /dev/full open', /\/dev\/full cannot be written: No space left/],
    ['run -q --junit /dev/full open', /cannot write \/dev\/full: No space left/]];
  for (const [words, sentence] of rows) {
    const { code, err } = await shell(`$H ${words}`);
    assert.equal(code, 1, words);
    assert.match(err, sentence);
  }
  const failing = await shell('$H exec -q --json /dev/full sh -c "exit 7"');
  assert.equal(failing.code, 7, 'what the program said stays');
});

const bare = !process.env.HANDSHAKE_SANITIZE; // a sanitizer wants terabytes

test('too little memory is called that', { skip: !bare }, async () => {
  const small = await shell('ulimit -v 25000; $H run open');
  assert.equal(small.code, 1);
  assert.equal(small.err, 'handshake: there is no memory left to read the built-in scenarios\n');
  let said = 0; // between enough and too little for the libraries
  for (let kb = 24000; kb > 8000; kb -= 500) {
    const error = await startServer({ shell: `ulimit -v ${kb}` }).then((server) => server.stop(), (why) => why);
    if (/shared (libraries|object)/.test(error?.message)) break;
    if (error) assert.match(error.message, /ended at once with 1: .*no memory/, `${kb} kB`);
    said += error ? 1 : 0;
  }
  assert.ok(said > 0);
});

test('too few descriptors are called that', async () => {
  for (const n of [5, 8]) {
    const { code, err } = await shell(`ulimit -n ${n}; timeout 10 $H serve --listen 127.0.0.1:0`);
    assert.equal(code, 1);
    assert.match(err, /Too many open files \(raise it with `ulimit -n`\)/);
  }
  const run = await shell('ulimit -n 6; $H run open 2>&1');
  assert.equal(run.code, 1);
  assert.match(run.out, /descriptor|Too many open files/);
});
