/* format.js - numbers, times and references as text. Pure. */

/** @type {[number, string][]} */
const UNITS = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
];

/** Nanoseconds with about three digits, "98.7 µs", as the program says it.
 * @param {number} ns */
export function duration(ns) {
  const [unit, name] = UNITS.find(([size]) => ns >= size) ?? UNITS[2];
  const value = ns / unit;
  if (ns === 0 || value >= 100) return `${Math.floor(value)} ${name}`;
  const places = value >= 10 ? 10 : 100;
  return `${(Math.floor(value * places) / places).toFixed(places === 10 ? 1 : 2)} ${name}`;
}

/** Nanoseconds of a nominal time, which has no digits to spare: "1 s".
 * @param {number} ns */
export function nominal(ns) {
  return ns < 1e9 ? `${Number((ns / 1e6).toFixed(1))} ms` : `${Number((ns / 1e9).toFixed(3))} s`;
}

/** A time since the run's start, fine enough to tell neighbours apart.
 * @param {number} ns */
export function stamp(ns) {
  if (ns < 1e6) return `${ns === 0 ? 0 : (ns / 1e3).toFixed(1)} µs`;
  return ns < 1e9 ? `${(ns / 1e6).toFixed(3)} ms` : `${(ns / 1e9).toFixed(6)} s`;
}

/** The same at the axis, where a digit less must do after the first minutes.
 * @param {number} ns */
export function tickText(ns) {
  return ns < 1e11 ? stamp(ns) : `${(ns / 1e9).toFixed(5)} s`;
}

/** The numbers of a segment: relative where asked and known.
 * @param {Lab.SegmentEvent} segment
 * @param {boolean} relative */
export function numbers(segment, relative) {
  const seq = relative ? segment.seq_rel : segment.seq;
  const hasAck = segment.flags.includes('ACK');
  const ack = relative ? segment.ack_rel : segment.ack;
  return { seq: seq ?? segment.seq, ack: hasAck ? (ack ?? segment.ack) : null };
}

/** Text of at most max characters; what is left out is marked by "…".
 * @param {string} text
 * @param {number} max */
export function shorten(text, max) {
  const chars = [...text];
  return chars.length <= max ? text : `${chars.slice(0, Math.max(1, max - 1)).join('')}…`;
}

/** Control characters made visible, so that one line stays one line.
 * @param {string} text */
export function oneLine(text) {
  return text.replace(/\n/g, '↵').replace(/\p{Cc}/gu, '·');
}

/** A sentence without the "At 1.2 ms" it begins with, where the time stands
 * beside it already.
 * @param {string} sentence */
export function withoutTime(sentence) {
  const rest = sentence.replace(/^At [\d.]+ (?:µs|ms|s) /, '');
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** "RFC 9293 3.5" -> the section's address; null when it is no RFC.
 * @param {string | undefined} reference */
export function rfcLink(reference) {
  const found = /^RFC (\d+)(?:[ ,]+(?:section )?(\d[\d.]*))?/i.exec(reference ?? '');
  if (!found) return null;
  const section = found[2] ? `#section-${found[2].replace(/\.$/, '')}` : '';
  return `https://www.rfc-editor.org/rfc/rfc${found[1]}${section}`;
}

/** "4500003c" -> ["45", "00", "00", "3c"].
 * @param {string} hex */
export function hexBytes(hex) {
  return hex.match(/../g) ?? [];
}

/** Host and port of "192.0.2.1:1337" or "[::1]:1337".
 * @param {Lab.Endpoint | undefined} host */
export function endpointText(host) {
  if (!host?.address) return '';
  const address = host.address.includes(':') && host.port ? `[${host.address}]` : host.address;
  return host.port ? `${address}:${host.port}` : address;
}

/** Wall-clock time of day of an ISO date, without the tables of all languages that
 * the browser would read for it.
 * @param {string} iso */
export function clock(iso) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0')).join(':');
}

/** Milliseconds as seconds with one place, for what counts down.
 * @param {number} ms */
export function seconds(ms) {
  return `${(Math.ceil(ms / 100) / 10).toFixed(1)} s`;
}
