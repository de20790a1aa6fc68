/* tape.js - the sequence numbers each host has used, under the diagram: which
 * segment took which, what is acknowledged, what was sent again. */
import { h, setText } from './dom.js';
import { drawTape, makeTape, sumOf } from './drawtape.js';
import { WISH, wish } from './events.js';
import { moveByte } from './header.js';
import { widthOf } from './measure.js';
import { conversationsOf } from './sequence.js';
import { selectedSegment } from './store.js';
import { shapeTape } from './tapeshape.js';
import { texts } from './texts.js';

const HOSTS = ['client', 'server'];
const FONT = 0.76; // of the page's

/** Bring the tape in el to life; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(el) {
  const view = makeView(el);
  let shown = null; // the last state, to draw again when the width changes
  let key = [];
  let step = null;
  const keepRoom = makeRoom(el);
  const update = (state) => {
    shown = state;
    const talks = talksOf(view, state.model);
    const room = keepRoom(state);
    el.hidden = state.run === null || (talks.length === 0 && room === 0);
    for (const { section } of view.sides) section.hidden = talks.length === 0;
    if (el.hidden || talks.length === 0 || width() === 0) return;
    const selected = selectedSegment(state)?.n ?? null;
    const looked = state.pointed ?? selected;
    const { model, projector, relative } = state;
    const next = [model, width(), projector, relative, selected, looked, view.open];
    if (next.every((part, i) => part === key[i])) return;
    key = next;
    const font = fontOf(view, `${width()} ${projector}`);
    draw(view, talks, { width: width(), font, selected, looked, relative });
    if (state.step !== step) reveal(view);
    step = state.step;
  };
  const redraw = () => shown && update(shown);
  const width = widthOf(view.sides[0].section, redraw);
  listen(el, view, redraw);
  return { update };
}

function makeView(el) {
  const which = h('span', { className: 'tape__which' });
  const button = (name, by) => {
    const props = { type: 'button', className: 'icon', ariaLabel: texts.tape[name] };
    const node = h('button', props, by < 0 ? '‹' : '›');
    node.dataset.by = by;
    return node;
  };
  const buttons = [button('before', -1), which, button('after', 1)];
  const pager = h('p', { className: 'tape__walk' }, ...buttons);
  const head = h('div', { className: 'tape__head' },
    h('h2', { className: 'tape__heading' }, texts.tape.label),
    h('p', { className: 'tape__note quiet' }, texts.tape.note), pager);
  const sides = HOSTS.map(makeSide);
  el.replaceChildren(head, ...sides.map((side) => side.section));
  const nothing = { model: null, talks: [], talk: null, font: 0, about: null };
  return { pager, which, sides, open: [], ...nothing };
}

/* At a moment the tape keeps the room that it had with more of the run, so that
 * what stands below does not move. The result says how much that is. */
function makeRoom(el) {
  let [run, width, most] = [null, 0, 0];
  new ResizeObserver(() => {
    if (el.hidden) return;
    most = el.offsetWidth === width ? Math.max(most, el.offsetHeight) : el.offsetHeight;
    width = el.offsetWidth;
  }).observe(el);
  return (state) => {
    if (state.run?.id !== run) most = 0;
    run = state.run?.id ?? null;
    const room = state.moment === null ? 0 : most;
    el.style.minBlockSize = room > 0 ? `${room}px` : '';
    return room;
  };
}

function makeSide(host) {
  const tape = makeTape();
  const sum = h('p', { className: 'tape__sum quiet' });
  const frame = h('div', { className: 'tape__frame' }, tape.root);
  const title = h('h3', { className: 'tape__title' }, texts.tape.title[host]);
  const section = h('section', { className: `tape__side is-${host}` }, title, sum, frame);
  return { host, tape, sum, frame, section };
}

/* px; asked for when the page's letters may have another size. */
function fontOf(view, about) {
  if (view.about !== about) {
    view.font = parseFloat(getComputedStyle(view.sides[0].section).fontSize) * FONT;
  }
  view.about = about;
  return view.font;
}

/* Conversations of a model, found once. */
function talksOf(view, model) {
  if (view.model !== model) view.talks = conversationsOf(model);
  view.model = model;
  return view.talks;
}

