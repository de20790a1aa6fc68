/* links.js - what this machine allows, and which scenarios it can run. Pure.
 *
 * @typedef {Object} Ability  {name, on, why, how: string[]}
 * @typedef {Object} Capabilities {kernel, container, link, links, sandbox,
 *   features: Ability[]} of GET /api/capabilities */

const named = (list, name) => list?.find((each) => each.name === name);

/** The page is there without the program: it shows runs out of files alone.
 * What answers then is web/api/capabilities, which lies beside the page. */
export const isAlone = ({ caps }) => caps?.alone === true;

/** The chosen scenario, or undefined. */
export function chosenScenario({ scenarios, scenario }) {
  return scenarios.find((each) => each.id === scenario);
}

/** What is known of the scenario of the run shown, else of the chosen one. */
export function shownScenario({ scenarios, scenario, run }) {
  const id = run?.scenario ?? scenario;
  return run?.file?.about ?? scenarios.find((each) => each.id === id);
}

/** The IP version of the next run: some scenarios make sense on one alone. */
export function chosenIp(state) {
  return chosenScenario(state)?.ip ?? state.ip;
}

/** Name of the link the next run will use; null while nothing is known. */
export function chosenLink({ link, caps }) {
  return link ?? caps?.link ?? null;
}

/** The next run's segments will pass through the program's hands. */
export function offersWire(state) {
  return [null, 'wire'].includes(chosenLink(state));
}

/** The ability of a link, a feature or a sandbox layer, or undefined. */
export function ability(caps, name) {
  return caps && (named(caps.links, name) ?? named(caps.features, name));
}

/** What stands against running a scenario with these choices: {need, why},
 * `why` null where another choice of link is all it takes; or null. */
export function obstacle(scenario, { link, caps }) {
  if (!caps) return null;
  const used = chosenLink({ link, caps });
  const found = (scenario?.needs ?? []).map((need) => lacking(need, caps, used));
  return found.find(Boolean) ?? null;
}

function lacking(need, caps, used) {
  const found = ability(caps, need);
  if (found && !found.on) return { need, why: found.why };
  return named(caps.links, need) && need !== used ? { need, why: null } : null;
}

/** Abilities that are on, as {on, all}. */
export function tally(list = []) {
  return { on: list.filter((each) => each.on).length, all: list.length };
}
