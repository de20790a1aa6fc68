/* announce.js - a live region that says what happens: each event of a running
 * run once, and where the player goes. A finished run that is opened again is not
 * read out: its story can be. */
import { h } from './dom.js';
import { tell } from './numbering.js';
import { newestShown, toRead } from './voice.js';

const KEPT = 40;
const SLOWLY_MS = 3000; // between two sentences that are read slowly
const LEAP_MS = 250; // who leaps on before that is not told each stop

/** Bring the live region el to life; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(el) {
  const reader = createReader(el);
  let before = null; // the last state
  return {
    update(state) {
      const other = before === null || state.run?.id !== before.run?.id;
      if (other) reader.empty();
      if (other && !state.run?.fresh) before = state;
      else if (other) before = { ...state, events: [], moment: null };
      read(reader, before, state);
      before = state;
    },
  };
}

function read(reader, before, state) {
  const list = toRead(before, state);
  if (list.length === 0) return;
  const leaps = state.moment !== null && !state.playing;
  const own = document.activeElement?.matches('.player__range'); // which says its value itself
  if (leaps && own) return;
  reader.say(list.slice(-KEPT).map((event) => tell(event, state) ?? ''), {
    after: leaps || newestShown(before) > newestShown(state) ? LEAP_MS : 0,
    every: state.voice === 'slow' ? SLOWLY_MS : 0,
  });
}

/* Puts sentences into the region: at once, or one by one. What a leap left
 * behind is not said any more. */
function createReader(el) {
  let waiting = [];
  let timer = null;
  const add = (sentences) => {
    el.append(...sentences.map((sentence) => h('p', {}, sentence)));
    while (el.children.length > KEPT) el.firstElementChild.remove();
  };
  const next = (every) => {
    add(waiting.splice(0, every ? 1 : waiting.length));
    timer = waiting.length > 0 ? setTimeout(next, every, every) : null;
  };
  const forget = () => {
    clearTimeout(timer);
    timer = null;
    waiting = [];
  };
  return {
    empty() {
      forget();
      el.replaceChildren();
    },
    say(sentences, { after, every }) {
      if (after) forget();
      waiting.push(...sentences);
      if (timer !== null) return;
      if (after) timer = setTimeout(next, after, every);
      else next(every);
    },
  };
}
