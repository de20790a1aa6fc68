/* pairview.js - the view in which two runs are compared, "#compare/A/B", with a
 * pair of events looked at, "#compare/A/B/12/14" (0: none); and where there are
 * not two, the pairs to choose from, "#compare" or "#compare/A". */
import { h, setText } from './dom.js';
import { WISH } from './events.js';
import { formatRoute, formatView } from './route.js';
import * as chooser from './pairchooser.js';
import * as diagram from './pairdiagram.js';
import { differencesOf, wireDifferences } from './pairdiff.js';
import { makeScales, makeSides } from './paircontrols.js';
import { pairSegments } from './pairing.js';
import * as list from './pairlist.js';
import { openSide } from './pairload.js';
import * as sheet from './pairsheet.js';
import * as table from './pairtable.js';
import { texts } from './texts.js';
import { moodOf } from './verdict.js';

const t = texts.compare;
const NONE = Object.freeze([null, null]);

/* What is looked at, before anything is. */
const fresh = Object.freeze({
  scale: 'steps', shown: 0, chosen: NONE, pointed: NONE, unfolded: Object.freeze([[], []]),
});

/** Bring the view in el to life; returns {update(state, [a, b, at a, at b])}. */
export function mount(el, lab) {
  el.classList.add('compare');
  const choose = chooser.mount(lab);
  const pair = createPair(el, lab);
  el.append(choose.el, pair.el);
  return {
    update(state, args) {
      const [a = null, b = null] = args;
      const isPair = a !== null && b !== null;
      choose.el.hidden = isPair;
      pair.el.hidden = !isPair;
      if (isPair) pair.update(state, args);
      else choose.update(state, a);
    },
  };
}

/* Two runs: {el, update(state, args)}; wishes about them rise in `around`. */
function createPair(around, lab) {
  const parts = build();
  const memo = {};
  let sides = [];
  let view = fresh;
  let relative = true;
  let shown = null; // the arguments that were last

  const again = withRests(() => {
    if (!sides.every(({ run }) => run)) return;
    show(parts, { ...view, ...madeOf(sides, memo), sides, relative });
  });
  const change = (what) => {
    view = { ...view, ...what };
    again();
  };
  const open = (ids, files) => {
    for (const side of sides) side.stop();
    sides = ids.map((id) => openSide(id, files[id] ?? null, again));
    view = { ...fresh, scale: view.scale };
    parts.el.classList.add('is-loading');
    lab.tried(Promise.all(sides.map(({ ready }) => ready)));
  };
  listen(around, parts, { change, sides: () => sides, view: () => view });
  return {
    el: parts.el,
    update(state, args) {
      const [a, b, ...at] = args;
      relative = state.relative;
      if (shown?.[0] !== a || shown?.[1] !== b) open([a, b], state.files);
      if (args !== shown) view = { ...view, chosen: [0, 1].map((i) => Number(at[i]) || null) };
      shown = args;
      again();
    },
  };
}

/* Work with the next frame, and with a rest after it as long as it took three times:
 * two long runs that are alive leave the page its time. */
function withRests(work) {
  let waiting = false;
  let free = 0;
  const now = () => {
    waiting = false;
    const begin = performance.now();
    work();
    const end = performance.now();
    free = end + 3 * (end - begin);
  };
  return () => {
    if (waiting) return;
    waiting = true;
    const rest = free - performance.now();
    if (rest > 16) setTimeout(now, rest);
    else requestAnimationFrame(now);
  };
}

/* What follows from the runs alone, made anew only when they have changed. */
function madeOf(sides, memo) {
  const models = sides.map(({ model }) => model);
  if (memo.made && models.every((model, i) => model === memo.models[i])) return memo.made;
  const steps = pairSegments(models[0].segments, models[1].segments);
  memo.models = models;
  memo.made = { steps, wire: wireDifferences(steps), differences: differencesOf(sides, steps) };
  return memo.made;
}

