/* abouts.js - what the list of scenarios leaves out of each, why it happened and
 * what to tell a class, asked for when it is shown. */
import { getScenario, wholeScenarios } from './api.js';
import { isAlone, shownScenario } from './links.js';

/** A subscriber that asks for all of the scenario that is shown, once; before a run
 * nothing of it is needed unless the presenter's notes are. */
export function aboutLoader({ dispatch }) {
  const asked = new Set();
  return (state) => {
    const about = shownScenario(state);
    const isShown = state.run !== null || state.notes;
    if (!about || !isShown || about.whole || state.run?.file || isAlone(state)) return;
    if (asked.has(about.id)) return;
    asked.add(about.id);
    const got = (scenario) => dispatch({ type: 'abouts', list: [scenario] });
    getScenario(about.id).then(got, () => {}); // the list's own words are shown then
  };
}

/** Ask for all of all of them; tried(promise) shows what goes wrong. */
export async function loadAbouts({ store, tried }) {
  const { scenarios } = store.state();
  if (scenarios.length > 0 && scenarios.every(({ whole }) => whole)) return;
  const list = await tried(wholeScenarios());
  if (list) store.dispatch({ type: 'abouts', list });
}
