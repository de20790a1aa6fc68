/* later.js - a component whose code is asked for when it is first needed: when
 * its panel is opened, or when `wanted` says so of the page's state. */
import { calmly } from './calm.js';
import { needStyle } from './styles.js';

/** The component of a panel; load() resolves to its module, styles are the names
 * of what it needs besides. */
export function later(panel, load, styles = []) {
  return laterWhen((state) => state.panel === panel, load, { styles });
}

/** The same, from when wanted(state) is true for the first time. `isPart`: others
 * are in its element already. */
export function laterWhen(wanted, load, { styles = [], isPart = false } = {}) {
  const ready = async () => (await Promise.all([load(), ...styles.map(needStyle)]))[0];
  return { mount: (el) => mountLater(el, wanted, ready, isPart) };
}

const RUN_STYLES = ['gauges', 'player', 'save', 'tape', 'terminals'];
const isSoon = ({ run, starting }) => run !== null || starting;
let runParts = null; // a promise of runparts.js

function loadRunParts() {
  runParts ??= Promise.all([import('./runparts.js'), ...RUN_STYLES.map(needStyle)]);
  return runParts;
}

/** Ask for the parts that show a run before there is one. */
export function fetchRunParts() {
  loadRunParts().catch(() => { runParts = null; }); // then they are asked for again
}

/** A part of runparts.js, from when a run is started or shown. */
export function partOfRun(name, about) {
  return laterWhen(isSoon, async () => (await loadRunParts())[0][name], about);
}

/** A component that need not follow each event at once. */
export const calm = ({ mount }) => ({ mount: (el) => ({ update: calmly(mount(el).update) }) });

function mountLater(el, wanted, load, isPart) {
  let component = null;
  if (!isPart) el.inert = true; // what nobody listens to yet is not offered
  let newest = null;
  let asked = false;
  const begin = async () => {
    asked = true;
    component = (await load()).mount(el);
    if (!isPart) el.inert = false;
    component.update(newest);
  };
  return {
    update(state) {
      newest = state;
      if (component) component.update(state);
      else if (!asked && wanted(state)) begin();
    },
  };
}
