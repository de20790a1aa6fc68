/* predicting.js - the panel that asks before each held segment is let go.
 *
 * It keeps its session (predictsession.js) to itself: the rest of the page shows
 * the same held run with or without it. */
import { h, keyed, setText } from './dom.js';
import { WISH, wish } from './events.js';
import { offersWire } from './links.js';
import { createClass } from './classroom.js';
import { saysOf } from './numbering.js';
import { NOBODY, OTHER } from './predict.js';
import { emptySession, reduceSession, scoreOf, unasked } from './predictsession.js';
import { numberText } from './predicttext.js';
import { texts } from './texts.js';

const t = texts.predict;
const LOOK_MS = 100; // while the kernels have the word
const MOST_REASONS = 2; // at once; the others behind a disclosure

/** Bring the panel in el to life; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(el) {
  const parts = build(el);
  const room = createClass(el.querySelector('.predict__class'), () => draw());
  /** @type {any} */
  let session = emptySession;
  let state = null;
  let quietSince = 0;
  let newest = 0;
  const draw = () => {
    if (state) show(parts, session, state, room);
  };
  const act = (action) => {
    const before = session;
    session = reduceSession(session, { ...action, state });
    if (session === before) return;
    room.follow(session, choiceText(session, state));
    draw();
    keepFocus(parts, before, session);
  };
  const look = () => {
    if (session.phase !== 'released') return;
    act({ do: 'sync', quietMs: performance.now() - quietSince });
    setTimeout(look, LOOK_MS);
  };
  listen(parts, act, async () => {
    const { question } = session;
    const byClass = room.isOpen();
    if (!mayCommit(session, byClass)) return;
    quietSince = performance.now();
    act({ do: 'commit', byClass });
    await room.settled();
    quietSince = performance.now();
    wish(el, WISH.DECIDE, { n: question.n, body: { do: question.fate } });
    look();
  });
  return {
    update(next) {
      state = next;
      const id = next.events.at(-1)?.id ?? 0;
      if (id !== newest) quietSince = performance.now();
      newest = id;
      act({ do: 'sync', quietMs: performance.now() - quietSince });
      room.update(state);
      draw();
      throwAway(el, unasked(session, state));
    },
  };
}

function build(el) {
  const make = (name, className, ...children) => h(name, { className }, ...children);
  const parts = {
    intro: make('p', 'predict__intro', t.intro),
    begin: h('button', { type: 'button', className: 'start predict__begin' }, t.begin),
    note: make('p', 'predict__note quiet'),
    about: make('p', 'predict__about'),
    fate: h('fieldset', { className: 'segmented is-small predict__fate' },
      h('legend', { className: 'visually-hidden' }, t.fate.label),
      ...['deliver', 'drop'].map((fate) => h('label', {},
        h('input', { type: 'radio', name: 'predict-fate', value: fate }),
        h('span', {}, t.fate[fate])))),
    ask: h('legend', { className: 'predict__ask' }),
    choices: make('div', 'predict__choices'),
    votes: h('p', { className: 'predict__votes', role: 'status' }),
    commit: h('button', { type: 'submit', className: 'start predict__commit' }),
    told: h('div', { className: 'predict__told', role: 'status' }),
    next: h('button', { type: 'button', className: 'start predict__next' }, t.goOn),
    score: make('p', 'predict__score'),
    showScore: h('input', { type: 'checkbox', name: 'predict-score' }),
  };
  const form = h('form', { className: 'predict__form' }, parts.about, parts.fate,
    h('fieldset', { className: 'predict__question' }, parts.ask, parts.choices),
    parts.votes, parts.commit);
  const foot = h('div', { className: 'predict__foot' }, parts.score,
    h('label', { className: 'check' }, parts.showScore, h('span', {}, t.showScore)));
  el.append(parts.intro, parts.begin, parts.note, form, parts.told, parts.next, foot,
    make('div', 'predict__class'));
  return { el, foot, form, ...parts };
}

function listen({ el, begin, form, fate, choices, next, showScore }, act, commit) {
  begin.addEventListener('click', () => {
    act({ do: 'start' });
    wish(el, WISH.PREDICT);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    commit();
  });
  fate.addEventListener('change', (event) => act({ do: 'fate', fate: event.target.value }));
  choices.addEventListener('change', (event) => act({ do: 'choose', choice: event.target.value }));
  next.addEventListener('click', () => act({ do: 'next' }));
  showScore.addEventListener('change', () => act({ do: 'score', on: showScore.checked }));
}

/* The kernels' timers do not wait for whoever thinks. After this update, since it
 * changes the state. */
function throwAway(el, list) {
  for (const { n } of list) {
    queueMicrotask(() => wish(el, WISH.DECIDE, { n, body: { do: 'drop' } }));
  }
}

/** The words of each choice of the question asked, by choice. */
function choiceText({ question }, state) {
  return new Map((question?.choices ?? []).map((choice) =>
    [choice, wordsOf(question, choice, state)]));
}

function wordsOf(question, choice, state) {
  const { kind, before } = question;
  if (choice === OTHER) return t.other;
  if (choice === NOBODY) return t.nobody[kind];
  if (kind === 'ack') return numberText(choice, question, state);
  return kind === 'state' && choice === before ? t.sameState(choice) : t.choice[kind](choice);
}

const IDLE = new Set(['idle', 'over']);

