/* flights.js - the arrows: one segment's way over the wire. Pure.
 *
 * An arrow runs from the sender at the moment sent to the receiver at the
 * moment arrived, falls at least `drop`, and carries two lines of text in its
 * middle, or later where others stand there (arrowlabel.js). What was made by
 * hand begins on the wire. On the loopback link arrows are level: there is no way
 * between the two moments. The rows make room for labels in the column 'wire'
 * (final) and 'soon' (expected of arrows still on their way), for notes above the
 * beginning and below the end of an arrow (notes.js), and for the buttons of a
 * segment that waits in somebody's hands; see rows.js. */
import { HALF_LINES, halfHeight, markOf } from './arrowlabel.js';

const LOST_AT = 0.8; // of the wire: where a lost segment's cross stands
const HALT_AT = 0.5; // where one on its way, or held, is drawn to
const LABEL_AT = 0.5; // of an arrow: where its label stands
const LABEL_LAST = 0.86; // where it stands at the latest; a wide one earlier
const HEAD_LINES = 0.7; // of an arrow's head
const SPARE_LINES = 2; // so much further an arrow falls to have its label alongside

/* An arrow falls at least so far, that it is seen to lean. */
const dropOf = ({ line, level }) => (level ? 0 : line * 1.7);

const booked = (room, column) => room.get(column) ?? -Infinity;
const wireRoom = (room) => Math.max(booked(room, 'wire'), booked(room, 'soon'));

/* Where a label of that width stands at the latest, so that it ends before the
 * head of its arrow and does not slide off it: the wire goes no further. */
function lastPart({ width }, run, { font }) {
  return Math.min(LABEL_LAST, Math.max(LABEL_AT, 1 - (width / 2 + font) / run));
}

/* The least fall at which the upper edge of a label that stands as late as it may
 * is `below` under the arrow's start: the smaller of what holds while leaning
 * freely, and at the bound. Where that is much, because many are on their way at
 * once, the label stands just above the arrow's end instead: a fall that is a
 * multiple of `below` would grow with each of them. */
function fallFor(below, label, run, columns) {
  const { line } = columns;
  const half = line * HALF_LINES + (label.width / 2) * label.lean;
  const last = lastPart(label, run, columns);
  const part = last - label.width / (2 * run);
  const bound = (below + half) / last;
  const alongside = part > 0.05 ? Math.min(bound, (below + line * HALF_LINES) / part) : bound;
  const above = below + 2 * half + line * HEAD_LINES;
  return alongside <= above + line * SPARE_LINES ? alongside : above;
}

/* Where on its leg a label stands: in the middle, or later where that is taken. */
function partFor({ taken, half, fall }, label, run, columns) {
  if (fall <= 0) return LABEL_AT;
  const above = 1 - (half + columns.line * HEAD_LINES) / fall; // its lower edge above the end
  const last = Math.max(lastPart(label, run, columns), above);
  return Math.min(last, Math.max(LABEL_AT, (taken + half) / fall));
}

/* Where on the wire a segment begins and where its labelled leg ends, as parts
 * of the way; `settled` where nothing will move the label; `level` where no
 * time on the way is known. */
function courseOf(segment) {
  const origin = segment.forged ? HALT_AT : 0;
  const halt = origin + (1 - origin) * HALT_AT;
  const [copy] = segment.copies;
  if (segment.saved) return { origin, reach: 1, settled: true, level: true };
  if (segment.icmp) return { origin, reach: 1, settled: true };
  if (!copy || copy.held) return { origin, halt, reach: halt, settled: true };
  return { origin, halt, reach: reachOf(copy.fate), settled: false };
}

const reachOf = (fate) => (fate === 'dropped' ? LOST_AT : 1);

/* How far the labelled leg falls: half where it ends half-way. */
function fallOf({ reach, settled, level }, columns) {
  if (level) return 0;
  return settled && reach < 1 ? dropOf(columns) / 2 : dropOf(columns);
}

/** One segment's flight, to be placed. about: {inHand: the room its buttons need
 * while it waits, or 0; above, below: its notes}. */
export function makeFlight(segment, label, columns, { inHand = 0, above = [], below = [] } = {}) {
  const course = courseOf(segment);
  const run = columns.wire.width * (course.reach - course.origin);
  return {
    segment, label, columns, course, run, drop: dropOf(columns), sent: 0, part: LABEL_AT,
    hand: null, inHand, above, below,
  };
}

/** The points of a flight for the rows: its sending and its copies. */
export function flightPoints(flight) {
  const { segment, course } = flight;
  /** @type {import('./rows.js').Point[]} */
  const points = [sentPoint(flight)];
  segment.copies.forEach((copy, i) => {
    if (copy.held) points.push(waitPoint(copy, flight, i === 0));
    if (copy.fate === 'held') return;
    points.push(landPoint(copy, flight, i === 0 && !course.settled));
  });
  return points;
}

/* Until when something is on its way because of a segment; what waits is not. */
function busyUntil({ copies }) {
  return Math.max(-1, ...copies.map(({ held, t }) => (held ? held.t : t)));
}

/* The label's place is known at once where nothing will move it (settled). The
 * notes above stand over it, so that the whole way is free of them. */
