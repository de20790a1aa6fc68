/* sequence.js - which sequence numbers each host has used, and which of them
 * have been acknowledged. Pure.
 *
 * Numbers are offsets from where their host began, so that the end of the
 * 32 bits (RFC 9293 3.4) is nothing special; what lies before the beginning (a
 * stray, a forgery) is negative.
 *
 * @typedef {Object} Block  the numbers one segment takes: {n, id, from, to,
 *   pieces: {kind: 'SYN'|'data'|'FIN', from, to}[], fate, forged, repeats}
 * @typedef {Object} Ack  {n, id, at, back (of what it adds), came}: everything
 *   before `at` has arrived
 * @typedef {Object} Side  {host, base, blocks: Block[], acks: Ack[], bare:
 *   {n, at}[], next, acked} */
import { basesOf, wrap } from './numbering.js';

const PEER = { client: 'server', server: 'client' };

/* The distance of a number from its base, the shorter way round: 32 bits with a
 * sign. */
const offset = (number, base) => (number - base) | 0;

/* What of a segment takes numbers, in their order. A RST takes none. */
function piecesOf({ flags, len }, from) {
  if (flags.includes('RST')) return [];
  const counts = [
    ['SYN', flags.includes('SYN') ? 1 : 0], ['data', len ?? 0],
    ['FIN', flags.includes('FIN') ? 1 : 0],
  ];
  let at = from;
  const pieces = [];
  for (const [kind, count] of counts) {
    if (count > 0) pieces.push({ kind, from: at, to: at + count });
    at += count;
  }
  return pieces;
}

/** What became of a segment: 'arrived', 'held', 'lost' or 'flying'. Without a
 * wire that could take it, it has arrived. */
export function fateOf({ copies, saved }, link) {
  if (saved || link === 'loopback') return 'arrived';
  const some = (fate) => copies.some((copy) => copy.fate === fate);
  if (some('arrived')) return 'arrived';
  if (some('held')) return 'held';
  return some('dropped') ? 'lost' : 'flying';
}

/** The conversations of a run in the order they began: {key, ns (its segments),
 * sides: {client: Side, server: Side}}. The same two ends may have several, which
 * begin at other numbers. */
export function conversationsOf(model) {
  const link = model.begin?.link;
  const newest = new Map(); // the two ends -> their newest conversation
  const all = [];
  for (const segment of model.segments) {
    const { src, dst } = segment;
    const ends = src < dst ? `${src} ${dst}` : `${dst} ${src}`;
    const bases = sidesOf(segment);
    let talk = newest.get(ends);
    if (!talk || !belongs(talk, bases)) {
      talk = newTalk(`${ends} ${all.length}`, segment);
      newest.set(ends, talk);
      all.push(talk);
    }
    add(talk, segment, bases, fateOf(segment, link));
  }
  return all;
}

/* Where the numbers of both hosts begin, as far as this segment tells. */
function sidesOf(segment) {
  const { seq, ack } = basesOf(segment);
  return { [segment.from]: seq, [PEER[segment.from]]: ack };
}

function belongs({ sides: { client, server } }, bases) {
  const fits = (side, base) => base === null || side.base === null || side.base === base;
  return fits(client, bases.client) && fits(server, bases.server);
}

function newTalk(key, { src, dst, from }) {
  const side = (host) =>
    ({ host, base: null, blocks: [], acks: [], bare: [], next: null, acked: null });
  return {
    key, ns: [], sides: { client: side('client'), server: side('server') },
    ends: from === 'client' ? { client: src, server: dst } : { client: dst, server: src },
  };
}

function add(talk, segment, bases, fate) {
  talk.ns.push(segment.n);
  talk.sides.client.base ??= bases.client;
  talk.sides.server.base ??= bases.server;
  addNumbers(talk.sides[segment.from], segment, fate);
  if (segment.flags.includes('ACK')) addAck(talk.sides[PEER[segment.from]], segment, fate);
}

function addNumbers(side, segment, fate) {
  const { n, id, seq, forged, of: repeats } = segment;
  if (side.base === null) return;
  const from = offset(seq, side.base);
  const pieces = piecesOf(segment, from);
  if (pieces.length === 0) {
    side.bare.push({ n, at: from });
    return;
  }
  const { to } = pieces.at(-1);
  side.blocks.push({ n, id, from, to, pieces, fate, forged: Boolean(forged), repeats });
  side.next = Math.max(side.next ?? to, to);
}

/* Only what arrived tells its receiver anything, and only what was sent can be
 * acknowledged. */
function addAck(side, { n, id, ack }, fate) {
  if (side.base === null) return;
  const at = offset(ack, side.base);
  const came = fate === 'arrived';
  const possible = side.next !== null && at <= side.next;
  const back = possible ? (side.acked ?? side.blocks[0].from) : at;
  side.acks.push({ n, id, at, back, came });
  if (came && possible) side.acked = Math.max(side.acked ?? at, at);
}

/** How many different numbers were used. */
export function countNumbers({ blocks }) {
  let count = 0;
  let end = -Infinity;
  for (const { from, to } of [...blocks].sort((a, b) => a.from - b.from)) {
    count += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return count;
}

/** An offset as a number: relative, or as it stands in the header. */
export function numberAt(at, { base }, relative) {
  return wrap(relative ? at : at + base);
}
