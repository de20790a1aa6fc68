/* cut.js - the picture as it stood at a moment: what came later is taken out of
 * the shapes of the whole run. Pure.
 *
 * Nothing moves from moment to moment: rows, columns and labels stand where the
 * whole run puts them, so a picture that is played fills up and never jumps.
 * Every shape knows the ids of the events that made it. */
import { arrowLabel } from './arrowlabel.js';
import { repeatsWhileHeld } from './held.js';
import { texts } from './texts.js';

const LEAST_WAY = 0.12; // of a leg: so much of an arrow that has just left is drawn

/** The shapes of a layout of the whole run as they stood at a moment. model:
 * the run up to it; now: the y of its last event. */
export function cutAt(shapes, { moment, model, now }) {
  const seen = ({ id }) => id <= moment;
  const { arrows, bands, calls, ticks, folds, split, timers, columns, ruler } = shapes;
  const then = { moment, now, columns, ...whatWasKnown(model, arrows) };
  return {
    ...shapes,
    now,
    arrows: arrows.filter(seen).map((arrow) => cutArrow(arrow, then)),
    bands: bands.filter(seen).map((band) => cutBand(band, then)),
    calls: calls.filter(seen).map((call) => cutCall(call, then)),
    ticks: ticks.filter(seen),
    folds: folds.filter(({ bottom }) => bottom <= now),
    split: split && cutSplit(split, then),
    notes: shapes.notes.filter(seen).map((note) => cutNote(note, then)),
    floods: shapes.floods.filter(seen).map((flood) => cutFlood(flood, then)),
    clusters: shapes.clusters.filter(seen),
    tracks: shapes.tracks.filter(seen).map((track) => cutBand(track, then)),
    stays: shapes.stays.filter(seen).map((stay) => cutBand(stay, then)),
    ruler: ruler && seen(ruler) ? ruler : null,
    timers: timers.map((timer) => cutTimer(timer, then)).filter(Boolean),
  };
}

/* The segments as they stood, by id; and of each, by number, how many repeats of
 * it have no arrow of their own. */
function whatWasKnown(model, arrows) {
  const drawn = new Set(arrows.map(({ id }) => id));
  const segments = new Map(model.segments.map((segment) => [segment.id, segment]));
  const repeats = repeatsWhileHeld(model);
  const tries = (n) => (repeats.get(n) ?? []).filter(({ id }) => !drawn.has(id)).length;
  return { segments, tries };
}

function cutArrow(arrow, then) {
  const legs = arrow.legs.map((leg, i) => cutLeg(leg, i === 0, then)).filter(Boolean);
  const segment = then.segments.get(arrow.id); // an ICMP message is none
  const label = segment ? cutLabel(arrow, segment, then) : arrow.label;
  return { ...arrow, legs, label, hand: null };
}

/* A leg ends with the event `id`, if with any, and may have waited since `halt`. */
function cutLeg(leg, isFirst, { moment, now }) {
  const { id, halt, points } = leg;
  if (id === null || id <= moment) return leg;
  if (halt !== null && halt <= moment) {
    const [start, from, until] = points;
    const y = Math.max(from.y, Math.min(until.y, now));
    return { ...leg, end: 'held', mark: null, points: [start, from, { x: from.x, y }] };
  }
  const [start, to] = points;
  const end = { ...leg, end: 'flying', mark: null, points: [start, onWay(start, to, now)] };
  return isFirst ? end : null;
}

/* Where it is at the moment, as far as rows tell. */
function onWay(a, b, now) {
  const part = b.y > a.y ? (now - a.y) / (b.y - a.y) : LEAST_WAY;
  const way = Math.min(0.95, Math.max(LEAST_WAY, part));
  return { x: a.x + (b.x - a.x) * way, y: a.y + (b.y - a.y) * way };
}

/* What the wire did to it is written only when it has done it. */
function cutLabel({ label, n }, segment, { columns, tries }) {
  const about = { ...label.about, tries: label.about.tries && tries(n) };
  return { ...label, extra: arrowLabel(segment, columns, about).extra };
}

function cutBand(band, { moment, now }) {
  const isOver = band.until === null ? band.state === 'CLOSED' : band.until <= moment;
  if (isOver) return band;
  return { ...band, open: true, height: Math.max(0, now - band.y) };
}

function cutCall(call, { moment, now }) {
  if (!call.open && call.event <= moment) return call;
  const height = Math.max(2, now - call.y);
  const { id, plain: name } = call;
  return { ...call, event: id, failed: false, open: true, height, name, result: null };
}

function cutSplit(split, { moment, now }) {
  if (split.from > moment) return null;
  if (split.to !== null && split.to <= moment) return split;
  return { ...split, height: Math.max(0, now - split.y) };
}

/* What a note says may be known only later. */
function cutNote(note, { moment }) {
  return note.until && note.until > moment ? { ...note, text: note.short } : note;
}

/* As much of a flood as has been sent, and has arrived, down to the moment. */
function cutFlood(flood, { moment, now }) {
  const { ids, points: [a, b, c, d] } = flood;
  if (ids.end !== null && ids.end <= moment) return flood;
  const landed = ids.begin !== null && ids.begin <= moment;
  const low = { ...d, y: ids.last <= moment ? d.y : Math.max(a.y, Math.min(d.y, now)) };
  const tip = landed ? b : onWay(a, b, now);
  const end = landed ? { ...c, y: Math.max(b.y, Math.min(c.y, now)) } : onWay(low, c, now);
  const sent = flood.members.filter((id) => id <= moment).length;
  const label = { ...flood.label, flags: texts.diagram.many(sent, flood.kind) };
  return { ...flood, label, ids: { ...ids, end: null }, points: [a, tip, end, low] };
}

/* A timer whose next try is still to come runs; the gauges say how long. */
function cutTimer(timer, { moment, now }) {
  const marks = timer.marks.filter((_, i) => timer.ids[i] <= moment);
  if (marks.length === 0) return null;
  const runs = marks.length < timer.marks.length || timer.bottom !== null;
  return { ...timer, marks, bottom: runs ? now : null, words: null };
}
