/* flights.js - the arrows: one segment's way over the wire. Pure.
 *
 * An arrow runs from the sender at the moment sent to the receiver at the
 * moment arrived, falls at least `drop`, and carries two lines of text in its
 * middle: flags above the line, numbers below. Labels lean with their arrow,
 * the wider the less, so that the room they need has a bound. The rows make
 * room for them in the column 'wire' (final) and 'soon' (expected of arrows
 * still on their way); see rows.js. */
import { numbers, oneLine, shorten } from './format.js';
import { textWidth } from './columns.js';
import { texts } from './texts.js';

const STEEP = 0.6; // labels lean no more than this, however steep their arrow
const LEAN_LINES = 2.2; // nor so much that their ends stand more lines apart
const HALF_LINES = 1.12; // half of a level label's two lines, with their halo
const LOST_AT = 0.8; // of the wire: where a lost segment's cross stands
const HALT_AT = 0.5; // where one on its way, or held, is drawn to

/* An arrow falls at least so far, that it is seen to lean. */
const dropOf = ({ line }) => line * 1.7;

const wireRoom = (room) => Math.max(room.get('wire') ?? -Infinity, room.get('soon') ?? -Infinity);

/** What is written at an arrow, and how large it is. */
export function arrowLabel(segment, columns, relative) {
  const { font, wire } = columns;
  const most = Math.floor((wire.width - font) / textWidth('0', font));
  const flags = segment.flags.join(',');
  const rest = most - flags.length - 1;
  const extra = shorten(extraText(segment), Math.max(rest, 1));
  const below = numbersText(segment, relative, most);
  const above = extra ? `${flags} ${extra}` : flags;
  const width = Math.max(textWidth(above, font), textWidth(below, font));
  const lean = Math.min(STEEP, (LEAN_LINES * columns.line) / width);
  return { flags, extra: rest > 1 ? extra : '', below, width, lean };
}

/** Half the height of a label whose line falls by `fall` over `run`. */
export function halfHeight(label, fall, run, { line }) {
  return line * HALF_LINES + (label.width / 2) * Math.min(label.lean, fall / run);
}

/* The least fall at which the label's upper edge is `below` under the arrow's
 * start: the smaller of what holds while leaning freely, and at the bound. */
function fallFor(below, label, run, { line }) {
  const bound = 2 * (below + line * HALF_LINES + (label.width / 2) * label.lean);
  const part = 1 - label.width / run;
  return part > 0.05 ? Math.min(bound, (2 * (below + line * HALF_LINES)) / part) : bound;
}

function extraText(segment) {
  const parts = [];
  if (segment.of) parts.push(texts.diagram.repeats(segment.of));
  if (segment.forged) parts.push(texts.diagram.forged);
  if (segment.text) parts.push(`“${oneLine(segment.text)}”`);
  else if (segment.len) parts.push(texts.diagram.bytes(segment.len));
  return parts.join(' ');
}

/* The fullest wording that fits. */
function numbersText(segment, relative, most) {
  const { seq, ack } = numbers(segment, relative);
  if (ack === null) return `seq ${seq}`;
  const wordings = [`seq ${seq}  ack ${ack}`, `seq ${seq} ack ${ack}`, `${seq}/${ack}`];
  return wordings.find((text) => text.length <= most) ?? wordings[2];
}

/** The points of one segment for placeRows(): its sending and its copies. */
export function flightPoints(segment, label, columns) {
  const drop = dropOf(columns);
  const part = labelledPart(segment.copies[0]);
  const settled = part === HALT_AT;
  const flight = { sent: 0, columns, drop, run: columns.wire.width * part };
  const points = [sentPoint(segment, label, settled, flight)];
  segment.copies.forEach((copy, i) => {
    if (copy.held) points.push(waitPoint(copy.held, flight));
    if (copy.fate === 'held') return;
    points.push(landPoint(copy, flight, i === 0 && !settled ? label : null));
  });
  return points;
}

/* How far the leg that carries the label goes over the wire. */
function labelledPart(copy) {
  if (!copy || copy.held) return HALT_AT;
  return reachOf(copy.fate);
}

const reachOf = (fate) => (fate === 'dropped' ? LOST_AT : 1);

/* The label's place is known at once where nothing will move it (settled). */
function sentPoint(segment, label, settled, flight) {
  const { drop, run, columns } = flight;
  const fall = settled ? drop / 2 : drop;
  const half = halfHeight(label, fall, run, columns);
  return {
    id: segment.id,
    t: segment.t_ns,
    need: (y, room) => Math.max(y, wireRoom(room) + half - fall / 2),
    take(y, room) {
      flight.sent = y;
      room.set(settled ? 'wire' : 'soon', y + fall / 2 + half);
    },
  };
}

function waitPoint(held, flight) {
  const need = (y) => Math.max(y, flight.sent + flight.drop / 2);
  return { id: held.id, t: held.t, need, take() {} };
}

function landPoint(copy, flight, label) {
  const { columns, drop, run } = flight;
  const fall = (room) => {
    const wire = label && room.get('wire');
    return wire ? Math.max(drop, fallFor(wire - flight.sent, label, run, columns)) : drop;
  };
  return {
    id: copy.id,
    t: copy.t,
    need: (y, room) => Math.max(y, flight.sent + fall(room)),
    take(y, room) {
      if (!label) return;
      room.set('wire', (flight.sent + y) / 2 + halfHeight(label, y - flight.sent, run, columns));
    },
  };
}

/** The drawn form of a segment once its rows are placed. */
export function drawFlight(segment, label, columns, y) {
  const drop = dropOf(columns);
  const fromX = columns[segment.from].edge;
  const toX = columns[segment.to].edge;
  const start = { x: fromX, y: y.get(segment.id) };
  const reach = (part) => fromX + (toX - fromX) * part;
  const legs = segment.copies.map((copy) => leg(copy, start, reach, y, drop));
  if (legs.length === 0) {
    legs.push({ end: 'flying', points: [start, { x: reach(HALT_AT), y: start.y + drop / 2 }] });
  }
  const { id, n, from, of: repeats } = segment;
  const placed = placeLabel(label, legs[0], columns);
  return { id, n, from, repeats: Boolean(repeats), legs, label: placed };
}

function leg(copy, start, reach, y, drop) {
  const at = y.get(copy.id);
  const points = [start];
  if (copy.held) {
    const x = reach(HALT_AT);
    points.push({ x, y: start.y + drop / 2 });
    points.push({ x, y: copy.fate === 'held' ? at : Math.max(points[1].y, at - drop / 2) });
  }
  if (copy.fate !== 'held') points.push({ x: reach(reachOf(copy.fate)), y: at });
  return { end: copy.fate, points, changed: Boolean(copy.changed) };
}

/* In the middle of the arrow's first leg, and always within the wire. */
function placeLabel(label, { points: [a, b] }, { wire }) {
  const lean = (b.y - a.y) / Math.abs(b.x - a.x);
  const margin = Math.min(label.width, wire.width) / 2;
  const x = Math.min(Math.max((a.x + b.x) / 2, wire.left + margin), wire.right - margin);
  const tilt = Math.min(lean, label.lean) * Math.sign(b.x - a.x);
  return { ...label, x, y: (a.y + b.y) / 2, angle: (Math.atan(tilt) * 180) / Math.PI };
}
