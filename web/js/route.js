/* route.js - what the address names: a run and what is shown of it, or another
 * view of the page with what it is about, "#compare/k3x9/m2aa". Pure.
 *
 *   #run/k3x9        the run, all of it, and live while it goes on
 *   #run/k3x9/7      as it stood when event 7 had happened, with 7 selected
 *   #run/k3x9/12/7   as it stood at event 12, with event 7 selected; 0: none
 *   #run/k3x9/all/7  all of it, with event 7 selected
 *
 * The moment is what the whole page shows; the selection points at one event
 * of it. Moving the moment moves the selection along; selecting leaves the
 * moment. So whoever opens an address sees what its sender saw. */

const RUN = /^#run\/([A-Za-z0-9_-]+)(?:\/(\d+|all)(?:\/(\d+))?)?$/;
const ALL = 'all';
const NONE = 0; // no event has this id
const NOWHERE = Object.freeze({ view: 'lab', args: [], run: null, moment: null, step: null });

/** {view, args, run, moment, step} of a fragment; run is null when it names
 * none, and the view is 'lab' for whatever is no view. args are the decoded parts.
 * @param {string} hash
 * @param {string[]} views
 * @returns {Lab.Route} */
export function parseRoute(hash, views = []) {
  const [name, ...parts] = hash.replace(/^#/, '').split('/');
  if (views.includes(name)) return { ...NOWHERE, view: name, args: parts.map(decoded) };
  const [, run = null, moment = ALL, step] = RUN.exec(hash) ?? [];
  const at = moment === ALL ? null : Number(moment);
  return { ...NOWHERE, run, moment: at || null, step: (step ? Number(step) : at) || null };
}

/** A part that is not well encoded stays as it is.
 * @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The fragment of a run: all of it, or a moment, with an event selected.
 * @param {string} run
 * @param {number | null} moment
 * @param {number | null} step */
export function formatRoute(run, moment = null, step = moment) {
  /** @type {(string | number)[]} */
  const parts = ['#run', run];
  if (moment !== null || step !== null) parts.push(moment ?? ALL);
  if (step !== moment) parts.push(step ?? NONE);
  return parts.join('/');
}

/** The fragment of what a state shows; '#' without a run.
 * @param {Pick<Lab.State, 'run' | 'moment' | 'step'>} state */
export function addressOf({ run, moment, step }) {
  return run ? formatRoute(run.id, moment, step) : '#';
}

/** The fragment of another view.
 * @param {string} view
 * @param {(string | number)[]} args */
export function formatView(view, ...args) {
  return `#${[view, ...args.map(encodeURIComponent)].join('/')}`;
}
