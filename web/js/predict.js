/* predict.js - questions about what a held segment will do, made from the run at
 * hand, and what came of them, read from what the kernels then did. Pure.
 *
 * A question is asked while its segment waits; nobody knows the answer then.
 * Its choices are what could plausibly come, plus "something else". What
 * happened after the segment was let go, or thrown away, decides: outcomeOf()
 * looks at the events that came since.
 *
 * @typedef {Object} Question
 *   {kind: 'next' | 'ack' | 'state' | 'errno' | 'again', n, fate: 'deliver' | 'drop',
 *    flags, from, to, call?, since, choices: string[], before?: string}
 *   since: id of the newest event before the answer: when it was asked, then when the
 *   segment was let go
 * @typedef {Object} Outcome {choice, truth, because: {text, rfc?}[]} */
import { flagsText, span } from './forging.js';

export const OTHER = 'other';
export const NOBODY = 'nobody';
export const STILL = 'still';

/* ms of quiet after which nothing more is expected: after an arrival the
 * kernels answer in microseconds, what was lost is sent again after a second
 * or more. */
const QUIET_MS = { next: 1300, ack: 1300, state: 250, errno: 600, again: 3600 };
const MOST = 4; // choices beside "something else" and "nobody"

/** @type {[string, (segment: Lab.Segment) => boolean][]} */
const ROLES = [
  ['rst', ({ flags }) => flags.includes('RST')],
  ['synack', ({ flags }) => flags.includes('SYN') && flags.includes('ACK')],
  ['syn', ({ flags }) => flags.includes('SYN')],
  ['fin', ({ flags }) => flags.includes('FIN')],
  ['data', ({ len }) => len > 0],
  ['ack', () => true],
];

/* Which questions fit a segment, the most telling first. */
const KINDS = {
  syn: ['next', 'ack', 'state'],
  synack: ['state', 'ack', 'errno', 'next'],
  ack: ['state', 'next'],
  data: ['ack', 'next'],
  fin: ['ack', 'state', 'next'],
  rst: ['errno', 'state', 'next'],
};

/* What could come next on the wire: by the other side, or by the same one. */
const COMES = {
  syn: [['to', 'SYN,ACK'], ['to', 'RST,ACK'], ['from', 'SYN'], ['to', 'ACK']],
  synack: [['to', 'ACK'], ['to', 'SYN,ACK'], ['to', 'RST'], ['from', 'ACK']],
  ack: [['from', 'PSH,ACK'], ['to', 'ACK'], ['to', 'PSH,ACK'], ['to', 'SYN,ACK']],
  data: [['to', 'ACK'], ['to', 'PSH,ACK'], ['from', 'FIN,ACK'], ['to', 'RST']],
  fin: [['to', 'ACK'], ['to', 'FIN,ACK'], ['to', 'RST,ACK'], ['from', 'FIN,ACK']],
  rst: [['to', 'ACK'], ['to', 'RST,ACK'], ['from', 'SYN']],
};

/* Where a socket could go from a state; the state itself is always offered. */
const GOES = {
  'LISTEN': ['SYN-RECEIVED', 'ESTABLISHED', 'SYN-SENT'],
  'SYN-SENT': ['ESTABLISHED', 'SYN-RECEIVED', 'CLOSED'],
  'SYN-RECEIVED': ['ESTABLISHED', 'CLOSE-WAIT', 'CLOSED'],
  'ESTABLISHED': ['CLOSE-WAIT', 'FIN-WAIT-1', 'CLOSED'],
  'FIN-WAIT-1': ['FIN-WAIT-2', 'CLOSING', 'TIME-WAIT'],
  'FIN-WAIT-2': ['TIME-WAIT', 'CLOSING', 'CLOSED'],
  'CLOSE-WAIT': ['LAST-ACK', 'CLOSING', 'CLOSED'],
  'CLOSING': ['TIME-WAIT', 'LAST-ACK', 'CLOSED'],
  'LAST-ACK': ['CLOSED', 'TIME-WAIT', 'CLOSING'],
  'TIME-WAIT': ['CLOSED', 'ESTABLISHED', 'LISTEN'],
  'CLOSED': ['LISTEN', 'SYN-RECEIVED', 'ESTABLISHED'],
};

const ENDS = {
  rst: ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT'],
  synack: ['ok', 'ECONNREFUSED', 'ETIMEDOUT'],
};

/** What a segment is in the course of a connection: syn, synack, ack ... */
export function roleOf(segment) {
  return ROLES.find(([, fits]) => fits(segment))[0];
}

/** The question about letting a held segment go, or throwing it away (fate);
 * `turn` counts the questions asked about such segments before, so that a run
 * that comes again asks something else. */
export function questionAbout(model, segment, { fate = 'deliver', turn = 0 } = {}) {
  const { n, from, to, flags } = segment;
  const since = model.last?.id ?? 0;
  const about = { n, fate, from, to, flags: flagsText(flags), since };
  if (fate === 'drop') return shuffled({ ...about, ...again(model, segment) });
  const kinds = KINDS[roleOf(segment)].filter((kind) => MAKERS[kind](model, segment));
  const kind = kinds[turn % kinds.length];
  return shuffled({ ...about, kind, ...MAKERS[kind](model, segment) });
}

