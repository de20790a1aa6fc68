/* route.js - what the address names: a run and a step of it, "#run/k3x9/7", or
 * another view of the page with what it is about, "#compare/k3x9/m2aa". Pure. */

/** {view, args, run, step} of a fragment; run is null when it names none, and
 * the view is 'lab' for whatever is no view. args are the decoded parts. */
export function parseRoute(hash, views = []) {
  const [name, ...parts] = hash.replace(/^#/, '').split('/');
  if (views.includes(name)) return { view: name, args: parts.map(decoded), run: null, step: null };
  const found = /^#run\/([A-Za-z0-9_-]+)(?:\/(\d+))?$/.exec(hash);
  const [, run = null, step] = found ?? [];
  return { view: 'lab', args: [], run, step: step ? Number(step) : null };
}

/* A part that is not well encoded stays as it is. */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The fragment of a run and step. */
export function formatRoute(run, step) {
  return step ? `#run/${run}/${step}` : `#run/${run}`;
}

/** The fragment of another view. */
export function formatView(view, ...args) {
  return `#${[view, ...args.map(encodeURIComponent)].join('/')}`;
}
