/* drawtape.js - draws the tape of a host's numbers (tapeshape.js) into an svg
 * element. Nodes stay as long as what they show is there, so the focus does. */
import { classes, keyed } from './dom.js';
import { countNumbers, numberAt } from './sequence.js';
import { label, s, setAttributes } from './svg.js';
import { texts } from './texts.js';

const LAYERS = ['band', 'line', 'blocks', 'ticks', 'acks', 'caret'];

/** An svg element with a layer for each kind of mark. */
export function makeTape() {
  const layers = Object.fromEntries(LAYERS.map((name) => [name, s('g')]));
  const root = s('svg', { role: 'group' });
  root.append(...Object.values(layers));
  return { root, layers };
}

/** Draw a shape. view: as for shapeTape(), and {selected, by: n -> number of the
 * first segment that acknowledges it}. */
export function drawTape({ root, layers }, shape, side, view) {
  const { width, height } = shape;
  const full = Math.ceil(Math.max(width, view.width));
  setAttributes(root, {
    'viewBox': `0 0 ${full} ${Math.ceil(height)}`, 'width': full, 'height': Math.ceil(height),
    'font-size': view.font, 'aria-label': texts.tape.title[side.host],
  });
  drawBand(layers.band, shape);
  drawLine(layers.line, shape);
  drawItems(layers.blocks, shape.blocks.map((block) => blockItem(block, side, view)), updateBlock);
  keyed(layers.ticks, shape.ticks.map((tick) => ({ ...tick, id: tick.at, y: shape.y })), {
    make: () => s('g', { class: 'tape__tick', 'aria-hidden': 'true' }), update: updateTick,
  });
  drawItems(layers.acks, shape.acks.map((ack) => ackItem(ack, shape, side, view)), updateAck);
  drawCaret(layers.caret, shape, view);
}

/* What is only lit, or called otherwise, is not drawn anew: a press that had begun
 * on a node that is gone would be lost. */
function drawItems(layer, items, update) {
  keyed(layer, items.map(({ shown }) => shown), {
    make: () => s('g', { role: 'button', tabindex: -1 }), update,
  });
  items.forEach(({ attributes }, i) => setAttributes(layer.children[i], attributes));
}

function drawBand(layer, { band, y }) {
  const bar = band && s('rect', {
    class: 'tape__band', x: band.from, y: y.blocks - 3, width: band.to - band.from,
    height: y.line - y.blocks + 6, rx: 3,
  });
  layer.replaceChildren(...(bar ? [bar] : []));
}

/* What is acknowledged is a solid line, what is not yet a dotted one. */
function drawLine(layer, { line, y }) {
  const bar = (name, from, to) =>
    s('path', { class: `tape__${name}`, d: `M${Math.round(from)} ${y.line}H${Math.round(to)}` });
  const sent = line && bar('sent', line.acked, line.sent);
  layer.replaceChildren(...(line ? [sent, bar('acked', line.start, line.acked)] : []));
}

const centred = (text, x, y, name) =>
  label(text, x, y, { 'class': name, 'text-anchor': 'middle' });

/* --- segments ------------------------------------------------------------ */

function blockItem(block, side, view) {
  const { n, ns, key, to, fate, forged, repeats } = block;
  const { looked, selected } = view;
  const has = (number) => number !== null && (n === number || Boolean(ns?.includes(number)));
  const shown = {
    id: key ?? `n${n}`, block: { ...block, ns: null, pieces: null }, font: view.font,
    first: ns?.[0] ?? '',
  };
  const labels = block.parts.map((part) => part.label).join(' ');
  const attributes = {
    'aria-label': `${labels} ${sentenceOf(block, side, view)}`,
    'class': classes({
      'tape__item': true, 'block': true, [`is-${side.host}`]: true, [`is-${fate}`]: true,
      'is-fold': Boolean(ns), 'is-forged': forged, 'is-repeat': Boolean(repeats),
      'is-acked': side.acked !== null && to <= side.acked,
      'is-looked': has(looked), 'is-selected': has(selected),
    }),
  };
  return { shown, attributes };
}

