/* events.js - the wishes that components send up, named once.
 *
 * State goes down by update(state); a wish goes up as a bubbling event that
 * only main.js listens to. */

export const WISH = Object.freeze({
  START: 'lab-start', // run the chosen scenario
  PICK_SCENARIO: 'lab-pick-scenario', // {id}
  PICK_IP: 'lab-pick-ip', // {ip}
  LONG: 'lab-long', // {on}: the long form
  PICK_LINK: 'lab-pick-link', // {link}
  OPEN_RUN: 'lab-open-run', // {id}
  SELECT: 'lab-select', // {id} of an event, null for none
  STEP: 'lab-step', // {by: 1 or -1} along the segments
  GO: 'lab-go', // to a moment: {id}, {by, of}, {to}; and {playing} when it goes on by itself
  PLAY: 'lab-play', // play, or stop playing
  PACE: 'lab-pace', // {pace}
  VOICE: 'lab-voice', // {voice}: what is read aloud
  POINT: 'lab-point', // {n} of the segment pointed at, null for none
  PANEL: 'lab-panel', // {panel: 'story', 'card', 'wire' or 'forge'}
  NUMBERS: 'lab-numbers', // {relative}
  SCALE: 'lab-scale', // {scale}: of scales.js
  DISMISS: 'lab-dismiss', // the problem has been read
  HOLD: 'lab-hold', // {on, from?}: stop segments on the wire, of one host or of both
  SWALLOW: 'lab-swallow', // {on}: drop repeats of what is held
  CONDITION: 'lab-condition', // {change: {latency_ms, ...}}
  SEED: 'lab-seed', // {seed}
  ADD_RULE: 'lab-add-rule', // {words}, to the live wire or to the next
  REMOVE_RULE: 'lab-remove-rule', // {name}
  RESET_WIRE: 'lab-reset-wire', // back to what the scenario began with
  STOP: 'lab-stop', // end the run that is shown
  DECIDE: 'lab-decide', // {n, body} about a held segment; {key} about the one in hand
  UNFOLD: 'lab-unfold', // {n}: show or fold its repeats
  ANSWER: 'lab-answer', // {n}: forge an answer to it
  INJECT: 'lab-inject', // {body}
  RUN_SCENARIO: 'lab-run-scenario', // {id} of a built-in one, or {document}
  PROJECTOR: 'lab-projector', // in or out of the projector layout
  BEGIN_ANEW: 'lab-begin-anew', // the page as it was opened
  NOTES: 'lab-notes', // show or hide the presenter's notes
  GOAL: 'lab-goal', // {id}: begin a run with this goal; null leaves it
  GOAL_MET: 'lab-goal-met', // {id}
  PREDICT: 'lab-predict', // run the chosen scenario with every segment held
  SAVE: 'lab-save', // {what}: a download, the link, or paper
  PAIR_LOOK: 'lab-pair-look', // {at: [event of A, event of B]}, null where there is none
  PAIR_POINT: 'lab-pair-point', // {pointed: [segment of A, segment of B]}
  PAIR_SCALE: 'lab-pair-scale', // {scale}: of pairlayout.js
  PAIR_SHOW: 'lab-pair-show', // {side}: where only one is seen
  PAIR_UNFOLD: 'lab-pair-unfold', // {side, n}: show or fold a flood
  OPEN_FILE: 'lab-open-file', // {file}: a saved run
});

/** Let a wish rise from el. */
export function wish(el, name, detail = {}) {
  el.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
}
