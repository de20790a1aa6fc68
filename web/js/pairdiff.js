/* pairdiff.js - what differs between two runs, as data that texts can say. Pure.
 *
 * What is other in every run is no difference: initial sequence numbers, ports
 * that a kernel chose, timestamps, numbers made up for a text, microseconds.
 * Sequence numbers are compared as they count from the beginning, and a shift
 * that an earlier difference explains is told once.
 *
 * A difference is {id, group, kind, at: [event of A or null, event of B or null],
 * ...}; groups stand in the order of GROUPS. */
import { markOf } from './arrowlabel.js';
import { numbered } from './pairtime.js';

export const GROUPS = ['setup', 'outcome', 'wire', 'calls', 'states', 'counters'];

const LATER_NS = 2e6; // a shorter delay is noise
const LATER_PART = 1.3; // of the other's time
const WINDOW_PART = 0.05; // of a window: buffers are never filled quite alike

/** Every difference of two runs: [{run, model}, {run, model}], steps of pairing.js. */
export function differencesOf(sides, steps) {
  const models = sides.map(({ model }) => model);
  return [
    ...setupDifferences(sides),
    ...outcomeDifferences(models),
    ...gathered(wireDifferences(steps)),
    ...callDifferences(models),
    ...stateDifferences(models),
    ...counterDifferences(models),
  ].map((each, i) => ({ at: [null, null], ...each, id: i }));
}

/* --- how they were begun ---------------------------------------------------- */

const SETUP = {
  scenario: ({ run }) => run.title,
  link: ({ run }) => run.link,
  ip: ({ run }) => run.ip && `IPv${run.ip}`,
  kernel: ({ model }) => model.begin?.kernel,
};

function setupDifferences(sides) {
  const facts = Object.entries(SETUP).flatMap(([what, valueOf]) => {
    const [a, b] = sides.map(valueOf);
    return a === b ? [] : [{ group: 'setup', kind: 'setup', what, a, b }];
  });
  const [a, b] = sides.map(({ run }) => run.began);
  return a && b ? [...facts, ...pathDifferences(a, b), ...ruleDifferences(a, b)] : facts;
}

/* Conditions of the way from each host, one row where both ways are alike. */
function pathDifferences(a, b) {
  const list = ['client', 'server'].flatMap((from) => Object.keys(a.path[from])
    .filter((name) => a.path[from][name] !== b.path[from][name])
    .map((name) => ({ from, name, a: a.path[from][name], b: b.path[from][name] })));
  const isTwin = (one, other) => ['name', 'a', 'b'].every((key) => one[key] === other[key]);
  return list.filter((each, i) => list.findIndex((other) => isTwin(each, other)) === i)
    .map((each) => ({
      group: 'setup', kind: 'path', ...each,
      from: list.filter((other) => isTwin(each, other)).length > 1 ? null : each.from,
    }));
}

function ruleDifferences(a, b) {
  const words = ({ rules }) => rules.map((rule) => rule.words);
  const only = (own, other, side) => words(own).filter((text) => !words(other).includes(text))
    .map((text) => ({ group: 'setup', kind: 'rule', side, text }));
  return [...only(a, b, 0), ...only(b, a, 1)];
}

/* --- how they ended --------------------------------------------------------- */

function outcomeDifferences(models) {
  const [a, b] = models.map(({ end }) => end?.verdict?.code ?? 'running');
  if (a === b) return [];
  const at = models.map(({ end }) => end?.id ?? null);
  return [{ group: 'outcome', kind: 'verdict', a, b, at }];
}

/* --- on the wire ------------------------------------------------------------ */

/** Those on the wire, each as often as it comes. */
export function wireDifferences(steps) {
  const shift = { client: 0, server: 0 };
  const last = { a: null, b: null };
  return steps.flatMap((step) => {
    const { a, b } = step;
    if (!a || !b) return [onlyOne(step)];
    const list = aspectsOf(a, b, shift);
    const late = latenessOf(step, last);
    Object.assign(shift, shiftAfter(a, b, shift));
    Object.assign(last, step);
    const at = [a.id, b.id];
    return [
      ...(late ? [{ group: 'wire', kind: 'later', at, step, ...late }] : []),
      ...(list.length > 0 ? [{ group: 'wire', kind: 'segment', at, step, list }] : []),
    ];
  });
}

