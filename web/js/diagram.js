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
  const { frame, root, layers } = parts;
  const layOut = createLayouter();
  const last = { state: null, key: [], shapes: null, step: null, moment: null };
  const viewport = new Viewport(frame, parts.sheet, () => last.state && draw(last.state));
  const width = widthOf(frame, () => last.state && draw(last.state));
  const buttons = makeButtons(el.querySelector('.zoom'), viewport);
  listenTo(frame, viewport);
  listenToKeys(viewport);

  /* The shapes of the whole run, laid out anew when something they show changed. */
  const wholeOf = (state) => {
    const { whole, relative, unfolded, decided, scale, run } = state;
    const about = `${run.id} ${scale}`;
    if (last.about !== about) viewport.reset(scale === 'true');
    last.about = about;
    const tall = scale === 'true' ? viewport.tall : undefined;
    const key = [whole, width(), relative, unfolded, decided, isInHand(state), scale, tall];
    if (key.some((part, i) => part !== last.key[i])) {
      last.shapes = layOut(whole, width(), { ...viewOf(state), tall });
    }
    last.key = key;
    return last.shapes;
  };

  const draw = (state) => {
    last.state = state.run && state;
    if (!showing(parts, state.run, viewport) || width() === 0) return; // not in sight, or not yet
    viewport.look(width());
    const follows = state.run.phase === 'running' && viewport.isAtEnd;
    const shapes = atMoment(wholeOf(state), state);
    setText(parts.note, texts.diagram.links[state.run.link] ?? texts.diagram.about[state.scale]);
    paint(parts, shapes, state, viewport);
    parts.hands.update(state, shapes, viewport.size);
    parts.keepStop(shapes);
    buttons.update();
    if (state.step !== last.step) keepInSight(shapes, state, viewport, layers.arrows);
    else if (follows) viewport.toEnd();
    if (state.moment !== last.moment && state.moment !== null) {
      viewport.reveal(shapes.now, shapes.now, ABOVE_PLAYER);
    }
    Object.assign(last, { step: state.step, moment: state.moment });
  };
  parts.keepStop = listenToArrows(layers, { viewport, shapes: () => last.shapes });
  setAttributes(root, { role: 'group', 'aria-labelledby': 'diagram-title' });
  window.addEventListener('beforeprint', () => viewport.forPrint(true));
  window.addEventListener('afterprint', () => viewport.forPrint(false));
  return { update: draw };
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
    el, note: el.querySelector('.diagram__note'), keepStop: null,
  };
}

/* Whether there is a run to show; without one empty.js has the place. */
function showing({ el, sheet, root, hands: buttons }, run, viewport) {
  el.classList.toggle('is-fresh', Boolean(run?.fresh));
  if (run && !root.isConnected) sheet.prepend(root);
  if (run || !root.isConnected) return Boolean(run);
  root.remove();
  viewport.clear();
  buttons.update({ run: null });
  return false;
}

function paint(parts, shapes, state, viewport) {
  const { root, title } = parts;
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
  const to = part ? Math.min(height, part.to) : height;
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
