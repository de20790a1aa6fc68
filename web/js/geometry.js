/* geometry.js - the picture as plain numbers: model and width in, shapes out.
 * Pure; knows no browser. cast.js says what is placed, columns.js gives every x,
 * rows.js every y, flights.js the arrows, sides.js what stands beside the wire;
 * this module puts it together.
 *
 * What is the same object in the model as before keeps its entry (entries.js),
 * rows go on where they changed, and only shapes below that are made anew: one
 * event more costs little, however long the run. */
import { castOf } from './cast.js';
import { textWidth } from './columns.js';
import { declutter } from './declutter.js';
import {
  callKind, edgeKind, flightKind, floodKind, icmpKind, shapeOf, socketKind, sync,
} from './entries.js';
import { duration, nominal as nominally } from './format.js';
import { captionsOf, HEAD_LINES, headsOf } from './heads.js';
import { noteX } from './notes.js';
import { emptyRows, never, placePoints } from './rows.js';
import { scaleOf, trueScale } from './scales.js';
import { stayShape, trackShapes } from './sides.js';
import { texts } from './texts.js';

const VEIL_LINES = 2.6; // of the note that says what cannot be seen here
const RULER_AT = [0.5, 0.3, 0.7, 0.15, 0.85]; // of the ruler: where its words may stand
const TALL = 640; // px of a run in the true scale, where nobody says another

/** How to lay out. relative: numbers; away: Set of numbers of segments that are
 * folded away; inHand: numbers of those that wait for a decision; unfolded:
 * numbers of floods that are open; scale: of scales.js; tall: px of the run's
 * whole time in the true scale. */
const DEFAULT_VIEW = Object.freeze({
  relative: true, away: new Set(), inHand: [], unfolded: [], scale: 'squeezed', tall: TALL,
});

/** Lay out a model for a picture `width` wide: shapes, for picture.js. */
export function layout(model, width, view = {}) {
  return createLayouter()(model, width, view);
}

/** A layout() for one model after another, fast where each goes on from the one
 * before. What it gave before is then no longer valid. */
export function createLayouter() {
  let kept = null;
  return (model, width, view = {}) => {
    kept = laidOut(model, width, { ...DEFAULT_VIEW, ...view }, kept);
    return kept.shapes;
  };
}

function laidOut(model, width, view, old) {
  const cast = castOf(model, width, view);
  const isTrue = view.scale === 'true';
  const key = JSON.stringify([cast.columns, cast.link, view.relative, view.scale]);
  const kept = old?.key === key && !isTrue ? old : freshLayout(cast, view.scale);
  const change = { points: [], gone: false };
  const entries = synced(kept.entries, model, cast, change);
  const from = isTrue ? placeTrue(kept.rows, change.points, view.tall)
    : placePoints(kept.rows, change.gone ? isGone : never, change.points);
  const shapes = shapesOf(entries, { model, cast, rows: kept.rows, from });
  return { key, rows: kept.rows, entries, shapes: isTrue ? declutter(shapes) : shapes };
}

const isGone = (point) => point.gone === true;

function freshLayout({ link, columns: { line, compact } }, scale) {
  const top = line * (link === 'sockets' ? 5 + VEIL_LINES : 5);
  const foldColumns = [compact ? 'wire' : 'axis'];
  return {
    rows: emptyRows({ top, line, scale: scaleOf(scale, line), foldColumns }),
    entries: { edges: [], segments: [], icmp: [], floods: [], calls: [], sockets: [] },
  };
}

function synced(old, model, cast, change) {
  return {
    edges: sync(old.edges, cast.edges, edgeKind, change),
    segments: sync(old.segments, cast.segments, flightKind(cast), change),
    icmp: sync(old.icmp, model.icmp, icmpKind(cast), change),
    floods: sync(old.floods, cast.folded, floodKind(cast), change),
    calls: sync(old.calls, model.calls, callKind(cast), change),
    sockets: sync(old.sockets, cast.sockets, socketKind(cast), change),
  };
}

