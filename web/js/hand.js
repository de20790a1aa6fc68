/* hand.js - the wishes about the wire: each asks the program, and what it
 * answers goes into the store. */
import { decide, inject, patchWire, resetWire } from './api.js';
import { DECISIONS } from './decide.js';
import { WISH } from './events.js';
import { heldInHand } from './held.js';
import { isInHand } from './store.js';

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
    [WISH.ADD_RULE]: ({ words }) => patch({ rules: { add: [words] } }),
    [WISH.REMOVE_RULE]: ({ name }) => patch({ rules: { remove: [name] } }),
    [WISH.RESET_WIRE]: () => isInHand(state()) && told(resetWire(state().run.id)),
    [WISH.UNFOLD]: ({ n }) => dispatch({ type: 'unfold', n }),
    [WISH.ANSWER]: ({ n }) => dispatch({ type: 'answer', n }),
    [WISH.DECIDE]: (wanted) => settle(wanted, { state, dispatch }, tried),
    [WISH.INJECT]: ({ body }) => isInHand(state()) && tried(inject(state().run.id, body)),
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