function onlyOne(step) {
  const { a, b } = step;
  const at = [a?.id ?? null, b?.id ?? null];
  return { group: 'wire', kind: 'only', side: a ? 0 : 1, segment: a ?? b, step, at };
}

/* How much longer one run took since the last segment that both have. */
function latenessOf({ a, b }, last) {
  if (!last.a) return null;
  const [one, other] = [a.t_ns - last.a.t_ns, b.t_ns - last.b.t_ns];
  const [short, long] = one < other ? [one, other] : [other, one];
  if (long - short < LATER_NS || long < short * LATER_PART) return null;
  return { side: one < other ? 1 : 0, ns: long - short };
}

/* What is the same difference again is told once, with how often it came again. */
function gathered(list) {
  const firsts = new Map();
  return list.filter((each) => {
    const key = signatureOf(each);
    const first = firsts.get(key);
    if (first) first.again += 1;
    else firsts.set(key, Object.assign(each, { again: 0 }));
    return !first;
  });
}

const SIGNATURES = {
  // Delays of about the same length: the next power of 1.5.
  later: ({ side, ns }) => [side, Math.round(Math.log(ns) / Math.log(1.5))],
  only: ({ side, segment: { from, flags, of, forged } }) =>
    [side, from, flags, Boolean(of), Boolean(forged)],
  segment: ({ list, step: { a } }) => [a.from, ...list.map(({ name, option, ...values }) =>
    [name, option, name === 'window' ? '' : [values.a, values.b]])],
};

const signatureOf = (each) => JSON.stringify([each.kind, ...SIGNATURES[each.kind](each)]);

/** What became of a segment, in a word: its copies' fates and damages. */
export function fateOf({ copies }) {
  if (copies.length === 0) return 'flying';
  return copies.map((copy) => markOf(copy) ?? copy.fate).join('+');
}

const ASPECTS = {
  fate: fateOf,
  flags: ({ flags }) => flags.join(','),
  ttl: ({ ttl }) => ttl ?? null,
  repeats: ({ of }) => Boolean(of),
  forged: ({ forged }) => Boolean(forged),
};

/* What differs between two segments: [{name, a, b}]. */
function aspectsOf(a, b, shift) {
  const plain = Object.entries(ASPECTS).flatMap(([name, valueOf]) =>
    (valueOf(a) === valueOf(b) ? [] : [{ name, a: valueOf(a), b: valueOf(b) }]));
  return [...plain, ...windowAspects(a, b), ...dataAspects(a, b), ...numberAspects(a, b, shift),
    ...optionAspects(a, b)];
}

/* That of a SYN is exact; later ones follow how full a buffer is. */
function windowAspects({ window: a, flags }, { window: b }) {
  const most = flags.includes('SYN') ? 0 : Math.max(a, b) * WINDOW_PART;
  return Math.abs(a - b) > most + (most > 0 ? 1 : 0) ? [{ name: 'window', a, b }] : [];
}

/* Numbers made up for a text are other in every run. */
function dataAspects(a, b) {
  const [one, two] = [a, b].map(({ text }) => (text ?? '').replace(/\d+/g, '0'));
  if (one !== two) return [{ name: 'text', a: a.text ?? '', b: b.text ?? '' }];
  return one === '' && a.len !== b.len ? [{ name: 'bytes', a: a.len, b: b.len }] : [];
}

/* Numbers that are not where those of the other run lead one to expect. */
function numberAspects(a, b, shift) {
  const other = a.from === 'client' ? 'server' : 'client';
  const numbers = [['seq', shift[a.from]], ['ack', shift[other]]];
  return numbers.flatMap(([name, expected]) => {
    const [one, two] = [a[`${name}_rel`], b[`${name}_rel`]];
    if (!isNumber(one) || !isNumber(two) || two - one === expected || two === one) return [];
    return [{ name, a: one, b: two }];
  });
}

const isNumber = (value) => typeof value === 'number';

/* How much further B's numbers of that sender are after this pair. */
function shiftAfter(a, b, shift) {
  if (!isNumber(a.seq_rel) || !isNumber(b.seq_rel)) return {};
  const ahead = b.seq_rel + b.len - a.seq_rel - a.len;
  return a.of || b.of ? { [a.from]: shift[a.from] } : { [a.from]: ahead };
}

