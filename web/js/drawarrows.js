/* drawarrows.js - segments as arrows, with what the wire did to them. Each fate
 * has a shape of its own besides its words and its colour: a cross where a copy
 * was lost, a bar where it waits, a bolt where it was damaged, a diamond where
 * it was changed, a number at each copy of several, and a diamond at the
 * beginning of what was made by hand, in the middle of the wire. */
import { keyed } from './dom.js';
import {
  arrowHead, badge, bolt, cross, diamond, polyline, s, setAttributes,
} from './svg.js';

const NO_FLOOD = Object.freeze({ 'data-flood': null, 'aria-expanded': null });
const MARK_AT = 0.78; // of a leg: where its mark stands

/** Segments as arrows, and folded floods: what is drawn of them in the layer
 * `ways`, and over all of that, so that no line crosses words, what is written
 * and pressed in the layer `arrows`. `decorate(arrow)` gives {classes, name} of the
 * moment. */
export function drawArrows({ areas, ways, arrows: words }, { arrows, floods, columns }, decorate) {
  const items = floods.length === 0 ? arrows : [...floods, ...arrows]; // floods are the ground
  keyed(areas, floods, {
    make: () => s('g'),
    update: (node, { from, points }) => {
      setAttributes(node, { class: `is-${from}` });
      node.replaceChildren(s('path', { class: 'flood__area', d: areaOf(points) }));
    },
  });
  keyed(ways, items, {
    make: () => s('g'),
    update: (node, item) =>
      node.replaceChildren(...(item.flood ? floodParts : arrowParts)(item, columns)),
  });
  keyed(words, items, {
    make: ({ id }) => s('g', { 'role': 'button', 'tabindex': -1, 'data-id': id }),
    update: (node, item) => node.replaceChildren(...pressedParts(item, columns)),
  });
  items.forEach((item, i) => {
    const { classes, name } = decorate(item);
    // In another run the event of that id may be another segment, or none of a flood.
    const { n, flood } = item;
    const folded = flood ? { 'data-flood': n, 'aria-expanded': 'false' } : NO_FLOOD;
    setAttributes(ways.children[i], { 'class': `way ${classes}`, 'data-n': n });
    setAttributes(words.children[i], {
      'class': `arrow ${classes}`, 'aria-label': name, 'data-n': n, ...folded,
    });
  });
}

/* What takes the pointer, and the words. */
function pressedParts({ flood, points, legs, label: words, bare }, columns) {
  const hit = flood ? s('path', { class: 'arrow__area', d: areaOf(points) })
    : polyline(legs[0].points, { class: 'arrow__hit' });
  return bare ? [hit] : [hit, labelParts(words, columns)];
}

const areaOf = (points) =>
  `M${points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`;

/* A broad arrow: its two edges with their heads. */
function floodParts({ points, ids }, { font }) {
  const [a, b, c, d] = points;
  const line = { class: 'arrow__line' };
  const parts = [polyline([a, b], line), polyline([d, c], line)];
  if (ids.end === null) return parts;
  const head = { class: 'arrow__head' };
  return [...parts, arrowHead(a, b, font * 0.95, head), arrowHead(d, c, font * 0.95, head)];
}

function arrowParts(arrow, columns) {
  const { legs } = arrow;
  const glow = polyline(legs[0].points, { class: 'arrow__glow' });
  const drawn = legs.flatMap((leg) => legParts(leg, legs.length > 1, columns));
  return [glow, ...drawn, startMark(arrow, columns)];
}

function startMark({ forged, saved, legs: [{ points: [at] }] }, { font }) {
  if (saved) return s('g');
  if (forged) return diamond(at, font * 0.42, { class: 'arrow__forged' });
  return s('circle', { class: 'arrow__start', cx: at.x, cy: at.y, r: font * 0.22 });
}

/* What stands at the end of a leg. */
const ENDS = {
  arrived: (before, tip, font) => [arrowHead(before, tip, font * 0.95, { class: 'arrow__head' })],
  saved: (before, tip, font) => [arrowHead(before, tip, font * 0.95, { class: 'arrow__hollow' })],
  dropped: (before, tip, font) => [cross(tip, font * 0.5, { class: 'arrow__cross' })],
  held: (before, tip, font) => waitMark(tip, font),
  flying: () => [],
};
/* What was done to it on the way. */
const MARKS = {
  damaged: (at, font) => bolt(at, font * 0.75, { class: 'arrow__bolt' }),
  changed: (at, font) => diamond(at, font * 0.45, { class: 'arrow__diamond' }),
};

function legParts({ end, points, mark, copy }, several, { font }) {
  const [before, tip] = points.slice(-2);
  const line = polyline(points, { class: `arrow__line is-${end}${mark ? ` is-${mark}` : ''}` });
  const parts = [line, ...ENDS[end](before, tip, font)];
  if (end === 'held' || end === 'flying') return parts;
  if (mark) parts.push(MARKS[mark](between(before, tip, several ? 0.66 : MARK_AT), font));
  if (several) parts.push(copyMark(between(before, tip, 0.88), copy, font));
  return parts;
}

/* Two bars in a circle: it waits. */
function waitMark({ x, y }, font) {
  const bar = { class: 'arrow__bars', y: y - font * 0.28, width: font * 0.15, height: font * 0.56 };
  return [
    s('circle', { class: 'arrow__held', cx: x, cy: y, r: font * 0.6 }),
    s('rect', { ...bar, x: x - font * 0.24 }),
    s('rect', { ...bar, x: x + font * 0.09 }),
  ];
}

function copyMark(at, copy, font) {
  return badge(at, String(copy), font * 0.55, 'arrow__copy');
}

function between(a, b, part) {
  return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
}

function labelParts({ flags, extra, below, x, y, angle }, { line }) {
  const above = s('text', { class: 'arrow__flags', x, y: y - line * 0.38 }, flags);
  if (extra) above.append(s('tspan', { class: 'arrow__extra' }, ` ${extra}`));
  const under = s('text', { class: 'arrow__numbers', x, y: y + line * 0.92 }, below);
  const turn = `rotate(${angle.toFixed(2)} ${x.toFixed(1)} ${y.toFixed(1)})`;
  const place = { 'class': 'arrow__label', 'text-anchor': 'middle', 'transform': turn };
  return s('g', place, above, ' ', under); // the space parts them for those who hear it
}
