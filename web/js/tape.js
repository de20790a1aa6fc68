/* tape.js - the sequence numbers each host has used, under the diagram. */

/** Bring the tape in el to life; returns {update(state)}. */
export function mount() {
  return { update() {} };
}
