/* toolbar.js - the switches of the diagram: relative or absolute numbers, and the
 * scale of time. Its third group, the size, belongs to the diagram itself. */
import { WISH, wish } from './events.js';

const WISHES = {
  numbers: (el, value) => wish(el, WISH.NUMBERS, { relative: value === 'relative' }),
  scale: (el, value) => wish(el, WISH.SCALE, { scale: value }),
};

/** Bring the toolbar in el to life; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(el) {
  el.addEventListener('change', ({ target }) => WISHES[target.name]?.(el, target.value));
  return {
    update({ relative, scale }) {
      const chosen = { numbers: relative ? 'relative' : 'absolute', scale };
      for (const input of el.querySelectorAll('input')) {
        input.checked = input.value === chosen[input.name];
      }
    },
  };
}
