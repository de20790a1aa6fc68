/* pairdiagram.js - two pictures on one scale with the spine between them: lays
 * them out, draws what is in sight of them, and turns pointing and clicking into
 * wishes. Where there is no room for both, one is shown at a time; as both have
 * the same rows, changing over shows what differs. */
import { charsIn, cutTo, fontFor } from './columns.js';
import { h, setText } from './dom.js';
import { drawCaptions, drawHeads } from './draw.js';
import { WISH, wish } from './events.js';
import { listenTo, listenToKeys, makeButtons } from './gestures.js';
import { pairLayout } from './pairlayout.js';
import { drawSpine, eventsOf, marksOf } from './pairspine.js';
import { drawPicture, layersOf } from './picture.js';
import { listenToArrows } from './pointing.js';
import { inSight } from './sight.js';
import { badge, label, s, setAttributes } from './svg.js';
import { texts } from './texts.js';
import { Viewport } from './viewport.js';

const t = texts.compare;
const SIDES = [0, 1];
const SPINE = 7.6; // of the font size
const NARROW = 700; // px: less has no room for two

/** Build it in el; zoom is a box for its buttons. Returns {update(view), reveal(at)}:
 * view = {sides, steps, wire, scale, relative, unfolded, chosen, shown}: wire are
 * the differences on the wire, shown the side that is seen where only one is. */
export function mount(el, zoom) {
  const parts = build(el);
  const { frame, sheet } = parts;
  const last = { view: null, key: [], shapes: null, about: '' };
  const viewport = new Viewport(frame, sheet, () => last.view && draw(last.view));
  const buttons = makeButtons(zoom, viewport);
  listenTo(frame, viewport);
  listenToKeys(viewport);
  const shapesOf = (view) => {
    const narrow = frame.clientWidth < NARROW;
    const about = `${view.sides.map(({ id }) => id)} ${view.scale}`;
    if (last.about !== about) viewport.reset(view.scale === 'true');
    last.about = about;
    const tall = view.scale === 'true' ? viewport.tall : undefined;
    const width = narrow ? frame.clientWidth : widthOfEach(frame.clientWidth);
    const { scale, relative, unfolded, sides, steps } = view;
    const key = [width, tall, scale, relative, unfolded, steps, ...sides.map(({ model }) => model)];
    if (key.some((part, i) => part !== last.key[i])) {
      const models = sides.map(({ model }) => model);
      last.shapes = pairLayout(models, width, steps, { scale, relative, unfolded, tall });
      last.marks = marksOf(steps, last.shapes, view.wire);
    }
    last.key = key;
    return last.shapes;
  };
  const draw = (view) => {
    last.view = view;
    if (frame.clientWidth === 0) return;
    const shapes = shapesOf(view);
    const place = placeOf(shapes, frame, view.shown);
    paint(parts, { view, shapes, place, marks: last.marks }, viewport);
    for (const side of SIDES) parts.keepStop[side](shapes[side]);
    buttons.update();
  };
  parts.keepStop = SIDES.map((side) =>
    listenToArrows(parts.layers[side], { viewport, shapes: () => last.shapes[side] }));
  listenToPair(parts, last);
  new ResizeObserver(() => last.view && draw(last.view)).observe(frame);
  const reveal = (at) => {
    const ys = at.flatMap((id, side) => last.shapes?.[side].y.get(id) ?? []);
    if (ys.length > 0) viewport.reveal(Math.min(...ys) - 30, Math.max(...ys) + 60, 0.55);
  };
  return { update: draw, reveal };
}

/* The letters of the spine are as large as those of the pictures, and those as the
 * pictures are wide. */
function widthOfEach(width) {
  const font = fontFor(Math.floor((width - SPINE * fontFor(width / 2)) / 2));
  return Math.floor((width - SPINE * font) / 2);
}

function build(el) {
  const roots = SIDES.map((side) => s('svg', { class: 'pair__picture', role: 'group' },
    s('title', { id: `pair-title-${side}` })));
  const spine = s('svg', { 'class': 'pair__spine', 'aria-hidden': 'true' });
  const heads = s('svg', { 'class': 'diagram__heads', 'aria-hidden': 'true' },
    ...SIDES.map(() => s('g', {}, s('g'), s('g'), s('g'))));
  const whole = s('svg', { class: 'pair__whole' }, roots[0], spine, roots[1]);
  const sheet = h('div', { className: 'diagram__sheet pair__sheet' }, whole);
  const frame = h('div', { className: 'diagram__frame pair__frame' }, heads, sheet);
  el.append(frame);
  SIDES.forEach((side) => roots[side].setAttribute('aria-labelledby', `pair-title-${side}`));
  const layers = roots.map(layersOf);
  return { el, frame, sheet, whole, roots, spine, heads, layers, keepStop: [] };
}

/* x and visibility of both pictures, and of the spine. */
function placeOf(shapes, frame, shown) {
  const [a, b] = shapes.map(({ columns }) => columns.width);
  const { font } = shapes[0].columns;
  if (frame.clientWidth < NARROW) {
    const seen = SIDES.map((side) => side === shown);
    return { width: shown === 0 ? a : b, x: [0, 0], seen, font };
  }
  const gap = Math.max(SPINE * font, frame.clientWidth - a - b);
  return { width: a + gap + b, x: [0, a + gap], seen: [true, true], spine: { x: a, gap }, font };
}

