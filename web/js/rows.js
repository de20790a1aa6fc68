/* rows.js - where things stand down the picture: y positions. Pure.
 *
 * Time runs down, never back. How far two rows stand apart says a scale
 * (scales.js); on top of that every label claims the room it needs in its
 * column, and a row moves down until each of its claims is free. Since a claim
 * only looks at what stands above, one pass from top to bottom does it, and what
 * stands above a change stays: the pass goes on from the last of its notes
 * before the first row that changed.
 *
 * A point is {id, t, need(y, room), take(y, room)}: need() returns the y at or
 * below the proposed one where its claims are free; take() books them. `room`
 * maps a column to the y down to which it is booked. A point may have `busy`, the
 * time until which something is on its way because of it, and `tick`, which asks
 * for its time at the axis. */

const NOTE_EVERY = 24; // points between two notes of the pass

/** @typedef {Object} Point
 *   @property {number} id
 *   @property {number} t
 *   @property {(y: number, room: Map) => number} need
 *   @property {(y: number, room: Map) => void} take
 *   @property {number} [busy]
 *   @property {boolean} [tick]
 *   @property {boolean} [gone] */

/** Rows without any points. scale: {gap(ns, busy) -> {px} or {fold: true}};
 * `line` is the height of a line of text; folds cross the columns `wires` and
 * write into `foldColumns`. */
export function emptyRows({ top, line, scale, foldColumns, wires = ['wire'] }) {
  const room = new Map(wires.map((wire) => [wire, top - line / 2])); // the heads stand above
  const state = { at: 0, bottom: top, t: null, busy: -1, tick: -Infinity, room };
  const start = { state, folds: 0, ticks: 0 };
  return {
    line, scale, foldColumns, wires, points: [], y: [], folds: [], ticks: [], notes: [start],
    bottom: top, room: state.room,
  };
}

/** Take points out (isGone) and put others in; places what changed. Returns the
 * time from which on places may have changed. */
export function placePoints(rows, isGone, fresh) {
  const from = firstChange(rows, isGone, fresh);
  if (from === Infinity) return from;
  const at = firstAt(rows.points, from);
  const tail = [...rows.points.slice(at).filter((point) => stays(rows, point, isGone)), ...fresh];
  tail.sort((a, b) => a.t - b.t || a.id - b.id);
  rows.points.length = at;
  for (const point of tail) rows.points.push(point);
  runFrom(rows, at);
  return from;
}

function stays({ y }, point, isGone) {
  if (isGone(point)) delete y[point.id];
  return !isGone(point);
}

function firstChange({ points }, isGone, fresh) {
  let from = Infinity;
  for (const point of fresh) from = Math.min(from, point.t);
  if (isGone === never) return from;
  const gone = points.find(isGone);
  return gone ? Math.min(from, gone.t) : from;
}

/** No point has gone. */
export const never = () => false;

/* The first point at or after a time. */
function firstAt(points, t) {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].t < t) low = middle + 1;
    else high = middle;
  }
  return low;
}

/* Go on from the last note at or before a point. */
function runFrom(rows, at) {
  const { notes, points } = rows;
  while (notes.at(-1).state.at > at) notes.pop();
  const note = notes.at(-1);
  rows.folds.length = note.folds;
  rows.ticks.length = note.ticks;
  const state = { ...note.state, room: new Map(note.state.room) };
  while (state.at < points.length) {
    if (state.at - notes.at(-1).state.at >= NOTE_EVERY) notes.push(noteOf(rows, state));
    placeRow(rows, state);
  }
  rows.bottom = state.bottom;
  rows.room = state.room;
}

function noteOf({ folds, ticks }, state) {
  const copy = { ...state, room: new Map(state.room) };
  return { state: copy, folds: folds.length, ticks: ticks.length };
}

/* All points of one moment share a row where their claims allow it. */
function placeRow(rows, state) {
  const { points } = rows;
  const { t } = points[state.at];
  let end = state.at;
  while (end < points.length && points[end].t === t) end += 1;
  let shared = startOf(rows, state, t, points[state.at]);
  for (let i = state.at; i < end; i += 1) {
    shared = Math.max(shared, points[i].need(shared, state.room));
  }
  state.bottom = shared;
  for (; state.at < end; state.at += 1) takePlace(rows, state, points[state.at], shared);
  state.t = t;
}

function startOf(rows, state, t, first) {
  if (state.t === null) return state.bottom;
  const ns = t - state.t;
  const { px, fold } = rows.scale.gap(ns, state.busy > state.t);
  if (!fold) return state.bottom + px;
  const placed = placeFold(state, rows);
  rows.folds.push({ ...placed, ns, id: first.id, from: state.t, to: t });
  return placed.bottom;
}

/* The line of a fold crosses the wire: no label stands there. */
function placeFold({ bottom, room }, { line, foldColumns, wires }) {
  const below = (columns, part) => columns.map((name) => booked(room, name) + line * part);
  const y = Math.max(bottom + line * 1.4, ...below(foldColumns, 0.75), ...below(wires, 0.35));
  const take = (columns, part) => {
    for (const name of columns) room.set(name, Math.max(booked(room, name), y + line * part));
  };
  take(foldColumns, 0.75);
  take(wires, 0.35);
  return { top: bottom, y, bottom: y + line * 1.4 };
}

function takePlace(rows, state, point, shared) {
  const y = point.need(shared, state.room);
  point.take(y, state.room);
  rows.y[point.id] = y;
  state.bottom = Math.max(state.bottom, y);
  if (point.busy > state.busy) state.busy = point.busy;
  if (!point.tick || y < state.tick) return;
  const axis = booked(state.room, 'axis');
  if (y - rows.line / 2 < axis) return;
  rows.ticks.push({ id: point.id, t: point.t, y });
  state.tick = y + rows.line;
}

const booked = (room, column) => room.get(column) ?? -Infinity;

/** A point that claims from `above` over its y to `below` under it in a
 * column; without a column it claims nothing. */
export function claim(id, t, column = null, above = 0, below = 0) {
  return {
    id,
    t,
    need: (y, room) => (column ? Math.max(y, booked(room, column) + above) : y),
    take: (y, room) => column && room.set(column, y + below),
  };
}