/** What a picture is made of before it is placed: {model, cast, rows, entries,
 * points}. For who places more than one on the same rows (pairlayout.js). */
export function stageOf(model, width, view = {}) {
  const whole = { ...DEFAULT_VIEW, ...view };
  const cast = castOf(model, width, whole);
  const { rows, entries } = freshLayout(cast, whole.scale);
  const change = { points: [], gone: false };
  const placed = synced(entries, model, cast, change);
  return { model, cast, rows, entries: placed, points: change.points };
}

/** The shapes of a stage whose points have been given their places in rows. */
export function shapesOn({ model, cast, entries }, rows) {
  return shapesOf(entries, { model, cast, rows, from: -Infinity });
}

/** In the true scale nothing moves: y follows from the time alone. `span` is the
 * time from and to which `tall` px are drawn, else that of the points. */
export function placeTrue(rows, points, tall, span = null) {
  const { line } = rows;
  points.sort((a, b) => a.t - b.t || a.id - b.id);
  const [from, to] = span ?? [points[0]?.t ?? 0, points.at(-1)?.t ?? 0];
  const { at } = trueScale({ from, to, top: rows.bottom + line * 2, tall });
  for (const { id, t } of points) rows.y[id] = at(t);
  rows.ticks = points.filter(({ tick }) => tick).map(({ id, t }) => ({ id, t, y: at(t) }));
  rows.bottom = at(to);
  return -Infinity;
}

function shapesOf(entries, { model, cast, rows, from }) {
  const { columns, link, sockets, stays, slotOf, laneOf } = cast;
  const { line } = columns;
  const { y } = rows;
  const bottom = bottomOf(rows, columns, cast.timers.some(({ active }) => active));
  const place = { columns, y, bottom, from, lastT: model.last?.t_ns ?? 0 };
  const drawn = (list) => list.map((entry) => shapeOf(entry, from, place));
  const flights = [...entries.segments, ...entries.icmp];
  const onWire = {
    arrows: drawn(flights),
    floods: drawn(entries.floods),
    notes: [...flights, ...entries.floods].filter(({ notes }) => notes.length > 0)
      .flatMap((entry) => noteShapes(entry, place)),
  };
  return {
    columns,
    y: { get: (id) => y[id], has: (id) => y[id] !== undefined },
    top: line * HEAD_LINES,
    bottom,
    height: bottom + line * 0.6,
    heads: headsOf(model, columns),
    captions: captionsOf(columns),
    ...onWire,
    bands: drawn(entries.sockets).flat(),
    calls: drawn(entries.calls),
    timers: timerShapes(cast.timers, place),
    tracks: trackShapes(sockets, place),
    stays: stays.map((stay) => stayShape(stay, slotOf.get(stay.key), laneOf.get(stay.key), place)),
    ticks: rows.ticks,
    folds: rows.folds,
    clusters: [],
    split: cast.split && splitShape(cast.split, place),
    ruler: cast.ruler && rulerShape(cast.ruler, place, writtenOf(onWire, columns)),
    veil: link === 'sockets' ? { y: line * 5.2 } : null,
  };
}

/* Below the last row, and below the buttons that may stand there, with room for
 * the words at a timer that runs. */
function bottomOf({ bottom, room }, { line }, timed) {
  return Math.max(bottom + line * 2.6, (room.get('wire') ?? 0) + (timed ? line : 0)) + line * 0.4;
}

/* Where the rows made no room, notes stand close above or below their arrow. */
function noteShapes({ notes, shape }, { columns, y }) {
  const { label } = shape;
  const close = ({ at }) => (at === null ? label.y - label.half : y[at]);
  const off = ({ at }) => columns.line * (at === null ? -0.6 : 0.6);
  return notes.map((note) =>
    ({ ...note, y: note.y ?? close(note) + off(note), ...noteX(note, columns) }));
}

