/* pairload.js - one of two runs that are compared: out of a file, or from the
 * program, live while it lasts. */
import { createFollower, getRun, getSegment } from './api.js';
import { emptyModel, foldMany } from './model.js';
import { newOf } from './store.js';

/** Open a run: {id, run, model, events, details, ready, stop(), detail(n)}. run is
 * null until it is there; changed() is called whenever there is more of it; ready
 * resolves, or fails with a sentence. file: where it comes out of, or null. */
export function openSide(id, file, changed) {
  const follower = createFollower();
  const side = {
    id, run: null, events: [], model: emptyModel, details: { ...file?.details },
    stop: follower.stop,
    detail: (n) => detailOf(side, n, file, changed),
  };
  const add = (list) => {
    const fresh = newOf(side.events, list);
    if (fresh.length === 0) return;
    side.events = [...side.events, ...fresh];
    side.model = foldMany(side.model, fresh);
    changed();
  };
  side.ready = (async () => {
    const run = file?.run ?? await getRun(id);
    side.run = run;
    add(run.events);
    if (run.phase !== 'ended') follower.follow(id, run.events.at(-1)?.id ?? 0, add, () => {});
  })();
  return side;
}

/* Bytes and fields of a segment, asked for once. */
function detailOf(side, n, file, changed) {
  const { id, details } = side;
  if (details[n] || file || details[n] === null) return details[n] ?? null;
  details[n] = null;
  getSegment(id, n).then((detail) => {
    details[n] = detail;
    changed();
  }, () => {
    delete details[n]; // asked for again when it is looked at again
  });
  return null;
}
