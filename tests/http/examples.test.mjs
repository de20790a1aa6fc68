/* examples.test.mjs - what README.md shows of the API works as it stands there:
 * every curl line, and the programs of examples/. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { post, startServer } from './server.mjs';

const HOME = new URL('../../', import.meta.url);
const readme = fs.readFileSync(new URL('README.md', HOME), 'utf8');
const example = (name) => new URL(`examples/${name}`, HOME);

let server;
before(async () => (server = await startServer()));
after(() => server?.stop());

/** Run a program to its end; it must succeed. Resolves to what it printed. */
async function run(program, args) {
  const env = { ...process.env, HANDSHAKE_URL: `http://${server.authority}` };
  return (await promisify(execFile)(program, args, { env, maxBuffer: 1 << 26, timeout: 60000 })).stdout;
}

/** The curl commands of README.md, lines that are continued put together. */
const commands = readme.replaceAll(/\\\n\s+/g, ' ').split('\n')
  .filter((line) => /^ {4}curl /.test(line)).map((line) => line.trim().replace(/\s+#.*$/, ''));

test('every curl line', async () => {
  const { json } = await post(server, '/api/runs', { scenario: 'open', wait: true });
  assert.ok(commands.length >= 6, `${commands.length} commands`);
  for (const command of commands) {
    const line = command.replaceAll('localhost:8080', server.authority).replaceAll('/ID', `/${json.id}`)
      .replace(/^curl /, 'curl --fail --max-time 20 ');
    assert.ok((await run('sh', ['-c', line])).length > 0, line);
  }
});

test('README.md shows the programs as they are', () => {
  for (const [name, language] of [['follow.py', 'python'], ['drop.mjs', 'js']]) {
    const text = fs.readFileSync(example(name), 'utf8');
    assert.ok(readme.includes(`\`\`\`${language}\n${text}\`\`\``), `${name} is another in README.md`);
  }
});

test('follow.py tells a run while it happens', async () => {
  const told = await run('python3', [example('follow.py').pathname, 'syn-lost']);
  assert.match(told, /^At 0 [^]*the client calls connect/);
  assert.match(told, /segment 1 \(SYN\) is dropped/i);
  assert.match(told, /the run ends, established/);
  await assert.rejects(run('python3', [example('follow.py').pathname, 'nonesuch']), /404/);
});

test('drop.mjs decides on a segment', async () => {
  const told = await run(process.execPath, [example('drop.mjs').pathname]);
  const [, seconds, rest] = /^The SYN came again after ([\d.]+) s; (.*)$/m.exec(told);
  assert.ok(Number(seconds) >= 0.9, told);
  assert.match(rest, /established|completed/i);
});