/* Where several of a host run, one says so: all of them stand in the gauges. */
function timerShapes(timers, place) {
  const said = new Set();
  return timers.map((timer) => timerShape(timer, place)).filter(Boolean).map((shape) => {
    const words = said.has(shape.host) ? null : timerWords(shape, place.columns);
    if (words) said.add(shape.host);
    return { ...shape, words };
  });
}

/* From each try to the next, on the sender's side of the wire; the one that
 * still runs reaches to the bottom. */
function timerShape({ key, host, tries, active, from, nominal }, { columns, y, bottom }) {
  const seen = tries.filter(({ id }) => y[id] !== undefined);
  const marks = seen.map(({ id }) => y[id]);
  if (marks.length === 0 || (marks.length === 1 && !active)) return null;
  const { edge, dir } = columns[host];
  return {
    id: key, host, x: edge - dir * columns.font * 0.3, dir: -dir, from, nominal,
    marks, ids: seen.map(({ id }) => id), bottom: active ? bottom : null,
  };
}

/* How long a timer runs that has not fired yet, beside the end of its arc, on
 * its own half of the wire. */
function timerWords({ x, dir, nominal, marks, bottom }, { font, wire }) {
  if (bottom === null || nominal === null || bottom - marks.at(-1) <= font * 3) return null;
  const room = wire.width / 2 - font * 2;
  const text = texts.diagram.runs(nominally(nominal)).find((each) => textWidth(each, font) <= room);
  const anchor = dir > 0 ? 'start' : 'end';
  return text ? { text, x: x + dir * font * 1.2, y: bottom - font * 0.9, anchor } : null;
}

/* The stripe of disagreement reaches from what made the first end ESTABLISHED
 * to what made the second one so. */
function splitShape({ host, from, to }, { y, bottom }) {
  const placeOf = ({ cause, id }) => y[cause] ?? y[id];
  const top = placeOf(from);
  const height = Math.max(0, (to ? placeOf(to) : bottom) - top);
  return { host, y: top, height, from: from.id, to: to?.id ?? null };
}

/* The ruler of the round trip, its words where neither labels nor notes stand. */
function rulerShape({ host, from, to, ns }, { columns, y }, written) {
  if (y[from] === undefined || y[to] === undefined) return null;
  const { font } = columns;
  const { edge, dir } = columns[host];
  const ends = { y: y[from], end: y[to] };
  const shape = { id: to, host, edge, x: edge - dir * font * 0.75, dir: -dir, ...ends };
  const text = texts.diagram.roundTrip(duration(ns));
  const half = textWidth(text, font * 0.85) * 0.625; // with some room around it
  const x = shape.x + shape.dir * font * 0.75;
  const isFree = (at) => at - half >= shape.y && at + half <= shape.end && written.every((each) =>
    each.left > x + font * 0.5 || each.top > at + half || each.end < at - half);
  const at = RULER_AT.map((part) => shape.y + (shape.end - shape.y) * part).find(isFree);
  return { ...shape, words: at === undefined ? null : { text, x, y: at } };
}

/* Where what is written on the wire begins, and between which heights it stands. */
function writtenOf({ arrows, floods, notes }, { font, line }) {
  const labels = [...arrows, ...floods].map(({ label: { x, y, width, half, angle } }) => {
    const turned = line * 1.3 * Math.abs(Math.sin((angle * Math.PI) / 180));
    return { left: x - width / 2 - turned, top: y - half, end: y + half };
  });
  const lines = notes.map(({ x, y, anchor, text }) => {
    const width = anchor === 'start' ? 0 : textWidth(text, font);
    const left = anchor === 'middle' ? x - width / 2 : x - width;
    return { left, top: y - line / 2, end: y + line / 2 };
  });
  return [...labels, ...lines];
}

/** y of any event, also of one that has no shape: that of the last before it. */
export function eventY(shapes, events, id) {
  const last = Math.min(id ?? 0, events.length) - 1; // ids count from 1
  for (let i = last; i >= 0; i -= 1) {
    const y = shapes.y.get(events[i].id);
    if (y !== undefined) return y;
  }
  return null;
}
