/* fairness.mjs - what one address can do to another: /healthz of 127.0.0.3, alone
 * and while 127.0.0.2 has 1,000 connections that send a byte a second, 1,100 that
 * ask for a run's events and never read, and 256 that ask as fast as they are
 * answered. Alone and beside are measured by turns in one run; the attackers are
 * a process of their own, and end with it. */
import { fork, spawn } from 'node:child_process';
import net from 'node:net';

const BIN = process.env.HANDSHAKE_BIN ?? 'build/release/handshake';
const GREEDY = '127.0.0.2';
const OTHER = '127.0.0.3';
const DRIPPING = 1000;
const UNREADING = 1100;
const FLOODING = 256;
const ROUNDS = 5;
const ASKED = 600; // requests in a round
const GAP_MS = 4;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const HEALTH = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n';

function dial(port, from, text = '') {
  const socket = net.connect({ host: '127.0.0.1', port, localAddress: from, noDelay: true });
  socket.on('error', () => {});
  if (text) socket.write(text);
  return socket;
}

/** One request with its answer, on a socket used for nothing else. */
const exchange = (socket, text) => new Promise((done, fail) => {
  let got = '';
  const take = (bytes) => {
    got += bytes;
    const [, length] = /\r\n\r\n/.test(got) ? /content-length: (\d+)/i.exec(got) : [];
    if (length === undefined || got.length < got.indexOf('\r\n\r\n') + 4 + Number(length)) return;
    socket.off('data', take);
    socket.off('close', closed);
    done(got);
  };
  const closed = () => fail(new Error('the connection was closed'));
  socket.on('data', take);
  socket.on('close', closed);
  socket.write(text);
});

/** In the attackers' process. */
function attack(port, run) {
  const drips = Array.from({ length: DRIPPING }, () => dial(port, GREEDY, 'GET / HTTP/1.1\r\nX: '));
  setInterval(() => drips.forEach((socket) => socket.writable && socket.write('x')), 1000);
  for (let i = 0; i < UNREADING; i++)
    dial(port, GREEDY, `GET /api/runs/${run}/events HTTP/1.1\r\nHost: localhost\r\n\r\n`).pause();
  for (let i = 0; i < FLOODING; i++) {
    const socket = dial(port, GREEDY, HEALTH);
    socket.on('data', () => socket.writable && socket.write(HEALTH));
  }
  setTimeout(() => process.exit(0), 120000); // whatever becomes of the other
}

/** The 99th percentile of ASKED round trips, in ms. */
async function measure(port) {
  const socket = dial(port, OTHER);
  const times = [];
  for (let i = 0; i < ASKED; i++) {
    const begun = performance.now();
    const answer = await exchange(socket, HEALTH);
    times.push(performance.now() - begun);
    if (!answer.startsWith('HTTP/1.1 200')) throw new Error(answer);
    await sleep(GAP_MS);
  }
  socket.destroy();
  return times.sort((a, b) => a - b)[Math.floor(ASKED * 0.99)];
}

async function startServer() {
  const child = spawn(BIN, ['serve', '--listen', '0.0.0.0:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise((done) => child.stdout.on('data', (bytes) => {
    const found = /:(\d+) - Ctrl-C/.exec(bytes);
    if (found) done(Number(found[1]));
  }));
  return { child, port };
}

/** A run with megabytes of events. */
async function bigRun(port) {
  const steps = (call) => Array.from({ length: 4 }, () => ({ call, bytes: 1 << 20 }));
  const scenario = { id: 'big', title: 'Big',
    server: [{ call: 'listen' }, { call: 'accept' }, ...steps('recv'), { call: 'close' }],
    client: [{ call: 'connect' }, ...steps('send'), { call: 'close' }] };
  const answer = await fetch(`http://127.0.0.1:${port}/api/runs`, { method: 'POST',
    headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ scenario }) });
  return (await answer.json()).id;
}

async function main() {
  const { child, port } = await startServer();
  const run = await bigRun(port);
  await sleep(1000);
  await measure(port); // warm
  const alone = [], beside = [];
  for (let i = 0; i < ROUNDS; i++) {
    alone.push(await measure(port));
    const attackers = fork(new URL(import.meta.url).pathname, [String(port), run]);
    await sleep(3000); // all there, and the first surprise over
    beside.push(await measure(port));
    attackers.kill('SIGKILL');
    await sleep(1000);
  }
  child.kill('SIGTERM');
  const middle = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
  const ratio = middle(beside) / middle(alone);
  const show = (list) => list.map((ms) => ms.toFixed(2)).join(' ');
  console.log(`  p99 alone ${show(alone)} ms; beside ${DRIPPING} dripping, ${UNREADING} not reading and `
    + `${FLOODING} flooding connections of another address ${show(beside)} ms`);
  console.log(`  ratio of the medians ${ratio.toFixed(2)} (to reach: at most 2)`);
  process.exit(0);
}

if (process.argv.length > 2) attack(Number(process.argv[2]), process.argv[3]);
else await main();
