/* links.js - what this machine allows, and which scenarios it can run. Pure.
 *
 * @typedef {Object} Ability  {name, on, why, how: string[]}
 * @typedef {Object} Capabilities {kernel, container, link, links, sandbox,
 *   features: Ability[]} of GET /api/capabilities */

const named = (list, name) => list?.find((each) => each.name === name);

/** Name of the link the next run will use; null while nothing is known. */
export function chosenLink({ link, caps }) {
  return link ?? caps?.link ?? null;
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
  for (const need of scenario?.needs ?? []) {
    const found = ability(caps, need);
    if (found && !found.on) return { need, why: found.why };
    if (named(caps.links, need) && need !== used) return { need, why: null };
  }
  return null;
}

/** Abilities that are on, as {on, all}. */
export function tally(list = []) {
  return { on: list.filter((each) => each.on).length, all: list.length };
}
