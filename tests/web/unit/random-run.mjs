// random-run.mjs - runs made at random but repeatably, as the program would log
// them: what the geometry must cope with, far beyond what one kernel does.

/** A generator of numbers in [0, 1) from a seed (mulberry32). */
export function dice(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const FLAGS = [['SYN'], ['SYN', 'ACK'], ['ACK'], ['PSH', 'ACK'], ['FIN', 'ACK'], ['RST', 'ACK'],
  ['SYN', 'ECE', 'CWR']];
const STATES = ['SYN-SENT', 'SYN-RECEIVED', 'ESTABLISHED', 'FIN-WAIT-1', 'FIN-WAIT-2',
  'CLOSE-WAIT', 'LAST-ACK', 'TIME-WAIT', 'CLOSED'];
const CALLS = [
  'socket', 'setsockopt', 'bind', 'listen', 'accept', 'connect', 'send', 'recv', 'close',
];
const CHANGES = [
  undefined, undefined, 'ack 1001 -> 2001', 'window 1 -> 2, checksum not mended',
];
const HOSTS = ['client', 'server'];
const COUNTERS = ['ListenOverflows', 'ListenDrops', 'InErrs', 'TCPReqQFullDoCookies'];
const SERVER = '192.0.2.2:1337';

/** Events of a random run, sorted by time, ids without gaps. */
export function randomRun(seed, segments = 12, link = 'wire') {
  const next = dice(seed);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const gap = () => Math.floor(10 ** (next() * next() * 10.8)); // 1 ns to a minute, mostly short
  const drafts = [{ kind: 'run', phase: 'begin', t_ns: 0, hosts: {}, link, kernel: '6.18.0' }];
  let t = 0;
  for (let n = 1; n <= segments; n += 1) {
    t += gap();
    drafts.push(...randomSegment({ n, t, next, pick, gap }));
    if (next() < 0.5) drafts.push(randomState({ t: t + (next() < 0.5 ? 0 : gap()), n, next, pick }));
    if (next() < 0.5) drafts.push(...randomCall({ t, n, next, pick, gap }));
    if (next() < 0.1) drafts.push(randomIcmp({ t: t + gap(), n, pick }));
    if (next() < 0.2) drafts.push(randomCounter({ t, n, pick }));
    if (next() < 0.02) {
      const flood = randomFlood({ t, n: n + 1, next, gap });
      drafts.push(...flood);
      n += flood.filter((e) => e.kind === 'segment').length;
    }
  }
  return numbered(drafts);
}

/* The client's side of one of three connections. */
const client = (pick) => `192.0.2.1:${pick([40000, 40000, 40001, 40002])}`;

function randomSegment({ n, t, next, pick, gap }) {
  const from = pick(HOSTS);
  const own = client(pick);
  const flags = pick(FLAGS);
  const text = flags[0] === 'PSH' ? 'x'.repeat(Math.floor(next() * 60)) : '';
  const number = () => Math.floor(next() * 2 ** 32);
  const list = [{
    kind: 'segment', t_ns: t, n, from, to: from === 'client' ? 'server' : 'client', flags,
    seq: number(), ack: number(), seq_rel: Math.floor(next() * 100), ack_rel: 1,
    len: text.length, text, of: n > 1 && next() < 0.2 ? n - 1 : null, answers: n > 1 ? n - 1 : null,
    forged: next() < 0.1, src: from === 'client' ? own : SERVER, dst: from === 'client' ? SERVER : own,
  }];
  const copies = next() < 0.1 ? 0 : next() < 0.15 ? 2 : 1;
  for (let copy = 1; copy <= copies; copy += 1) {
    let at = t;
    if (next() < 0.15) {
      at += gap();
      list.push({ kind: 'copy', t_ns: at, n, copy, fate: 'held', by: 'person' });
    }
    if (next() < 0.1) continue;
    const fate = next() < 0.2 ? 'dropped' : 'arrived';
    const by = pick(['link', 'rule', 'person']);
    list.push({ kind: 'copy', t_ns: at + gap(), n, copy, fate, by, changed: pick(CHANGES) });
  }
  return list;
}

const randomCounter = ({ t, n, pick }) => ({
  kind: 'counter', t_ns: t, host: pick(HOSTS), counter: pick(COUNTERS), delta: 1, causeOf: n,
});

/* SYNs from many addresses, and what becomes of them. */
function randomFlood({ t, n, next, gap }) {
  return Array.from({ length: 8 + Math.floor(next() * 5) }, (_, i) => {
    const at = t + i * 1000;
    const syn = {
      kind: 'segment', t_ns: at, n: n + i, from: 'client', to: 'server', flags: ['SYN'], seq: i, ack: 0,
      seq_rel: 0, ack_rel: null, len: 0, text: '', forged: true, src: `192.0.2.${20 + i}:1024`, dst: SERVER,
    };
    const landed = { kind: 'copy', t_ns: at + gap(), n: n + i, copy: 1, fate: 'arrived', by: 'person' };
    const state = {
      kind: 'state', t_ns: landed.t_ns, host: 'server', socket: SERVER, peer: syn.src, old: 'CLOSED',
      new: 'SYN-RECEIVED', causeOf: syn.n,
    };
    return [syn, landed, ...(i < 4 ? [state] : [])];
  }).flat();
}

function randomIcmp({ t, n, pick }) {
  const from = pick(HOSTS);
  return {
    kind: 'icmp', t_ns: t, from, to: from === 'client' ? 'server' : 'client', type: 3, code: 1,
    meaning: 'the last router cannot reach that host; Linux gives up', answers: n, forged: true,
  };
}

function randomState({ t, n, next, pick }) {
  const host = pick(HOSTS);
  const own = client(pick);
  const listener = host === 'server' && pick([true, false, false]);
  const [socket, other] = host === 'client' ? [own, SERVER] : [SERVER, own];
  const state = listener ? pick(['LISTEN', 'CLOSED']) : pick(STATES);
  const causeOf = next() < 0.5 ? n : undefined;
  const peer = listener ? null : other;
  return { kind: 'state', t_ns: t, host, socket, peer, old: 'CLOSED', new: state, causeOf };
}

function randomCall({ t, n, next, pick, gap }) {
  const host = pick(HOSTS);
  const call = { kind: 'call', host, name: pick(CALLS), args: '', key: n };
  const list = [{ ...call, t_ns: t, phase: 'begin' }];
  if (next() < 0.1) return list;
  const errno = next() < 0.2 ? 'ECONNREFUSED' : null;
  return [...list, { ...call, t_ns: t + gap(), phase: 'end', result: errno ? -1 : 0, errno }];
}

function numbered(drafts) {
  const sorted = drafts.map((draft, i) => ({ draft, i }))
    .sort((a, b) => a.draft.t_ns - b.draft.t_ns || a.i - b.i)
    .map(({ draft }, i) => ({ id: i + 1, ...draft }));
  const calls = sorted.filter((e) => e.kind === 'call');
  const begins = new Map(calls.filter((e) => e.phase === 'begin').map((e) => [e.key, e.id]));
  for (const e of calls) if (e.phase === 'end') e.begin = begins.get(e.key);
  const copies = new Map(sorted.filter((e) => e.kind === 'copy').map((e) => [e.n, e.id]));
  for (const e of sorted) if (e.causeOf) e.cause = copies.get(e.causeOf) ?? null;
  return sorted;
}
