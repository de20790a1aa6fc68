/* hand.js - the wishes about the wire: each asks the program, and what it
 * answers goes into the store. */
import {
  decide, getWire, inject, patchWire, resetWire, stopRun,
} from './api.js';
import { DECISIONS } from './decide.js';
import { WISH } from './events.js';
import { heldInHand, heldSegments } from './held.js';
import { isInHand } from './store.js';

const LOAD_MS = 150; // most runs are over by then
const SLIDE_MS = 120; // a slider speaks this seldom

/** Wishes -> what to do; tried(promise) shows what goes wrong. */
export function wireWishes({ state, dispatch }, tried) {
  const told = async (promise) => {
    const { id } = state().run;
    const wire = await tried(promise);
    if (wire) dispatch({ type: 'wire', run: id, wire });
  };
  const patch = (change) => isInHand(state()) && told(patchWire(state().run.id, change));
  const slide = later(patch);
  return {
    [WISH.HOLD]: ({ on, from }) => {
      if (!from) dispatch({ type: 'hold', on });
      patch({ hold: from ? { [from]: on } : on });
    },
    [WISH.SWALLOW]: ({ on }) => patch({ swallow: on }),
    [WISH.CONDITION]: ({ change }) => {
      if (isInHand(state())) slide(change);
      else dispatch({ type: 'conditions', change });
    },
    [WISH.SEED]: ({ seed }) => {
      if (isInHand(state())) patch({ seed: seed ?? 0 });
      else dispatch({ type: 'seed', seed });
    },
    [WISH.ADD_RULE]: ({ words }) => {
      if (isInHand(state())) patch({ rules: { add: [words] } });
      else dispatch({ type: 'rules', list: [...state().rules, words] });
    },
    [WISH.REMOVE_RULE]: ({ name }) => {
      if (isInHand(state())) patch({ rules: { remove: [name] } });
      else dispatch({ type: 'rules', list: state().rules.toSpliced(Number(name) - 1, 1) });
    },
    [WISH.RESET_WIRE]: () => isInHand(state()) && told(resetWire(state().run.id)),
    [WISH.STOP]: () => tried(stopRun(state().run.id)),
    [WISH.UNFOLD]: ({ n }) => dispatch({ type: 'unfold', n }),
    [WISH.ANSWER]: ({ n }) => dispatch({ type: 'answer', n }),
    [WISH.DECIDE]: (wanted) => settle(wanted, { state, dispatch }, tried),
    [WISH.INJECT]: ({ body }) => isInHand(state()) && tried(inject(state().run.id, body)),
  };
}

/** A subscriber that asks for the settings of a live wire as soon as somebody
 * has to do with it: something waits, or its panel is open. */
export function wireLoader({ state, dispatch }) {
  let asked = null; // id of the run whose wire was asked for
  const load = async (id) => {
    if (state().run?.id !== id || !isInHand(state())) return;
    const wire = await getWire(id).catch(() => null); // it may end meanwhile
    if (wire) dispatch({ type: 'wire', run: id, wire });
  };
  return (now) => {
    const wanted = now.panel === 'wire' || heldSegments(now.model).length > 0;
    if (!wanted || !isInHand(now) || asked === now.run.id) return;
    asked = now.run.id;
    setTimeout(load, LOAD_MS, asked);
  };
}

/* A decision counts at once, so that it cannot be taken twice; when it was
 * refused, the segment is in hand again. */
async function settle({ n, body, key }, { state, dispatch }, tried) {
  const { run, model, step, decided } = state();
  if (!isInHand(state())) return;
  const number = n ?? heldInHand(model, step, decided)?.n;
  const what = body ?? DECISIONS.find((each) => each.key === key).body;
  if (number === undefined || decided[number]) return;
  dispatch({ type: 'decided', run: run.id, n: number, what: what.do });
  const answer = await tried(decide(run.id, number, what));
  if (!answer) dispatch({ type: 'undecided', n: number });
}

/* Call work with all changes of the last moment together. */
function later(work) {
  let waiting = null;
  return (change) => {
    const fresh = waiting === null;
    waiting = { ...waiting, ...change };
    if (!fresh) return;
    setTimeout(() => {
      const all = waiting;
      waiting = null;
      work(all);
    }, SLIDE_MS);
  };
}
