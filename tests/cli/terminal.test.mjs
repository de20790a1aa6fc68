/* terminal.test.mjs - what a terminal makes of the output: colours where they
 * are wanted, no line over its width. The terminal is a real one, made by
 * script(1). */
import assert from 'node:assert/strict';
import test from 'node:test';
import { BIN, handshake, run } from './program.mjs';

const COLOUR = /\x1b\[[\d;]*m/;
const plain = (text) => text.replace(new RegExp(COLOUR, 'g'), '');
const widest = (text) => Math.max(...plain(text).split(/\r?\n/).map((line) => [...line].length));

/** `handshake ARGS` on a terminal of so many columns. */
async function onTerminal(args, { columns = 80, env = {} } = {}) {
  const settings = Object.entries({ TERM: 'xterm', ...env }).map(([name, value]) => `${name}=${value}`);
  const command = `stty cols ${columns} rows 24; exec env -u COLUMNS ${settings.join(' ')} '${BIN}' ${args.join(' ')}`;
  const { code, out } = await run('script', ['-qec', command, '/dev/null']);
  return { code, out };
}

test('colours: on a terminal, not in a pipe', async () => {
  assert.match((await onTerminal(['run', 'open'])).out, COLOUR);
  assert.doesNotMatch((await handshake(['run', 'open'])).out, COLOUR);
});

test('colours: NO_COLOR, TERM=dumb and --color decide', async () => {
  const rows = [
    [['run', 'open'], { NO_COLOR: '1' }, false],
    [['run', 'open'], { NO_COLOR: '' }, true],
    [['run', 'open'], { TERM: 'dumb' }, false],
    [['run', 'open', '--color', 'never'], {}, false],
    [['run', 'open', '--color', 'always'], { NO_COLOR: '1' }, true],
    [['run', 'open', 'classic'], {}, true],
  ];
  for (const [args, env, coloured] of rows) {
    const { code, out } = await onTerminal(args, { env });
    assert.equal(code, 0);
    assert.equal(COLOUR.test(out), coloured, `${args} ${JSON.stringify(env)}`);
  }
  assert.match((await handshake(['run', 'open', '--color=always'])).out, COLOUR);
  assert.equal((await handshake(['run', 'open', '--color=sometimes'])).code, 2);
});

test('colours change no word', async () => {
  const { out } = await handshake(['run', 'closed-port', '--color=always']);
  assert.match(plain(out), /^ +[\d.]+ CLOSED +<- <SEQ=0><ACK=1><CTL=RST,ACK> -+ CLOSED$/m);
});

test('widths: no line over the terminal, the ladder uses what there is', async () => {
  for (const columns of [60, 71, 72, 80, 100, 120, 160, 200]) {
    for (const args of [['run', 'classic', '--ip', '6'], ['run', 'closed-port', 'rst-wrong-ack']]) {
      const { out } = await onTerminal(args, { columns });
      assert.ok(widest(out) <= columns, `${args} at ${columns}: ${widest(out)}`);
    }
    const { out } = await onTerminal(['run', 'open'], { columns });
    const arrow = plain(out).split(/\r?\n/).find((line) => /-- .*SYN/.test(line));
    assert.ok(arrow.length >= Math.min(columns, 112) - 12, `${columns}: "${arrow}"`);
  }
});

test('widths: COLUMNS counts more than the terminal, also in a pipe', async () => {
  assert.ok(widest((await handshake(['run', 'classic'], { env: { COLUMNS: '64' } })).out) <= 64);
  assert.ok(widest((await onTerminal(['run', 'classic'], { columns: 120, env: { COLUMNS: '64' } })).out) <= 64);
  const odd = await handshake(['run', 'open'], { env: { COLUMNS: 'wide' } });
  assert.equal(widest(odd.out), widest((await handshake(['run', 'open'])).out));
});

test('many scenarios keep to 60 columns', async () => {
  const ids = (await handshake(['scenarios', '--ids'])).out.trim().split('\n');
  const short = ids.filter((id) => /^(closed|rst|connect|local-routes|icmp-filtered|icmp6-no|accept-later|md5)/.test(id));
  assert.ok(short.length > 7);
  const { out } = await handshake(['run', ...short, '--ladder', '--max-seconds', '5'], { env: { COLUMNS: '60' } });
  const wide = out.split('\n').filter((line) => [...line].length > 60);
  assert.deepEqual(wide, []);
});

test('help keeps to the terminal as well', async () => {
  for (const columns of [60, 200]) {
    const { out } = await onTerminal(['run', '--help'], { columns });
    assert.ok(widest(out.split('Examples:')[0]) <= Math.min(columns, 100));
  }
});
