/* icons.js - the signs on buttons, drawn as lines in a square of 24. */
import { s } from './svg.js';

const LINES = {
  play: 'M8 5.5v13l10.5-6.5z',
  pause: 'M8.5 6v12M15.5 6v12',
  back: 'M14.5 6l-6 6 6 6',
  forward: 'M9.5 6l6 6-6 6',
  previous: 'M6 6v12M19 12h-9m4-4.5L9.5 12l4.5 4.5',
  next: 'M18 6v12M5 12h9m-4-4.5l4.5 4.5-4.5 4.5',
  first: 'M6 6v12M18 6l-7.5 6 7.5 6z',
  last: 'M18 6v12M6 6l7.5 6L6 18z',
};

const SPEAKER = 'M4 10v4h3l4.5 4V6L7 10z';
const VOICES = {
  'voice-all': `${SPEAKER}M15 9.5a4 4 0 0 1 0 5M17.5 7a8 8 0 0 1 0 10`,
  'voice-slow': `${SPEAKER}M15 9.5a4 4 0 0 1 0 5M19 8v8`,
  'voice-segments': `${SPEAKER}M14.5 12h6m-2.5-2.5l2.5 2.5-2.5 2.5`,
  'voice-none': `${SPEAKER}M15 9.5l5 5m0-5l-5 5`,
};

/** The sign of that name. */
export function icon(name) {
  const frame = { 'class': `icon-sign is-${name}`, 'viewBox': '0 0 24 24', 'aria-hidden': 'true' };
  return s('svg', frame, s('path', { d: LINES[name] ?? VOICES[name] }));
}

/** Make an element show another sign. */
export function setIcon(el, name) {
  if (el.dataset.icon === name) return;
  el.dataset.icon = name;
  el.replaceChildren(icon(name));
}
