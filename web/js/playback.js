/* playback.js - how a moment moves on by itself: true to the measured time, or
 * in even steps, whatever the gaps. Pure.
 *
 * A clock has the time of each event, the time of event k at k - 1; where two
 * threads wrote in another order than things happened it waits, so that time
 * never goes back. A position is {id, part}: event id has happened, and that
 * part of the way to the next one is over. */

const even = (perSecond) =>
  ({ id: `even-${perSecond}`, perSecond, stepMs: 1000 / perSecond, factor: null });
const real = (factor) => ({ id: `true-${factor}`, perSecond: null, stepMs: null, factor });

/** The paces to choose from: so many events a second, or so many times as fast
 * as it was. */
export const PACES = Object.freeze([
  ...[1, 3, 10, 30].map(even),
  ...[0.0001, 0.001, 0.01, 0.1, 1, 10, 100].map(real),
]);

/** The pace by its id; an unknown one is the first that most people want. */
export function paceOf(id) {
  return PACES.find((pace) => pace.id === id) ?? PACES[1];
}

/** The clock of events. */
export function clockOf(events) {
  const clock = new Float64Array(events.length);
  let newest = 0;
  events.forEach(({ t_ns: t }, i) => {
    newest = Math.max(newest, t);
    clock[i] = newest;
  });
  return clock;
}

/** The time of a position in nanoseconds. */
export function timeAt({ id, part }, clock) {
  const from = clock[id - 1] ?? 0;
  return from + part * ((clock[id] ?? from) - from);
}

/** The position at a time, not before event `from`. */
export function positionAt(t, clock, from = 1) {
  let low = from; // the event of this id has happened
  let high = clock.length + 1; // that of this one has not
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (clock[middle - 1] <= t) low = middle;
    else high = middle;
  }
  if (low >= clock.length) return { id: clock.length, part: 0 };
  const [begin, end] = [clock[low - 1], clock[low]];
  return { id: low, part: Math.min(1, Math.max(0, (t - begin) / (end - begin))) };
}

/** The position `ms` of a person's time later. */
export function advance(position, ms, pace, clock) {
  if (pace.stepMs === null) {
    return positionAt(timeAt(position, clock) + ms * 1e6 * pace.factor, clock, position.id);
  }
  const way = position.part + ms / pace.stepMs;
  const id = position.id + Math.floor(way);
  return id >= clock.length ? { id: clock.length, part: 0 } : { id, part: way % 1 };
}

/** Nanoseconds between an event and the one before it. */
export function gapBefore(id, clock) {
  return id > 1 ? clock[id - 1] - clock[id - 2] : 0;
}
