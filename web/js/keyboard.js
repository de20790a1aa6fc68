/* keyboard.js - keys that work anywhere on the page. Arrow keys belong to the
 * group that has the focus (dom.js, roving), so the page still scrolls; the
 * keys of decisions work while a segment waits on the wire. */
import { DECISIONS } from './decide.js';
import { WISH, wish } from './events.js';
import { heldInHand } from './held.js';
import { isInHand } from './store.js';
import { TEACHING_KEYS } from './teaching.js';

const WORK = {
  j: (el) => wish(el, WISH.STEP, { by: 1 }),
  k: (el) => wish(el, WISH.STEP, { by: -1 }),
  Escape: (el) => wish(el, WISH.PANEL, { panel: 'story' }),
  Enter: (el) => wish(el, WISH.PANEL, { panel: 'card' }),
};
const DECIDING = new Set(DECISIONS.map(({ key }) => key));

/** Listen on the document; wishes rise from el. state() is asked for what waits. */
export function mount(el, state) {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || modified(event) || belongs(event)) return;
    if (DECIDING.has(event.key) && decides(event, state())) {
      event.preventDefault(); // space would scroll
      if (!event.repeat) wish(el, WISH.DECIDE, { key: event.key });
      return;
    }
    WORK[event.key]?.(el);
    if (TEACHING_KEYS[event.key]) wish(el, TEACHING_KEYS[event.key]);
  });
}

/* Space presses what has the focus, unless that is an arrow that waits. */
function decides({ key, target }, state) {
  if (key === ' ' && target.closest('button, a, summary, input, label')) return false;
  if (state.panel === 'predict') return false; // first the guess
  return isInHand(state) && heldInHand(state.model, state.step, state.decided) !== undefined;
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
