/* side.js - the tabs beside the diagram: story, segment, wire, forge. */
import { WISH, wish } from './events.js';

/** Bring the tabs in el to life; returns {update(state)}. */
export function mount(el) {
  const tabs = [...el.querySelectorAll('[role=tab]')];
  const panelOf = (tab) => el.querySelector(`#${tab.getAttribute('aria-controls')}`);
  const pick = (tab) => wish(el, WISH.PANEL, { panel: tab.dataset.panel });
  for (const [i, tab] of tabs.entries()) {
    tab.addEventListener('click', () => pick(tab));
    tab.addEventListener('keydown', (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!by) return;
      const other = tabs[(i + by + tabs.length) % tabs.length];
      pick(other);
      other.focus();
    });
  }
  return {
    update({ panel, step }) {
      el.classList.toggle('has-card', panel === 'card' && step !== null);
      for (const tab of tabs) {
        const chosen = tab.dataset.panel === panel;
        tab.setAttribute('aria-selected', String(chosen));
        tab.tabIndex = chosen ? 0 : -1;
        panelOf(tab).hidden = !chosen;
      }
    },
  };
}
