/* serve.test.mjs - `handshake serve` as its operator sees it: what it says of
 * itself, its log, its limits. */
import assert from 'node:assert/strict';
import net from 'node:net';
import test from 'node:test';
import { ask, begin, post, startServer, until } from '../http/server.mjs';
import { gripSyn, letGo } from '../http/wire.mjs';
import { handshake } from './program.mjs';

const SANITIZED = Boolean(process.env.HANDSHAKE_SANITIZE) && 'sanitizers need more';

/** A server with these options while fn runs; resolves to what it logged. */
async function serving(args, fn) {
  const server = await startServer({ args });
  try {
    await fn(server);
  } finally {
    await server.stop();
  }
  return server.stderr.split('\n').slice(0, -1);
}

test('every limit can be set, and is the one that capabilities tell', async () => {
  const wanted = {
    runs_alive: 3, address_runs: 2, address_held_runs: 1, runs_kept: 5, run_seconds_most: 20, run_events: 500, run_bytes: 70000,
    viewers: 7, connections: 40, address_connections: 30,
    address_requests: 99, address_rooms: 3, address_votes: 12, body_bytes: 2000, header_bytes: 5000,
    request_seconds: 9, answer_seconds: 11, viewer_seconds: 13, heartbeat_seconds: 14,
  };
  const option = (name) => `--max-${name.replace('_most', '').replaceAll('_', '-')}`;
  const args = Object.entries(wanted).flatMap(([name, n]) => [option(name), String(n)]).concat('--max-memory', '100');
  await serving(args, async (server) => {
    const { limits } = (await ask(server, '/api/capabilities')).json;
    assert.deepEqual(limits, { ...wanted, run_seconds: 20, memory_bytes: 100 << 20 });
  });
});

test('without options they are what --help says', async () => {
  const { out } = await handshake(['serve', '--help']);
  await serving([], async (server) => {
    const { limits } = (await ask(server, '/api/capabilities')).json;
    for (const [name, value] of Object.entries(limits)) {
      const option = `--max-${name.replace('_most', '').replaceAll('_', '-')} N`;
      if (name === 'run_seconds') continue; // what a run gets unless it asks
      if (name === 'memory_bytes') {
        assert.match(out, /--max-memory MB[^]*?else\s+512\)/);
        assert.equal(value, 512 << 20);
        continue;
      }
      const block = out.slice(out.indexOf(option)).split(/\n(?! {3})/)[0];
      const [, standard] = /else\s+(\d+)\)/.exec(block) ?? [];
      if (standard) assert.equal(Number(standard), value, option);
      else assert.match(block, /else 256 more than viewers|else all but some 64/);
    }
  });
});

test('limits hold: a body too long, a run too long, runs too many', async () => {
  await serving(['--max-body-bytes', '1024', '--max-run-seconds', '5', '--max-runs-alive', '1'], async (server) => {
    const long = await post(server, '/api/runs', { scenario: 'x'.repeat(2000) });
    assert.equal(long.status, 413);
    const late = await post(server, '/api/runs', { scenario: 'open', options: { max_seconds: 6 } });
    assert.ok(late.status >= 400 && late.status < 500, late.text);
    await begin(server, 'filtered');
    const many = await post(server, '/api/runs', { scenario: 'open' });
    assert.equal(many.status, 429);
  });
});

test('limits that do not fit, or fit not together, are wrong usage', async () => {
  const rows = [
    [['--max-viewers', '0'], /--max-viewers takes 1 to 65280, not "0"/],
    [['--max-body-bytes', '2000000'], /--max-body-bytes takes 1024 to 1048576/],
    [['--max-runs-alive', 'many'], /--max-runs-alive takes 1 to 1000, not "many"/],
    [['--max-viewers', '50', '--max-connections', '50'], /50 viewers need more than 50 connections/],
  ];
  for (const [args, sentence] of rows) {
    const { code, err, out } = await handshake(['serve', '--listen', '127.0.0.1:0', ...args]);
    assert.equal(code, 2);
    assert.match(err, sentence);
    assert.equal(out, '');
  }
});

const stamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

test('the log as JSON: a line each, from start to end', async () => {
  const lines = await serving(['--log-level', 'debug', '--log-format', 'json'], async (server) => {
    await ask(server, '/api/"nothing"\u007f');
    await post(server, '/api/runs', { scenario: 'open', wait: true });
  });
  const all = lines.map((line) => JSON.parse(line));
  for (const entry of all) {
    assert.deepEqual(Object.keys(entry), ['time', 'level', 'area', 'text']);
    assert.match(entry.time, stamp);
  }
  const texts = all.map(({ level, area, text }) => `${level} ${area} ${text}`);
  assert.match(texts[0], /^info serve listening on 127\.0\.0\.1:\d+, runs on link \w+$/);
  assert.ok(texts.includes('debug http GET /api/"nothing"\\x7f 404'), texts.join('\n'));
  assert.ok(texts.some((text) => /^info run \w+ began: open on link \w+$/.test(text)));
  assert.ok(texts.includes('debug http POST /api/runs 201'));
  assert.equal(texts.at(-1), 'info serve asked to end');
});

test('the log as text: the level decides', async () => {
  const visit = (server) => ask(server, '/healthz');
  assert.deepEqual(await serving([], visit), []);
  assert.deepEqual(await serving(['--log-level', 'error'], visit), []);
  const info = await serving(['--log-level', 'info'], visit);
  assert.equal(info.length, 2);
  const [time, level, area, ...words] = info[0].split(' ');
  assert.match(time, stamp);
  assert.deepEqual([level, area, words[0]], ['info', 'serve:', 'listening']);
  const debug = await serving(['--log-level', 'debug'], visit);
  assert.ok(debug.some((line) => / debug http: GET \/healthz 200$/.test(line)));
});

test('a busy port, a foreign address: a sentence, status 1', async () => {
  const holder = net.createServer();
  await new Promise((done) => holder.listen(0, '127.0.0.1', done));
  const { port } = holder.address();
  const busy = await handshake(['serve', '--listen', `127.0.0.1:${port}`]);
  holder.close();
  assert.equal(busy.code, 1);
  assert.match(busy.err, new RegExp(`try --listen 127\\.0\\.0\\.1:${port + 1}`));
  const foreign = await handshake(['serve', '--listen', '192.0.2.77:0']);
  assert.equal(foreign.code, 1);
  assert.match(foreign.err, /no address to listen on/);
});

/* The deepest path there is: a PATCH of rules, checked whole before any counts. */
test('a stack limit of 64 kB is enough: threads have their own', { skip: SANITIZED }, async () => {
  const server = await startServer({ shell: 'ulimit -s 64' });
  try {
    const run = await gripSyn(server);
    const list = Array.from({ length: 8 }, (_, i) => `client SYN nth ${i + 50} drop`);
    const answer = await run.patch({ rules: { add: list } });
    assert.equal(answer.status, 200, answer.text);
    assert.equal((await letGo(run)).verdict.code, 'established');
  } finally {
    await server.stop();
  }
});

test('without a command it serves', async () => {
  const server = await startServer({ args: [] });
  assert.equal((await handshake(['health', String(server.port)])).code, 0);
  await server.stop();
  await until('its end', async () => (await handshake(['health', String(server.port)])).code === 1);
  const { code, err } = await handshake(['--listen', 'nowhere']);
  assert.equal(code, 1);
  assert.match(err, /"nowhere" is no address to listen on/);
});
