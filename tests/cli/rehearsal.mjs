/* rehearsal.mjs - the exchange of `handshake server` and `handshake client`
 * written a second time, on plain sockets, so that each is tried against
 * something that shares no code with it:
 *   client [1] SYN/seq=N, server [2] SYN/seq=M ACK/seq=N+1, client [3] ACK/seq=M+1
 * Nothing ends a message: what was asked for is known to be there when it is. */
import net from 'node:net';
import { after } from 'node:test';

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// What a failed test leaves open would keep the others waiting.
const open = new Set();
after(() => open.forEach((handle) => (handle.destroy ?? handle.close).call(handle)));

/** A connected socket whose text gathers; `got(pattern)` waits for it. */
export function talker(socket) {
  const talk = { socket, text: '', ended: false, error: null };
  open.add(socket);
  socket.setNoDelay(true);
  socket.setEncoding('latin1');
  socket.on('data', (piece) => (talk.text += piece));
  socket.on('end', () => (talk.ended = true));
  socket.on('close', () => (talk.ended = true));
  socket.on('error', (error) => (talk.error = error));
  talk.got = async (pattern, ms = 10000) => {
    for (const end = Date.now() + ms; Date.now() < end; await sleep(5)) {
      const match = pattern.exec(talk.text);
      if (match) {
        talk.text = talk.text.slice(match.index + match[0].length);
        return match.slice(1).map(Number);
      }
      if (talk.ended) break;
    }
    throw new Error(`${pattern} did not come: "${talk.text}"`);
  };
  /** Write in pieces of so many bytes, a moment apart. */
  talk.say = async (text, { size = text.length, gap = 15 } = {}) => {
    for (let i = 0; i < text.length; i += size) {
      socket.write(text.slice(i, i + size));
      if (i + size < text.length) await sleep(gap);
    }
  };
  talk.until_end = async (ms = 5000) => {
    for (const end = Date.now() + ms; !talk.ended; await sleep(5)) {
      if (Date.now() > end) throw new Error('the other side stays');
    }
  };
  return talk;
}

/** Connect to a server under test. */
export async function dial(port, host = '127.0.0.1') {
  const socket = net.connect({ port, host });
  await new Promise((done, fail) => {
    socket.once('connect', done);
    socket.once('error', fail);
  });
  return talker(socket);
}

/** Listen; `next()` is the talker of the next client under test. */
export async function listen(host = '127.0.0.1') {
  const waiting = [];
  const wanted = [];
  const server = net.createServer((socket) => {
    const talk = talker(socket);
    if (wanted.length > 0) wanted.shift()(talk);
    else waiting.push(talk);
  });
  open.add(server);
  await new Promise((done) => server.listen(0, host, done));
  return {
    port: server.address().port,
    next: () => (waiting.length > 0 ? Promise.resolve(waiting.shift()) : new Promise((done) => wanted.push(done))),
    close: () => server.close(),
  };
}

/** The client's part. Resolves to the two numbers. */
export async function beClient(talk, { number = 1234, ack = (m) => m + 1, tail = '', ...how } = {}) {
  await talk.say(`[1] SYN/seq=${number}${tail}`, how);
  const [theirs, acked] = await talk.got(/^\[2\] SYN\/seq=(\d+) ACK\/seq=(\d+)/);
  if (acked !== number + 1) throw new Error(`acknowledged ${acked} for ${number}`);
  await talk.say(`[3] ACK/seq=${ack(theirs)}${tail}`, how);
  return { number, theirs };
}

/** The server's part. Resolves to the two numbers. */
export async function beServer(talk, { number = 567, ack = (n) => n + 1, tail = '', ...how } = {}) {
  const [theirs] = await talk.got(/^\[1\] SYN\/seq=(\d{4})/);
  await talk.say(`[2] SYN/seq=${number} ACK/seq=${ack(theirs)}${tail}`, how);
  const [acked] = await talk.got(new RegExp(`^\\[3\\] ACK/seq=(\\d{${String(number + 1).length}})`));
  if (acked !== number + 1) throw new Error(`acknowledged ${acked} for ${number}`);
  return { number, theirs };
}
