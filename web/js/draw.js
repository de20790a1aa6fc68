/* draw.js - shapes of geometry.js to SVG, layer by layer. Each function makes
 * one layer's children match its shapes; what they look like is in
 * css/diagram.css. */
import { textWidth } from './columns.js';
import { classes, keyed } from './dom.js';
import { label, polyline, s, setAttributes } from './svg.js';
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
    make: ({ event }) => s('g', { 'class': 'call', 'data-id': event }),
    update(node, call) {
      const { x, y, width, height, text, name, result } = call;
      const at = { 'text-anchor': text.anchor };
      setAttributes(node, { 'data-id': call.event, class: classes({
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

/** Retransmission timers as arcs from one try to the next, on the sender's side
 * of the wire; one that runs reaches on, dotted. */
export function drawTimers(layer, { timers, columns: { font } }) {
  keyed(layer, timers, {
    make: group('timer'),
    update(node, { x, dir, marks, bottom, host }) {
      setAttributes(node, { class: `timer is-${host}` });
      const bulge = dir * font * 0.75;
      const arc = (from, to) => `M${x} ${from}Q${x + 2 * bulge} ${(from + to) / 2} ${x} ${to}`;
      const arcs = marks.slice(1).map((to, i) =>
        s('path', { class: 'timer__arc', d: arc(marks[i], to) }));
      const last = marks.at(-1);
      if (bottom) arcs.push(s('path', { class: 'timer__arc is-running', d: arc(last, bottom) }));
      node.replaceChildren(...arcs);
    },
  });
}
