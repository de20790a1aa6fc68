/* svgfile.js - the diagram as shown, as a file that needs nothing of this page:
 * what the styles say stands at each element, the colours as they are seen. */
import { s, setAttributes } from './svg.js';

const MOST_PIXELS = 16000; // a side: browsers draw no larger picture
const SHARP = 2; // pixels of the picture for one of the page

/* Properties that SVG elements have as attributes, with what they are by
 * themselves; those that are handed down to children are null. */
const PROPERTIES = {
  'fill': null, 'stroke': null, 'stroke-width': null, 'stroke-dasharray': null,
  'stroke-linecap': null, 'stroke-linejoin': null, 'paint-order': null, 'font-family': null,
  'font-size': null, 'font-weight': null, 'font-style': null, 'text-anchor': null,
  'white-space': null, 'visibility': null, 'letter-spacing': null,
  'opacity': '1', 'dominant-baseline': 'auto', 'text-decoration-line': 'none',
};
const NAMES = { 'white-space': null, 'text-decoration-line': 'text-decoration' };

const KEPT = ['d', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'width', 'height', 'cx', 'cy', 'r', 'rx',
  'points', 'transform', 'dominant-baseline', 'viewBox'];

/** The text of an SVG file that shows what root shows, under that title. */
export function standalone(root, title) {
  const copy = copyOf(root);
  copy.prepend(s('title', {}, title));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${
    new XMLSerializer().serializeToString(copy)}\n`;
}

/** The same as a PNG; resolves to a Blob, null when it cannot be drawn. */
export async function pngOf(root) {
  const { width, height } = sizeOf(root);
  const scale = Math.min(SHARP, MOST_PIXELS / Math.max(width, height));
  const image = new Image();
  const url = URL.createObjectURL(new Blob([standalone(root, '')], { type: 'image/svg+xml' }));
  try {
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); });
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function sizeOf(root) {
  const { width, height } = root.viewBox.baseVal;
  return { width, height };
}

/* The picture on the ground it stands on. */
function copyOf(root) {
  const { width, height } = sizeOf(root);
  const copy = shown(root, {});
  setAttributes(copy, { width, height });
  const ground = s('rect', { width, height, fill: groundOf(root) });
  copy.prepend(ground);
  return copy;
}

function groundOf(root) {
  for (let el = root; el; el = el.parentElement) {
    const color = getComputedStyle(el).backgroundColor;
    if (!/^(transparent|rgba\(0, 0, 0, 0\))$/.test(color)) return color;
  }
  return getComputedStyle(document.documentElement).getPropertyValue('--paper');
}

/* A copy of an element and what is in it, without what cannot be seen. */
function shown(el, above) {
  const style = getComputedStyle(el);
  const copy = s(el.localName);
  for (const name of KEPT) {
    if (el.hasAttribute(name)) copy.setAttribute(name, brief(el.getAttribute(name)));
  }
  const own = looks(style, above, copy);
  for (const child of el.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) copy.append(child.data);
    else if (isSeen(child)) copy.append(shown(child, own));
  }
  return copy;
}

/* Numbers to a hundredth of a pixel. */
function brief(text) {
  return text.replace(/-?\d+\.\d{3,}/g, (number) => String(Math.round(number * 100) / 100));
}

function isSeen(el) {
  if (!(el instanceof SVGElement) || el.localName === 'title') return false;
  const { display, stroke, fill } = getComputedStyle(el);
  const isClear = (paint) => paint === 'none' || /^(transparent|rgba\(.*, 0\))$/.test(paint);
  const hasParts = el.childNodes.length > 0;
  return display !== 'none' && (hasParts || !isClear(stroke) || !isClear(fill));
}

/* Write what differs from what is handed down; returns what is handed on. */
function looks(style, above, copy) {
  const own = { ...above };
  for (const [name, alone] of Object.entries(PROPERTIES)) {
    const value = style.getPropertyValue(name);
    const differs = value !== (alone ?? above[name] ?? '');
    if (alone === null) own[name] = value;
    if (differs && value) write(copy, name, value);
  }
  return own;
}

function write(copy, name, value) {
  if (name === 'white-space') {
    if (value.startsWith('pre')) copy.setAttributeNS(XML, 'xml:space', 'preserve');
  } else copy.setAttribute(NAMES[name] ?? name, value);
}

const XML = 'http://www.w3.org/XML/1998/namespace';
