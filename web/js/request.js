/* request.js - what the page asks the program for, as the bodies of requests.
 * Pure. */
import { chosenIp, chosenLink, chosenScenario } from './links.js';

/** Conditions of the wire with their bounds and steps; `loss` and the other
 * chances go from 0 to 1, and are shown in percent. */
export const CONDITIONS = Object.freeze([
  { name: 'latency_ms', max: 1000, step: 10, unit: 'ms' },
  { name: 'jitter_ms', max: 500, step: 10, unit: 'ms' },
  { name: 'loss', max: 1, step: 0.01, unit: '%' },
  { name: 'duplicate', max: 1, step: 0.01, unit: '%' },
  { name: 'reorder', max: 1, step: 0.01, unit: '%' },
]);

/** Conditions that change nothing.
 * @type {Lab.Conditions} */
export const straight = Object.freeze({
  latency_ms: 0, jitter_ms: 0, loss: 0, duplicate: 0, reorder: 0,
});

/** The body of POST /api/runs for what is chosen.
 * @param {Lab.State} state */
export function startBody(state) {
  const { scenario, hold, caps, link } = state;
  const used = chosenLink(state);
  const bending = used === 'wire' ? bent(state) : {};
  /** @type {Lab.StartBody} */
  const body = { scenario, options: { ip: chosenIp(state), ...bending } };
  if (state.long && chosenScenario(state)?.long) body.options.long = true;
  if (link && link !== caps?.link) body.link = link;
  if (hold && used === 'wire') body.hold = true;
  return body;
}

/** Only what is not as it is anyway: a scenario has conditions of its own.
 * @param {Lab.State} state */
function bent({ conditions, seed, rules }) {
  const all = Object.entries({ ...conditions, seed: seed ?? 0 });
  const other = Object.fromEntries(all.filter(([, value]) => value !== 0));
  return rules.length > 0 ? { ...other, rules } : other;
}

/** The conditions of a wire's answer, those from the client where the two ways
 * differ.
 * @param {any} wire */
export function conditionsOf(wire) {
  const way = wire?.path?.client ?? wire?.path ?? {};
  return Object.fromEntries(CONDITIONS.map(({ name }) => [name, way[name] ?? 0]));
}
