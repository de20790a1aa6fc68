/* verdict.js - one line on how the run stands, and what was expected of it. */
import { h, keyed, setText } from './dom.js';
import { heldSegments } from './held.js';
import { isInHand } from './store.js';
import { texts } from './texts.js';

const GOOD = new Set(['established']);

/** Bring the verdict in el to life; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(el) {
  const parts = {
    el,
    badge: el.querySelector('.verdict__badge'),
    text: el.querySelector('.verdict__text'),
    room: el.querySelector('.verdict__room'),
    title: el.querySelector('.verdict__title'),
    meta: el.querySelector('.verdict__meta'),
    list: el.querySelector('.expect'),
    box: el.querySelector('.verdict__expect'),
    count: el.querySelector('.verdict__count'),
  };
  return { update: (state) => update(parts, state) };
}

function update(parts, state) {
  const { run, model, whole } = state;
  parts.el.hidden = run === null;
  if (!run) return;
  const isPast = state.moment !== null && !model.end;
  if (isPast) showPast(parts, model);
  else showStanding(parts, state);
  parts.box.classList.toggle('is-yet', isPast);
  setText(parts.room, whole.end?.verdict?.text ?? '');
  setText(parts.title, run.title);
  setText(parts.meta, metaText(run, whole));
  showExpectations(parts, whole.end?.expect ?? []);
}

function showStanding({ el, badge, text }, state) {
  const { end } = state.model;
  const code = end?.verdict?.code ?? 'running';
  el.dataset.mood = moodOf(end);
  setText(badge, texts.verdict.codes[code] ?? code);
  setText(text, standing(state, end?.verdict));
}

/* A moment before the end. */
function showPast({ el, badge, text }, { last }) {
  el.dataset.mood = 'then';
  setText(badge, texts.then.badge(last?.t_ns ?? 0));
  setText(text, texts.then.text);
}

/** The mood of a run's last event: good, other (a result that was wanted, or
 * that just is), bad, or running while there is none. */
export function moodOf(end) {
  const { verdict, expect = [] } = end ?? {};
  if (!verdict) return 'running';
  if (expect.some((each) => !each.met) || verdict.code === 'error') return 'bad';
  return GOOD.has(verdict.code) ? 'good' : 'other';
}

function standing(state, verdict) {
  if (verdict) return verdict.text;
  if (state.connection === 'lost') return texts.verdict.lost;
  const waiting = isInHand(state) ? heldSegments(state.model, state.decided).length : 0;
  return waiting > 0 ? texts.verdict.waiting(waiting) : texts.verdict.runningText;
}

function metaText(run, { begin }) {
  const parts = [texts.verdict.run(run.id), begin?.link, begin?.kernel && `Linux ${begin.kernel}`];
  return parts.filter(Boolean).join(' · ');
}

function showExpectations({ box, count, list }, expect) {
  box.hidden = expect.length === 0;
  const met = expect.filter((each) => each.met).length;
  box.classList.toggle('is-unmet', met < expect.length);
  setText(count, texts.verdict.expectations(met, expect.length));
  keyed(list, expect.map((each, id) => ({ ...each, id })), {
    make: () => h('li', { className: 'expect__item' }),
    update(node, { what, met: ok, seen }) {
      const word = ok ? texts.verdict.met : texts.verdict.unmet;
      node.classList.toggle('is-unmet', !ok);
      node.replaceChildren(
        h('b', { className: 'expect__mark', role: 'img', 'aria-label': word }, ok ? '✓' : '✗'),
        h('span', {}, what),
        h('span', { className: 'expect__seen' }, seen && seen !== what ? ` · ${seen}` : ''),
      );
    },
  });
}
