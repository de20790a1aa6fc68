/* echoes.js - what the kernels' timers send again while somebody thinks. Pure. */
import { firstOf, heldSegments, waitedAt } from './held.js';

/** Held segments that say again what has arrived, sent because it or the answer to
 * it waited on the wire: whoever is asked about each segment was asked already.
 * @param {Lab.Model} model
 * @param {Lab.State['decided']} decided */
export function echoes(model, decided = {}) {
  return heldSegments(model, decided).filter((segment) => segment.of && isEcho(segment, model));
}

/** @type {(segment: Lab.Segment, model: Lab.Model) => boolean} */
function isEcho(segment, model) {
  const first = firstOf(segment, model);
  const isSame = (/** @type {Lab.Segment} */ each) => firstOf(each, model) === first;
  const before = model.segments.filter((each) => each.id < segment.id);
  return before.some((each) => isSame(each) && hasArrived(each))
    && before.some((each) => (isSame(each) || each.from !== segment.from)
      && waitedAt(each, segment.t_ns));
}

/** @param {Lab.Segment} segment */
function hasArrived({ copies }) {
  return copies.some((copy) => copy.fate === 'arrived');
}
