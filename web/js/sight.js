/* sight.js - the part of a picture that is in sight: of a long run only what is
 * near the window is drawn. Pure. */

const NEAR = 60; // px above and below that labels and marks may reach

/** The shapes that show something between two heights of the picture. */
export function inSight(shapes, from, to) {
  const [top, end] = [from - NEAR, to + NEAR];
  const spans = ({ top: a, end: b }) => a < end && b > top;
  const boxes = ({ since = Infinity, y, height }) => Math.min(since, y) < end && y + height > top;
  const points = ({ y }) => y > top && y < end;
  const timers = ({ marks, bottom }) => marks[0] < end && (bottom ?? marks.at(-1)) > top;
  return {
    ...shapes,
    arrows: shapes.arrows.filter(spans),
    floods: shapes.floods.filter(spans),
    bands: shapes.bands.filter(boxes),
    calls: shapes.calls.filter(boxes),
    stays: shapes.stays.filter(boxes),
    tracks: shapes.tracks.filter(boxes),
    notes: shapes.notes.filter(points),
    ticks: shapes.ticks.filter(points),
    folds: shapes.folds.filter(points),
    clusters: shapes.clusters.filter(points),
    timers: shapes.timers.filter(timers),
  };
}

/* Names of what is a height. */
const HEIGHTS = new Set(['y', 'since', 'top', 'end', 'bottom', 'marks', 'hand']);
const LISTS = [
  'arrows', 'floods', 'bands', 'calls', 'stays', 'tracks', 'notes', 'ticks', 'folds', 'clusters',
  'timers',
];

/** The shapes moved up: browsers keep places of SVG as numbers of 24 bits, which
 * is too few for a minute stretched until microseconds can be told apart. */
export function movedUp(shapes, by) {
  const lists = LISTS.map((name) => [name, shapes[name].map((shape) => moved(shape, by))]);
  const single = (name) => [name, shapes[name] && moved(shapes[name], by)];
  return {
    ...shapes,
    ...Object.fromEntries([...lists, ...['split', 'ruler', 'veil'].map(single)]),
    top: shapes.top - by,
    bottom: shapes.bottom - by,
    now: typeof shapes.now === 'number' ? shapes.now - by : null,
    y: { get: (id) => lowered(shapes.y.get(id), by), has: shapes.y.has },
  };
}

const lowered = (y, by) => (y === undefined ? undefined : y - by);

function moved(value, by) {
  if (Array.isArray(value)) return value.map((each) => moved(each, by));
  if (value === null || typeof value !== 'object') return value;
  const next = {};
  for (const name in value) {
    next[name] = HEIGHTS.has(name) ? lessened(value[name], by) : moved(value[name], by);
  }
  return next;
}

/* A height or a list of them; a leg's `end` is a word. */
function lessened(value, by) {
  if (typeof value === 'number') return value - by;
  return Array.isArray(value) ? value.map((each) => lessened(each, by)) : moved(value, by);
}
