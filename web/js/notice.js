/* notice.js - what went wrong, as a sentence, until it is dismissed. */
import { setText } from './dom.js';
import { WISH, wish } from './events.js';

/** Bring the notice in el to life; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(el) {
  const text = el.querySelector('.notice__text');
  el.querySelector('.notice__close').addEventListener('click', () => wish(el, WISH.DISMISS));
  return {
    update({ problem }) {
      el.hidden = problem === null;
      setText(text, problem ?? '');
    },
  };
}
