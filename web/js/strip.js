/* strip.js - a run as a strip: its events side by side in their order, the
 * client above, the server below, each segment on its way between them. Pure.
 *
 * Every event has the same room, so that each can be pointed at; where a long
 * time passed between two of them the strip is torn, and the time written. */
import { textWidth } from './columns.js';
import { duration } from './format.js';
import { clockOf } from './playback.js';
import { stateClass } from './states.js';

const BAND = 7; // px high: a host's state
const NOTCH = 3; // and a call at it
const INSET = 4; // between a band and the arrows
const LOST_AT = 0.7; // of the way: where a lost segment's cross stands
const MOST_TEARS = 8;
const LONG_NS = 150e3; // a gap worth a tear
const LONG_FACTOR = 12; // and so many times longer than usual
const FONT = 11;
const END_ROOM = 18; // for the verdict's sign

/** x of an event, or of a part of the way to the next, on a strip of `count`
 * events, `width` wide, with `margin` left and right. */
export function xOf(id, { count, width, margin }) {
  const room = Math.max(0, width - 2 * margin);
  return margin + (count > 1 ? ((id - 1) / (count - 1)) * room : 0);
}

/** The strip of a model and its events: {bands, paths, tears, end}. What looks
 * alike is one path, {name, d}, so that a thousand segments are a handful. */
export function layoutStrip({ model, events }, { width, height, margin }) {
  const frame = { count: events.length, width, margin, height };
  const x = (id) => xOf(id, frame);
  return {
    ...frame,
    bands: ['client', 'server'].flatMap((host) => bandsOf(host, { events, x, height })),
    paths: pathsOf({ model, events }, { x, height }),
    tears: tearsOf(events, { x, width: width - (model.end ? END_ROOM : 0) }),
    end: model.end ? { x: x(model.end.id), id: model.end.id } : null,
  };
}

/* A host's newest state from event to event; a listener's only until there is a
 * connection: that has a peer. */
function bandsOf(host, { events, x, height }) {
  const changes = events.filter((e) => e.kind === 'state' && e.host === host);
  const connected = changes.findIndex((e) => e.peer);
  const seen = changes.filter((e, i) => i < connected || connected < 0 || e.peer);
  const y = host === 'client' ? 0 : height - BAND;
  return seen.map((e, i) => {
    const from = x(e.id);
    const until = x(seen[i + 1]?.id ?? events.length);
    return { y, x: from, width: until - from, height: BAND, family: stateClass(e.new) };
  }).filter(({ family }) => family !== 'closed');
}

function pathsOf({ model, events }, place) {
  const paths = new Map();
  const add = (name, d) => paths.set(name, (paths.get(name) ?? '') + d);
  for (const event of events) if (event.kind === 'call') addCall(event, place, add);
  for (const segment of model.segments) addSegment(segment, place, add);
  return [...paths].map(([name, d]) => ({ name, d }));
}

/* A call is a notch in its host's band. */
function addCall({ id, host, errno }, { x, height }, add) {
  const y = host === 'client' ? BAND : height - BAND - NOTCH;
  add(errno ? 'is-notch is-failed' : `is-notch is-${host}`, `M${point({ x: x(id), y })}v${NOTCH}`);
}

function addSegment(segment, { x, height }, add) {
  const { id, from, copies, saved } = segment;
  const edges = [BAND + INSET, height - BAND - INSET];
  const [start, end] = from === 'client' ? edges : edges.toReversed();
  const a = { x: x(id), y: start };
  const legs = copies.length > 0 ? copies : [{ fate: saved ? 'arrived' : 'flying', id: id + 1 }];
  for (const copy of legs) {
    const whole = { x: x(copy.id), y: end };
    const b = copy.fate === 'arrived' ? whole : between(a, whole, LOST_AT);
    add(`is-${from}`, `M${point(a)}L${point(b)}`);
    if (copy.fate === 'dropped') add('is-lost', crossAt(b));
    if (copy.fate === 'held') add('is-held', `M${point({ x: b.x, y: b.y - 4 })}v8m3 -8v8`);
  }
}

const between = (a, b, part) => ({ x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part });
const crossAt = ({ x, y }) => `M${point({ x: x - 3, y: y - 3 })}l6 6m0 -6l-6 6`;
const round = (value) => Math.round(value * 10) / 10;
const point = ({ x, y }) => `${round(x)} ${round(y)}`;

/* The longest gaps that stand out, as many as have room for their words. */
function tearsOf(events, { x, width }) {
  const clock = clockOf(events);
  const gaps = events.slice(1).map(({ id }) => ({ id, ns: clock[id - 1] - clock[id - 2] }));
  const usual = gaps.map(({ ns }) => ns).sort((a, b) => a - b)[gaps.length >> 1] ?? 0;
  const long = gaps.filter(({ ns }) => ns >= LONG_NS && ns >= LONG_FACTOR * usual)
    .sort((a, b) => b.ns - a.ns).slice(0, MOST_TEARS);
  const placed = [];
  for (const { id, ns } of long) {
    const tear = { id, ns, x: (x(id - 1) + x(id)) / 2, text: `+${duration(ns)}` };
    const half = textWidth(tear.text, FONT) / 2 + 3;
    tear.left = Math.min(Math.max(tear.x, half), width - half);
    if (placed.every((each) => Math.abs(each.left - tear.left) >= each.half + half)) {
      placed.push({ ...tear, half });
    }
  }
  return placed;
}
