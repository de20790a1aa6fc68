/* draw.js - shapes of geometry.js to SVG, layer by layer. Each function makes
 * one layer's children match its shapes; what they look like is in
 * css/diagram.css. */
import { classes, keyed } from './dom.js';
import { arrowHead, cross, label, polyline, s, setAttributes } from './svg.js';
import { stateClass } from './states.js';
import { texts } from './texts.js';

const group = (name) => () => s('g', { class: name });

/** What each column holds. */
export function drawCaptions(layer, { captions }) {
  layer.replaceChildren(...captions.map(({ x, y, anchor, text }) =>
    label(text, x, y, { class: 'caption', 'text-anchor': anchor })));
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
export function drawGround(layer, { columns, top, bottom, split, folds }) {
  const { left, right, width } = columns.wire;
  const children = [s('rect', {
    class: 'wire', x: left, y: top, width, height: Math.max(0, bottom - top),
  })];
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
  const children = compact ? [] : ticks.map((tick) =>
    label(tick.text, axisX, tick.y, { class: 'tick', 'text-anchor': 'end' }));
  for (const fold of folds) {
    const at = compact ? { x: wire.middle, anchor: 'middle' } : { x: axisX, anchor: 'end' };
    children.push(label(texts.diagram.fold(fold.ns), at.x, fold.y, {
      class: 'fold__label', 'text-anchor': at.anchor,
    }));
  }
  layer.replaceChildren(...children);
}

/** The note on the stripe in which the two ends disagree, above the arrows. */
export function drawNotes(layer, { columns: { wire, font }, split }) {
  layer.replaceChildren(...(split ? [label(split.label, wire.middle, split.noteY, {
    class: 'split__label', 'text-anchor': 'middle', 'font-size': font * 0.88,
  })] : []));
}

/** Kernel states as bands; a wedge leads from what caused a change to the
 * moment the kernel said so. */
export function drawBands(layer, { bands }) {
  keyed(layer, bands, {
    make: group('band'),
    update(node, band) {
      const { x, y, since, width, height, state, host } = band;
      setAttributes(node, { class: `band is-${stateClass(state)}` });
      const inner = host === 'client' ? x + width : x;
      node.replaceChildren(
        s('path', { class: 'band__wedge', d: `M${inner} ${since}L${x + width} ${y}H${x}Z` }),
        s('rect', { class: 'band__body', x, y, width, height }),
        s('path', { class: 'band__edge', d: `M${inner} ${since}L${2 * x + width - inner} ${y}` }),
        s('title', {}, `${texts.host[host]}: ${state}`),
      );
    },
  });
}

/** The names of the states, above all bands. */
export function drawStates(layer, { bands }) {
  keyed(layer, bands, {
    make: group('state'),
    update(node, { state, label: at }) {
      setAttributes(node, { class: `state is-${stateClass(state)}` });
      const turn = at.upright ? `rotate(-90 ${at.x} ${at.y})` : null;
      const attributes = { class: 'state__name', 'text-anchor': at.anchor, transform: turn };
      node.replaceChildren(label(state, at.x, at.y, attributes));
    },
  });
}

/** Socket calls as spans at the outer edges. */
export function drawCalls(layer, { calls }) {
  keyed(layer, calls, {
    make: group('call'),
    update(node, call) {
      const { x, y, width, height, text, name, result } = call;
      const at = { 'text-anchor': text.anchor };
      setAttributes(node, { class: classes({
        'call': true, [`is-${call.host}`]: true, 'is-failed': call.failed, 'is-open': call.open,
      }) });
      node.replaceChildren(
        s('rect', { class: 'call__bar', x, y, width, height, rx: width / 2 }),
        label(name, text.x, y, { ...at, class: 'call__name' }),
      );
      if (!result) return;
      node.append(label(result.text, text.x, result.y, { ...at, class: 'call__result' }));
    },
  });
}

/** Segments as arrows. `decorate(arrow)` gives {classes, name} of the moment. */
export function drawArrows(layer, { arrows, columns }, decorate) {
  keyed(layer, arrows, {
    make: ({ id, n }) => s('g', { role: 'button', tabindex: -1, 'data-id': id, 'data-n': n }),
    update: (node, arrow) => node.replaceChildren(...arrowParts(arrow, columns)),
  });
  for (const [i, node] of [...layer.children].entries()) {
    const { classes, name } = decorate(arrows[i]);
    setAttributes(node, { class: classes, 'aria-label': name });
  }
}

function arrowParts(arrow, columns) {
  const { legs } = arrow;
  const hit = polyline(legs[0].points, { class: 'arrow__hit' });
  return [hit, ...legs.flatMap((leg) => legParts(leg, columns)), labelParts(arrow.label, columns)];
}

function legParts({ end, points, changed }, { font }) {
  const [before, tip] = points.slice(-2);
  const line = polyline(points, { class: `arrow__line is-${end}${changed ? ' is-changed' : ''}` });
  const [{ x: cx, y: cy }] = points;
  const start = s('circle', { class: 'arrow__start', cx, cy, r: font * 0.22 });
  if (end !== 'arrived') return [line, start, ...endMark(end, tip, font)];
  return [line, start, arrowHead(before, tip, font * 0.95, { class: 'arrow__head' })];
}

function endMark(end, tip, font) {
  if (end === 'flying') return [];
  const mark = end === 'dropped'
    ? cross(tip, font * 0.5, { class: 'arrow__cross' })
    : s('circle', { class: 'arrow__held', cx: tip.x, cy: tip.y, r: font * 0.5 });
  const word = end === 'dropped' ? texts.diagram.lost : texts.diagram.held;
  const at = { class: 'arrow__fate', 'text-anchor': 'middle' };
  return [mark, label(word, tip.x, tip.y + font * 1.3, at)];
}

function labelParts({ flags, extra, below, x, y, angle }, { line }) {
  const above = s('text', { class: 'arrow__flags', x, y: y - line * 0.38 }, flags);
  if (extra) above.append(s('tspan', { class: 'arrow__extra' }, ` ${extra}`));
  const under = s('text', { class: 'arrow__numbers', x, y: y + line * 0.92 }, below);
  const turn = `rotate(${angle.toFixed(2)} ${x.toFixed(1)} ${y.toFixed(1)})`;
  return s('g', { class: 'arrow__label', 'text-anchor': 'middle', transform: turn }, above, under);
}

/** The line through the selected event. */
export function drawCursor(layer, { columns }, y) {
  const line = { class: 'cursor', x1: 0, x2: columns.width, y1: y, y2: y };
  layer.replaceChildren(...(y === null ? [] : [s('line', line)]));
}