/* Where a class guesses, the one at the projector gives nothing away. */
const mayCommit = ({ phase, chosen }, byClass) =>
  phase === 'asked' && (byClass || chosen !== null);

function show(parts, session, state, room) {
  const { phase, question, showScore } = session;
  parts.el.classList.toggle('is-class', room.isOpen());
  const asks = question !== null && ['asked', 'released', 'told'].includes(phase);
  parts.intro.hidden = phase !== 'idle';
  parts.begin.hidden = !IDLE.has(phase);
  parts.begin.disabled = !offersWire(state) || !state.scenario;
  setText(parts.begin, phase === 'over' ? t.again : t.begin);
  setText(parts.note, noteOf(session, state));
  parts.form.hidden = !asks;
  parts.commit.hidden = phase !== 'asked';
  parts.commit.disabled = !mayCommit(session, room.isOpen());
  parts.next.hidden = phase !== 'told';
  parts.told.hidden = phase !== 'told';
  const score = scoreOf(session);
  parts.foot.hidden = phase === 'idle';
  parts.showScore.checked = showScore;
  setText(parts.score, showScore && score.all > 0 ? t.score(score) : '');
  if (asks) showQuestion(parts, session, state, room);
  if (phase === 'told') tell(parts, session, state);
}

function noteOf({ phase }, state) {
  if (!offersWire(state)) return t.needs;
  const { starting, waiting, released, over, timers } = t;
  return { starting, waiting, released, over }[phase] ?? timers;
}

function showQuestion(parts, session, state, room) {
  const { question, phase, chosen, outcome } = session;
  const tally = room.tally();
  setText(parts.about, t.about(question));
  setText(parts.ask, t.ask[question.kind](question));
  setText(parts.votes, tally ? texts.room.voters(tally.voters) : '');
  const own = chosen !== null || !room.isOpen();
  setText(parts.commit, (own ? t.commit : t.fate)[question.fate]);
  for (const input of parts.fate.querySelectorAll('input')) {
    input.checked = input.value === question.fate;
    input.disabled = phase !== 'asked';
  }
  const items = question.choices.map((choice, i) => ({
    id: choice, text: wordsOf(question, choice, state), chosen: choice === chosen,
    still: phase === 'asked', truth: phase === 'told' && choice === outcome.choice,
    count: tally?.counts ? { n: tally.counts[i], of: tally.voters } : null,
  }));
  keyed(parts.choices, items, { make: makeChoice, update: updateChoice });
}

function makeChoice({ id }) {
  const part = (name) => h('span', { className: `guess__${name}` });
  return h('label', { className: 'guess' },
    h('input', { type: 'radio', name: 'predict-choice', value: id }),
    part('text'), part('mark'), part('count'));
}

function updateChoice(node, { text, chosen, still, truth, count }) {
  const [input, words, mark, votes] = node.children;
  input.checked = chosen;
  input.disabled = !still;
  setText(words, text);
  setText(mark, [truth && t.true, !still && chosen && !truth && t.yours].filter(Boolean).join(' '));
  setText(votes, count ? texts.room.count(count.n, count.of) : '');
  node.style.setProperty('--share', `${count ? (100 * count.n) / Math.max(1, count.of) : 0}%`);
  node.className = `guess${truth ? ' is-true' : ''}${chosen ? ' is-chosen' : ''}`;
}

/* Whether it was right, if anybody here guessed; what happened, and always why. */
function tell({ told }, session, state) {
  const { question, outcome, chosen } = session;
  const right = chosen === null ? null : chosen === outcome.choice;
  const truth = wordsOf(question, outcome.truth, state);
  const why = outcome.because.length > 0
    ? saysOf(outcome.because, state.relative) : [{ text: t.quiet[question.kind] }];
  const item = { right, truth, why };
  keyed(told, [{ ...item, id: `${question.n} ${question.kind}` }], {
    make: () => h('div', {}),
    update: (node) => node.replaceChildren(
      verdictOf(right, t.truth(truth)),
      reasons(why.slice(0, MOST_REASONS)),
      why.length > MOST_REASONS
        ? h('details', {}, h('summary', {}, t.more), reasons(why.slice(MOST_REASONS))) : ''),
  });
}

function verdictOf(right, truth) {
  if (right === null) return h('p', { className: 'predict__verdict' }, truth);
  return h('p', { className: `predict__verdict ${right ? 'is-right' : 'is-wrong'}` },
    h('b', {}, right ? `✓ ${t.right}` : `✗ ${t.wrong}`), ` ${truth}`);
}

function reasons(list) {
  return h('ul', { className: 'predict__why' }, ...list.map(({ text, rfc }) =>
    h('li', {}, text, rfc ? h('span', { className: 'rfc' }, ` ${rfc}`) : null)));
}

/* The keyboard goes where the round goes: to the choices, then to "go on". */
function keepFocus(parts, before, { phase }) {
  const at = document.activeElement;
  const here = parts.el.contains(at) || at === document.body;
  if (before.phase === phase || !here || parts.el.hidden) return;
  if (phase === 'told' && parts.el.classList.contains('is-class')) showCounts(parts);
  else if (phase === 'told') parts.next.focus();
  if (phase === 'asked') parts.choices.querySelector('input')?.focus();
}

/* A class looks at the votes first, and at what happened. */
function showCounts({ choices, next }) {
  next.focus({ preventScroll: true });
  choices.parentElement.scrollIntoView({ block: 'start' });
}
