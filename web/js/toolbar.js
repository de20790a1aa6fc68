/* toolbar.js - the switches of the diagram: relative or absolute numbers. */
import { WISH, wish } from './events.js';

/** Bring the toolbar in el to life; returns {update(state)}. */
export function mount(el) {
  el.addEventListener('change', (event) =>
    wish(el, WISH.NUMBERS, { relative: event.target.value === 'relative' }));
  return {
    update({ relative }) {
      const chosen = relative ? 'relative' : 'absolute';
      for (const input of el.querySelectorAll('input')) input.checked = input.value === chosen;
    },
  };
}
