/* drawwire.js - what stands on the wire beside the arrows: timers, the round
 * trip, notes, and what has no room in the true scale. */
import { keyed } from './dom.js';
import { label, s, setAttributes } from './svg.js';

const group = (name) => () => s('g', { class: name });

/** Retransmission timers as arcs from one try to the next, on the sender's side
 * of the wire; one that runs reaches on, dotted, with its nominal time. */
export function drawTimers(layer, { timers, columns: { font } }) {
  keyed(layer, timers, {
    make: group('timer'),
    update(node, { x, dir, marks, bottom, host, words }) {
      setAttributes(node, { class: `timer is-${host}` });
      const bulge = dir * font * 0.75;
      const arc = (from, to) => `M${x} ${from}Q${x + 2 * bulge} ${(from + to) / 2} ${x} ${to}`;
      const arcs = marks.slice(1).map((to, i) =>
        s('path', { class: 'timer__arc', d: arc(marks[i], to) }));
      const last = marks.at(-1);
      if (bottom) arcs.push(s('path', { class: 'timer__arc is-running', d: arc(last, bottom) }));
      if (words) {
        const { text, anchor } = words;
        arcs.push(label(text, words.x, words.y, { 'class': 'timer__text', 'text-anchor': anchor }));
      }
      node.replaceChildren(...arcs);
    },
  });
}

/** The round trip of the handshake as a ruler on the client's side, with a flag
 * where data can be sent. */
export function drawRuler(layer, { ruler, columns: { font } }) {
  layer.replaceChildren(...(ruler ? rulerParts(ruler, font) : []));
}

function rulerParts({ x, dir, y, end, edge, words }, font) {
  const arm = dir * font * 0.4;
  const parts = [
    s('path', { class: 'ruler__line', d: `M${x - arm} ${y}H${x + arm}M${x} ${y}V${end}` }),
    s('path', {
      class: 'ruler__flag',
      d: `M${edge} ${end}l${dir * font * 1.1} ${font * 0.42}l${-dir * font * 1.1} ${font * 0.42}z`,
    }),
  ];
  if (!words) return parts;
  const turn = `rotate(-90 ${words.x} ${words.y})`;
  const attributes = { 'class': 'ruler__text', 'text-anchor': 'middle', 'transform': turn };
  return [...parts, label(words.text, words.x, words.y, attributes)];
}

/** Notes beside the arrows. One about an open flood folds it again. */
export function drawNotes(layer, { notes }) {
  keyed(layer, notes.map((note, i) => ({ ...note, key: `${note.kind} ${note.id} ${i}` })), {
    key: ({ key }) => key,
    make: group('note'),
    update(node, { kind, host, x, y, anchor, text, flood }) {
      const side = host ? ` is-${host}` : '';
      const press = flood ? { 'role': 'button', 'tabindex': 0, 'aria-expanded': 'true' } : {};
      setAttributes(node, { 'class': `note is-${kind}${side}`, 'data-flood': flood, ...press });
      node.replaceChildren(label(text, x, y, { 'text-anchor': anchor }));
    },
  });
}

/** What has no room in the true scale: how many segments there are, to be opened
 * by stretching the picture. */
export function drawClusters(layer, { clusters }) {
  keyed(layer, clusters, {
    make: () => s('g', { class: 'cluster', role: 'button', tabindex: 0 }),
    update(node, { x, y, half, width, text, id }) {
      setAttributes(node, { 'data-id': id });
      node.replaceChildren(
        s('rect', {
          class: 'cluster__box', x: x - width / 2, y: y - half, width, height: 2 * half, rx: half,
        }),
        label(text, x, y, { class: 'cluster__text', 'text-anchor': 'middle' }),
      );
    },
  });
}

/** Lines between the arrow pointed at and those it belongs to, and what is the
 * same in both. */
export function drawPartners(layer, { columns: { font } }, lines) {
  keyed(layer, lines, {
    make: group('partner'),
    update(node, { kind, from, d, dots, box, lines: words }) {
      setAttributes(node, { class: `partner is-${kind} is-${from}` });
      const { x, y, width, height } = box;
      node.replaceChildren(
        s('path', { class: 'partner__line', d }),
        ...dots.map((dot) =>
          s('circle', { class: 'partner__dot', cx: dot.x, cy: dot.y, r: font * 0.2 })),
        s('rect', { class: 'partner__box', x, y, width, height, rx: font * 0.4 }),
        ...words.map((text, i) => label(text, x + font * 0.5, y + font * (0.9 + i * 1.3), {
          class: 'partner__text',
        })),
      );
    },
  });
}
