/* picture.js - a whole picture into any SVG element: the page's diagram, one of
 * two that are compared, or one that is written to a file.
 *
 * shapes come from geometry.js: layout(model, width, view). What is drawn again
 * into the same element keeps its nodes, so that the focus stays. */
import { classes } from './dom.js';
import { drawAxis, drawCaptions, drawCursor, drawGround, drawHeads } from './draw.js';
import { drawArrows } from './drawarrows.js';
import { drawBands, drawCalls, drawQueue, drawStates } from './drawsides.js';
import { drawClusters, drawNotes, drawPartners, drawRuler, drawTimers } from './drawwire.js';
import { eventY } from './geometry.js';
import { partners } from './model.js';
import { sentenceOf } from './numbering.js';
import { selectedSegment } from './store.js';
import { s, setAttributes } from './svg.js';

const LAYERS = [
  'ground', 'cursor', 'axis', 'bands', 'states', 'queue', 'calls', 'areas', 'ways', 'timers',
  'ruler', 'arrows', 'notes', 'clusters', 'partners', 'heads', 'captions',
];

const drawn = new WeakMap(); // root -> its layers
const newest = new WeakMap(); // layer of lines -> the state it shows
let lines = null; // what says where lines run

/** The layers of a picture by name, made in root when it has none. */
export function layersOf(root) {
  const old = drawn.get(root);
  if (old) return old;
  const layers = Object.fromEntries(LAYERS.map((name) => [name, s('g')]));
  root.append(...Object.values(layers));
  drawn.set(root, layers);
  return layers;
}

/** Draw shapes into an svg element `root`, and give it their size. state is the
 * page's, or as much of it as {model, events, step, pointed}: which sentences
 * name the arrows, what is selected, what is pointed at. part: the heights from
 * and to which it shows, `size` times as large. */
export function drawPicture(root, shapes, state, part = {}) {
  const layers = layersOf(root);
  const { width, font } = shapes.columns;
  const { from = 0, to = Math.ceil(shapes.height), size = 1 } = part;
  const height = Math.ceil(to - from);
  setAttributes(root, {
    'viewBox': `0 ${from} ${width} ${height}`, 'width': width * size, 'height': height * size,
    'font-size': font,
  });
  drawGround(layers.ground, shapes);
  drawTimers(layers.timers, shapes);
  drawRuler(layers.ruler, shapes);
  drawAxis(layers.axis, shapes);
  drawBands(layers.bands, shapes);
  drawStates(layers.states, shapes);
  drawQueue(layers.queue, shapes);
  drawCalls(layers.calls, shapes);
  drawArrows(layers, shapes, decorator(state));
  drawNotes(layers.notes, shapes);
  drawClusters(layers.clusters, shapes);
  drawLines(layers.partners, shapes, state);
  const { heads, captions } = shapes;
  drawHeads(layers.heads, { ...shapes, heads: from > 0 ? [] : heads });
  drawCaptions(layers.captions, { captions: from > 0 ? [] : captions });
  drawCursor(layers.cursor, shapes, eventY(shapes, state.events, state.step));
}

/* While an arrow is pointed at, lines lead to those it belongs to. Where they run
 * is asked for with the first; they are drawn if it is still pointed at then. */
function drawLines(layer, shapes, state) {
  newest.set(layer, state);
  const { pointed = null, model, relative } = state;
  if (pointed === null) {
    drawPartners(layer, shapes, []);
  } else if (lines) {
    const relations = lines.relationsOf(model, pointed, relative);
    drawPartners(layer, shapes, lines.partnerLines(shapes, relations, pointed));
  } else {
    const isNewest = () => newest.get(layer) === state;
    loadLines().then(() => isNewest() && drawLines(layer, shapes, state), () => {});
  }
}

async function loadLines() {
  const [{ partnerLines }, { relationsOf }] = await Promise.all([
    import('./partnerlines.js'), import('./relations.js'),
  ]);
  lines = { partnerLines, relationsOf };
}

/* Classes and name of an arrow in this state: what it is, and whether it is
 * selected, belongs to the one looked at, or stands back. */
function decorator(state) {
  const selected = selectedSegment(state)?.n ?? null;
  const looked = state.pointed ?? selected;
  const near = new Set(looked === null ? [] : partners(state.model, looked));
  return ({ id, n, from, repeats, forged, saved, icmp, flood, legs, label }) => ({
    name: arrowName(label, spoken(state, id)),
    classes: classes({
      [`is-${from}`]: true,
      'is-flood': flood,
      'is-repeat': repeats,
      'is-forged': forged,
      'is-saved': saved,
      'is-icmp': icmp,
      'is-held': legs?.some(({ end }) => end === 'held'),
      'is-selected': n === selected,
      'is-looked': n === looked,
      'is-partner': near.has(n),
      'is-aside': ![null, n].includes(looked) && !near.has(n),
    }),
  });
}

/* The event in a sentence, with numbers as they are written at the arrows. */
function spoken({ events, relative }, id) {
  return events[id - 1] && sentenceOf(events[id - 1], relative);
}

/* What is written at an arrow, and the event in a sentence. */
function arrowName({ flags, extra, below }, sentence) {
  return [flags, extra, below, sentence].filter(Boolean).join(' ');
}