function sentPoint(flight) {
  const { segment, course, run, columns, label, above } = flight;
  const { line } = columns;
  const fall = fallOf(course, columns);
  const half = halfHeight(label, fall, run, columns);
  const up = half - fall / 2; // of the label's upper edge over the beginning
  return {
    id: segment.id,
    t: segment.t_ns,
    busy: busyUntil(segment),
    tick: !segment.saved && !segment.icmp,
    need(y, room) {
      flight.sent = 0; // not known before it is taken: what lands in the same row asks
      return Math.max(y, wireRoom(room) + up + above.length * line);
    },
    take(y, room) {
      flight.sent = y;
      above.forEach((note, i) => { note.y = y - up - (above.length - i - 0.5) * line; });
      if (above.length > 0) room.set('wire', Math.max(booked(room, 'wire'), y - up));
      room.set(course.settled ? 'wire' : 'soon', y + fall / 2 + half);
    },
  };
}

/* Under the label and the mark of waiting stand the buttons. */
function waitPoint({ held, fate }, flight, isFirst) {
  const { columns: { font } } = flight;
  return {
    id: held.id,
    t: held.t,
    need: (y) => Math.max(y, flight.sent + flight.drop / 2),
    take(y, room) {
      if (!flight.inHand || !isFirst || fate !== 'held') return;
      flight.hand = Math.max(booked(room, 'wire'), y + font * 0.9);
      room.set('wire', flight.hand + flight.inHand);
    },
  };
}

function landPoint(copy, flight, isLabelled) {
  const { columns, drop, run, label } = flight;
  const { line } = columns;
  const notes = flight.below.filter(({ at }) => at === copy.id);
  const fall = (room) => {
    const wire = isLabelled && !columns.level && room.get('wire');
    return wire ? Math.max(drop, fallFor(wire - flight.sent, label, run, columns)) : drop;
  };
  return {
    id: copy.id,
    t: copy.t,
    tick: true,
    need: (y, room) => Math.max(y, flight.sent + fall(room)),
    take(y, room) {
      if (isLabelled) {
        const down = y - flight.sent;
        const half = halfHeight(label, down, run, columns);
        const taken = booked(room, 'wire') - flight.sent;
        flight.part = partFor({ taken, half, fall: down }, label, run, columns);
        const end = flight.sent + down * flight.part + half;
        room.set('wire', Math.max(booked(room, 'wire'), end));
      }
      for (const note of notes) {
        note.y = Math.max(booked(room, 'wire'), y) + line * 0.6;
        room.set('wire', note.y + line * 0.6);
      }
    },
  };
}

/** The drawn form of a flight once its rows are placed. y: id -> y */
export function drawFlight({ segment, label, columns, course, hand, part }, y) {
  const fromX = columns[segment.from].edge;
  const toX = columns[segment.to].edge;
  const reach = (way) => fromX + (toX - fromX) * way;
  const start = { x: reach(course.origin), y: y[segment.id] };
  const legs = segment.copies.map((copy) => leg(copy, { start, reach, y, course, columns }));
  fork(legs);
  if (legs.length === 0) legs.push(onlyLeg(segment, course, start, reach, columns));
  const { id, n, from, of: repeats, forged = false, saved = false, icmp = false } = segment;
  const placed = placeLabel(label, legs[0], part, columns);
  const ends = legs.map(({ points }) => points.at(-1).y);
  return {
    id, n, from, repeats: Boolean(repeats), forged, saved, icmp, legs, label: placed, hand,
    top: Math.min(start.y, placed.y - placed.half), end: Math.max(...ends, placed.y + placed.half),
  };
}

/* Copies made of a segment that waited part from where it waited. */
function fork(legs) {
  const [, , from] = legs[0]?.points ?? [];
  for (const each of from ? legs.slice(1) : []) {
    if (each.points.length === 2 && each.points[1].y >= from.y) each.points[0] = from;
  }
}

/* What has no copy: on its way still, kept by a kernel, or an ICMP message. */
function onlyLeg({ saved, icmp }, course, start, reach, columns) {
  const end = saved ? 'saved' : (icmp && 'arrived') || 'flying';
  const tip = { x: reach(course.reach), y: start.y + fallOf(course, columns) };
  return { id: null, halt: null, end, points: [start, tip], mark: null, copy: 1 };
}

function leg(copy, { start, reach, y, course, columns }) {
  const at = y[copy.id];
  const drop = dropOf(columns);
  const points = [start];
  if (copy.held) {
    const x = reach(course.halt ?? HALT_AT);
    points.push({ x, y: Math.min(at, start.y + drop / 2) });
    points.push({ x, y: copy.fate === 'held' ? at : Math.max(points[1].y, at - drop / 2) });
  }
  if (copy.fate !== 'held') points.push({ x: reach(reachOf(copy.fate)), y: at });
  const ids = { id: copy.id, halt: copy.held?.id ?? null };
  return { ...ids, end: copy.fate, points, mark: markOf(copy), copy: copy.copy };
}

/* On the arrow's first leg, and always within the wire. */
function placeLabel(label, { points: [a, b] }, part, columns) {
  const { wire, line } = columns;
  const run = Math.abs(b.x - a.x);
  const tilt = Math.min((b.y - a.y) / run, label.lean) * Math.sign(b.x - a.x);
  const angle = Math.atan(tilt);
  const reach = (label.width / 2) * Math.cos(angle) + line * 1.3 * Math.abs(Math.sin(angle));
  const margin = Math.min(reach, wire.width / 2);
  const on = { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
  const x = Math.min(Math.max(on.x, wire.left + margin), wire.right - margin);
  const half = halfHeight(label, b.y - a.y, run, columns);
  return { ...label, x, y: on.y, half, angle: (angle * 180) / Math.PI };
}
