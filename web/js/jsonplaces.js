/* jsonplaces.js - where in a JSON text each value stands, by its JSON Pointer
 * (RFC 6901), so that a fault can be shown at its place. Pure. What comes after
 * a syntax error has no place. */

const SPACE = /[\s]*/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const OTHER = /[^\s,\]}"[{:]+/y;

/** Map of pointer -> {start, end} in the text: of the member's name and value for
 * a member, of the value for an element and for the whole (""). */
export function placesOf(text) {
  const places = new Map();
  const at = { text, i: 0, places };
  try {
    value(at, '', 0);
  } catch (error) {
    if (error !== STOP) throw error;
  }
  return places;
}

const STOP = new Error('no JSON'); // where the text is none
const DEEPEST = 64;

function take(at, pattern) {
  pattern.lastIndex = at.i;
  const found = pattern.exec(at.text);
  if (!found) throw STOP;
  at.i = pattern.lastIndex;
  return found[0];
}

function skip(at) {
  take(at, SPACE);
}

function eat(at, char) {
  skip(at);
  if (at.text[at.i] !== char) return false;
  at.i += 1;
  return true;
}

function value(at, pointer, depth, start = null) {
  skip(at);
  const from = start ?? at.i;
  const end = () => at.places.set(pointer, { start: from, end: at.i });
  at.places.set(pointer, { start: from, end: at.text.length });
  if (depth > DEEPEST) throw STOP;
  if (eat(at, '{')) members(at, pointer, depth);
  else if (eat(at, '[')) elements(at, pointer, depth);
  else take(at, at.text[at.i] === '"' ? STRING : OTHER);
  end();
}

function members(at, pointer, depth) {
  if (eat(at, '}')) return;
  for (;;) {
    skip(at);
    const start = at.i;
    const name = nameOf(take(at, STRING));
    if (!eat(at, ':')) throw STOP;
    value(at, `${pointer}/${escaped(name)}`, depth + 1, start);
    if (eat(at, '}')) return;
    if (!eat(at, ',')) throw STOP;
  }
}

function elements(at, pointer, depth) {
  if (eat(at, ']')) return;
  for (let i = 0; ; i += 1) {
    value(at, `${pointer}/${i}`, depth + 1);
    if (eat(at, ']')) return;
    if (!eat(at, ',')) throw STOP;
  }
}

function nameOf(quoted) {
  try {
    return JSON.parse(quoted);
  } catch {
    return quoted;
  }
}

const escaped = (name) => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** Line (from 1) and column (from 1) of an offset. */
export function lineAt(text, offset) {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before.at(-1).length + 1 };
}

/** Offset of a line and column. */
export function offsetAt(text, line, column = 1) {
  const lines = text.split('\n');
  const before = lines.slice(0, Math.max(0, line - 1));
  return Math.min(text.length, before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1);
}

/** The faults of POST /api/scenarios/check with the place of each in the text:
 * {text, start, end, line}. A fault about something that is missing stands at
 * what it is missing in. */
export function placedFaults(text, faults) {
  const places = placesOf(text);
  return faults.map(({ pointer, detail }) => {
    const { start, end } = placeOf(text, places, pointer, detail);
    const { line } = lineAt(text, start);
    return { text: pointer ? `${pointer}: ${detail}` : detail, start, end, line };
  });
}

function placeOf(text, places, pointer, detail) {
  const [, line, column] = /line (\d+),? column (\d+)/.exec(detail) ?? [];
  if (line) {
    const start = offsetAt(text, Number(line), Number(column));
    return { start, end: Math.min(text.length, start + 1) };
  }
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    if (places.has(at)) return places.get(at);
  }
  return { start: 0, end: Math.min(1, text.length) };
}
