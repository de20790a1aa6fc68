/* side.js - the tabs beside the diagram: story, segment, wire, forge. */
import { WISH, wish } from './events.js';
import { isAlone } from './links.js';

const OF_THE_PROGRAM = ['wire', 'forge', 'predict'];

/** Bring the tabs in el to life; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(el) {
  const tabs = [...el.querySelectorAll('[role=tab]')];
  const panelOf = (tab) => el.querySelector(`#${tab.getAttribute('aria-controls')}`);
  const pick = (tab) => wish(el, WISH.PANEL, { panel: tab.dataset.panel });
  for (const tab of tabs) {
    tab.addEventListener('click', () => pick(tab));
    tab.addEventListener('keydown', (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!by) return;
      const shown = tabs.filter((each) => !each.hidden);
      const other = shown.at((shown.indexOf(tab) + by) % shown.length);
      pick(other);
      other.focus();
    });
  }
  return {
    update(state) {
      const { panel, step } = state;
      el.classList.toggle('has-card', panel === 'card' && step !== null);
      for (const tab of tabs) {
        const chosen = tab.dataset.panel === panel;
        tab.setAttribute('aria-selected', String(chosen));
        tab.tabIndex = chosen ? 0 : -1;
        tab.hidden = isAlone(state) && OF_THE_PROGRAM.includes(tab.dataset.panel);
        panelOf(tab).hidden = !chosen;
      }
    },
  };
}
