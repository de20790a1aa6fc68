/* events.js - the wishes that components send up, named once.
 *
 * State goes down by update(state); a wish goes up as a bubbling event that
 * only main.js listens to. */

export const WISH = Object.freeze({
  START: 'lab-start', // run the chosen scenario
  PICK_SCENARIO: 'lab-pick-scenario', // {id}
  PICK_IP: 'lab-pick-ip', // {ip}
  OPEN_RUN: 'lab-open-run', // {id}
  SELECT: 'lab-select', // {id} of an event, null for none
  STEP: 'lab-step', // {by: 1 or -1} along the segments
  POINT: 'lab-point', // {n} of the segment pointed at, null for none
  PANEL: 'lab-panel', // {panel: 'story' or 'card'}
  NUMBERS: 'lab-numbers', // {relative}
  DISMISS: 'lab-dismiss', // the problem has been read
});

/** Let a wish rise from el. */
export function wish(el, name, detail = {}) {
  el.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
}
