/* details.js - the bytes and fields of segments, asked for when the card needs
 * them: of the segment it shows, and of the one before it of the same side,
 * with which it is compared. */
import { getSegment } from './api.js';
import { markOf } from './arrowlabel.js';
import { selectedSegment } from './store.js';

/** The last segment before this one of the same side of the same connection,
 * or undefined. Pure. */
export function segmentBefore(model, segment) {
  const at = model.segments.indexOf(segment);
  return model.segments.slice(0, Math.max(0, at)).findLast((each) =>
    each.from === segment.from && each.src === segment.src && each.dst === segment.dst);
}

/** Copies that arrived other than they were sent. Pure. */
export function changedCopies({ copies }) {
  return copies.filter((copy) => copy.fate !== 'held' && markOf(copy) !== null);
}

/* Numbers of segments whose bytes are needed and not there, or not all. */
function missing(state) {
  const { model, details, panel } = state;
  const segment = panel === 'card' ? selectedSegment(state) : undefined;
  if (!segment || state.run.file) return []; // a file has all there is
  const known = (n) => details[n]?.copies?.length ?? (details[n] ? Infinity : -1);
  const wanted = [segment, segmentBefore(model, segment)].filter(Boolean);
  return wanted.filter((each) => known(each.n) < changedCopies(each).length);
}

/** A subscriber that asks for what is missing, each thing once as long as the
 * same segment is looked at; tried(promise) shows what goes wrong. */
export function detailLoader({ dispatch }, tried) {
  let place = '';
  let asked = new Set();
  const ask = async (run, n) => {
    const detail = await tried(getSegment(run, n));
    if (detail) dispatch({ type: 'detail', run, n, detail });
  };
  return (state) => {
    const { run, step } = state;
    if (`${run?.id} ${step}` !== place) asked = new Set();
    place = `${run?.id} ${step}`;
    for (const segment of missing(state)) {
      const key = `${segment.n} ${changedCopies(segment).length}`;
      if (!asked.has(key)) ask(run.id, segment.n);
      asked.add(key);
    }
  };
}
