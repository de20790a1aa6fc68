/* held.js - segments that wait on the wire for a decision, and the kernels'
 * retransmissions of them. Pure.
 *
 * A kernel does not know that its segment waits: it sends it again. Such a
 * repeat, sent while the first still waited, is folded into "tried again n
 * times" for as long as the first waits, and for good when the wire swallowed it. */
import { once } from './memo.js';
import { segmentOf } from './model.js';

/** A copy of the segment waits now.
 * @param {Lab.Segment} segment */
export function isHeld(segment) {
  return segment.copies.some((copy) => copy.fate === 'held');
}

/** The held segments of a live run that nobody has decided about yet (decided:
 * number -> what), in the order they wait.
 * @param {Lab.Model} model
 * @param {Lab.State['decided']} decided */
export function heldSegments(model, decided = {}) {
  return model.end ? [] : waiting(model).filter(({ n }) => !decided[n]);
}

const waiting = once((/** @type {Lab.Model} */ { segments }) => segments.filter(isHeld));

/** The segment that a decision by key is about: the selected one where it is
 * held, else the one that waits longest; undefined when none waits.
 * @param {Lab.Model} model
 * @param {number | null} step
 * @param {Lab.State['decided']} decided */
export function heldInHand(model, step, decided) {
  const held = heldSegments(model, decided);
  return held.find((segment) => segment.id === step) ?? held[0];
}

/** A copy of the segment waited, or waits, at that time.
 * @type {(segment: Lab.Segment, t: number) => boolean} */
export function waitedAt({ copies }, t) {
  const first = copies.find((copy) => copy.held);
  return first !== undefined && (first.fate === 'held' || t <= first.t);
}

/** Repeats of segments that waited when they were sent: n of the first ->
 * list of repeats. */
export const repeatsWhileHeld = once((/** @type {Lab.Model} */ model) => {
  /** @type {Map<number, Lab.Segment[]>} */
  const found = new Map();
  for (const segment of model.segments) {
    const first = segment.of ? firstOf(segment, model) : null;
    if (!first || !waitedAt(first, segment.t_ns)) continue;
    found.set(first.n, [...(found.get(first.n) ?? []), segment]);
  }
  return found;
});

/** `of` may name another repeat: where it began, itself if it repeats nothing.
 * @param {Lab.Segment} segment
 * @param {Lab.Model} model
 * @returns {Lab.Segment | undefined} */
export function firstOf(segment, model) {
  let at = segmentOf(model, segment.of || segment.n);
  while (at?.of && at.of !== at.n) at = segmentOf(model, at.of);
  return at;
}

/** Dropped without having waited itself: nobody decided about it.
 * @param {Lab.Segment} segment */
function wasSwallowed({ copies }) {
  return copies.every((copy) => copy.fate === 'dropped' && !copy.held);
}

/** Numbers of the segments that are folded away; `unfolded` lists the firsts
 * whose repeats are to be seen.
 * @param {Lab.Model} model
 * @param {number[]} unfolded
 * @param {Lab.State['decided']} decided */
export function foldedAway(model, unfolded = [], decided = {}) {
  /** @type {Set<number>} */
  const away = new Set();
  for (const [n, repeats] of repeatsWhileHeld(model)) {
    const first = segmentOf(model, n);
    const waits = !model.end && first && isHeld(first) && !decided[n];
    for (const repeat of unfolded.includes(n) ? [] : repeats) {
      if (waits || wasSwallowed(repeat)) away.add(repeat.n);
    }
  }
  return away;
}
