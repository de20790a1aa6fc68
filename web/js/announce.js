/* announce.js - a live region that says each event of a running run once.
 * A finished run that is opened again is not read out: its story can be. */
import { h } from './dom.js';
import { sentenceOf } from './numbering.js';

const KEPT = 40;

/** Bring the live region el to life; returns {update(state)}. */
export function mount(el) {
  let shown = null; // the run whose events are said
  let said = 0; // id of the newest one
  return {
    update({ run, events, relative, model }) {
      const newest = events.at(-1)?.id ?? 0;
      if (run?.id !== shown) {
        shown = run?.id;
        said = run?.fresh ? 0 : newest;
        el.replaceChildren();
      }
      const segmentOf = (n) => model.segments.find((segment) => segment.n === n);
      say(el, events.slice(said).map((event) => sentenceOf(event, relative, segmentOf)));
      said = newest;
    },
  };
}

function say(el, sentences) {
  el.append(...sentences.map((sentence) => h('p', {}, sentence ?? '')));
  while (el.children.length > KEPT) el.firstElementChild.remove();
}
