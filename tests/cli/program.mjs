/* program.mjs - runs programs and gathers what they say.
 *
 * HANDSHAKE_BIN is the program under test. Its surroundings are fixed: whoever
 * runs the tests may have a terminal, colours and a width of their own. */
import { spawn } from 'node:child_process';
import { after } from 'node:test';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(dirname(HERE));
export const BIN = process.env.HANDSHAKE_BIN ?? `${ROOT}/build/dev/handshake`;
export const MANUAL = process.env.HANDSHAKE_MANUAL ?? `${ROOT}/build/dev/manual`;

/** How long the program may take to end once it was asked to. */
export const STOP_MS = Number(process.env.HANDSHAKE_STOP_MS ?? 1000);

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

const own = ({ COLUMNS, NO_COLOR, ...rest }) => rest;

/** Poll until look() is truthy. */
export async function until(look, what, ms = 20000) {
  for (const end = Date.now() + ms; !(await look()); await sleep(10)) {
    if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
  }
}

// A test that fails leaves what it started behind: nobody shall wait for that.
const running = new Set();
after(() => running.forEach((child) => child.kill('SIGKILL')));

/** Start a program; its `out` and `err` grow, `ended` resolves to
 * { code, signal, out, err, ms }. */
export function start(program, args, { env = {}, cwd } = {}) {
  const begun = Date.now();
  const child = spawn(program, args, { env: { ...own(process.env), ...env }, cwd });
  const it = { child, out: '', err: '' };
  running.add(child);
  child.on('close', () => running.delete(child));
  // A piece may end within a character.
  child.stdout.setEncoding('utf8').on('data', (text) => (it.out += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (it.err += text));
  child.stdin.on('error', () => {}); // it may end before it has read all
  it.ended = new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code, signal) => {
      done({ code, signal, out: it.out, err: it.err, ms: Date.now() - begun });
    });
  });
  return it;
}

/** Run a program to its end. */
export function run(program, args, { input = '', ...options } = {}) {
  const it = start(program, args, options);
  it.child.stdin.end(input);
  return it.ended;
}

/** `handshake` with these arguments, to its end. */
export const handshake = (args, options) => run(BIN, args, options);

/** Whether a program is there, for tests of what need not be. */
export async function has(program) {
  const found = await run('sh', ['-c', `command -v ${program}`]);
  return found.code === 0;
}
