/* keyboard.js - keys that work anywhere in the lab. The keys of decisions work
 * while a segment waits on the wire, else space plays; arrows left and right,
 * Home and End move through the run, unless what has the focus wants them itself
 * (dom.js, roving): up and down scroll the page. */
import { DECISIONS } from './decide.js';
import { WISH, wish } from './events.js';
import { heldInHand } from './held.js';
import { isInHand } from './store.js';
import { TEACHING_KEYS } from './teaching.js';

const along = (by) => (el, { shiftKey }) =>
  wish(el, WISH.GO, { by, of: shiftKey ? 'segment' : 'event' });
const WORK = {
  ' ': (el) => wish(el, WISH.PLAY),
  ArrowLeft: along(-1),
  ArrowRight: along(1),
  Home: (el) => wish(el, WISH.GO, { to: 'first' }),
  End: (el) => wish(el, WISH.GO, { to: 'last' }),
  j: (el) => wish(el, WISH.STEP, { by: 1 }),
  k: (el) => wish(el, WISH.STEP, { by: -1 }),
  Escape: (el) => wish(el, WISH.PANEL, { panel: 'story' }),
  Enter: (el) => wish(el, WISH.PANEL, { panel: 'card' }),
};
const MOVES = new Set([' ', 'ArrowLeft', 'ArrowRight', 'Home', 'End']);
const DECIDING = new Set(DECISIONS.map(({ key }) => key));

/** Listen on the document; wishes rise from el. state() is asked for what waits. */
export function mount(el, state) {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || modified(event) || belongs(event)) return;
    if (state().view.name !== 'lab') return;
    if (DECIDING.has(event.key) && decides(event, state())) {
      event.preventDefault(); // space would scroll
      if (!event.repeat) wish(el, WISH.DECIDE, { key: event.key });
      return;
    }
    work(event, el, state());
  });
  const skip = el.querySelector('.skip'); // its address would be that of no run
  skip.addEventListener('click', (event) => {
    event.preventDefault();
    el.querySelector(skip.hash).focus();
  });
}

function work(event, el, state) {
  const { key } = event;
  if (MOVES.has(key)) {
    if (!moves(event, state)) return;
    event.preventDefault();
  }
  WORK[key]?.(el, event);
  if (TEACHING_KEYS[key]) wish(el, TEACHING_KEYS[key]);
}

/* Space presses what has the focus, unless that is an arrow that waits. */
function decides({ key, target }, state) {
  if (key === ' ' && target.closest('button, a, summary, input, label')) return false;
  if (state.panel === 'predict') return false; // first the guess
  return isInHand(state) && heldInHand(state.model, state.step, state.decided) !== undefined;
}

/* The keys of the player, while there is a run and nothing else wants them. Who is
 * asked what comes next is not taken back to the beginning by a space. */
function moves({ key, target }, state) {
  const isAsked = state.panel === 'predict' && isInHand(state);
  if (state.run === null || (key === ' ' && isAsked)) return false;
  const presses = 'button, a, summary, label';
  const takes = 'input, select, textarea, [role=tab], .terminal__screen';
  return !target.closest(key === ' ' ? `${presses}, ${takes}` : takes);
}

function modified({ ctrlKey, metaKey, altKey }) {
  return ctrlKey || metaKey || altKey;
}

/* Enter presses what has the focus; letters go into what takes letters. */
function belongs({ target, key }) {
  if (key === 'Enter') return target !== document.body;
  const takes = 'input:not([type=radio], [type=checkbox], [type=range]), textarea, select';
  return key !== 'Escape' && target.matches(takes);
}
