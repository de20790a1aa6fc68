/* entries.js - what is placed, each with its points for the rows. Pure.
 *
 * An entry is kept as long as its source is the same, so that only what changed
 * is placed and drawn anew. `change` gathers that: {points: fresh ones, gone:
 * some have gone, and say so}. */
import { arrowLabel } from './arrowlabel.js';
import { drawFlight, flightPoints, makeFlight } from './flights.js';
import { drawFlood, floodPoints, makeFloodFlight } from './floodflight.js';
import { claim } from './rows.js';
import { bandShapes, callPoints, callShape, statePoints } from './sides.js';
import { texts } from './texts.js';

/** The entries of a list of sources, by place. kind: {same(entry, source),
 * make(source, entry before or undefined) -> {points, ...}}. */
export function sync(old, sources, kind, change) {
  const entries = sources.map((source, i) => {
    const was = old[i];
    if (was && kind.same(was, source)) return was;
    const entry = kind.make(source, was);
    account(was?.points ?? [], entry.points, change);
    entry.lastT = entry.points.reduce((t, point) => Math.max(t, point.t), -Infinity);
    return entry;
  });
  for (const { points } of old.slice(sources.length)) account(points, [], change);
  return entries;
}

function account(old, fresh, change) {
  for (const point of old) {
    if (fresh.includes(point)) continue;
    point.gone = true;
    change.gone = true;
  }
  for (const point of fresh) if (!old.includes(point)) change.points.push(point);
}

/** The begin and the end of the run. */
export const edgeKind = {
  same: (entry, source) => entry.source === source,
  make: (source) => ({
    source, points: [{ ...claim(source.id, source.t_ns), tick: true }], draw: () => null,
  }),
};

const QUIET = Object.freeze({ above: [], below: [], stamp: '' });

/** Segments. about: {columns, relative, notes: Map n -> notes, handOf(n): the room
 * that its buttons need, triesOf(n): how many repeats are folded into it}. */
export function flightKind({ columns, relative, notes, handOf, triesOf }) {
  return {
    same: (entry, segment) => {
      const { n } = segment;
      return entry.source === segment && entry.stamp === (notes.get(n) ?? QUIET).stamp
        && entry.inHand === handOf(n) && entry.tries === triesOf(n);
    },
    make(segment) {
      const { n } = segment;
      const { above, below, stamp } = notes.get(n) ?? QUIET;
      const [inHand, tries] = [handOf(n), triesOf(n)];
      const label = arrowLabel(segment, columns, { relative, tries: inHand ? 0 : tries });
      const flight = makeFlight(segment, label, columns, { inHand, above, below });
      return {
        source: segment, stamp, inHand, tries, flight, notes: [...above, ...below],
        points: flightPoints(flight), draw: ({ y }) => drawFlight(flight, y),
      };
    },
  };
}

/** ICMP messages: what flies from the wire to a host. */
export function icmpKind({ columns, relative }) {
  return {
    same: (entry, source) => entry.source === source,
    make(source) {
      const name = texts.diagram.icmp(source.type, source.code);
      const n = `icmp-${source.id}`;
      const segment = { ...source, n, name, icmp: true, forged: true, flags: [], copies: [] };
      const flight = makeFlight(segment, arrowLabel(segment, columns, { relative }), columns);
      const points = flightPoints(flight);
      return { source, flight, notes: [], points, draw: ({ y }) => drawFlight(flight, y) };
    },
  };
}

/** Floods that are folded. */
export function floodKind({ columns, notes }) {
  const stampOf = ({ n, members }) =>
    `${members.length} ${members.map(({ copies }) => copies.length)} ${notes.get(n)?.stamp}`;
  return {
    same: (entry, flood) => entry.n === flood.n && entry.stamp === stampOf(flood),
    make(flood) {
      const below = notes.get(flood.n)?.below ?? [];
      const flight = makeFloodFlight(flood, columns, below);
      return {
        n: flood.n, stamp: stampOf(flood), flight, notes: below, points: floodPoints(flight),
        draw: ({ y }) => drawFlood(flight, y),
      };
    },
  };
}

/** Calls; one that has ended keeps the point of its begin. */
export function callKind({ columns }) {
  return {
    same: (entry, call) => entry.source === call,
    make(call, was) {
      const begin = was?.source.id === call.id ? was.points[0] : undefined;
      const points = callPoints(call, columns, begin);
      return { source: call, points, open: !call.end, draw: (place) => callShape(call, place) };
    },
  };
}

/** Sockets: the spans of their states. sockets: those of the run as they are
 * drawn; laneOf: key -> lane. */
export function socketKind({ columns, laneOf }) {
  return {
    same: (entry, socket) => entry.source === socket && entry.lane === laneOf.get(socket.key),
    make(socket, was) {
      const lane = laneOf.get(socket.key);
      const goesOn = was?.source.key === socket.key && was.lane === lane;
      const points = statePoints(socket, lane, columns, goesOn ? was.points : []);
      const open = socket.spans.at(-1).state !== 'CLOSED';
      const old = goesOn ? was.shape : [];
      const draw = (place, drawn = old) => bandShapes(socket, lane, place, drawn);
      return { source: socket, lane, points, open, draw };
    },
  };
}

/** The shape of an entry, made anew where places at or below time `from` may have
 * changed; what is open reaches to the bottom, which moves. */
export function shapeOf(entry, from, place) {
  const stands = entry.shape !== undefined && entry.lastT < from && !entry.open;
  if (!stands) entry.shape = entry.draw(place, entry.shape);
  return entry.shape;
}
