/* manual.test.mjs - what is made from the table of commands: --help, the manual
 * page, the completions. Each is read by the programs that are to read it. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { dirname } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { BIN, HERE, MANUAL, handshake, has, run } from './program.mjs';

const COMMANDS = ['serve', 'run', 'scenarios', 'doctor', 'health'];
const page = `${MANUAL}/handshake.1`;

test('--help names every command, each has its own', async () => {
  const all = await handshake(['--help']);
  assert.equal(all.code, 0);
  for (const name of COMMANDS) {
    assert.match(all.out, new RegExp(`^  ${name} `, 'm'));
    const one = await handshake([name, '--help']);
    assert.equal(one.code, 0);
    assert.match(one.out, new RegExp(`^Usage: handshake ${name}`));
    assert.equal(one.err, '');
    assert.equal((await handshake(['help', name])).out, one.out);
    assert.equal((await handshake([name, '-h'])).out, one.out);
  }
});

test('--version', async () => {
  const { code, out } = await handshake(['--version']);
  assert.equal(code, 0);
  assert.match(out, /^handshake \d+\.\d+\.\d+\n$/);
});

test('wrong usage: status 2, one sentence, how it is used', async () => {
  const rows = [
    [['shake'], /there is no command "shake"; there are serve, run/],
    [['help', 'shake'], /there is no command "shake"/],
    [['run'], /handshake run: a scenario is missing\.\nUsage: handshake run /],
    [['doctor', 'me'], /"me" is too much here/],
    [['doctor', '--jsno'], /--jsno is no option of this command/],
    [['doctor', '-z'], /-z is no option of this command/],
    [['--listen'], /handshake serve: --listen needs a value/],
    [['serve', '--link', 'rope'], /--link takes wire, loopback or sockets, not "rope"/],
    [['run', 'open', '--max-seconds', '3601'], /--max-seconds takes 1 to 3600, not "3601"/],
    [['run', 'open', '--seed', '+1'], /--seed takes a whole number from 1 on, not "\+1"/],
    [['completion', 'tcsh'], /takes bash, zsh or fish, not "tcsh"/],
    [['scenarios', 'open', '--schema'], /"open" is too much here/],
  ];
  for (const [args, sentence] of rows) {
    const { code, out, err } = await handshake(args);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, sentence);
    assert.equal(out, '');
  }
});

test('the manual page: groff and mandoc have nothing to say about it', async () => {
  const groff = await run('man', ['--warnings', '-E', 'UTF-8', '-l', page], { env: { MANPAGER: 'cat', MANWIDTH: '80', LC_ALL: 'C.UTF-8' } });
  assert.equal(groff.code, 0);
  assert.equal(groff.err, '');
  for (const name of COMMANDS) assert.match(groff.out, new RegExp(`handshake ${name}`));
  assert.match(groff.out, /EXIT STATUS/);
  assert.match(groff.out, /EXAMPLES/);
  const lint = await run('mandoc', ['-T', 'lint', '-W', 'style', page]);
  // whether other pages are installed is not this page's matter
  const faults = `${lint.out}${lint.err}`.split('\n').filter((line) => line && !/referenced manual not found|outdated mandoc.db/.test(line));
  assert.deepEqual(faults, []);
});

test('completions: each shell takes its own', async () => {
  const rows = [['bash', ['-n', `${MANUAL}/handshake.bash`]], ['zsh', ['-n', `${MANUAL}/_handshake`]], ['fish', ['--no-execute', `${MANUAL}/handshake.fish`]]];
  for (const [shell, args] of rows) {
    const { code, err } = await run(shell, args);
    assert.equal(code, 0, `${shell}: ${err}`);
    assert.equal(err, '');
  }
});

/** What bash offers at the end of these words. */
async function bash(...words) {
  const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _handshake; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const path = `${dirname(BIN)}:${process.env.PATH}`;
  const { code, out, err } = await run('bash', ['-c', script, 'bash', `${MANUAL}/handshake.bash`, 'handshake', ...words], { env: { PATH: path }, cwd: '/' });
  assert.equal(code, 0, err);
  return out.trim().split('\n').filter(Boolean);
}

test('bash completes commands, options, values, scenarios, files', async () => {
  assert.deepEqual(await bash('do'), ['doctor']);
  for (const name of COMMANDS) assert.ok((await bash('')).includes(name));
  assert.ok((await bash('--')).includes('--version'));
  assert.deepEqual(await bash('run', '--lat'), ['--latency']);
  assert.deepEqual(await bash('run', '--link', ''), ['wire', 'loopback', 'sockets']);
  assert.deepEqual(await bash('run', '--link', '=', 'lo'), ['loopback']);
  assert.deepEqual(await bash('--link', 'w'), ['wire']);
  assert.deepEqual(await bash('run', '--rule', ''), []);
  assert.deepEqual(await bash('run', 'clas'), ['classic']);
  assert.ok((await bash('run', 'et')).includes('etc'));
  assert.deepEqual(await bash('scenarios', 'et'), []);
  assert.deepEqual(await bash('serve', '--web', 'et'), ['etc']);
});

test('zsh completes the same', async (t) => {
  const env = { PATH: `${dirname(BIN)}:${process.env.PATH}`, TERM: 'xterm' };
  const rows = [
    ['handshake doc', 'handshake doctor'],
    ['handshake run --lat', '--latency'],
    ['handshake run --link w', '--link wire'],
    ['handshake run clas', 'run classic'],
    ['handshake exec -- printen', '-- printenv'],
  ];
  for (const [line, whole] of rows) {
    const { code, err } = await run('zsh', ['-f', `${HERE}/complete.zsh`, MANUAL, line, whole], { env });
    if (code === 77) return t.skip('this zsh has no zpty');
    assert.equal(code, 0, `${line}: ${err}`);
  }
});

test('fish completes the same', async (t) => {
  if (!(await has('fish'))) return t.skip('there is no fish');
  const ask = async (line) => {
    const script = `source ${MANUAL}/handshake.fish; complete -C '${line}'`;
    const home = await mkdtemp(`${tmpdir()}/handshake-fish-`);
    const { out } = await run('fish', ['--no-config', '-c', script], { env: { PATH: `${dirname(BIN)}:${process.env.PATH}`, HOME: home }, cwd: '/' });
    await rm(home, { recursive: true });
    return out.split('\n').map((line) => line.split('\t')[0]).filter(Boolean);
  };
  assert.deepEqual(await ask('handshake doc'), ['doctor']);
  assert.deepEqual(await ask('handshake run --lat'), ['--latency']);
  assert.deepEqual(await ask('handshake run --link w'), ['wire']);
  assert.ok((await ask('handshake run clas')).includes('classic'));
});
