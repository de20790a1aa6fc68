/* columns.js - where things stand across the picture: x positions. Pure.
 *
 * From left to right: time axis | client's calls | its accept queue | its
 * listeners | its connections | the wire | and the same mirrored for the server.
 * On a narrow screen the axis is left out and the names of states move out of
 * their bands into the column of the calls. Where many sockets live side by
 * side their bands are narrow and the names in them stand upright; where even
 * that leaves no room for the wire, the last band stands for all further ones. */

/* Labels are monospaced, so a text's width is known without a browser. */
const ADVANCE = 0.605; // of the font size, the widest of the usual fonts

const size = (name, from, font, widths) => ({ name, from, font, ...widths });
const SIZES = [
  size('huge', 1700, 23, {
    axis: 158, calls: 248, band: 194, slim: 42, listener: 44, slot: 26, bar: 11, hand: 84,
  }),
  size('wide', 1000, 14.5, {
    axis: 100, calls: 156, band: 122, slim: 27, listener: 28, slot: 17, bar: 7, hand: 48,
  }),
  size('medium', 780, 12, {
    axis: 82, calls: 122, band: 98, slim: 23, listener: 24, slot: 14, bar: 6, hand: 48,
  }),
  size('narrow', 500, 12, {
    axis: 0, calls: 110, band: 10, slim: 10, listener: 9, slot: 9, bar: 5, hand: 44,
  }),
  size('compact', 0, 9.5, {
    axis: 0, calls: 88, band: 8, slim: 6, listener: 6, slot: 6, bar: 4, hand: 40,
  }),
];

export const MIN_WIDTH = 340;
const MAX_WIRE = 54; // of the font size
const MIN_WIRE = 21; // of the font size: room for most labels
const LEAST_WIRE = 12.5; // for the shortest ones
const QUEUE_GAP = 1; // of the font size, from the accept queue to the calls that empty it
const LEAST_LANES = 3; // so many sockets side by side are always shown one by one

/* Characters that are as wide as high: those of Chinese and its signs. */
const WIDE = [[0x2e80, 0x9fff], [0xac00, 0xd7a3], [0xf900, 0xfaff], [0xff00, 0xff60]];
const isWide = (code) =>
  code >= WIDE[0][0] && WIDE.some(([from, to]) => code >= from && code <= to);

/** Width of a text in the picture. */
export function textWidth(text, font) {
  let all = 0;
  let wide = 0;
  for (const char of text) {
    all += 1;
    if (isWide(char.codePointAt(0))) wide += 1;
  }
  return widthOf(all, wide) * font;
}

const widthOf = (all, wide) => all * ADVANCE + wide * (1 - ADVANCE);

/** How many places of a letter a text takes. */
export function cells(text) {
  return Math.ceil(textWidth(text, 1) / ADVANCE);
}

const cellsOf = (all, wide) => Math.ceil(widthOf(all, wide) / ADVANCE);

/** A text cut to so many places; what is left out is marked by "…". */
export function cutTo(text, most) {
  if (cells(text) <= most) return text;
  let kept = '';
  let wide = 0;
  for (const [at, char] of [...text].entries()) {
    if (isWide(char.codePointAt(0))) wide += 1;
    if (at > 0 && cellsOf(at + 1, wide) > most - 1) break;
    kept += char;
  }
  return `${kept}…`;
}

/** How many characters fit a width. */
export function charsIn(width, font) {
  return Math.floor(width / (font * ADVANCE));
}

const sizesFor = (width) => SIZES.find((each) => width >= each.from);

/** The font size of a picture of that width. */
export const fontFor = (width) => sizesFor(width).font;

/** Columns for a picture of that width. wanted = {client, server}, each
 * {listeners, connections, queue}: how many lanes stand side by side. The result
 * says in `lanes` how many connections it has room for, and of each host in
 * `upright` that the names of its states stand upright. */
export function placeColumns(width, wanted) {
  const sizes = sizesFor(width);
  const { bands, lanes } = chooseBands(sizes, width, wanted);
  const side = (host) => sideWidth(sizes, bands[host], lanes[host]);
  const least = sizes.axis + side('client') + side('server') + LEAST_WIRE * sizes.font;
  const total = Math.ceil(Math.max(width, MIN_WIDTH, least));
  const room = total - sizes.axis - side('client') - side('server');
  const spare = Math.max(0, room - MAX_WIRE * sizes.font) / 2;
  const left = sizes.axis + spare + side('client');
  const right = total - spare - side('server');
  return {
    ...sizes,
    lanes,
    width: total,
    compact: sizes.axis === 0,
    line: sizes.font * 1.35,
    wire: { left, right, width: right - left, middle: (left + right) / 2 },
    axisX: spare + sizes.axis - sizes.font * 0.8,
    client: sideColumns({ ...sizes, band: bands.client }, left, -1, lanes.client),
    server: sideColumns({ ...sizes, band: bands.server }, right, 1, lanes.server),
  };
}

const gapOf = ({ font }) => font * 0.4;

function sideWidth(sizes, band, { listeners, connections, queue }) {
  const { calls, listener, slot, font } = sizes;
  const gap = gapOf(sizes);
  return calls + listeners * (listener + gap) + Math.max(1, connections) * (band + gap)
    + (queue > 0 ? queue * slot + font * QUEUE_GAP : 0);
}

/* Wide bands where the wire keeps its room; else slim ones where there are most;
 * else fewer. */
function chooseBands(sizes, width, wanted) {
  const { band, slim } = sizes;
  const wire = ({ client, server }, lanes) => Math.max(width, MIN_WIDTH) - sizes.axis
    - sideWidth(sizes, client, lanes.client) - sideWidth(sizes, server, lanes.server);
  const least = sizes.font * MIN_WIRE;
  const more = wanted.client.connections > wanted.server.connections ? 'client' : 'server';
  const choices = [{ client: band, server: band }];
  if (wanted[more].connections > 1) {
    choices.push({ client: band, server: band, [more]: slim }, { client: slim, server: slim });
  }
  const fits = choices.find((bands) => wire(bands, wanted) >= least);
  const bands = fits ?? choices.at(-1);
  if (fits || choices.length === 1) return { bands, lanes: wanted };
  const lanes = { client: { ...wanted.client }, server: { ...wanted.server } };
  while (wire(bands, lanes) < least) {
    const most = lanes.client.connections > lanes.server.connections ? lanes.client : lanes.server;
    if (most.connections <= LEAST_LANES) break;
    most.connections -= 1;
  }
  return { bands, lanes };
}

/* Bands stack away from the wire; dir is -1 for the left side, 1 for the
 * right. */
function sideColumns(sizes, edge, dir, lanes) {
  const { font, band, slim, axis } = sizes;
  const gap = gapOf(sizes);
  let at = edge;
  const stack = (count, wide, space, after) => Array.from({ length: count }, (_, i) => {
    const x = dir < 0 ? at - wide : at;
    at += dir * (wide + (i < count - 1 ? space : after));
    return { x, width: wide };
  });
  const connections = stack(Math.max(1, lanes.connections), band, gap, gap);
  const listeners = stack(lanes.listeners, sizes.listener, gap, gap);
  const queue = stack(lanes.queue, sizes.slot, 0, font * QUEUE_GAP);
  const bar = { x: dir < 0 ? at - sizes.bar : at, width: sizes.bar };
  const text = at + dir * (sizes.bar + font * 0.5);
  const end = at + dir * sizes.calls;
  const anchor = dir < 0 ? 'end' : 'start';
  const upright = axis > 0 && band === slim;
  return { dir, edge, connections, listeners, queue, bar, text, end, anchor, upright };
}
