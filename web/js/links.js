/* links.js - what this machine allows, and which scenarios it can run. Pure. */

/** @type {(list: Lab.Ability[] | undefined, name: string) => Lab.Ability | undefined} */
const named = (list, name) => list?.find((each) => each.name === name);

/** The page is there without the program: it shows runs out of files alone.
 * What answers then is web/api/capabilities, which lies beside the page.
 * @param {Pick<Lab.State, 'caps'>} state */
export const isAlone = ({ caps }) => caps?.alone === true;

/** The chosen scenario, or undefined.
 * @param {Pick<Lab.State, 'scenarios' | 'scenario'>} state */
export function chosenScenario({ scenarios, scenario }) {
  return scenarios.find((each) => each.id === scenario);
}

/** What is known of the scenario of the run shown, else of the chosen one.
 * @param {Pick<Lab.State, 'scenarios' | 'scenario' | 'run'>} state */
export function shownScenario({ scenarios, scenario, run }) {
  const id = run?.scenario ?? scenario;
  return run?.file?.about ?? scenarios.find((each) => each.id === id);
}

/** The IP version of the next run: some scenarios make sense on one alone.
 * @param {Lab.State} state */
export function chosenIp(state) {
  return chosenScenario(state)?.ip ?? state.ip;
}

/** Name of the link the next run will use; null while nothing is known.
 * @param {Pick<Lab.State, 'link' | 'caps'>} state */
export function chosenLink({ link, caps }) {
  return link ?? caps?.link ?? null;
}

/** The next run's segments will pass through the program's hands.
 * @param {Pick<Lab.State, 'link' | 'caps'>} state */
export function offersWire(state) {
  return [null, 'wire'].includes(chosenLink(state));
}

/** The ability of a link, a feature or a sandbox layer, or undefined.
 * @param {Lab.Capabilities | null} caps
 * @param {string} name */
export function ability(caps, name) {
  return caps ? (named(caps.links, name) ?? named(caps.features, name)) : undefined;
}

/** What stands against running a scenario with these choices: {need, why},
 * `why` null where another choice of link is all it takes; or null.
 * @param {Lab.Scenario | undefined} scenario
 * @param {Pick<Lab.State, 'link' | 'caps'>} state */
export function obstacle(scenario, { link, caps }) {
  if (!caps) return null;
  const used = chosenLink({ link, caps });
  const found = (scenario?.needs ?? []).map((need) => lacking(need, caps, used));
  return found.find(Boolean) ?? null;
}

/** @type {(need: string, caps: Lab.Capabilities, used: string | null) =>
 *   {need: string, why: string | null} | null} */
function lacking(need, caps, used) {
  const found = ability(caps, need);
  if (found && !found.on) return { need, why: found.why ?? null };
  return named(caps.links, need) && need !== used ? { need, why: null } : null;
}

/** Abilities that are on, as {on, all}.
 * @param {Lab.Ability[]} list */
export function tally(list = []) {
  return { on: list.filter((each) => each.on).length, all: list.length };
}
