/* states.js - TCP's states as classes of colour. Pure. */

/** @type {Record<string, string>} */
const FAMILY = {
  'LISTEN': 'listen',
  'SYN-SENT': 'opening',
  'SYN-RECEIVED': 'opening',
  'ESTABLISHED': 'established',
  'TIME-WAIT': 'waiting',
  'CLOSED': 'closed',
};

/** The family a state is coloured by; those of closing are the rest.
 * @param {string} state */
export function stateClass(state) {
  return FAMILY[state] ?? 'closing';
}
