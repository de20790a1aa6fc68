/* practice.js - the view of exercises: goals, blanks to fill in, segments to put
 * in order. Each exercise has an address, "#practice/fill/RUN". */
import { getRun, listRuns, startRun } from './api.js';
import { h, keyed, setText } from './dom.js';
import { WISH, wish } from './events.js';
import { isFit } from './exercise.js';
import { createFilling } from './filling.js';
import { GOALS } from './goals.js';
import { offersWire } from './links.js';
import { emptyModel, foldMany } from './model.js';
import { createOrdering } from './ordering.js';
import { formatView } from './route.js';
import { texts } from './texts.js';

const t = texts.practice;
const KINDS = { fill: createFilling, order: createOrdering };
const FRESH = 'classic'; // a handshake with something said afterwards

/** Bring the view in el to life; returns {update(state, [kind, run])}.
 * @returns {Lab.Component} */
export function mount(el, lab) {
  el.classList.add('practice');
  const list = overview(el, lab);
  const exercise = h('section', { className: 'panel exercise', hidden: true });
  el.append(exercise);
  let shown = '';
  const open = async (kind, id) => {
    const run = await lab.tried(getRun(id));
    if (!run || shown !== `${kind}/${id}`) return;
    const model = foldMany(emptyModel, run.events);
    exercise.replaceChildren(h('a', { className: 'plain', href: formatView('practice') }, t.back),
      h('h1', {}, t[kind].title), h('p', { className: 'quiet' }, run.title));
    if (!isFit(model)) exercise.append(h('p', {}, t.run.none));
    else KINDS[kind](exercise, { run, model, relative: lab.store.state().relative });
    exercise.querySelector('h1').setAttribute('tabindex', '-1');
    exercise.querySelector('h1').focus();
  };
  return {
    update(state, [kind, id]) {
      const wanted = KINDS[kind] && id ? `${kind}/${id}` : '';
      list.el.hidden = wanted !== '';
      exercise.hidden = wanted === '';
      list.update(state);
      if (wanted === shown) return;
      shown = wanted;
      exercise.replaceChildren();
      if (wanted) open(kind, id);
    },
  };
}

function overview(el, lab) {
  const goals = h('ul', { className: 'goals' });
  const needs = h('p', { className: 'quiet' }, t.goals.needs);
  const makers = Object.keys(KINDS).map((kind) => maker(kind, lab));
  const box = h('div', { className: 'practice__all' },
    h('h1', {}, t.title), h('p', { className: 'practice__intro' }, t.intro),
    h('div', { className: 'practice__makers' }, ...makers.map((each) => each.el)),
    h('section', { className: 'panel practice__goals' }, h('h2', {}, t.goals.title),
      h('p', { className: 'quiet' }, t.goals.text), needs, goals));
  el.append(box);
  goals.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (button) wish(goals, WISH.GOAL, { id: button.dataset.goal });
  });
  return {
    el: box,
    update(state) {
      const can = offersWire(state);
      needs.hidden = can;
      const done = state.goalsMet ?? [];
      keyed(goals, GOALS.map(({ id }) => ({ id, can, met: done.includes(id) })), {
        make: makeGoal, update: updateGoal,
      });
      for (const each of makers) each.update(state);
    },
  };
}

function makeGoal({ id }) {
  const button = { 'type': 'button', 'className': 'plain', 'data-goal': id };
  return h('li', { className: 'goal-row' }, h('b', { className: 'goal-row__mark' }),
    h('span', {}, texts.goals[id].text), h('button', button, t.goals.try));
}

function updateGoal(node, { can, met }) {
  const [mark, text, button] = node.children;
  setText(mark, met ? '✓' : '');
  if (met) mark.setAttribute('aria-label', t.goals.met);
  node.classList.toggle('is-met', met);
  button.disabled = !can;
  button.setAttribute('aria-label', `${t.goals.try}: ${text.textContent}`);
}

/* An exercise to be made from a recent run, or from a fresh one. */
function maker(kind, lab) {
  const select = h('select', { 'aria-label': t.run.label });
  const start = h('button', { type: 'submit', className: 'start' }, t[kind].start);
  const form = h('form', { className: 'panel maker' }, h('h2', {}, t[kind].title),
    h('p', { className: 'quiet' }, t[kind].text),
    h('label', {}, h('span', {}, t.run.label), select), start);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    start.disabled = true;
    const id = select.value || await lab.tried(freshRun(lab));
    start.disabled = false;
    if (id) window.location.hash = formatView('practice', kind, id);
  });
  return {
    el: form,
    update({ runs }) {
      const ended = runs.filter((run) => run.phase === 'ended' && run.segment_count >= 3);
      const items = [{ id: 'fresh', value: '', text: t.run.fresh }, ...ended.map((run) =>
        ({ id: run.id, value: run.id, text: `${run.title ?? run.scenario} · ${run.id}` }))];
      keyed(select, items, {
        make: ({ value }) => h('option', { value }),
        update: (node, { text }) => setText(node, text),
      });
    },
  };
}

/* The page's list of runs gets to know it too. */
async function freshRun({ store }) {
  const id = await startRun({ scenario: FRESH, wait: true });
  store.dispatch({ type: 'runs', list: await listRuns() });
  return id;
}
