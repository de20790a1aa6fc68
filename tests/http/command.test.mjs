/* command.test.mjs - `handshake run` with the wire in hand, from the command
 * line: decisions through a pipe, rules, conditions. No server takes part. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';

const BIN = process.env.HANDSHAKE_BIN ?? 'build/dev/handshake';

/** Run the program to its end with lines to read; null: nothing to read. */
function run(args, input = null) {
  return new Promise((done, fail) => {
    const child = spawn(BIN, ['run', ...args], { stdio: [input === null ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
    child.on('error', fail);
    child.on('close', (code) => done({ code, out, err }));
    child.stdin?.on('error', () => {}); // it may end before it has read all
    child.stdin?.end(input);
  });
}

const events = ({ out }) => out.trim().split('\n').map((line) => JSON.parse(line));
const fates = (all, n) => all.filter((e) => e.kind === 'copy' && e.n === n).map((e) => `${e.fate} ${e.action ?? ''}`);

test('--hold: one letter a line decides one segment after the other', async () => {
  const result = await run(['open', '--hold', '--json'], ' \n2\n \n');
  assert.equal(result.code, 0, result.err);
  const all = events(result);
  assert.deepEqual(fates(all, 1), ['held hold', 'arrived deliver']);
  assert.deepEqual(fates(all, 2), ['held hold', 'arrived duplicate', 'arrived duplicate']);
  assert.match(result.err, /segment 1, SYN of the client, is held; space delivers, d drops/);
  assert.match(result.err, /segment 2, SYN,ACK of the server, is held/);
  assert.match(result.err, /the input has ended: nothing is held any more/);
  assert.equal(all.at(-1).verdict.code, 'established');
});

test('--hold: drop and damage make the kernel try again', async () => {
  for (const [letter, action] of [['d', 'dropped drop'], ['x', 'arrived corrupt']]) {
    const result = await run(['open', '--hold', '--json'], `${letter}\n`);
    assert.equal(result.code, 0, result.err);
    const all = events(result);
    assert.deepEqual(fates(all, 1), ['held hold', action]);
    const again = all.find((e) => e.kind === 'segment' && e.n === 2);
    assert.equal(again.of, 1);
  }
});

test('--hold: delay by a second', async () => {
  const all = events(await run(['open', '--hold', '--json'], 'l\n'));
  assert.deepEqual(fates(all, 1), ['held hold', 'arrived delay']);
  const [held, landed] = all.filter((e) => e.kind === 'copy' && e.n === 1);
  assert.ok(landed.t_ns - held.t_ns >= 1e9);
});

test('--hold: q ends the run, other letters are explained', async () => {
  const result = await run(['open', '--hold'], '?\nq\n');
  assert.equal(result.code, 1);
  assert.match(result.err, /no such choice; space delivers/);
  assert.match(result.out, /cancelled/);
});

test('--rule: in words, in front of the scenario\'s own', async () => {
  const result = await run(['open', '--json', '--rule', 'client SYN nth 1 drop', '--rule', 'server SYN,ACK delay 20']);
  assert.equal(result.code, 0, result.err);
  const all = events(result);
  const copies = all.filter((e) => e.kind === 'copy' && e.by === 'rule');
  assert.deepEqual(copies.map((e) => [e.fate, e.rule]), [['dropped', 'rule-1'], ['arrived', 'rule-2']]);
});

test('--latency, --seed: the conditions of the wire', async () => {
  const began = await run(['open', '--json', '--latency', '30ms', '--jitter', '0.5ms', '--loss', '0%', '--seed', '7']);
  assert.equal(began.code, 0, began.err);
  const all = events(began);
  const sent = all.find((e) => e.kind === 'segment' && e.n === 1);
  const landed = all.find((e) => e.kind === 'copy' && e.n === 1);
  assert.ok(landed.t_ns - sent.t_ns >= 30e6);
});

test('wrong usage: 2, and a sentence that names it', async () => {
  const rows = [
    [['--rule', 'client SNY drop'], /--rule "client SNY drop": .*SNY/],
    [['--latency', 'soon'], /--latency takes a time.*"soon"/],
    [['--latency', '601s'], /--latency takes a time/],
    [['--latency', '-1ms'], /--latency takes a time/],
    [['--loss', '10'], /--loss takes a chance, as 10% or 0.1, not "10"/],
    [['--loss', '101%'], /--loss takes a chance/],
    [['--reorder', 'x'], /--reorder takes a chance/],
    [['--seed', '-1'], /--seed takes a whole number/],
    [['--max-seconds', '0'], /--max-seconds takes 1 to 3600/],
    [['--hold=yes'], /--hold=yes is no option/],
  ];
  for (const [args, sentence] of rows) {
    const { code, err, out } = await run(['open', ...args]);
    assert.equal(code, 2, err);
    assert.match(err, sentence);
    assert.equal(out, '');
  }
});

test('rules and hold on a link without a wire: refused with a sentence', async () => {
  for (const args of [['--hold'], ['--rule', 'drop'], ['--loss', '1%']]) {
    const { code, err } = await run(['open', '--link', 'sockets', ...args], '');
    assert.equal(code, 1);
    assert.match(err, /needs the wire/);
  }
});
