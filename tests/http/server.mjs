/* server.mjs - starts the program under test and speaks HTTP with it.
 *
 * HANDSHAKE_BIN is the program. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import http from 'node:http';
import net from 'node:net';
import zlib from 'node:zlib';
import { checkAnswer, checkEvent } from './contract.mjs';

const BIN = process.env.HANDSHAKE_BIN ?? 'build/dev/handshake';
const LIMITED = process.env.HANDSHAKE_LIMITED ?? 'build/dev/tests/http/limited_server';
/** How long is waited for what must come: much longer than anything takes on a
 * busy machine. */
const NEVER_MS = 20000;

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Poll until fn() is truthy. */
export async function until(what, fn, ms = NEVER_MS) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await fn();
    if (value) return value;
    assert.ok(Date.now() < end, `waited ${ms} ms for ${what}`);
    await sleep(10);
  }
}

/** Start `handshake serve` on a free port; resolves once it listens. `shell` is
 * done in the same process before. */
export const startServer = ({ args = [], listen = '127.0.0.1:0', shell = ':' } = {}) =>
  start('sh', ['-c', `${shell} && exec "$0" "$@"`, BIN, 'serve', '--listen', listen, ...args]);

/** The same with other limits, by their names in /api/capabilities. */
export const startLimited = (limits) =>
  start(LIMITED, Object.entries(limits).map(([name, value]) => `${name}=${value}`));

async function start(program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const server = { child, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (server.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (server.stderr += text));
  server.exit = new Promise((done, fail) => {
    child.on('exit', (code, signal) => done({ code, signal }));
    child.on('error', fail); // no such program
  });
  let end = null;
  server.exit.then((how) => (end = how), (error) => (end = { code: error.message }));
  const line = /Handshake Lab is at http:\/\/(\S+):(\d+)/;
  await until('its address', () => end || line.test(server.stdout));
  if (end) throw new Error(`the server ended at once with ${end.code}: ${server.stderr}`);
  const [, host, port] = line.exec(server.stdout);
  server.host = host.replace(/^\[|\]$/g, '');
  server.port = Number(port);
  server.authority = `${host}:${port}`;
  server.stop = () => stopServer(server);
  return server;
}

/** SIGTERM must end it with 0. */
async function stopServer(server) {
  server.child.kill('SIGTERM');
  const killer = setTimeout(() => server.child.kill('SIGKILL'), NEVER_MS);
  const end = await server.exit;
  clearTimeout(killer);
  assert.deepEqual(end, { code: 0, signal: null }, server.stderr);
}

/** One request; resolves to { status, headers, body (the bytes as they came),
 * text, json (both after gzip was undone) }. Whatever the answer, it must be
 * one that the API's own description names. */
export async function ask(server, path, options = {}) {
  const { method = 'GET', headers = {}, body, from } = options; // from: another address of ours
  const answer = await exchange(server, path, { method, headers, body, from });
  checkAnswer({ method, path, body }, answer);
  return answer;
}

function exchange(server, path, { method, headers, body, from }) {
  return new Promise((done, fail) => {
    const { host, port } = server;
    const asked = { host, port, path, method, headers, agent: false, localAddress: from };
    const req = http.request(asked, (res) => {
      const pieces = [];
      res.on('data', (piece) => pieces.push(piece));
      res.on('error', fail);
      res.on('end', () => {
        try {
          done(unpack(res, Buffer.concat(pieces)));
        } catch (error) {
          fail(error); // no gzip, or no JSON
        }
      });
    });
    req.on('error', fail);
    req.end(body);
  });
}

/** What an answer holds; JSON, but for lines of it, is read. */
function unpack({ statusCode: status, headers }, body) {
  const packed = headers['content-encoding'] === 'gzip' && body.length > 0;
  const text = (packed ? zlib.gunzipSync(body) : body).toString();
  const isJson = /[/+]json$/.test(headers['content-type'] ?? '') && text.length > 0;
  return { status, headers, body, text, json: isJson ? JSON.parse(text) : null };
}

/** POST value as JSON (a string is sent as it is). */
export function post(server, path, value, headers = {}, from = undefined) {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  return ask(server, path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
    from,
  });
}

/** Begin a run, resolves to its id. */
export async function begin(server, scenario, options = {}) {
  const answer = await post(server, '/api/runs', { scenario, options });
  assert.equal(answer.status, 201, answer.text);
  return answer.json.id;
}

