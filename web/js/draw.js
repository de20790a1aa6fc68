/* draw.js - the ground of the picture: names, axis, wire, folds and cursor, from
 * shapes of geometry.js to SVG. Each function makes one layer's children match
 * its shapes; what they look like is in css/diagram.css. */
import { textWidth } from './columns.js';
import { keyed, setText } from './dom.js';
import { tickText } from './format.js';
import { label, polyline, s, setAttributes } from './svg.js';
import { texts } from './texts.js';

const group = (name) => () => s('g', { class: name });

/** What each column holds. */
export function drawCaptions(layer, { captions }) {
  keyed(layer, captions, {
    key: ({ x, text }) => `${x} ${text}`,
    make: ({ x, y, anchor, text }) =>
      label(text, x, y, { 'class': 'caption', 'text-anchor': anchor }),
    update: (node, { y, anchor }) => setAttributes(node, { y, 'text-anchor': anchor }),
  });
}

/** Names and addresses above the lifelines. */
export function drawHeads(layer, { heads, columns }) {
  keyed(layer, heads, {
    make: group('head'),
    update(node, { host, x, anchor, name, address }) {
      const at = { 'text-anchor': anchor };
      setAttributes(node, { class: `head is-${host}` });
      node.replaceChildren(
        label(name, x, columns.line, { ...at, class: 'head__name' }),
        label(address, x, columns.line * 2.15, { ...at, class: 'head__address' }),
      );
    },
  });
}

/** Lifelines, and the stripe in which the two ends disagree. */
export function drawGround(layer, { columns, top, bottom, split, folds, veil }) {
  const { left, right, width } = columns.wire;
  const children = [s('rect', {
    class: 'wire', x: left, y: top, width, height: Math.max(0, bottom - top),
  })];
  if (veil) children.push(...veilParts(veil, columns, top, bottom));
  if (split) {
    const { y, height } = split;
    children.push(s('rect', { class: 'split', x: left, y, width, height }));
  }
  for (const fold of folds) children.push(foldStripe(fold, columns));
  for (const x of [left, right]) {
    children.push(s('line', { class: 'lifeline', x1: x, x2: x, y1: top, y2: bottom }));
  }
  layer.replaceChildren(...children);
}

/* What passes here cannot be seen: hatched, and said. */
function veilParts({ y }, { wire, line, font }, top, bottom) {
  const lines = [];
  for (let at = top + 14; at < bottom; at += 22) {
    lines.push(`M${wire.left} ${at}h${wire.width}`);
  }
  const words = textWidth(texts.diagram.veil[0], font) < wire.width ? 0 : 1;
  return [
    s('path', { class: 'veil', d: lines.join('') }),
    label(texts.diagram.veil[words], wire.middle, y + line * 0.5, {
      'class': 'veil__label', 'text-anchor': 'middle',
    }),
  ];
}

/* A folded gap: a torn stripe over the whole picture. */
function foldStripe({ y }, { width }) {
  const step = 7;
  const count = Math.floor(width / step);
  const tooth = (_, i) => ({ x: i * step, y: y + (i % 2 ? 2.5 : -2.5) });
  const points = Array.from({ length: count + 1 }, tooth);
  return polyline(points, { class: 'fold' });
}

/** Times at the left; lengths of folded gaps. */
export function drawAxis(layer, { columns, ticks, folds }) {
  const { axisX, compact, wire } = columns;
  const at = compact ? { x: wire.middle, anchor: 'middle' } : { x: axisX, anchor: 'end' };
  const words = [
    ...(compact ? [] : ticks).map(({ id, t, y }) =>
      ({ id, y, x: axisX, anchor: 'end', name: 'tick', text: tickText(t) })),
    ...folds.map(({ id, ns, y }) =>
      ({ id: `fold ${id}`, y, ...at, name: 'fold__label', text: texts.diagram.fold(ns) })),
  ];
  keyed(layer, words, { make: () => label('', 0, 0), update: updateWord });
}

function updateWord(node, { name, text, x, y, anchor }) {
  setText(node, text);
  setAttributes(node, { 'class': name, x, y, 'text-anchor': anchor });
}

/** The line through the selected event, and the one down to which the picture
 * is drawn, where it is drawn down to a moment. */
export function drawCursor(layer, { columns, now = null }, y) {
  const { width, font, axisX, compact } = columns;
  const line = (name, at, from) =>
    s('line', { class: name, x1: from, x2: width, y1: at, y2: at });
  const beside = compact ? 0 : axisX + font * 0.5; // the times
  const lines = [
    now !== null && line('now', now, beside), y !== null && y !== now && line('cursor', y, 0),
  ];
  layer.replaceChildren(...lines.filter(Boolean));
}
