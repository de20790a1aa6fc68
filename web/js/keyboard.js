/* keyboard.js - keys that work anywhere on the page. Arrow keys belong to the
 * group that has the focus (dom.js, roving), so the page still scrolls. */
import { WISH, wish } from './events.js';

const WORK = {
  j: (el) => wish(el, WISH.STEP, { by: 1 }),
  k: (el) => wish(el, WISH.STEP, { by: -1 }),
  Escape: (el) => wish(el, WISH.PANEL, { panel: 'story' }),
  Enter: (el) => wish(el, WISH.PANEL, { panel: 'card' }),
};

/** Listen on the document; wishes rise from el. */
export function mount(el) {
  document.addEventListener('keydown', (event) => {
    if (!event.defaultPrevented && !modified(event) && !belongs(event)) WORK[event.key]?.(el);
  });
}

function modified({ ctrlKey, metaKey, altKey }) {
  return ctrlKey || metaKey || altKey;
}

/* Enter presses what has the focus; letters go into what takes letters. */
function belongs({ target, key }) {
  if (key === 'Enter') return target !== document.body;
  return key !== 'Escape' && target.matches('input:not([type=radio]), textarea, select');
}
