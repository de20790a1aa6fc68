/* theme.js - light, dark, or as the system says; kept in this browser. */
import { keep, recall } from './kept.js';
import { texts } from './texts.js';

const ORDER = ['auto', 'light', 'dark'];
const KEY = 'handshake-theme';

/** Make a button cycle through the themes. */
export function mount(button) {
  const show = (theme) => {
    document.documentElement.dataset.theme = theme;
    button.dataset.theme = theme;
    button.title = texts.theme[theme];
    button.setAttribute('aria-label', texts.theme[theme]);
  };
  show(recall(KEY, ORDER));
  button.addEventListener('click', () => {
    const now = ORDER.indexOf(button.dataset.theme);
    const next = ORDER[(now + 1) % ORDER.length];
    show(next);
    keep(KEY, next);
  });
}
