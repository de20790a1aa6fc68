/* styles.js - style sheets of parts that are opened seldom, each asked for once. */
import { h } from './dom.js';

const asked = new Map(); // name -> promise

/** Resolves when css/NAME.css is in force, or cannot be had. */
export function needStyle(name) {
  if (!asked.has(name)) asked.set(name, load(name));
  return asked.get(name);
}

/* Before the sheet for paper, which has the last word. */
function load(name) {
  const link = h('link', { rel: 'stylesheet', href: `css/${name}.css` });
  return new Promise((resolve) => {
    link.addEventListener('load', resolve);
    link.addEventListener('error', resolve);
    document.head.querySelector('link[media=print]').before(link);
  });
}
