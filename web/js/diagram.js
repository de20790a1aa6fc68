/* diagram.js - the sequence diagram: keeps the layers, follows the width, and
 * turns pointing, clicking and keys on an arrow into wishes. */
import { cutAt } from './cut.js';
import { roving, setText } from './dom.js';
import { drawEmpty } from './empty.js';
import { WISH, wish } from './events.js';
import { eventY, layout } from './geometry.js';
import * as hands from './hands.js';
import { foldedAway, heldSegments } from './held.js';
import { drawPicture, layersOf } from './picture.js';
import { isInHand } from './store.js';
import { s } from './svg.js';
import { texts } from './texts.js';

const MOST_IN_HAND = 12; // buttons at the segments that have waited longest

/** Build the diagram in el; returns {update(state)}. */
export function mount(el) {
  const frame = el.querySelector('.diagram__frame');
  const invite = el.querySelector('.invite');
  const note = el.querySelector('.diagram__note');
  const title = s('title', { id: 'diagram-title' });
  const root = s('svg', { role: 'group', 'aria-labelledby': 'diagram-title' }, title);
  const layers = layersOf(root);
  frame.append(root);
  const keepStop = roving(layers.arrows, '.arrow', { isList: true });
  const inHand = hands.mount(frame);
  listen(layers);

  let shown = null; // the last state, to draw again when the width changes
  let laidOut = null; // the shapes of the whole run
  let step = null;
  let at = null; // the moment drawn last
  let key = [];
  const draw = (state) => {
    shown = state;
    const width = Math.floor(frame.clientWidth);
    const { whole, relative, unfolded, decided, moment } = state;
    const next = [whole, width, relative, unfolded, decided, isInHand(state)];
    if (next.some((part, i) => part !== key[i])) laidOut = layout(whole, width, viewOf(state));
    key = next;
    const shapes = moment === null ? laidOut : shapesAt(laidOut, state);
    setText(note, texts.diagram.links[state.run?.link] ?? texts.diagram.squeezed);
    paint({ el, root, title, layers, invite }, shapes, state);
    inHand.update(state, shapes);
    keepStop();
    if (state.step !== step) keepInSight(layers.arrows, state);
    if (moment !== at && moment !== null) keepNowInSight(layers.cursor);
    step = state.step;
    at = moment;
  };
  new ResizeObserver(() => shown && draw(shown)).observe(frame);
  return { update: draw };
}

/* Which segments are folded away, and which have their buttons. A decision
 * keeps its room until its event comes, so that nothing jumps twice. */
function viewOf(state) {
  const { whole, relative, unfolded, decided } = state;
  const away = foldedAway(whole, unfolded, decided);
  const waiting = isInHand(state) ? heldSegments(whole) : [];
  const inHand = waiting.filter(({ n }) => !away.has(n)).slice(0, MOST_IN_HAND).map(({ n }) => n);
  return { relative, away, inHand };
}

function shapesAt(shapes, { moment, model, events }) {
  return cutAt(shapes, { moment, model, now: eventY(shapes, events, moment) ?? shapes.top });
}

function paint({ el, root, title, layers, invite }, shapes, state) {
  const empty = state.run === null;
  el.classList.toggle('is-empty', empty);
  el.classList.toggle('is-fresh', Boolean(state.run?.fresh));
  if (empty) {
    drawEmpty(root, layers, shapes);
    placeInvite(invite, shapes.columns);
    setText(title, texts.empty.title);
    return;
  }
  setText(title, texts.diagram.describe(state.run.title, state.model.segments.length));
  drawPicture(root, shapes, state);
}

/* On the wire where that is wide enough to read in, else over all. */
function placeInvite(invite, { compact, wire }) {
  invite.style.left = compact ? '0' : `${wire.left}px`;
  invite.style.width = compact ? '100%' : `${wire.width}px`;
}

const SHEET = window.matchMedia('(width < 1100px)'); // as css/side.css
const SHEET_TOP = 0.36; // of the window: above the sheet that holds the card

/* The focus, where it is among the arrows, goes with the selection; and the page
 * scrolls where the selected arrow would be out of sight. */
function keepInSight(arrows, { step, panel }) {
  const arrow = step && arrows.querySelector(`[data-id="${step}"]`);
  if (!arrow) return;
  if (arrows.contains(document.activeElement)) arrow.focus({ preventScroll: true });
  scrollTo(arrow, SHEET.matches && panel === 'card' ? SHEET_TOP : 1);
}

const ABOVE_PLAYER = 0.72; // of the window
const NOW_AT = 0.45;

/* The line of the moment stays between the top of the window and the player. */
function keepNowInSight(cursor) {
  const line = cursor.querySelector('.now');
  if (!line) return;
  const { top } = line.getBoundingClientRect();
  if (top >= 0 && top <= window.innerHeight * ABOVE_PLAYER) return;
  window.scrollBy({ top: top - window.innerHeight * NOW_AT });
}

/* Bring the arrow into the upper part of the window, if it is not there. */
function scrollTo(arrow, part) {
  const floor = window.innerHeight * part;
  const { top, bottom } = arrow.getBoundingClientRect();
  if (top < 0 || bottom > floor) window.scrollBy({ top: (top + bottom) / 2 - floor / 2 });
}

function listen({ arrows, calls }) {
  const arrowOf = (event) => event.target.closest?.('.arrow');
  const point = (event) =>
    wish(arrows, WISH.POINT, { n: Number(arrowOf(event)?.dataset.n) || null });
  const open = (event) => {
    const arrow = arrowOf(event);
    if (arrow) wish(arrows, WISH.SELECT, { id: Number(arrow.dataset.id), open: true });
  };
  calls.addEventListener('click', (event) => {
    const call = event.target.closest('.call');
    if (call) wish(calls, WISH.SELECT, { id: Number(call.dataset.id) });
  });
  arrows.addEventListener('pointerover', point);
  arrows.addEventListener('pointerleave', () => wish(arrows, WISH.POINT, { n: null }));
  arrows.addEventListener('focusin', point);
  arrows.addEventListener('focusout', () => wish(arrows, WISH.POINT, { n: null }));
  arrows.addEventListener('click', open);
  arrows.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    if (event.key === ' ' && arrowOf(event)?.querySelector('.arrow__held')) return; // delivers
    event.preventDefault();
    open(event);
  });
}
