/* notes.js - what is written on the wire beside the labels of arrows: how long a
 * timer ran, how long only one end was ESTABLISHED, from when on data could be
 * sent, what a kernel counted because of what arrived. Pure.
 *
 * A note stands above the beginning of an arrow or below one of its ends (`at`,
 * the id of a copy), and claims a line there; see flights.js.
 * A note is {id (of the event that it appears with), at, kind, host, text,
 * short, until}: before the event `until` it says `short`. */
import { cells, charsIn, cutTo } from './columns.js';
import { duration, nominal as nominally } from './format.js';
import { segmentOf } from './model.js';
import { texts } from './texts.js';

const MARGIN = 1.6; // of the font size: from the edge of the wire, beside the timers
const SLIM_MARGIN = 0.7; // on a narrow screen

/* What the timers and the handshake show better, or what says nothing here. */
const PLAIN = new Set(['TCPTimeouts', 'RetransSegs', 'TCPSynRetrans', 'ActiveOpens', 'PassiveOpens',
  'OutRsts', 'InErrs', 'AttemptFails', 'EstabResets']);

/** The notes of every segment: Map n -> {above, below, stamp}; stamp tells
 * whether they are the same as before. about: {timers, split, ruler, floods:
 * folded ones, opened: open ones}. */
export function notesOf(model, columns, about) {
  const notes = new Map();
  const add = (n, where, note) => {
    if (!notes.has(n)) notes.set(n, { above: [], below: [], stamp: '' });
    const own = notes.get(n);
    own[where].push(note);
    own.stamp += `${note.at} ${note.text}\n`;
  };
  for (const timer of about.timers) timerNotes(timer, columns, add);
  splitNotes(model, columns, about, add);
  counterNotes(model, columns, add, about.floods);
  for (const flood of about.opened) openNote(flood, columns, add);
  return notes;
}

const marginOf = ({ compact, font }) => (compact ? SLIM_MARGIN : MARGIN) * font;

/* Characters on a line. */
function mostOf(columns) {
  return charsIn(columns.wire.width - marginOf(columns) - 0.4 * columns.font, columns.font);
}

function fitted(wordings, columns) {
  const most = mostOf(columns);
  return wordings.find((text) => cells(text) <= most) ?? cutTo(wordings.at(-1), most);
}

/** x and anchor of a note: at a host's side of the wire, or in its middle. */
export function noteX({ host }, columns) {
  const { wire } = columns;
  if (host === null) return { x: wire.middle, anchor: 'middle' };
  const margin = marginOf(columns);
  return host === 'client' ? { x: wire.left + margin, anchor: 'start' }
    : { x: wire.right - margin, anchor: 'end' };
}

function timerNotes({ kind, host, waits }, columns, add) {
  for (const { id, n, measured, nominal, probe } of waits) {
    if (nominal === null) continue;
    const wordings = texts.diagram.timer(kind, probe, nominally(nominal), duration(measured));
    add(n, 'above', { id, at: null, kind: 'timer', host, text: fitted(wordings, columns) });
  }
}

/* Both belong to the arrival that made the first end ESTABLISHED. */
function splitNotes(model, columns, { split, ruler }, add) {
  if (split) {
    const { host, from, to } = split;
    const n = numberOf(model, from.cause);
    const short = fitted(texts.diagram.disagree(host, null), columns);
    const text = fitted(texts.diagram.disagree(host, to && to.t - from.t), columns);
    const note = { id: from.id, at: from.cause, kind: 'split', host: null, short, until: to?.id };
    if (n) add(n, 'below', { ...note, text });
  }
  if (ruler) {
    const wordings = texts.diagram.firstData(duration(ruler.ns));
    const note = { id: ruler.to, at: ruler.to, kind: 'data', host: null };
    add(ruler.n, 'below', { ...note, text: fitted(wordings, columns) });
  }
}

/* The number of the segment that has a copy with that id. */
function numberOf({ segments }, id) {
  return segments.find(({ copies }) => copies.some((copy) => copy.id === id))?.n ?? null;
}

function counterNotes(model, columns, add, floods) {
  const causes = new Map(); // id of a copy -> what was counted because of it
  for (const { id, cause, counter, delta, host } of model.counters) {
    if (!cause || PLAIN.has(counter)) continue;
    if (!causes.has(cause)) causes.set(cause, []);
    causes.get(cause).push({ id, counter, delta, host });
  }
  if (causes.size === 0) return;
  for (const { n, at, counted } of arrivalsWith(causes, model, floods)) {
    const sums = new Map();
    for (const { counter, delta } of counted) sums.set(counter, (sums.get(counter) ?? 0) + delta);
    const words = [...sums].flatMap(([name, delta]) => pieces(`${name} +${delta}`, columns));
    const [{ id, host }] = counted;
    for (const text of broken(words, columns)) {
      add(n, 'below', { id, at, kind: 'counter', host, text });
    }
  }
}

/* The arrivals because of which something was counted: [{n, at, counted}]; what a
 * folded flood caused is summed up at the last of its arrivals. */
function arrivalsWith(causes, { segments }, floods) {
  const folded = new Set();
  const sums = floods.map(({ n, members }) => {
    const copies = members.flatMap((member) => member.copies);
    for (const { id } of copies) folded.add(id);
    const last = copies.reduce((a, b) => (b.t > a.t ? b : a), copies[0]);
    return { n, at: last?.id, counted: copies.flatMap(({ id }) => causes.get(id) ?? []) };
  });
  const single = segments.flatMap(({ n, copies }) =>
    copies.filter(({ id }) => causes.has(id) && !folded.has(id))
      .map(({ id }) => ({ n, at: id, counted: causes.get(id) })));
  return [...sums.filter(({ counted }) => counted.length > 0), ...single];
}

/* A name that is too long, in pieces that begin with a capital. */
function pieces(name, columns) {
  const most = mostOf(columns) - 2;
  if (name.length <= most) return [`▲ ${name}`];
  const at = [...name.slice(0, most + 1).matchAll(/[A-Z](?=[a-z])/g)].at(-1)?.index || most;
  return [`▲ ${name.slice(0, at)}`, `  ${name.slice(at)}`];
}

/* As many words on a line as fit. */
function broken(words, columns) {
  const most = mostOf(columns);
  const lines = [];
  for (const word of words) {
    const joined = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && joined.length <= most) lines[lines.length - 1] = joined;
    else lines.push(cutTo(word, most));
  }
  return lines;
}

/* At an open flood: how to fold it again. */
function openNote({ n, from, flags, members, addresses }, columns, add) {
  const { id } = segmentOf({ segments: members }, n) ?? members[0];
  const wordings = texts.diagram.flood(members.length, flags.join(','), addresses);
  const text = fitted(wordings.map((words) => `▾ ${words}`), columns);
  add(n, 'above', { id, at: null, kind: 'flood', host: from, text, flood: n });
}
