/* predictsession.js - a round of predictions about one run: what is asked, what
 * was chosen, what came of it. Pure: (session, action) -> session.
 *
 * Phases: idle; starting (a run was asked for); waiting (for a segment to be
 * held); asked; released (committed, the kernels have the word); told; over. */
import { echoes } from './echoes.js';
import { heldSegments } from './held.js';
import { outcomeOf, questionAbout, roleOf } from './predict.js';

export const emptySession = Object.freeze({
  phase: 'idle', run: null, question: null, chosen: null, outcome: null,
  asked: [], // {n, kind, chosen, outcome, right}, what was guessed here
  turns: {}, // role -> questions asked about it, in all rounds
  showScore: true,
});

const actions = {
  start: (s) => ({ ...emptySession, phase: 'starting', turns: s.turns, showScore: s.showScore }),
  stop: (s) => ({ ...emptySession, turns: s.turns, showScore: s.showScore }),
  score: (s, { on }) => ({ ...s, showScore: on }),
  choose: (s, { choice }) => (s.phase === 'asked' ? { ...s, chosen: choice } : s),
  fate: (s, { fate, state }) => (s.phase === 'asked' ? asking(s, state, s.question.n, fate) : s),
  commit: (s, { state, byClass = false }) =>
    (s.phase === 'asked' && (byClass || s.chosen !== null) ? committed(s, state) : s),
  next: (s, { state }) =>
    (s.phase === 'told' ? sync({ ...s, phase: 'waiting', question: null }, state, 0) : s),
  sync: (s, { state, quietMs }) => sync(s, state, quietMs),
};

/** The session after an action: {do: 'start' | 'stop' | 'score' | 'choose' | 'fate' |
 * 'commit' | 'next' | 'sync', ...}. Actions that look at the run bring the page's
 * state; sync brings how long nothing has happened (ms), commit whether a class
 * guesses: then nobody at this page has to. */
export function reduceSession(session, action) {
  return actions[action.do](session, action);
}

/* What the kernels sent again while somebody was thinking answers nothing. */
function committed(s, { events }) {
  const since = events.at(-1)?.id ?? 0;
  return { ...s, phase: 'released', question: { ...s.question, since } };
}

/* Phases that end when their run is gone from the page. */
const BOUND = new Set(['waiting', 'asked', 'released', 'told', 'over']);

function sync(s, state, quietMs) {
  const { run } = state;
  if (BOUND.has(s.phase) && run?.id !== s.run) return actions.stop(s);
  if (state.moment !== null) return s; // somebody looks back meanwhile
  return phases[s.phase]?.(s, state, quietMs) ?? s;
}

const phases = {
  starting: (s, { run, started, starting }) =>
    (run && run.id === started && !starting ? { ...s, phase: 'waiting', run: run.id } : s),
  waiting(s, state) {
    const segment = nextHeld(state);
    if (segment) return asking(s, state, segment.n, 'deliver');
    return state.run.phase === 'ended' ? { ...s, phase: 'over' } : s;
  },
  asked(s, state) {
    const still = nextHeld(state)?.n === s.question.n;
    return still ? s : sync({ ...s, phase: 'waiting', question: null }, state, 0);
  },
  released(s, state, quietMs) {
    const outcome = outcomeOf(s.question, state.events, quietMs);
    if (!outcome) return s;
    const { chosen, question: { n, kind } } = s;
    const right = chosen === outcome.choice;
    const own = chosen === null ? [] : [{ n, kind, chosen, outcome, right }];
    return { ...s, phase: 'told', outcome, asked: [...s.asked, ...own] };
  },
};

function nextHeld({ model, decided }) {
  const passed = new Set(echoes(model, decided));
  return heldSegments(model, decided).find((segment) => !passed.has(segment));
}

/** What is thrown away unasked while a round goes on. */
export const unasked = ({ phase }, { model, decided, moment }) =>
  (BOUND.has(phase) && moment === null ? echoes(model, decided) : []);

function asking(s, { model }, n, fate) {
  const segment = model.segments.find((each) => each.n === n);
  const role = roleOf(segment);
  const isSame = s.question?.n === n;
  const turn = isSame ? s.turn : (s.turns[role] ?? 0);
  const turns = isSame ? s.turns : { ...s.turns, [role]: turn + 1 };
  const question = questionAbout(model, segment, { fate, turn });
  return { ...s, phase: 'asked', question, chosen: null, outcome: null, turn, turns };
}

/** {right, all} of what was asked so far. */
export function scoreOf({ asked }) {
  return { right: asked.filter(({ right }) => right).length, all: asked.length };
}
