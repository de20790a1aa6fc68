/* pairlayout.js - two runs as pictures on one scale: rows that both share, so
 * that what stands at the same height belongs together. Pure.
 *
 * scale: 'steps' puts what is the same in both runs side by side (pairtime.js);
 * 'clock' puts the same time since each run's begin there, squeezed; 'true' the
 * same, true to scale. */
import { declutter } from './declutter.js';
import { placeTrue, shapesOn, stageOf } from './geometry.js';
import { commonTime, momentsOf, ONE_CLOCK } from './pairtime.js';
import { emptyRows, never, placePoints } from './rows.js';
import { FOLD_IDLE_NS, scaleOf } from './scales.js';

export const PAIR_SCALES = ['steps', 'clock', 'true'];

const BELOW = 2.6; // lines under the last row, as in geometry.js
const SIDES = [0, 1];

/** The shapes of both models, for pictures each `width` wide. steps: of
 * pairing.js; view: {relative, unfolded: [numbers, numbers], tall}. */
export function pairLayout(models, width, steps, { scale, ...view }) {
  const stages = models.map((model, side) => stageOf(model, width, {
    relative: view.relative, unfolded: view.unfolded[side],
    scale: scale === 'true' ? 'true' : 'squeezed',
  }));
  if (scale === 'true') return trueShapes(stages, view.tall);
  const times = scale === 'steps' ? commonTime(momentsOf(steps, models)) : ONE_CLOCK;
  const rows = sharedRows(stages, times);
  const bottom = bottomOf(rows);
  return stages.map((stage, side) =>
    shapesOn(stage, rowsOfSide(rows, stage, { side, time: times[side], bottom })));
}

function trueShapes(stages, tall) {
  const ends = stages.flatMap(({ points }) => points.map(({ t }) => t));
  const span = [0, ends.reduce((most, t) => Math.max(most, t), 0)];
  const tops = stages.map(({ rows }) => rows.bottom);
  const bottoms = stages.map(({ rows, points }) => {
    rows.bottom = Math.max(...tops);
    placeTrue(rows, points, tall, span);
    return rows.bottom;
  });
  return stages.map((stage) => {
    stage.rows.bottom = Math.max(...bottoms);
    return declutter(shapesOn(stage, stage.rows));
  });
}

const column = (side, name) => `${side} ${name}`;

/* One pass over the points of both, each side in columns of its own. */
function sharedRows(stages, times) {
  const { line } = stages[0].rows;
  const foldColumns = stages.flatMap(({ rows }, side) =>
    rows.foldColumns.map((name) => column(side, name)));
  const wires = SIDES.map((side) => column(side, 'wire'));
  const top = Math.max(...stages.map(({ rows }) => rows.bottom));
  const rows = emptyRows({ top, line, scale: scaleOf('squeezed', line), foldColumns, wires });
  placePoints(rows, never, stages.flatMap(({ points }, side) =>
    points.map((point) => onSide(point, side, times[side]))));
  return rows;
}

const idOf = (id, side) => id * 2 + side;

/* The part of the room that belongs to a side. */
const roomOf = (room, side) => ({
  get: (name) => room.get(column(side, name)),
  set: (name, y) => room.set(column(side, name), y),
});

function onSide({ id, t, busy, need, take }, side, time) {
  return {
    id: idOf(id, side),
    t: time.to(t),
    busy: busy > 0 ? time.to(busy) : undefined,
    need: (y, room) => need(y, roomOf(room, side)),
    take: (y, room) => take(y, roomOf(room, side)),
  };
}

/* Both pictures end together. */
function bottomOf({ bottom, room, line, wires }) {
  return Math.max(bottom, ...wires.map((wire) => (room.get(wire) ?? 0) - line * BELOW));
}

/* What geometry.js makes shapes from. */
function rowsOfSide(rows, { points }, { side, time, bottom }) {
  const y = [];
  for (const { id } of points) y[id] = rows.y[idOf(id, side)];
  const folds = rows.folds.flatMap((fold) => foldOf(fold, time));
  return {
    y, folds, bottom, line: rows.line, room: roomOf(rows.room, side),
    ticks: ticksOf(points, y, folds, rows.line),
  };
}

/* How long it was for this run; nothing where it only waits for the other. */
function foldOf(fold, time) {
  const ns = time.back(fold.to) - time.back(fold.from);
  return ns >= FOLD_IDLE_NS ? [{ ...fold, ns }] : [];
}

/* Times at the axis where there is room for them. */
function ticksOf(points, y, folds, line) {
  const taken = folds.map((fold) => fold.y);
  let free = -Infinity;
  const isFree = (at) => at >= free && taken.every((fold) => Math.abs(fold - at) >= line * 1.2);
  const ticks = [];
  for (const { id, t } of points.filter(({ tick }) => tick).sort((a, b) => y[a.id] - y[b.id])) {
    if (!isFree(y[id])) continue;
    ticks.push({ id, t, y: y[id] });
    free = y[id] + line;
  }
  return ticks;
}
