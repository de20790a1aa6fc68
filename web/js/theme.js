/* theme.js - light, dark, or as the system says; kept in this browser. */
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
  show(recall());
  button.addEventListener('click', () => {
    const now = ORDER.indexOf(button.dataset.theme);
    const next = ORDER[(now + 1) % ORDER.length];
    show(next);
    keep(next);
  });
}

/* Storage may be refused; then the choice lasts as long as the page. */
function recall() {
  try {
    const theme = localStorage.getItem(KEY);
    return ORDER.includes(theme) ? theme : 'auto';
  } catch {
    return 'auto';
  }
}

function keep(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // nothing to keep it in
  }
}
