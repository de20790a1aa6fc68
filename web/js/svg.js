/* svg.js - the only place that makes SVG elements. */

const NS = 'http://www.w3.org/2000/svg';

/** Make an SVG element with attributes and children (nodes or texts). */
export function s(name, attributes = {}, ...children) {
  const el = document.createElementNS(NS, name);
  for (const attribute in attributes) {
    const text = textOf(attributes[attribute]);
    if (text !== null) el.setAttribute(attribute, text);
  }
  el.append(...children);
  return el;
}

/** Set attributes that are other than they were; numbers are rounded to a tenth of
 * a pixel, null removes. */
export function setAttributes(el, attributes) {
  for (const name in attributes) {
    const text = textOf(attributes[name]);
    if (text === null) el.removeAttribute(name);
    else if (el.getAttribute(name) !== text) el.setAttribute(name, text);
  }
}

function textOf(value) {
  if (value === null || value === undefined) return null;
  return String(typeof value === 'number' ? round(value) : value);
}

function round(value) {
  return Math.round(value * 10) / 10;
}

/** A text at a point; `middle` centres it on y. */
export function label(text, x, y, attributes = {}) {
  return s('text', { x, y, 'dominant-baseline': 'central', ...attributes }, text);
}

/** A line through points. */
export function polyline(points, attributes) {
  const list = points.map(({ x, y }) => `${round(x)},${round(y)}`).join(' ');
  return s('polyline', { points: list, fill: 'none', ...attributes });
}

/** An arrow's head with its tip at `tip`, coming from `from`. */
export function arrowHead(from, tip, size, attributes) {
  const angle = (Math.atan2(tip.y - from.y, tip.x - from.x) * 180) / Math.PI;
  const half = size * 0.38;
  const [back, notch] = [round(-size), round(-size * 0.78)];
  return s('path', {
    d: `M0 0 L${back} ${round(-half)} L${notch} 0 L${back} ${round(half)} Z`,
    transform: `translate(${round(tip.x)} ${round(tip.y)}) rotate(${round(angle)})`,
    ...attributes,
  });
}

/** A cross at a point: here the wire took the segment. */
export function cross({ x, y }, size, attributes) {
  const d = `M${round(x - size)} ${round(y - size)} l${size * 2} ${size * 2} m0 ${-size * 2} `
    + `l${-size * 2} ${size * 2}`;
  return s('path', { d, ...attributes });
}

/** A bolt through a point: its bits were damaged. */
export function bolt({ x, y }, size, attributes) {
  const [a, b] = [round(size), round(size * 0.45)];
  const d = `M${round(x + b * 0.6)} ${round(y - a)}l${-b * 1.5} ${a * 1.1}h${b * 1.3}`
    + `l${-b * 0.9} ${a}l${b * 2} ${-a * 1.35}h${-b * 1.3}z`;
  return s('path', { d, ...attributes });
}

/** A square on its corner. */
export function diamond({ x, y }, size, attributes) {
  const r = round(size);
  const d = `M${round(x)} ${round(y)}m0 ${-r}l${r} ${r}l${-r} ${r}l${-r} ${-r}z`;
  return s('path', { d, ...attributes });
}

/** A text in a circle; `name` is the class of both. */
export function badge({ x, y }, text, r, name) {
  const words = label(text, x, y, { 'text-anchor': 'middle', 'font-size': r * 1.5 });
  const circle = s('circle', { cx: x, cy: y, r });
  return s('g', { 'class': name, 'aria-hidden': 'true' }, circle, words);
}
