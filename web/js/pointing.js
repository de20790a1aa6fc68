/* pointing.js - pointing, clicking and keys on what is drawn, as wishes. */
import { WISH, wish } from './events.js';
import { ABOVE_PLAYER } from './viewport.js';

const MOVES = { ArrowDown: 1, ArrowUp: -1 }; // the other keys move through the run

/** Listen on the layers of a picture. shapes() gives what is laid out, of which
 * only a part may be drawn. Returns keepStop(shapes), to be called after each
 * drawing: one arrow can be reached by Tab, the others from there. */
export function listenToArrows(layers, { viewport, shapes }) {
  const { arrows, calls, notes, clusters } = layers;
  const { sheet } = viewport;
  pointAt(arrows, sheet);
  open(arrows);
  calls.addEventListener('click', (event) => {
    const call = event.target.closest('.call');
    if (call) wish(calls, WISH.SELECT, { id: Number(call.dataset.id) });
  });
  press(notes, '.note[data-flood]', (note) => unfold(notes, note.dataset.flood));
  press(clusters, '.cluster', ({ dataset }) => {
    const found = shapes().clusters.find(({ id }) => id === Number(dataset.id));
    if (found) viewport.magnify(found.top, found.end);
  });
  arrows.addEventListener('keydown', (event) => move(event, arrows, { viewport, shapes }));
  onFocus(sheet, arrows, 'focusin', (event) => {
    stopAt(arrows, arrowOf(event));
    bringFocused(arrowOf(event), { viewport, shapes });
  });
  return () => keepStop(arrows);
}

const unfold = (el, n) => wish(el, WISH.UNFOLD, { n: Number(n) });
const arrowOf = (event) => event.target.closest?.('.arrow');

function pointAt(arrows, sheet) {
  const point = (event) => {
    const { n = null } = arrowOf(event)?.dataset ?? {};
    wish(arrows, WISH.POINT, { n: Number(n) || n }); // an ICMP message has a name
  };
  const leave = () => wish(arrows, WISH.POINT, { n: null });
  arrows.addEventListener('pointerover', point);
  arrows.addEventListener('pointerleave', leave);
  onFocus(sheet, arrows, 'focusin', point);
  onFocus(sheet, arrows, 'focusout', leave);
}

/* What listens for the focus is a stop of its own where it is SVG: so the sheet
 * listens, perhaps for another picture too. */
function onFocus(sheet, layer, name, work) {
  sheet.addEventListener(name, (event) => {
    if (layer.contains(event.target)) work(event);
  });
}

/* A segment opens its card; a flood shows its segments. */
function open(arrows) {
  const opened = (event) => {
    const arrow = arrowOf(event);
    if (!arrow) return;
    const { flood, id } = arrow.dataset;
    if (flood) unfold(arrows, flood);
    else wish(arrows, WISH.SELECT, { id: Number(id), open: true });
  };
  arrows.addEventListener('click', opened);
  arrows.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    if (event.key === ' ' && arrowOf(event)?.matches('.is-held')) return; // delivers
    event.preventDefault();
    opened(event);
  });
}

/* What is a button in SVG: by mouse, Enter and space. */
function press(layer, selector, work) {
  layer.addEventListener('click', (event) => {
    const found = event.target.closest(selector);
    if (found) work(found);
  });
  layer.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    const found = event.target.closest(selector);
    if (!found) return;
    event.preventDefault();
    work(found);
  });
}

/* Along the arrows in the order they were sent, also to those that are not drawn:
 * first they are brought into sight. */
function move(event, layer, { viewport, shapes }) {
  const by = MOVES[event.key];
  const from = Number(arrowOf(event)?.dataset.id);
  if (by === undefined || !from) return;
  event.preventDefault();
  const { arrows, floods } = shapes();
  const all = [...arrows, ...floods].sort((a, b) => a.id - b.id);
  const at = all.findIndex(({ id }) => id === from);
  const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
  viewport.reveal(next.top, next.end);
  viewport.redraw();
  layer.querySelector(`.arrow[data-id="${next.id}"]`)?.focus({ preventScroll: true });
}

/* What Tab leads to is not left below the heads, nor behind the player. */
function bringFocused(el, { viewport, shapes }) {
  if (!el.matches(':focus-visible')) return; // else it was pressed where it is
  const { arrows, floods } = shapes();
  const found = [...arrows, ...floods].find(({ id }) => id === Number(el.dataset.id));
  if (found) viewport.reveal(found.top, found.end, ABOVE_PLAYER);
}

function stopAt(layer, chosen) {
  if (!chosen) return;
  for (const el of layer.children) el.setAttribute('tabindex', el === chosen ? '0' : '-1');
}

function keepStop(layer) {
  const all = [...layer.children];
  if (!all.some((el) => el.getAttribute('tabindex') === '0')) stopAt(layer, all[0]);
}
