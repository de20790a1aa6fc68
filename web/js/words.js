/* words.js - puts the page's words in their places: data-text="a.b" names the
 * text of an element, data-label="a.b" its accessible name,
 * data-placeholder="a.b" what stands in an empty field. */
import { texts } from './texts.js';

/** Fill everything under root. */
export function fill(root) {
  for (const el of root.querySelectorAll('[data-text]')) el.textContent = find(el.dataset.text);
  for (const el of root.querySelectorAll('[data-placeholder]')) {
    el.placeholder = find(el.dataset.placeholder);
  }
  for (const el of root.querySelectorAll('[data-label]')) {
    el.setAttribute('aria-label', find(el.dataset.label));
  }
}

function find(path) {
  return path.split('.').reduce((part, name) => part[name], texts);
}
