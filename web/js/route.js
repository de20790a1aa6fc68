/* route.js - links to a run and a step: "#run/k3x9/7". Pure. */

/** {run, step} of a fragment; run is null when it names none. */
export function parseRoute(hash) {
  const found = /^#run\/([A-Za-z0-9_-]+)(?:\/(\d+))?$/.exec(hash);
  if (!found) return { run: null, step: null };
  return { run: found[1], step: found[2] ? Number(found[2]) : null };
}

/** The fragment of a run and step. */
export function formatRoute(run, step) {
  return step ? `#run/${run}/${step}` : `#run/${run}`;
}