/* Values that are other in every run, and fillers. */
const CHANGING = new Set(['Timestamps', 'Fast Open']);
const isFiller = ({ name }) => ['NOP', 'End of Option List'].includes(name);

function optionAspects(a, b) {
  const [one, two] = [a, b].map(({ options = [] }) =>
    new Map(options.filter((option) => !isFiller(option)).map((option) => [option.name, option])));
  const names = [...new Set([...one.keys(), ...two.keys()])];
  return names.flatMap((name) => {
    const [x, y] = [wordsOf(one.get(name)), wordsOf(two.get(name))];
    return x === y ? [] : [{ name: 'option', option: name, a: x, b: y }];
  });
}

/* null: not there. */
function wordsOf(option) {
  if (!option) return null;
  return CHANGING.has(option.name) ? '' : JSON.stringify(option.value ?? '').replaceAll('"', '');
}

/* --- calls ------------------------------------------------------------------ */

/** What a call came to: "ok", "end" where it was told the end of the stream, the
 * errno's name, or null while it waits. */
export function resultOf({ end, name }) {
  if (!end) return null;
  if (end.errno) return end.errno;
  return name === 'recv' && end.result === 0 ? 'end' : 'ok';
}

function callDifferences([a, b]) {
  const [one, two] = [a, b].map(({ calls }) =>
    new Map(numbered(calls).map((each) => [each.key, each])));
  const keys = [...new Set([...one.keys(), ...two.keys()])];
  return together(keys.flatMap((key) => callDifference(one.get(key), two.get(key))));
}

/* The calls that one host makes in one run alone, in one row. */
function together(list) {
  const rows = new Map();
  return list.filter((each) => {
    if (each.kind !== 'onlyCall') return true;
    const key = `${each.host} ${each.side}`;
    const row = rows.get(key);
    if (row) row.names.push(each.name);
    else rows.set(key, Object.assign(each, { names: [each.name] }));
    return !row;
  });
}

/** @returns {any[]} */
function callDifference(one, two) {
  const { nth, call: { host, name } } = one ?? two;
  const at = [one, two].map((each) => (each ? (each.call.end?.id ?? each.call.id) : null));
  const about = { group: 'calls', host, name, nth, at };
  if (!one || !two) return [{ ...about, kind: 'onlyCall', side: one ? 0 : 1 }];
  const [a, b] = [one, two].map(({ call }) => resultOf(call));
  if (a !== b) return [{ ...about, kind: 'result', a, b }];
  const took = [one, two].map(({ call }) => (call.end ? call.end.t_ns - call.t : 0));
  const [short, long] = [Math.min(...took), Math.max(...took)];
  if (long - short < LATER_NS || long < short * LATER_PART) return [];
  return [{ ...about, kind: 'took', a: took[0], b: took[1] }];
}

/* --- states and counters ---------------------------------------------------- */

/** The states of a host's first connection, one after the other. */
export function pathOf({ sockets }, host) {
  const own = sockets.find((socket) => socket.host === host && !socket.listener);
  return own ? own.spans.map(({ state }) => state) : [];
}

function stateDifferences(models) {
  return ['client', 'server'].flatMap((host) => {
    const [a, b] = models.map((model) => pathOf(model, host));
    return a.join() === b.join() ? [] : [{ group: 'states', kind: 'states', host, a, b }];
  });
}

function counterDifferences(models) {
  const [one, two] = models.map(({ counters }) => {
    const sums = new Map();
    for (const { host, counter, delta, meaning } of counters) {
      const key = `${host} ${counter}`;
      sums.set(key, { host, counter, meaning, sum: (sums.get(key)?.sum ?? 0) + delta });
    }
    return sums;
  });
  const keys = [...new Set([...one.keys(), ...two.keys()])];
  return keys.flatMap((key) => {
    const [a, b] = [one, two].map((sums) => sums.get(key)?.sum ?? 0);
    const { host, counter, meaning } = one.get(key) ?? two.get(key);
    return a === b ? [] : [{ group: 'counters', kind: 'counter', host, counter, meaning, a, b }];
  });
}
