/* held.js - segments that wait on the wire for a decision, and the kernels'
 * retransmissions of them. Pure.
 *
 * A kernel does not know that its segment waits: it sends it again. Such a
 * repeat, sent while the first still waited, is folded into "tried again n
 * times" for as long as the first waits, and for good when the wire swallowed it. */

/** A copy of the segment waits now. */
export function isHeld(segment) {
  return segment.copies.some((copy) => copy.fate === 'held');
}

/** The held segments of a live run that nobody has decided about yet (decided:
 * number -> what), in the order they wait. */
export function heldSegments(model, decided = {}) {
  if (model.end) return [];
  return model.segments.filter((segment) => isHeld(segment) && !decided[segment.n]);
}

/** The segment that a decision by key is about: the selected one where it is
 * held, else the one that waits longest; undefined when none waits. */
export function heldInHand(model, step, decided) {
  const held = heldSegments(model, decided);
  return held.find((segment) => segment.id === step) ?? held[0];
}

/* A copy of the segment waited, or waits, at that time. */
function waitedAt({ copies }, t) {
  const first = copies.find((copy) => copy.held);
  return Boolean(first) && (first.fate === 'held' || t <= first.t);
}

/** Repeats of segments that waited when they were sent: n of the first ->
 * list of repeats. */
export function repeatsWhileHeld(model) {
  const found = new Map();
  const byNumber = new Map(model.segments.map((segment) => [segment.n, segment]));
  for (const segment of model.segments) {
    const first = segment.of ? firstOf(segment, byNumber) : null;
    if (!first || !waitedAt(first, segment.t_ns)) continue;
    found.set(first.n, [...(found.get(first.n) ?? []), segment]);
  }
  return found;
}

/* `of` may name another repeat: go to where it began. */
function firstOf(segment, byNumber) {
  let at = byNumber.get(segment.of);
  while (at?.of && at.of !== at.n) at = byNumber.get(at.of);
  return at;
}

/* Dropped without having waited itself: nobody decided about it. */
function wasSwallowed({ copies }) {
  return copies.every((copy) => copy.fate === 'dropped' && !copy.held);
}

/** Numbers of the segments that are folded away; `unfolded` lists the firsts
 * whose repeats are to be seen. */
export function foldedAway(model, unfolded = [], decided = {}) {
  const away = new Set();
  const byNumber = new Map(model.segments.map((segment) => [segment.n, segment]));
  for (const [n, repeats] of repeatsWhileHeld(model)) {
    const waits = !model.end && isHeld(byNumber.get(n)) && !decided[n];
    for (const repeat of unfolded.includes(n) ? [] : repeats) {
      if (waits || wasSwallowed(repeat)) away.add(repeat.n);
    }
  }
  return away;
}