function draw(view, talks, about) {
  const at = Math.max(0, talks.findIndex(({ ns }) => ns.includes(about.selected)));
  view.talk = at;
  const talk = talks[at];
  view.pager.hidden = talks.length < 2;
  setText(view.which, texts.tape.which(at + 1, talks.length, talk.ends));
  for (const { host, tape, sum, frame } of view.sides) {
    const side = talk.sides[host];
    const own = { ...about, open: view.open, by: firstAck(side) };
    setText(sum, sumOf(side, about.relative));
    frame.hidden = side.base === null;
    drawTape(tape, shapeTape(side, own), side, own);
  }
  setStop(view);
}

/* Number of the first segment that arrived and acknowledges everything before
 * `to`. */
const firstAck = ({ acks }) => (to) => acks.find(({ at, came }) => came && at >= to)?.n;

/* One tab stop for both tapes. */
function setStop(view, node = null) {
  const items = view.sides.flatMap(({ tape }) => [...tape.root.querySelectorAll('.tape__item')]);
  const stop = node ?? items.find((item) => item.getAttribute('tabindex') === '0') ?? items[0];
  for (const item of items) item.setAttribute('tabindex', item === stop ? '0' : '-1');
}

/* What is selected is brought into sight where the tape is longer than its
 * frame. */
function reveal({ sides }) {
  for (const { frame, tape } of sides) {
    const item = tape.root.querySelector('.is-selected');
    if (!item || frame.scrollWidth <= frame.clientWidth) continue;
    frame.scrollLeft = Number(item.dataset.x) - frame.clientWidth / 2;
  }
}

/* --- pointing and walking ------------------------------------------------ */

const PRESSES = new Set(['Enter', ' ']);
const itemOf = ({ target }) => target.closest?.('.tape__item');

function listen(el, view, redraw) {
  const point = (event) => wish(el, WISH.POINT, { n: Number(itemOf(event)?.dataset.n) || null });
  const away = () => wish(el, WISH.POINT, { n: null });
  el.addEventListener('pointerover', point);
  el.addEventListener('pointerleave', away);
  el.addEventListener('focusin', (event) => {
    if (!itemOf(event)) return;
    setStop(view, itemOf(event));
    point(event);
  });
  el.addEventListener('focusout', away);
  el.addEventListener('click', (event) => {
    const by = event.target.closest('[data-by]')?.dataset.by;
    if (by) walkTo(el, view, Number(by));
    else if (itemOf(event)) press(el, view, itemOf(event), redraw);
  });
  el.addEventListener('keydown', (event) => {
    const item = itemOf(event);
    if (!item || event.altKey || event.metaKey) return;
    const isPress = PRESSES.has(event.key);
    if (isPress) press(el, view, item, redraw);
    if (isPress || walk(view, item, event)) event.preventDefault();
  });
}

/* A fold opens, and the focus goes to its first; a segment is opened. */
function press(el, view, { dataset: { fold, first, event } }, redraw) {
  if (!fold) {
    wish(el, WISH.SELECT, { id: Number(event), open: true });
    return;
  }
  view.open = [...view.open, fold];
  redraw();
  el.querySelector(`.block[data-n="${first}"]`)?.focus();
}

/* To the first segment of the conversation before or after. */
function walkTo(el, { talks, talk, model }, by) {
  const to = talks[(talk + by + talks.length) % talks.length];
  const first = model.segments.find(({ n }) => n === to.ns[0]);
  wish(el, WISH.SELECT, { id: first.id });
}

function walk(view, item, { key, ctrlKey: far }) {
  const rows = rowsOf(view);
  const items = rows.flat();
  const own = items.find(({ node }) => node === item);
  const to = moveByte(rows, own.at, { key, far });
  if (to === null) return ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'].includes(key);
  items[to].node.focus();
  return true;
}

/* What can be walked, row by row from above: segments, then what acknowledges
 * them, first the client's numbers, then the server's. */
function rowsOf({ sides }) {
  const rows = new Map();
  for (const { host, tape } of sides) {
    const items = [...tape.root.querySelectorAll('.tape__item')];
    const rank = ({ dataset: { row } }) => (row === 'acks' ? Infinity : Number(row));
    items.sort((a, b) => rank(a) - rank(b) || a.dataset.x - b.dataset.x);
    for (const node of items) {
      const name = `${host} ${node.dataset.row}`;
      rows.set(name, [...(rows.get(name) ?? []), { node, x: Number(node.dataset.x) }]);
    }
  }
  let at = -1;
  return [...rows.values()].map((row) => row.map((item) => ({ ...item, at: (at += 1) })));
}
