/* rows.js - where things stand down the picture: y positions. Pure.
 *
 * Time runs down, squeezed: the distance of two rows grows with the logarithm
 * of the time between them, so that 2 µs and 60 s can stand in one picture.
 * Rows never go back. On top of that every label claims the room it needs in
 * its column, and a row moves down until each of its claims is free. Since a
 * claim only looks at what stands above, one pass from top to bottom does it.
 *
 * A point is {id, t, need(y, room), take(y, room)}: need() returns the y at or
 * below the proposed one where its claims are free; take() books them. `room`
 * maps a column to the y down to which it is booked. */

const PER_DECADE = 8; // px each time the gap is ten times longer
const FIRST = 3; // px of the shortest gap
const FOLD_FACTOR = 12; // a gap so many times longer than usual is folded
const FOLD_MIN_NS = 150e3;

/** Pixels for a gap of so many nanoseconds. */
export function squeeze(ns) {
  return ns <= 0 ? 0 : Math.min(44, FIRST + PER_DECADE * Math.log10(1 + ns / 1000));
}

/** Place the points (any order) from `top` on; `line` is the height of a line
 * of text. Returns {y: id -> y, room, bottom, folds}, where a fold is a gap far longer
 * than the run's others, {top, bottom, ns, y}; its label stands at y and claims
 * its line in foldColumn. */
export function placeRows(points, { top, line, foldColumn }) {
  const rows = groupByTime(points);
  const usual = median(rows.slice(1).map((row, i) => row.t - rows[i].t));
  const room = new Map();
  const result = { y: new Map(), room, folds: [], bottom: top };
  rows.forEach((row, i) => {
    const ns = i === 0 ? 0 : row.t - rows[i - 1].t;
    let start = result.bottom + squeeze(ns);
    if (ns >= FOLD_MIN_NS && ns >= FOLD_FACTOR * usual) {
      const fold = placeFold(result.bottom, line, room, foldColumn);
      result.folds.push({ ...fold, ns });
      start = fold.bottom;
    }
    result.bottom = placeRow(row, start, room, result.y);
  });
  return result;
}

function placeFold(top, line, room, column) {
  const y = Math.max(top + line * 1.5, booked(room, column) + line * 0.75);
  room.set(column, y + line * 0.75);
  return { top, y, bottom: y + line * 1.5 };
}

/* All points of one moment share a row where their claims allow it. */
function placeRow(row, start, room, y) {
  let shared = start;
  for (const point of row.points) shared = Math.max(shared, point.need(shared, room));
  let bottom = shared;
  for (const point of row.points) {
    const at = point.need(shared, room);
    point.take(at, room);
    y.set(point.id, at);
    bottom = Math.max(bottom, at);
  }
  return bottom;
}

function groupByTime(points) {
  const sorted = [...points].sort((a, b) => a.t - b.t || a.id - b.id);
  const rows = [];
  for (const point of sorted) {
    if (rows.at(-1)?.t !== point.t) rows.push({ t: point.t, points: [] });
    rows.at(-1).points.push(point);
  }
  return rows;
}

function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
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
