/* exercise.js - exercises made from any finished run: header fields left blank,
 * and segments to be put in order. Pure; the same run and seed give the same.
 *
 * What is asked can be worked out from what is shown: a sequence number where
 * that side has been heard before, an acknowledgement where the other side has,
 * flags from what a segment does. Forged and repeated segments are left out. */
import { flagsText, span } from './forging.js';
import { saysOf } from './numbering.js';

const MOST_ROWS = 8;
const CIRCLE = 2 ** 32;
const wrap = (number) => ((number % CIRCLE) + CIRCLE) % CIRCLE;

/* Numbers in [0, 1) from a text, for choices that look like chance. */
function dice(text) {
  let a = 2166136261;
  for (const char of text) a = Math.imul(a ^ char.codePointAt(0), 16777619) >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / CIRCLE;
  };
}

/** The segments an exercise is about. */
export function usable(model) {
  return model.segments.filter(({ of, forged, saved }) => !of && !forged && !saved)
    .slice(0, MOST_ROWS);
}

/** Whether a run gives an exercise at all. */
export function isFit(model) {
  return Boolean(model.end) && usable(model).length >= 3;
}

/** {rows: [{n, from, to, cells: {flags, seq, ack, len}, blank: names, says}]}:
 * cells as text, blanks among them; `relative` as on the rest of the page. */
export function blanks(model, { relative = true, seed = '' } = {}) {
  const next = dice(`${seed} blanks`);
  const heard = new Set();
  const rows = usable(model).map((segment) => {
    const row = rowOf(segment, relative);
    const known = knowable(segment, heard);
    heard.add(segment.from);
    return { ...row, blank: chosen(known, next) };
  });
  if (rows.every(({ blank }) => blank.length === 0)) rows.at(-1).blank = ['flags'];
  return { rows };
}

function rowOf(segment, relative) {
  const { n, from, to, flags, len, says } = segment;
  const number = (name) => String((relative ? segment[`${name}_rel`] : null) ?? segment[name]);
  const ack = flags.includes('ACK') ? number('ack') : '';
  const cells = { flags: flagsText(flags), seq: number('seq'), ack, len: String(len) };
  return { n, from, to, says: saysOf(says, relative), cells };
}

function knowable({ from, to, flags }, heard) {
  const names = ['flags'];
  if (heard.has(from)) names.push('seq');
  if (heard.has(to) && flags.includes('ACK')) names.push('ack');
  return names;
}

/* One or two a row, never all of it. */
function chosen(names, next) {
  const many = next() < 0.5 ? 1 : 2;
  const order = [...names].map((name) => [next(), name]).sort((a, b) => a[0] - b[0]);
  return order.slice(0, Math.min(many, names.length)).map(([, name]) => name);
}

/** Whether what was filled in is right: numbers by value, flags in any order. */
export function isRight(name, given, truth) {
  if (name !== 'flags') return given.trim() !== '' && Number(given) === Number(truth);
  const words = (text) => text.toUpperCase().split(/[\s,+]+/).filter(Boolean).sort().join();
  return words(given) === words(truth);
}

/** The segments of a run shuffled: [{n, from, to, flags, seq, ack, len}]. Never in
 * their true order. */
export function shuffledSegments(model, { relative = true, seed = '' } = {}) {
  const rows = usable(model).map((segment) => rowOf(segment, relative));
  const next = dice(`${seed} order`);
  const order = [...rows];
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  const same = order.every(({ n }, i) => n === rows[i].n);
  return same ? order.reverse() : order;
}

/** What is impossible in an order of numbers: [{n, before, why}] says that n stands
 * before what must precede it: 'heard' (it acknowledges that segment) or
 * 'sent' (its sender's numbers come later). Empty: it could have been so. */
export function faultsIn(model, order) {
  const rows = usable(model);
  const place = new Map(order.map((n, i) => [n, i]));
  const faults = [];
  for (const [i, segment] of rows.entries()) {
    const { n } = segment;
    const needed = rows.slice(0, i).findLast((each) => acknowledges(segment, each));
    if (needed && place.get(needed.n) > place.get(n)) {
      faults.push({ n, before: needed.n, why: 'heard' });
    }
    const sent = rows.slice(0, i).findLast((each) => each.from === segment.from);
    if (sent && place.get(sent.n) > place.get(n)) faults.push({ n, before: sent.n, why: 'sent' });
  }
  return faults;
}

/* Its acknowledgement covers all of the other segment. */
function acknowledges(segment, other) {
  if (other.from === segment.from || !segment.flags.includes('ACK')) return false;
  return span(other) > 0 && wrap(segment.ack - (other.seq + span(other))) < CIRCLE / 2;
}

/** Whether an order of numbers is the one in which they were sent. */
export function isTrueOrder(model, order) {
  return usable(model).every(({ n }, i) => order[i] === n);
}
