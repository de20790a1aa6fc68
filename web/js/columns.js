/* columns.js - where things stand across the picture: x positions. Pure.
 *
 * From left to right: time axis | client's calls | its listeners | its
 * connections | the wire | the server's connections | listeners | calls.
 * On a narrow screen the axis is left out and the names of states move out of
 * their bands into the column of the calls. */

/* Labels are monospaced, so a text's width is known without a browser. */
const ADVANCE = 0.605; // of the font size, the widest of the usual fonts

const size = (name, from, font, widths) => ({ name, from, font, ...widths });
const SIZES = [
  size('huge', 1700, 23, { axis: 140, calls: 248, band: 194, listener: 44, bar: 11, hand: 84 }),
  size('wide', 1000, 14.5, { axis: 88, calls: 156, band: 122, listener: 28, bar: 7, hand: 48 }),
  size('medium', 780, 12, { axis: 76, calls: 122, band: 98, listener: 24, bar: 6, hand: 48 }),
  size('narrow', 500, 12, { axis: 0, calls: 110, band: 10, listener: 9, bar: 5, hand: 44 }),
  size('compact', 0, 9.5, { axis: 0, calls: 88, band: 8, listener: 6, bar: 4, hand: 40 }),
];

export const MIN_WIDTH = 340;
const MAX_WIRE = 54; // of the font size

/** Width of a text in the picture. */
export function textWidth(text, font) {
  return [...text].length * font * ADVANCE;
}

/** Columns for a picture of that width. lanes = {client, server}, each
 * {listeners, connections}: how many bands stand side by side. */
export function placeColumns(width, lanes) {
  const sizes = SIZES.find((each) => width >= each.from);
  const total = Math.max(width, MIN_WIDTH);
  const gap = sizes.font * 0.4;
  const side = (host) =>
    sizes.calls + lanes[host].listeners * (sizes.listener + gap)
    + Math.max(1, lanes[host].connections) * (sizes.band + gap);
  const room = total - sizes.axis - side('client') - side('server');
  const spare = Math.max(0, room - MAX_WIRE * sizes.font) / 2;
  const left = sizes.axis + spare + side('client');
  const right = total - spare - side('server');
  return {
    ...sizes,
    width: total,
    compact: sizes.axis === 0,
    line: sizes.font * 1.35,
    wire: { left, right, width: right - left, middle: (left + right) / 2 },
    axisX: spare + sizes.axis - sizes.font * 0.8,
    client: sideColumns(sizes, gap, left, -1, lanes.client),
    server: sideColumns(sizes, gap, right, 1, lanes.server),
  };
}

/* Bands stack away from the wire; dir is -1 for the left side, 1 for the
 * right. */
function sideColumns(sizes, gap, edge, dir, lanes) {
  let at = edge;
  const stack = (count, wide) => Array.from({ length: count }, () => {
    const x = dir < 0 ? at - wide : at;
    at += dir * (wide + gap);
    return { x, width: wide };
  });
  const connections = stack(Math.max(1, lanes.connections), sizes.band);
  const listeners = stack(lanes.listeners, sizes.listener);
  const bar = { x: dir < 0 ? at - sizes.bar : at, width: sizes.bar };
  const text = at + dir * (sizes.bar + sizes.font * 0.5);
  const end = at + dir * sizes.calls;
  return { dir, edge, connections, listeners, bar, text, end, anchor: dir < 0 ? 'end' : 'start' };
}

/** Give each socket a lane, side by side where their lives overlap. Returns
 * {lanes, laneOf: key -> index}. */
export function assignLanes(sockets) {
  const lanes = {
    client: { listeners: 0, connections: 0 }, server: { listeners: 0, connections: 0 },
  };
  const busy = new Map(); // "host kind lane" -> when it is free again
  const laneOf = new Map();
  for (const socket of sockets) {
    const kind = socket.listener ? 'listeners' : 'connections';
    const start = socket.spans[0].t;
    let lane = 0;
    while ((busy.get(`${socket.host} ${kind} ${lane}`) ?? -1) >= start) lane += 1;
    busy.set(`${socket.host} ${kind} ${lane}`, endOf(socket));
    laneOf.set(socket.key, lane);
    lanes[socket.host][kind] = Math.max(lanes[socket.host][kind], lane + 1);
  }
  return { lanes, laneOf };
}

function endOf(socket) {
  const last = socket.spans.at(-1);
  return last.state === 'CLOSED' ? last.t : Infinity;
}