function sentenceOf(block, side, { relative, by }) {
  const { n, ns, from, to, pieces, fate, repeats, follow } = block;
  const words = texts.tape.says;
  const numbers = { from: numberAt(from, side, relative), last: numberAt(to - 1, side, relative) };
  if (ns) return words.fold({ segments: ns.length, count: to - from, follow, ...numbers });
  const what = pieces.map((piece) => words.piece[piece.kind](piece.to - piece.from));
  return words.block({
    n, host: side.host, count: to - from, ...numbers, what, repeats,
    fate: texts.tape.fates[fate], by: by(to),
  });
}

function updateBlock(node, { block, font, first }) {
  const { x, y, width, height, parts, n, id, key, row } = block;
  const place = { row, x: Math.round(x) };
  Object.assign(node.dataset, { ...place, n: n ?? '', event: id ?? '', fold: key ?? '', first });
  const inside = { x: x + 1, y, width: Math.max(width - 2, 2), height, rx: 4 };
  const borders = parts.slice(1).map((part) =>
    s('path', { class: 'block__border', d: `M${Math.round(part.x)} ${y}v${height}` }));
  const words = parts.filter((part) => part.label).map((part) =>
    centred(part.label, part.x + part.width / 2, y + height / 2 + font * 0.04, 'block__label'));
  node.replaceChildren(s('rect', { class: 'block__box', ...inside }), ...borders, ...words);
}

/* --- numbers ------------------------------------------------------------- */

function updateTick(node, { x, text, left, width, y }) {
  const d = `M${Math.round(x)} ${y.blocks - 4}V${y.blocks}`;
  const words = text ? [centred(text, left + width / 2, y.numbers, 'tape__number')] : [];
  node.replaceChildren(s('path', { class: 'tape__line', d }), ...words);
}

/* --- acknowledgements ---------------------------------------------------- */

function ackItem(ack, { y }, side, view) {
  const ns = ack.list.map(({ n }) => n);
  const has = (number) => number !== null && ns.includes(number);
  const words = texts.tape;
  const said = words.says.ack({
    ns, at: numberAt(ack.at, side, view.relative), host: side.host,
    before: ack.came ? '' : words.says.lostAck,
  });
  const place = { x: ack.x, y: y.acks, font: view.font };
  const shown = { ...place, id: `a${ack.at}`, text: ack.text, n: ack.n, event: ack.id };
  const attributes = {
    'aria-label': `${ack.text} ${said}`,
    'class': classes({
      'tape__item': true, 'ack': true, [`is-${side.host === 'client' ? 'server' : 'client'}`]: true,
      'is-lost': !ack.came, 'is-looked': has(view.looked), 'is-selected': has(view.selected),
    }),
  };
  return { shown, attributes };
}

function updateAck(node, { x, y, font, text, n, event }) {
  Object.assign(node.dataset, { row: 'acks', x: Math.round(x), n, event });
  const size = font * 0.42;
  const mark = s('path', {
    class: 'ack__mark', d: `M${Math.round(x)} ${y - size}l${size} ${size * 1.5}h${-2 * size}z`,
  });
  const hit = s('rect', {
    class: 'ack__hit', x: x - font, y: y - font * 0.6, width: font * 2, height: font * 2,
  });
  const words = text ? [centred(text, x, y + font * 0.95, 'ack__label')] : [];
  node.replaceChildren(hit, mark, ...words);
}

/* A segment without numbers of its own, where it stands on its side's tape. */
function drawCaret(layer, { caret, y }, { font }) {
  const d = caret && `M${Math.round(caret.x)} ${y.blocks - font * 0.3}V${y.line}`;
  layer.replaceChildren(...(caret ? [s('path', { class: 'tape__caret', d })] : []));
}

/** What is said of a side as a whole. */
export function sumOf(side, relative) {
  if (side.next === null) return texts.tape.nothing;
  const number = (at) => numberAt(at, side, relative);
  const first = Math.min(...side.blocks.map(({ from }) => from));
  return texts.tape.sum({
    count: countNumbers(side), first: number(first), last: number(side.next - 1),
    next: number(side.next), acked: side.acked === null ? null : number(side.acked),
  });
}
