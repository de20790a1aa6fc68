/* diagram.js - the sequence diagram of a run on the page: lays out what the state holds,
 * draws what is in sight of it, and turns pointing, clicking and keys into
 * wishes. */
import { setText } from './dom.js';
import { drawCaptions, drawHeads } from './draw.js';
import { createLayouter } from './geometry.js';
import { listenTo, listenToKeys, makeButtons } from './gestures.js';
import * as hands from './hands.js';
import { widthOf } from './measure.js';
import { listenToArrows } from './pointing.js';
import { drawPicture, layersOf } from './picture.js';
import { atMoment, viewOf } from './shown.js';
import { inSight, movedUp } from './sight.js';
import { isInHand } from './store.js';
import { s, setAttributes } from './svg.js';
import { texts } from './texts.js';
import { ABOVE_PLAYER, Viewport } from './viewport.js';

const FAR = 1e6; // px: below this, places are moved up before they are drawn
const SHEET = window.matchMedia('(width < 1100px)'); // as css/side.css
const SHEET_TOP = 0.36; // of the window: above the sheet that holds the card

/** Build the diagram in el; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(el) {
  const parts = makeParts(el);
  const { frame, sheet, root, layers } = parts;
  const last = { state: null, shapes: null, step: null, moment: null };
  const redraw = () => last.state && draw(last.state);
  const viewport = new Viewport(frame, sheet, redraw);
  const width = widthOf(frame, redraw);
  const shapesOf = createShapes(viewport);
  const buttons = makeButtons(el.querySelector('.zoom'), viewport);
  const keepStop = listenToArrows(layers, { viewport, shapes: () => last.shapes });
  const draw = (state) => {
    last.state = state.run && state;
    if (!showing(parts, state.run, viewport) || width() === 0) return; // not in sight, or not yet
    viewport.look(width());
    const follows = state.run.phase === 'running' && viewport.isAtEnd;
    last.shapes = shapesOf(state, width());
    const shapes = atMoment(last.shapes, state);
    paint(parts, shapes, state, viewport);
    parts.hands.update(state, shapes, viewport.size);
    keepStop();
    buttons.update();
    scrollTo(shapes, state, { viewport, last, follows, layer: layers.arrows });
    Object.assign(last, { step: state.step, moment: state.moment });
  };
  listenTo(frame, viewport);
  listenToKeys(viewport);
  setAttributes(root, { role: 'group', 'aria-labelledby': 'diagram-title' });
  window.addEventListener('beforeprint', () => viewport.forPrint(true));
  window.addEventListener('afterprint', () => viewport.forPrint(false));
  return { update: draw };
}

/* Gives the shapes of the whole run, laid out anew when something they show
 * changed. */
function createShapes(viewport) {
  const layOut = createLayouter();
  let shapes = null;
  let about = null;
  let key = [];
  return (state, width) => {
    const { whole, relative, unfolded, decided, scale, run } = state;
    if (about !== `${run.id} ${scale}`) viewport.reset(scale === 'true');
    about = `${run.id} ${scale}`;
    const tall = scale === 'true' ? viewport.tall : undefined;
    const now = [whole, width, relative, unfolded, decided, isInHand(state), scale, tall];
    const isSame = shapes !== null && now.every((part, i) => part === key[i]);
    if (!isSame) shapes = layOut(whole, width, { ...viewOf(state), tall });
    key = now;
    return shapes;
  };
}

/* To what is selected or newest, or to the moment. */
function scrollTo(shapes, state, { viewport, last, follows, layer }) {
  if (state.step !== last.step) keepInSight(shapes, state, viewport, layer);
  else if (follows) viewport.toEnd();
  if (state.moment === last.moment || state.moment === null) return;
  viewport.reveal(shapes.now, shapes.now, ABOVE_PLAYER);
}

function makeParts(el) {
  const frame = el.querySelector('.diagram__frame');
  const sheet = el.querySelector('.diagram__sheet');
  const title = s('title', { id: 'diagram-title' });
  const root = s('svg', {}, title);
  const heads = s('svg', { 'class': 'diagram__heads', 'aria-hidden': 'true' }, s('g'), s('g'));
  frame.prepend(heads);
  return {
    frame, sheet, title, root, heads, layers: layersOf(root), hands: hands.mount(sheet),
    el, note: el.querySelector('.diagram__note'),
  };
}

/* Whether there is a run to show; without one empty.js has the place. */
function showing({ el, sheet, root, hands: buttons }, run, viewport) {
  el.classList.toggle('is-empty', run === null);
  el.classList.toggle('is-fresh', Boolean(run?.fresh));
  if (run && !root.isConnected) {
    sheet.querySelector('.empty')?.remove();
    sheet.prepend(root);
  }
  if (run || !root.isConnected) return Boolean(run);
  root.remove();
  viewport.clear();
  buttons.update({ run: null });
  return false;
}

function paint(parts, shapes, state, viewport) {
  const { root, title, note } = parts;
  note.hidden = state.run.phase !== 'ended'; // while the picture grows it would run before it
  setText(note, texts.diagram.links[state.run.link] ?? texts.diagram.about[state.scale]);
  setText(title, texts.diagram.describe(state.run.title, state.model.segments.length));
  paintHeads(parts, shapes, viewport);
  paintSheet(root, shapes, state, viewport);
}

/* What stays in sight above the columns. */
function paintHeads({ heads, sheet }, shapes, viewport) {
  const { columns: { width, font }, top } = shapes;
  const { size } = viewport;
  const height = Math.ceil(top);
  viewport.heads = height;
  sheet.style.marginBlockStart = `${-height * size}px`;
  setAttributes(heads, {
    'viewBox': `0 0 ${width} ${height}`, 'width': width * size, 'height': height * size,
    'font-size': font,
  });
  const [names, captions] = heads.children;
  drawHeads(names, shapes);
  drawCaptions(captions, shapes);
}

/* All of the picture, or what is near the window where it is long. */
function paintSheet(root, shapes, state, viewport) {
  const { columns: { width }, height } = shapes;
  const part = viewport.show(width, Math.ceil(height));
  const from = part ? Math.max(0, Math.floor(part.from)) : 0;
  const to = part ? part.to : height; // the sheet cuts what is beyond its end
  const seen = part ? inSight(shapes, from, to) : shapes;
  const up = from > FAR ? from : 0;
  const { size } = viewport;
  const cut = { from: from - up, to: to - up, size };
  drawPicture(root, up > 0 ? movedUp(seen, up) : seen, state, cut);
  root.style.insetBlockStart = `${from * size}px`;
  root.classList.toggle('is-far', shapes.columns.font * size < 5);
}

/* The focus, where it is among the arrows, goes with the selection; and the page
 * scrolls where the selected arrow would be out of sight. */
function keepInSight(shapes, { step, panel, moment }, viewport, layer) {
  if (!step || moment !== null) return;
  const arrow = shapes.arrows.find(({ id }) => id === step);
  if (!arrow) return;
  viewport.reveal(arrow.top, arrow.end, SHEET.matches && panel === 'card' ? SHEET_TOP : 1);
  if (!layer.contains(document.activeElement)) return;
  layer.querySelector(`[data-id="${step}"]`)?.focus({ preventScroll: true });
}
