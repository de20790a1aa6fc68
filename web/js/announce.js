/* announce.js - a live region that says each event of a running run once.
 * A finished run that is opened again is not read out: its story can be. */
import { h } from './dom.js';

const KEPT = 40;

/** Bring the live region el to life; returns {update(state)}. */
export function mount(el) {
  let run = null;
  let said = 0;
  return {
    update(state) {
      if (state.run?.id !== run) {
        run = state.run?.id ?? null;
        said = state.run?.fresh ? 0 : Infinity;
        el.replaceChildren();
      }
      const news = state.events.filter((event) => event.id > said && event.sentence);
      el.append(...news.map((event) => h('p', {}, event.sentence)));
      said = Math.max(said, state.events.at(-1)?.id ?? 0);
      while (el.children.length > KEPT) el.firstElementChild.remove();
    },
  };
}
