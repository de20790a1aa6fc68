/* forging.js - a segment or ICMP error made by hand: the form's values into the
 * body of POST /api/runs/{id}/inject, and a segment into the form that answers
 * it. Pure.
 *
 * A number is {base, plus}: base '' lets the wire choose what fits, 'absolute'
 * takes plus as it is, 'client.isn' and the like count from there. */
import { wrap } from './numbering.js';

const CIRCLE = 2 ** 32;

/** The flags from the left, as RFC 9293 3.1 and RFC 9768 3.1 draw them. */
export const FLAG_BITS = ['AE', 'CWR', 'ECE', 'URG', 'ACK', 'PSH', 'RST', 'SYN', 'FIN'];
/* The order in which people say them, and the program writes them. */
const SPOKEN = ['SYN', 'FIN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR', 'AE'];

export const BASES = ['', 'absolute', 'client.isn', 'server.isn', 'client.next', 'server.next'];

/** ICMP errors worth sending, by IP version: [type, code]. */
export const ICMP_ERRORS = {
  4: [[3, 0], [3, 1], [3, 2], [3, 3], [3, 4], [3, 9], [3, 10], [3, 13], [11, 0], [12, 0]],
  6: [[1, 0], [1, 1], [1, 3], [1, 4], [2, 0], [3, 0]],
};

/** The fields that take a number, by their names in the form, with the name the
 * program has for each and the largest it takes; `tos` is made of two.
 * @type {Record<string, {api?: string, min?: number, max: number}>} */
export const NUMBERS = Object.freeze({
  srcPort: { api: 'src_port', max: 65535 }, dstPort: { api: 'dst_port', max: 65535 },
  offset: { api: 'offset', max: 15 }, reserved: { api: 'reserved', max: 7 },
  window: { api: 'window', max: 65535 }, urgent: { api: 'urgent', max: 65535 },
  dscp: { max: 63 }, ecn: { max: 3 }, ipId: { api: 'ip_id', max: 65535 },
  ttl: { api: 'ttl', max: 255 }, mss: { max: 65535 }, wscale: { max: 255 },
  tsval: { max: CIRCLE - 1 }, tsecr: { max: CIRCLE - 1 },
  count: { api: 'count', min: 1, max: 256 }, mtu: { min: 68, max: 65535 },
});

/** The form as it begins: a SYN to the server. checksum: '' right, 'wrong', or
 * 'chosen' with its digits; options: '' or digits that stand for all of them. */
export const emptyForge = Object.freeze({
  ...Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, ''])),
  kind: 'segment', to: 'server', flags: ['SYN'],
  seq: { base: '', plus: 0 }, ack: { base: '', plus: 0 },
  sack: false, options: '', payload: '', checksum: '', checksumDigits: '', vary: false,
  icmp: '3/1',
});

/** "SYN,ACK", "(none)". */
export function flagsText(flags) {
  return SPOKEN.filter((flag) => flags.includes(flag)).join(',') || '(none)';
}

/** A number as the program reads it: 7, "client.isn+1"; undefined when the wire
 * is to choose. */
export function numberWords({ base, plus }) {
  if (base === '') return undefined;
  if (base === 'absolute') return ((plus % CIRCLE) + CIRCLE) % CIRCLE;
  if (plus === 0) return base;
  return `${base}${plus > 0 ? '+' : '-'}${Math.abs(plus)}`;
}

/** The body to POST. */
export function forgeBody(form) {
  if (form.kind === 'icmp') {
    const [type, code] = form.icmp.split('/').map(Number);
    return { to: form.to, icmp: without({ type, code, mtu: given(form.mtu) }) };
  }
  const plain = Object.entries(NUMBERS).filter(([, { api }]) => api)
    .map(([name, { api }]) => [api, given(form[name])]);
  return without({
    to: form.to, flags: flagsText(form.flags),
    seq: numberWords(form.seq), ack: numberWords(form.ack),
    ...Object.fromEntries(plain), tos: tosOf(form),
    options: optionsOf(form), payload: form.payload || undefined,
    ...checksumOf(form), vary_source: form.vary || undefined,
  });
}

/* Six bits of DSCP, two of ECN (RFC 2474 3, RFC 3168 5). */
function tosOf({ dscp, ecn }) {
  if (dscp === '' && ecn === '') return undefined;
  return Number(dscp) * 4 + Number(ecn);
}

function checksumOf({ checksum, checksumDigits }) {
  if (checksum === 'wrong') return { bad_checksum: true };
  if (checksum !== 'chosen' || checksumDigits === '') return {};
  return { checksum: parseInt(checksumDigits.replace(/^0x/i, ''), 16) };
}

function optionsOf({ options: digits, mss, wscale, sack, tsval, tsecr }) {
  if (digits.trim()) return digits.replace(/\s/g, '');
  const timestamps = tsval === '' && tsecr === '' ? undefined : [Number(tsval), Number(tsecr)];
  const options = without({
    mss: given(mss), wscale: given(wscale), sack: sack || undefined, timestamps,
  });
  return Object.keys(options).length > 0 ? options : undefined;
}

const given = (text) => (text === '' ? undefined : Number(text));

function without(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

/** The initial and next sequence numbers each host has been heard to use:
 * {client: {isn, next}, server: ...}; a host not heard yet is missing. */
export function heardNumbers(model) {
  const heard = {};
  for (const segment of model.segments) {
    const { from, seq, seq_rel: relative } = segment;
    const known = heard[from];
    if (segment.flags.includes('SYN')) heard[from] = { isn: seq, next: wrap(seq + span(segment)) };
    else if (known && relative !== null) {
      heard[from] = { ...known, next: furthest(known.next, wrap(seq + span(segment))) };
    }
  }
  return heard;
}

const furthest = (a, b) => (wrap(b - a) < CIRCLE / 2 ? b : a);

/** How many sequence numbers a segment takes. */
export function span({ flags, len }) {
  return (len ?? 0) + (flags.includes('SYN') ? 1 : 0) + (flags.includes('FIN') ? 1 : 0);
}

/** What a number of the form comes to: absolute, or null while nobody knows. */
export function resolved({ base, plus }, heard) {
  if (base === '') return null;
  if (base === 'absolute') return wrap(plus);
  const [host, which] = base.split('.');
  return heard[host] ? wrap(heard[host][which] + plus) : null;
}

/** The same counted from where that host began, null where that is not known. */
export function relativeTo(value, host, heard) {
  return value === null || !heard[host] ? null : wrap(value - heard[host].isn);
}

/* What a host says to what it is told, in the cases that have one answer. */
function answerFlags(flags) {
  if (flags.includes('SYN') && !flags.includes('ACK')) return ['SYN', 'ACK'];
  return ['ACK'];
}

/** The form that answers a segment, with its numbers as they follow from it. */
export function answerTo(segment, model) {
  const { from, to, seq_rel: relative } = segment;
  const heard = heardNumbers(model);
  const flags = answerFlags(segment.flags);
  const known = relative !== null && relative !== undefined && heard[from];
  const ack = known
    ? { base: `${from}.isn`, plus: relative + span(segment) }
    : { base: 'absolute', plus: wrap(segment.seq + span(segment)) };
  return {
    ...emptyForge, to: from, flags, ack,
    seq: heard[to] ? { base: `${to}.next`, plus: 0 } : { base: 'absolute', plus: 1000 },
  };
}