/** A scenario that sends `pieces` bytes one by one, `ms` apart. */
export function drip(pieces, ms) {
  const client = [{ call: 'connect', port: 1337 }];
  for (let i = 0; i < pieces; i++) {
    client.push({ call: 'sleep', ms }, { call: 'send', text: 'x' });
  }
  client.push({ call: 'close' });
  const server = [{ call: 'listen', port: 1337 }, { call: 'accept' }];
  for (let i = 0; i < pieces + 1; i++) server.push({ call: 'recv' });
  server.push({ call: 'close' });
  return {
    id: 'drip', title: 'Drip', group: 'tests', summary: 'Byte after byte.',
    teaches: [], rfc: [], needs: [], server, client,
    expect: { client: { connect: 'ok' } },
  };
}

/** The problem must be an RFC 9457 one with a sentence. */
export function assertProblem(answer, status, sentence) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  assert.equal(answer.json.type, 'about:blank');
  assert.equal(answer.json.status, status);
  assert.ok(answer.json.title.length > 0);
  assert.match(answer.json.detail, sentence);
  assertSecure(answer);
}

/** Headers of what no browser shows: a stream. */
export function assertSecureData({ headers }) {
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
}

/** Headers that every other answer has. */
export function assertSecure(answer) {
  assertSecureData(answer);
  const h = answer.headers;
  assert.match(h['content-security-policy'], /^default-src 'none'; script-src 'self';/);
  assert.match(h['content-security-policy'], /frame-ancestors 'none'$/);
  assert.equal(h['referrer-policy'], 'no-referrer');
  assert.equal(h['cross-origin-opener-policy'], 'same-origin');
  assert.ok(h['permissions-policy']);
}

/** Follow a run. The viewer's `blocks` grow as they come; `ended` resolves when
 * the server has ended the stream. */
export function view(server, id, { headers = {}, query = '' } = {}) {
  const viewer = { blocks: [], lines: [], status: 0, headers: null, ended: null };
  const { host, port } = server;
  const path = `/api/runs/${id}/events${query}`;
  let rest = '';
  const take = (piece) => {
    rest += piece;
    const ndjson = /ndjson/.test(viewer.headers['content-type']);
    const parts = rest.split(ndjson ? '\n' : '\n\n');
    rest = parts.pop();
    for (const part of parts) {
      if (ndjson) {
        checkEvent(part);
        viewer.lines.push(part);
      } else {
        viewer.blocks.push(parseBlock(part));
      }
    }
  };
  viewer.ended = new Promise((done, fail) => {
    const req = http.request({ host, port, path, headers, agent: false }, (res) => {
      viewer.status = res.statusCode;
      viewer.headers = res.headers;
      res.setEncoding('utf8');
      res.on('data', take);
      res.on('end', () => done(viewer));
      res.on('error', fail);
    });
    viewer.cut = () => req.destroy();
    req.on('error', fail);
    req.end();
  });
  viewer.ended.catch(() => {});
  viewer.ids = () => viewer.blocks.filter((b) => b.id !== undefined).map((b) => b.id);
  return viewer;
}

function parseBlock(text) {
  const block = {};
  for (const line of text.split('\n')) {
    const [, name, value] = /^([^:]*): ?(.*)$/s.exec(line);
    if (name === '') block.comment = value;
    else if (name === 'id') block.id = Number(value);
    else if (name === 'data') block.data = JSON.parse(value);
    else block[name] = value;
    if (name === 'data' && block.id !== undefined) checkEvent(value);
  }
  return block;
}

/** 1, 2, ... n */
export const upTo = (n) => Array.from({ length: n }, (_, i) => i + 1);

/** A request after which the server closes, whose answer is seen by its 204. */
export const LAST = 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

/** Send pieces over a plain socket, `gap` ms apart; resolves to all that came
 * back until the server closed, or until that fits `enough`. */
export function raw(server, pieces, { gap = 0, enough = null } = {}) {
  return new Promise((done, fail) => {
    const socket = net.connect(server.port, server.host);
    let got = '';
    const timer = setTimeout(() => {
      socket.destroy();
      fail(new Error(`neither enough nor the end came within ${NEVER_MS} ms: "${got.slice(0, 200)}"`));
    }, NEVER_MS);
    function finish() {
      clearTimeout(timer);
      socket.destroy();
      done(got);
    }
    socket.setEncoding('latin1');
    socket.on('data', (piece) => {
      got += piece;
      if (enough?.test(got)) finish();
    });
    socket.on('close', finish);
    socket.on('error', () => {});
    socket.on('connect', async () => {
      for (const piece of pieces) {
        if (socket.destroyed) return;
        socket.write(piece);
        if (gap > 0) await sleep(gap);
      }
    });
  });
}
