/* drawsides.js - what stands beside the wire, from shapes of sides.js to SVG:
 * states, calls, and the accept queue between them. */
import { classes, keyed } from './dom.js';
import { stateClass } from './states.js';
import { arrowHead, cross, label, s, setAttributes } from './svg.js';
import { texts } from './texts.js';

const group = (name) => () => s('g', { class: name });

/** Kernel states as bands; a wedge leads from what caused a change to the
 * moment the kernel said so. */
export function drawBands(layer, { bands }) {
  keyed(layer, bands, {
    make: group('band'),
    update(node, band) {
      const { x, y, since, width, height, state, host, beyond, crowd } = band;
      setAttributes(node, { class: classes({
        band: true, [`is-${stateClass(state)}`]: true, 'is-beyond': beyond, 'is-crowd': crowd > 0,
      }) });
      const inner = host === 'client' ? x + width : x;
      node.replaceChildren(
        s('path', { class: 'band__wedge', d: `M${inner} ${since}L${x + width} ${y}H${x}Z` }),
        s('rect', { class: 'band__body', x, y, width, height }),
        s('path', { class: 'band__edge', d: `M${inner} ${since}L${2 * x + width - inner} ${y}` }),
        s('title', {}, `${texts.host[host]}: ${crowd ? texts.diagram.crowd(crowd, state) : state}`),
      );
    },
  });
}

/** The names of the states, above all bands. */
export function drawStates(layer, { bands, columns: { line } }) {
  keyed(layer, bands.filter((band) => band.label), {
    make: group('state'),
    update(node, { state, label: at, sub }) {
      setAttributes(node, { class: `state is-${stateClass(state)}` });
      const turn = at.upright ? `rotate(-90 ${at.x} ${at.y})` : null;
      const attributes = { class: 'state__name', 'text-anchor': at.anchor, transform: turn };
      node.replaceChildren(label(at.text, at.x, at.y, attributes), ...sub.map((text, i) =>
        label(text, at.x, at.y + line * (0.95 + i * 0.88), {
          'class': 'state__sub', 'text-anchor': at.anchor,
        })));
    },
  });
}

/** Socket calls as spans at the outer edges. */
export function drawCalls(layer, { calls }) {
  keyed(layer, calls, {
    make: ({ event }) => s('g', { 'class': 'call', 'data-id': event }),
    update(node, call) {
      const { x, y, width, height, text, name, plain, result, more } = call;
      const at = { 'text-anchor': text.anchor };
      setAttributes(node, { 'data-id': call.event, class: classes({
        'call': true, [`is-${call.host}`]: true, 'is-failed': call.failed, 'is-open': call.open,
      }) });
      const words = more ? plain + texts.diagram.more(more) : name;
      node.replaceChildren(
        s('rect', { class: 'call__bar', x, y, width, height, rx: width / 2 }),
        label(words, text.x, y, { ...at, class: 'call__name' }),
      );
      if (!result) return;
      node.append(label(result.text, text.x, result.y, { ...at, class: 'call__result' }));
    },
  });
}

/** The accept queue: its slots while the listener listens, and in them what
 * waits, with its way in from the band and its way out into accept(). */
export function drawQueue(layer, { tracks, stays, columns }) {
  const rects = tracks.map((track) => {
    const { id, host, x, y, width, height } = track;
    return { id: `track ${id}`, host, track: { x, y, width, height } };
  });
  keyed(layer, [...rects, ...stays], {
    make: group('queue'),
    update(node, item) {
      setAttributes(node, { class: `queue is-${item.host}` });
      if (item.track) node.replaceChildren(s('rect', { class: 'queue__track', ...item.track }));
      else node.replaceChildren(...stayParts(item, columns));
    },
  });
}

function stayParts({ x, y, width, height, fromX, toX, dir, open, lost }, { font }) {
  const inset = width * 0.18;
  const least = Math.max(height, font * 0.5);
  const middle = x + width / 2;
  const pill = s('rect', {
    class: 'queue__stay', x: x + inset, y, width: width - 2 * inset, height: least,
    rx: Math.min(least, width) / 2 - inset / 2,
  });
  const parts = [s('path', { class: 'queue__way', d: `M${fromX} ${y}H${middle}` }), pill];
  if (open) return parts;
  const end = y + least;
  if (lost) return [...parts, cross({ x: middle, y: end }, font * 0.4, { class: 'queue__lost' })];
  const outer = middle + dir * (width / 2 - inset);
  const way = `M${outer} ${end - font * 0.3}Q${outer} ${end} ${toX} ${end}`;
  return [
    ...parts,
    s('path', { class: 'queue__out', d: way }),
    arrowHead({ x: outer, y: end }, { x: toX + dir * font * 0.2, y: end }, font * 0.7, {
      class: 'queue__tip',
    }),
  ];
}
