/* drawstrip.js - the strip of strip.js as SVG, and the mark of the moment on it. */
import { label, s, setAttributes } from './svg.js';
import { xOf } from './strip.js';

const BADGE = 8; // px from the middle to the edge of the verdict's sign
const SIGNS = { good: '✓', other: '!', bad: '✗', running: '' };

/** An empty strip, `height` high: an element to draw into. */
export function makeStrip(height) {
  const layer = (name) => s('g', { class: `strip__${name}` });
  const later = s('rect', { class: 'strip__later', y: 0, height });
  return s('svg', { 'class': 'strip', height, 'aria-hidden': 'true' },
    layer('bands'), layer('tears'), layer('paths'), layer('gaps'), layer('end'), later);
}

/** Draw a strip; mood: that of the verdict it ends with. */
export function drawStrip(root, strip, mood) {
  const [bands, tears, paths, gaps, end] = root.children;
  const { width, height } = strip;
  setAttributes(root, { width, viewBox: `0 0 ${width} ${height}` });
  bands.replaceChildren(...strip.bands.map(({ family, ...box }) =>
    s('rect', { ...box, class: `strip__band is-${family}` })));
  tears.replaceChildren(...strip.tears.map((tear) => zigzag(tear, height)));
  paths.replaceChildren(...strip.paths.map(({ name, d }) =>
    s('path', { class: `strip__path ${name}`, d })));
  gaps.replaceChildren(...strip.tears.map(({ left, text }) =>
    label(text, left, height / 2, { 'class': 'strip__gap', 'text-anchor': 'middle' })));
  end.replaceChildren(...(strip.end ? verdictParts(strip, mood) : []));
}

function zigzag({ x }, height) {
  const points = Array.from({ length: 7 }, (_, i) => `${x + (i % 2 ? 2 : -2)} ${(i * height) / 6}`);
  return s('path', { class: 'strip__tear', d: `M${points.join('L')}` });
}

function verdictParts({ end: { x }, width, height }, mood) {
  const at = Math.min(x, width - BADGE - 1);
  const sign = { 'class': `strip__sign is-${mood}`, 'text-anchor': 'middle' };
  return [
    s('circle', { class: `strip__verdict is-${mood}`, cx: at, cy: height / 2, r: BADGE }),
    label(SIGNS[mood] ?? '', at, height / 2, sign),
  ];
}

/** What comes after an event stands back. */
export function markMoment(root, strip, at) {
  const x = xOf(at, strip);
  setAttributes(root.lastElementChild, { x, width: Math.max(0, strip.width - x) });
}