function build() {
  const cards = t.names.map((name) => h('a', { className: 'panel pair__card' },
    h('b', { className: 'pair__name' }, name), h('span', { className: 'pair__run' }),
    h('span', { className: 'pair__badge' }), h('span', { className: 'pair__says' }),
    h('span', { className: 'pair__meta' })));
  const swap = h('a', { className: 'plain pair__swap', title: t.swap, ariaLabel: t.swap }, '⇄');
  const scales = makeScales();
  const seen = makeSides();
  const zoom = h('div', { 'className': 'zoom', 'role': 'group',
    'aria-label': texts.diagram.zoom.label });
  const about = h('p', { className: 'diagram__note' });
  const bar = h('div', { className: 'diagram__bar' },
    h('div', { className: 'diagram__tools' }, seen.el, scales.el, zoom), about);
  const picture = h('section', { 'className': 'panel diagram pair', 'aria-label': t.pictures },
    bar);
  const parts = {
    cards, swap, scales, seen, about, picture, figures: table.mount(), list: list.mount(),
    diagram: diagram.mount(picture, zoom), sheet: sheet.mount(),
  };
  const top = h('div', { className: 'pair__top' }, h('h1', {}, t.title),
    h('a', { className: 'plain', href: formatView('compare') }, t.back));
  const both = h('div', { className: 'pair__cards' }, cards[0], swap, cards[1]);
  const told = h('div', { className: 'pair__told' }, parts.figures.el, parts.list.el);
  parts.el = h('div', { className: 'pair__all', hidden: true }, top, both, told, picture,
    parts.sheet.el);
  return parts;
}

function show(parts, view) {
  const { sides, scale } = view;
  parts.el.classList.remove('is-loading');
  sides.forEach((side, i) => showCard(parts.cards[i], side));
  parts.swap.href = formatView('compare', sides[1].id, sides[0].id);
  setText(parts.about, t.scales.about[scale]);
  parts.scales.update(scale);
  parts.seen.update(view.shown);
  parts.figures.update(view);
  parts.list.update(view);
  parts.diagram.update(view);
  parts.sheet.update(view);
}

function showCard(card, { id, run, model }) {
  const [, title, badge, says, meta] = card.children;
  const code = model.end?.verdict?.code ?? 'running';
  card.href = formatRoute(id);
  card.title = t.lab;
  card.dataset.mood = moodOf(model.end);
  setText(title, run.title ?? run.scenario);
  setText(badge, texts.verdict.codes[code] ?? code);
  setText(says, model.end?.verdict?.text ?? texts.verdict.runningText);
  setText(meta, [run.ip && texts.ip[run.ip], run.link, texts.verdict.run(id)]
    .filter(Boolean).join(' · '));
}

/* Wishes that rise in the view, and keys. */
function listen(el, parts, { change, sides, view }) {
  const look = (at) => {
    change({ chosen: at });
    const ids = sides().map(({ id }) => id);
    const shown = at.some(Boolean) ? at.map((id) => id ?? 0) : [];
    window.history.replaceState(null, '', formatView('compare', ...ids, ...shown));
  };
  const work = {
    [WISH.PAIR_LOOK]: ({ at, reveal = false }) => {
      look(at);
      if (reveal) requestAnimationFrame(() => parts.diagram.reveal(at));
    },
    [WISH.PAIR_POINT]: ({ pointed }) => change({ pointed }),
    [WISH.PAIR_SCALE]: ({ scale }) => change({ scale }),
    [WISH.PAIR_SHOW]: ({ side }) => change({ shown: side }),
    [WISH.PAIR_UNFOLD]: ({ side, n }) => change({
      unfolded: view().unfolded.map((own, i) => (i === side ? toggled(own, n) : own)),
    }),
  };
  for (const [name, does] of Object.entries(work)) {
    el.addEventListener(name, (event) => {
      event.stopPropagation();
      does(event.detail);
    });
  }
  el.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && view().chosen.some(Boolean)) look(NONE);
  });
}

const toggled = (own, n) => (own.includes(n) ? own.filter((each) => each !== n) : [...own, n]);