/* Each gives {choices, ...} or null where it does not fit. */
const MAKERS = {
  next(_, segment) {
    const sides = COMES[roleOf(segment)].map(([side, flags]) => `${segment[side]} ${flags}`);
    return { choices: [...sides, NOBODY] };
  },
  ack(model, segment) {
    if (span(segment) === 0) return null;
    return { choices: [...ackGuesses(model, segment), NOBODY] };
  },
  state(model, segment) {
    const before = stateOf(model, segment);
    return { before, choices: [...(GOES[before] ?? GOES.CLOSED), before].slice(0, MOST) };
  },
  errno(model, segment) {
    const call = pendingCall(model, segment.to);
    const ends = ENDS[roleOf(segment)];
    return call && ends ? { call: call.name, host: segment.to, choices: [...ends, STILL] } : null;
  },
};

/* Who sends again what was lost? The sender, whoever waits for the answer, or
 * nobody. */
function again(model, segment) {
  const { from, to, flags } = segment;
  const theirs = model.segments.findLast((each) => each.from === to && span(each) > 0);
  const mine = `${from} ${flagsText(flags)}`;
  const other = theirs ? `${to} ${flagsText(theirs.flags)}` : `${to} RST,ACK`;
  return { kind: 'again', choices: unique([mine, other, NOBODY]) };
}

const wrap = (number) => ((number % 2 ** 32) + 2 ** 32) % 2 ** 32;
const unique = (list) => [...new Set(list)];

/* The end of what it brings, and what people take for it. */
function ackGuesses(model, segment) {
  const { seq, len, to } = segment;
  const end = wrap(seq + span(segment));
  const theirs = model.segments.findLast((each) => each.from === to);
  const own = theirs ? wrap(theirs.seq + span(theirs)) : 0;
  return unique([end, seq, wrap(end + 1), wrap(seq + len), own].map(String)).slice(0, MOST);
}

/* The receiver's socket of this connection, else its listener, as it is. */
function stateOf(model, { to, src, dst }) {
  const mine = model.sockets.filter(({ host }) => host === to);
  const own = mine.findLast(({ socket, peer }) => socket === dst && peer === src)
    ?? mine.findLast(({ listener }) => listener);
  const state = own?.spans.at(-1).state;
  return state in GOES ? state : 'CLOSED';
}

/* A call that waits for what the wire brings. */
function pendingCall(model, host) {
  return model.calls.findLast((call) => call.host === host && !call.end
    && ['connect', 'accept', 'recv', 'send'].includes(call.name));
}

/* Another order for each question, the same for each who sees it; "something
 * else" stands last, "nobody" before it. */
function shuffled(question) {
  const last = [NOBODY, STILL, OTHER];
  const rank = (choice) => hash(`${question.n} ${question.kind} ${choice}`);
  const free = question.choices.filter((choice) => !last.includes(choice));
  free.sort((a, b) => rank(a) - rank(b));
  const kept = last.filter((choice) => question.choices.includes(choice) || choice === OTHER);
  return { ...question, choices: [...free, ...kept] };
}

function hash(text) {
  let value = 2166136261;
  for (const char of text) value = Math.imul(value ^ char.codePointAt(0), 16777619) >>> 0;
  return value;
}

/** What came of it, or null while that is open. events: all of the run so far;
 * quietMs: how long nothing has happened. The answer's choice is one of the
 * question's; `truth` is what it was in any case. */
export function outcomeOf(question, events, quietMs) {
  const since = events.filter(({ id }) => id > question.since);
  const over = since.some(({ kind, phase }) => kind === 'run' && phase === 'end');
  const done = over || quietMs >= QUIET_MS[question.kind];
  const found = READERS[question.kind](question, since, done);
  if (!found) return null;
  const choice = question.choices.includes(found.truth) ? found.truth : OTHER;
  return { ...found, choice };
}

const saying = (segment) => segment.says ?? [];
const sentenceOf = (event) => [{ text: event.sentence ?? '' }];
const nothing = (done, truth = NOBODY) => (done ? { truth, because: [] } : null);

/* The arrival of the segment asked about, and what came after it. */
function afterArrival({ n }, since) {
  const at = since.findIndex((e) => e.kind === 'copy' && e.n === n && e.fate === 'arrived');
  return at < 0 ? null : since.slice(at + 1);
}

/* One reader a kind: (question, events since, nothing more will come) -> {truth,
 * because} or null. */
const READERS = {
  next(question, since, done) {
    const next = since.find(({ kind }) => kind === 'segment');
    if (!next) return nothing(done);
    return { truth: `${next.from} ${flagsText(next.flags)}`, because: saying(next) };
  },
  ack(question, since, done) {
    const after = afterArrival(question, since);
    const next = after?.find((e) =>
      e.kind === 'segment' && e.from === question.to && e.flags.includes('ACK'));
    if (!next) return nothing(done);
    return { truth: String(next.ack), because: saying(next) };
  },
  state(question, since, done) {
    const after = afterArrival(question, since);
    const change = after?.find((e) =>
      e.kind === 'state' && e.host === question.to && e.new !== 'LISTEN');
    if (!change) return nothing(done && after !== null, question.before);
    return { truth: change.new, because: sentenceOf(change) };
  },
  errno(question, since, done) {
    const end = since.find((e) => e.kind === 'call' && e.phase === 'end'
      && e.host === question.host && e.name === question.call);
    if (!end) return nothing(done, STILL);
    return { truth: end.errno ?? 'ok', because: sentenceOf(end) };
  },
  again(question, since, done) {
    return READERS.next(question, since, done);
  },
};