/* One picture around both, which is scaled as a whole. */
function paint(parts, { view, shapes, place, marks }, viewport) {
  parts.frame.classList.toggle('is-single', !place.spine);
  paintHeads(parts, { view, shapes, place }, viewport);
  const height = Math.ceil(Math.max(...shapes.map((each) => each.height)));
  const part = viewport.show(place.width, height);
  const from = part ? Math.max(0, Math.floor(part.from)) : 0;
  const to = part ? Math.min(height, part.to) : height;
  const { size } = viewport;
  setAttributes(parts.whole, {
    'viewBox': `0 ${from} ${place.width} ${to - from}`,
    'width': place.width * size, 'height': (to - from) * size,
  });
  parts.whole.style.insetBlockStart = `${from * size}px`;
  for (const side of SIDES) {
    const seen = part ? inSight(shapes[side], from, to) : shapes[side];
    paintSide(parts.roots[side], { view, side, place, seen, whole: shapes[side] }, { from, to });
  }
  paintSpine(parts.spine, { view, place, marks, from, to });
}

function paintSide(root, { view, side, place, seen, whole }, part) {
  const { events, model, run } = view.sides[side];
  setAttributes(root, { x: place.x[side], y: part.from });
  root.style.display = place.seen[side] ? 'block' : 'none';
  setText(root.querySelector('title'),
    t.picture(t.names[side], run?.title ?? '', model.segments.length));
  const { relative, chosen, pointed } = view;
  const state = { model, events, relative, step: chosen[side], pointed: pointed[side] };
  drawPicture(root, seen, state, part);
  drawOver(root, whole, model);
  const title = part.from > 0 ? [] : titleParts(whole.columns, side, run); // paper has no other
  groupOf(root, 'pair__head').replaceChildren(...title);
}

/* The group of that name at the end of a picture. */
function groupOf(root, name) {
  const found = root.querySelector(`:scope > .${name}`) ?? s('g', { class: name });
  if (!found.isConnected) root.append(found);
  return found;
}

/* Below the end of a run nothing was observed any more. */
function drawOver(root, { columns: { width, font }, y, bottom }, { end }) {
  const at = end ? y.get(end.id) : undefined;
  const isShort = at === undefined || bottom - at < font * 8;
  groupOf(root, 'pair__over').replaceChildren(...(isShort ? [] : [
    s('rect', { x: 0, y: at + font, width, height: bottom - at }),
    label(t.over, width / 2, at + font * 2.2, { 'text-anchor': 'middle' }),
  ]));
}

function paintSpine(root, { view, place, marks, from, to }) {
  root.style.display = place.spine ? 'block' : 'none';
  if (!place.spine) return;
  const { x, gap } = place.spine;
  setAttributes(root, {
    x, 'y': from, 'width': gap, 'height': to - from, 'viewBox': `0 ${from} ${gap} ${to - from}`,
    'font-size': place.font,
  });
  const near = marks.filter(({ y }) => y.some((each) => each > from - 60 && each < to + 60));
  drawSpine(root, near, { width: gap, font: place.font, chosen: view.chosen });
}

/* Which run is which, and whose column is whose, stays in sight. */
function paintHeads({ heads, sheet }, { view, shapes, place }, viewport) {
  const height = Math.ceil(Math.max(...shapes.map(({ top }) => top)));
  viewport.heads = height;
  const { size } = viewport;
  sheet.style.marginBlockStart = `${-height * size}px`;
  setAttributes(heads, {
    'viewBox': `0 0 ${place.width} ${height}`, 'width': place.width * size,
    'height': height * size, 'font-size': place.font,
  });
  for (const side of SIDES) {
    const box = heads.children[side];
    setAttributes(box, {
      transform: `translate(${place.x[side]} 0)`, display: place.seen[side] ? null : 'none',
    });
    const [names, captions, title] = box.children;
    drawHeads(names, shapes[side]);
    drawCaptions(captions, shapes[side]);
    title.replaceChildren(...titleParts(shapes[side].columns, side, view.sides[side].run));
  }
}

function titleParts({ wire, line, font }, side, run) {
  const text = cutTo(run?.title ?? '', charsIn(wire.width - font * 3, font * 0.95));
  return [
    badge({ x: wire.middle, y: line * 1.05 }, t.names[side], font * 0.85, 'pair__letter'),
    label(text, wire.middle, line * 2.45, { 'class': 'pair__title', 'text-anchor': 'middle' }),
  ];
}

/* What the pictures wish is meant for this view, not for the lab. */
function listenToPair({ el, roots, spine }, last) {
  const sideOf = (event) => roots.findIndex((root) => root.contains(event.target));
  const stepWith = (side, n) => last.view.steps.find((step) => [step.a, step.b][side]?.n === n);
  const heard = (name, work) => el.addEventListener(name, (event) => {
    const side = sideOf(event);
    if (side < 0) return;
    event.stopPropagation();
    work(side, event.detail);
  });
  heard(WISH.SELECT, (side, { id }) => {
    const n = last.view.sides[side].events[id - 1]?.n;
    const step = stepWith(side, n);
    const alone = SIDES.map((each) => (each === side ? id : null));
    wish(el, WISH.PAIR_LOOK, { at: step ? eventsOf(step) : alone });
  });
  heard(WISH.POINT, (side, { n }) => {
    const step = n === null ? null : stepWith(side, n);
    const likes = [step?.a, step?.b].map((segment) => segment?.n ?? null);
    const pointed = SIDES.map((each) => (each === side ? n : likes[each]));
    wish(el, WISH.PAIR_POINT, { pointed });
  });
  heard(WISH.UNFOLD, (side, { n }) => wish(el, WISH.PAIR_UNFOLD, { side, n }));
  spine.addEventListener('click', (event) => {
    const mark = event.target.closest('.mark');
    if (mark) wish(el, WISH.PAIR_LOOK, { at: eventsOf(last.view.steps[Number(mark.dataset.id)]) });
  });
}
