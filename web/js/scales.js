/* scales.js - how far apart two moments stand, by three scales. Pure.
 *
 * squeezed: the distance grows with the logarithm of the time between, so that
 *   2 µs and 60 s can stand in one picture; times in which nothing is on its way
 *   are folded, and the fold says how long they were.
 * even: one step from each moment to the next, however long it took.
 * true: the distance is the time. Labels then cannot move rows apart; those
 *   without room are counted (declutter.js). */

export const SCALES = ['squeezed', 'true', 'even'];

const PER_DECADE = 8; // px each time the gap is ten times longer
const FIRST = 3; // px of the shortest gap
const MOST = 46; // px of the longest one that is not folded
export const FOLD_IDLE_NS = 2e6; // nothing is on its way: folded from here on
const FOLD_BUSY_NS = 250e6; // something is: its arrow leans over the gap

/** Pixels for a gap of so many nanoseconds. */
export function squeeze(ns) {
  return ns <= 0 ? 0 : Math.min(MOST, FIRST + PER_DECADE * Math.log10(1 + ns / 1000));
}

const squeezed = {
  gap: (ns, busy) =>
    (ns >= (busy ? FOLD_BUSY_NS : FOLD_IDLE_NS) ? { fold: true } : { px: squeeze(ns) }),
};

const even = (line) => ({ gap: () => ({ px: line * 1.3 }) });

/** The scale that moves rows apart, by its name. */
export function scaleOf(name, line) {
  return name === 'even' ? even(line) : squeezed;
}

/** y of a time in the true scale: {at(t), perNs}. `tall` is the height over which
 * the run's times from `from` to `to` are drawn. */
export function trueScale({ from, to, top, tall }) {
  const perNs = tall / Math.max(1, to - from);
  return { perNs, at: (t) => top + (t - from) * perNs };
}
