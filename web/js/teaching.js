/* teaching.js - for who stands in front of a class: the projector layout, the
 * presenter's notes, and a key that begins anew. */
import { h, setText } from './dom.js';
import { WISH, wish } from './events.js';
import { chosenScenario } from './links.js';
import { texts } from './texts.js';

const t = texts.teaching;
const KEYS = { p: WISH.PROJECTOR, r: WISH.BEGIN_ANEW, n: WISH.NOTES };
const SIGNS = { p: '▭', r: '↺', n: '✎' };

/** Bring the buttons in el to life; returns {update(state)}. Notes stand in a
 * box of their own at the end of the page.
 * @returns {Lab.Component} */
export function mount(el) {
  const names = { p: t.projector, r: t.reset, n: t.notes };
  const buttons = Object.fromEntries(Object.entries(KEYS).map(([key, name]) => {
    const props = { 'type': 'button', 'className': 'theme teach', 'aria-keyshortcuts': key };
    const button = h('button', props, SIGNS[key]);
    button.addEventListener('click', () => wish(el, name));
    button.dataset.word = t.words[key];
    label(button, names[key]);
    return [key, button];
  }));
  el.append(buttons.n, buttons.p, buttons.r);
  const notes = h('aside', { 'className': 'presenter', 'aria-label': t.notesTitle, 'hidden': true },
    h('h2', {}, t.notesTitle), h('p', {}));
  document.body.append(notes);
  return {
    update(state) {
      const { projector, notes: open } = state;
      if (projector) document.documentElement.dataset.projector = '';
      else delete document.documentElement.dataset.projector;
      label(buttons.p, projector ? t.projectorOff : t.projector);
      buttons.p.setAttribute('aria-pressed', String(projector));
      buttons.n.setAttribute('aria-pressed', String(open));
      notes.hidden = !open;
      if (open) setText(notes.querySelector('p'), notesOf(state));
    },
  };
}

function label(button, text) {
  button.title = text;
  button.setAttribute('aria-label', text);
}

/* Of the run shown, else of the scenario chosen. */
function notesOf(state) {
  const shown = state.scenarios.find(({ id }) => id === state.run?.scenario);
  const { notes, teaches = [] } = shown ?? chosenScenario(state) ?? {};
  return notes ?? (teaches.join(' ') || t.noNotes);
}

/** Work of the keys p, r and n: key -> wish. */
export const TEACHING_KEYS = KEYS;
