/* examples.test.mjs - CONTRIBUTING.md is carried out by the letter: in a fresh clone,
 * its section "Build" first, then each section "Example: ...". Blocks of kind `diff`
 * are applied, blocks of kind `sh` run from the top folder, in the order of the text;
 * all must succeed. Each example starts from the clone's committed state and keeps
 * only its build folder. Changes of the work tree to tracked files are in the clone.
 * Ends with 77 (skipped) outside a git checkout and without tests/web/node_modules. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';

const ROOT = resolve(import.meta.dirname, '../..');
const MODULES = 'tests/web/node_modules';
const COMMAND_MS = 900_000;

function leaveOut(why) {
  console.log(why);
  process.exit(77);
}
if (!existsSync(join(ROOT, '.git'))) leaveOut('not a git checkout: there is nothing to clone');
if (!existsSync(join(ROOT, MODULES))) leaveOut(`${MODULES} is missing: npm ci --prefix tests/web`);

/* The sections of a Markdown text by heading, each a list of its fenced blocks
 * {kind, text} in order. */
function sectionsOf(markdown) {
  const sections = new Map();
  let blocks = [];
  let block = null;
  for (const line of markdown.split('\n')) {
    const [, heading] = /^#+ (.*)$/.exec(line) ?? [];
    const [, kind] = /^```(\w*)$/.exec(line) ?? [];
    if (block && kind === '') {
      blocks.push(block);
      block = null;
    } else if (block) block.text += `${line}\n`;
    else if (kind !== undefined) block = { kind, text: '' };
    else if (heading) sections.set(heading, blocks = []);
  }
  assert.equal(block, null, 'a fenced block of CONTRIBUTING.md is not closed');
  return sections;
}

const folder = mkdtempSync(join(tmpdir(), 'handshake-contributing-'));
const clone = join(folder, 'clone');
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/* Neither the user's own settings nor the owner of the checkout matter. */
const settings = join(folder, 'gitconfig');
writeFileSync(settings, '[safe]\n\tdirectory = *\n[user]\n\tname = test\n\temail = test@localhost\n');
const env = { ...process.env, GIT_CONFIG_GLOBAL: settings };

/* Returns the output; shows it when the program fails. */
function run(program, args, { cwd = clone, input } = {}) {
  const done = spawnSync(program, args, { cwd, env, input, timeout: COMMAND_MS, encoding: 'utf8', maxBuffer: 2 ** 28 });
  assert.equal(done.status, 0, `${program} ${args.join(' ')}\n${input ?? ''}\n${done.error ?? ''}${done.stdout}${done.stderr}`);
  return done.stdout;
}

const git = (...args) => run('git', args);

function carryOut(blocks) {
  for (const { kind, text } of blocks) {
    if (kind === 'diff') run('git', ['apply', '--whitespace=error-all', '-'], { input: text });
    else if (kind === 'sh') run('bash', ['-euo', 'pipefail', '-c', text]);
  }
}

const sections = sectionsOf(readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8'));
const examples = [...sections].filter(([heading]) => heading.startsWith('Example: '));

before(() => {
  run('git', ['clone', '--quiet', '--depth', '1', `file://${ROOT}`, clone], { cwd: ROOT });
  const changes = run('git', ['diff', '--binary', 'HEAD'], { cwd: ROOT });
  if (changes !== '') {
    run('git', ['apply', '--index', '-'], { input: changes });
    git('commit', '--quiet', '--message', 'the work tree');
  }
  appendFileSync(join(clone, '.git/info/exclude'), `${MODULES}\n`);
  symlinkSync(join(ROOT, MODULES), join(clone, MODULES));
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('the clone is built by the text', () => {
  assert.deepEqual(sections.get('Build').map(({ kind }) => kind), ['sh']);
  carryOut(sections.get('Build'));
});

test('there are four examples, each with changes and checks', () => {
  assert.equal(examples.length, 4);
  for (const [heading, blocks] of examples) {
    const kinds = blocks.map(({ kind }) => kind);
    assert.ok(kinds.includes('diff') && kinds.at(-1) === 'sh', `${heading}: ${kinds}`);
  }
});

for (const [heading, blocks] of examples) {
  test(heading, () => {
    git('reset', '--quiet', '--hard');
    git('clean', '--quiet', '--force', '-d');
    carryOut(blocks);
  });
}
