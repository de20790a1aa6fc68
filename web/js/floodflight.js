/* floodflight.js - a folded flood as one broad arrow: from its first sending to
 * its last, from its first arrival to its last. Pure. */
import { halfHeight, leanOf } from './arrowlabel.js';
import { cells, charsIn, textWidth } from './columns.js';
import { texts } from './texts.js';

const booked = (room, column) => room.get(column) ?? -Infinity;

/** A flood's flight, to be placed. below: its notes. */
export function makeFloodFlight(flood, columns, below = []) {
  const { from, to, members } = flood;
  const label = floodLabel(flood, columns);
  const copies = members.flatMap((member) => member.copies).filter(({ fate }) => fate !== 'held');
  const ends = copies.length > 0 ? [least(copies), most(copies)] : [];
  const first = members[0];
  const last = members.at(-1);
  const origin = first.forged ? 0.5 : 0;
  const { wire, line, level } = columns;
  const run = wire.width * (1 - origin);
  const drop = level ? 0 : line * 1.7;
  return { flood, from, to, label, first, last, ends, origin, run, drop, below, columns, sent: 0 };
}

const least = (copies) => copies.reduce((a, b) => (b.t < a.t ? b : a));
const most = (copies) => copies.reduce((a, b) => (b.t > a.t ? b : a));

function floodLabel({ members, flags, addresses }, columns) {
  const { font, wire } = columns;
  const fits = charsIn(wire.width / (members[0].forged ? 1.4 : 1.1), font);
  const many = texts.diagram.flood(members.length, flags.join(','), addresses);
  const name = texts.diagram.many(members.length, flags.join(','));
  const extra = many.find((text) => cells(text) <= fits) ?? many.at(-1);
  const below = texts.diagram.opens.find((text) => cells(text) <= fits) ?? '';
  const width = Math.max(textWidth(extra, font), textWidth(below, font));
  const lean = leanOf(width, columns);
  return { flags: name, extra: extra.slice(name.length + 1), below, width, lean };
}

/** Its points for the rows: its corners. */
export function floodPoints(flight) {
  const { first, last, ends, columns: { line } } = flight;
  const half = halfHeight(flight.label, flight.drop, flight.run, flight.columns);
  const corners = [{
    id: first.id, t: first.t_ns, tick: true, busy: ends[1]?.t,
    need(y, room) {
      flight.sent = 0; // as in flights.js
      return Math.max(y, booked(room, 'wire') + half, booked(room, 'soon') + half);
    },
    take(y, room) {
      flight.sent = y;
      room.set('soon', y + half);
    },
  }, {
    id: last.id, t: last.t_ns, tick: true, need: (y) => Math.max(y, flight.sent + line * 0.6),
    take: () => {},
  }];
  if (ends.length === 0) return corners;
  const [begin, end] = ends;
  const fallen = (y) => Math.max(y, flight.sent + flight.drop);
  if (begin.id !== end.id) {
    corners.push({ id: begin.id, t: begin.t, tick: true, need: fallen, take: () => {} });
  }
  corners.push(endPoint(flight, end, half));
  return corners;
}

/* The label stands half-way between the first sending and the last arrival. */
function endPoint(flight, { id, t }, half) {
  const { columns: { line } } = flight;
  return {
    id,
    t,
    tick: true,
    need: (y, room) => Math.max(y, flight.sent + flight.drop * 1.6,
      2 * (booked(room, 'wire') + half) - flight.sent),
    take(y, room) {
      room.set('wire', Math.max(booked(room, 'wire'), (flight.sent + y) / 2 + half));
      for (const note of flight.below) {
        note.y = Math.max(booked(room, 'wire'), y) + line * 0.6;
        room.set('wire', note.y + line * 0.6);
      }
    },
  };
}

/** The drawn form: four corners, clockwise from the first sending. */
export function drawFlood({ flood, from, to, label, first, last, ends, origin, columns }, y) {
  const fromX = columns[from].edge + (columns[to].edge - columns[from].edge) * origin;
  const toX = columns[to].edge;
  const [top, low] = [y[first.id], y[last.id]];
  const [begin, end] = ends.length > 0 ? ends.map(({ id }) => y[id]) : [top, low];
  const x = (fromX + toX) / 2;
  const half = columns.line * 1.2;
  const at = { x: within(x, label, columns), y: (top + end) / 2, angle: 0, half };
  return {
    id: first.id, n: flood.n, from, flood: true, count: flood.members.length,
    members: flood.members.map((member) => member.id), kind: flood.flags.join(','),
    ids: { first: first.id, last: last.id, begin: ends[0]?.id ?? null, end: ends[1]?.id ?? null },
    points: [{ x: fromX, y: top }, { x: toX, y: begin }, { x: toX, y: end }, { x: fromX, y: low }],
    label: { ...label, ...at }, top, end,
  };
}

function within(x, { width }, { wire, font }) {
  const margin = Math.min(width + font * 0.8, wire.width) / 2;
  return Math.min(Math.max(x, wire.left + margin), wire.right - margin);
}
