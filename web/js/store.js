/* store.js - the page's whole state: (state, action) -> state.
 *
 * The reducer is pure; createStore() holds the only mutable variable of the
 * page. `moment` is the id of the newest event shown, null for all of them. */
import { emptyModel, fold } from './model.js';

export const initialState = Object.freeze({
  scenarios: [],
  scenario: null, // id of the chosen one
  ip: 4,
  runs: [], // newest first
  starting: false,
  started: null, // id of the run this page has just begun
  run: null, // {id, title, scenario, phase, fresh}
  events: [],
  model: emptyModel, // the events up to `moment`, folded
  moment: null,
  step: null, // id of the selected event
  pointed: null, // number of the segment under the pointer
  details: {}, // segment number -> its bytes and fields
  panel: 'story',
  relative: true,
  connection: 'idle', // idle, live, lost
  problem: null, // a sentence
});

const reducers = {
  scenarios: (s, { list }) => ({ ...s, scenarios: list, scenario: s.scenario ?? list[0]?.id }),
  runs: (s, { list }) => ({ ...s, runs: list }),
  scenario: (s, { id }) => ({ ...s, scenario: id }),
  ip: (s, { ip }) => ({ ...s, ip }),
  starting: (s) => ({ ...s, starting: true, problem: null }),
  started: (s, { id }) => ({ ...s, started: id }),
  problem: (s, { text }) => ({ ...s, problem: text, starting: false }),
  connection: (s, { status }) => ({ ...s, connection: status }),
  numbers: (s, { relative }) => ({ ...s, relative }),
  panel: (s, { panel }) => ({ ...s, panel }),
  pointed: (s, { n }) => (s.pointed === n ? s : { ...s, pointed: n }),
  opened: (s, { run }) => ({
    ...cleared(s), run: { ...run, fresh: run.id === s.started }, starting: false, problem: null,
  }),
  closed: (s) => cleared(s),
  events: (s, { run, list }) => (s.run?.id === run ? withEvents(s, list) : s),
  moment: (s, { id }) => ({ ...s, moment: id, model: foldAll(upTo(s.events, id)) }),
  step: selected,
  detail: (s, { run, n, detail }) =>
    (s.run?.id === run ? { ...s, details: { ...s.details, [n]: detail } } : s),
};

/** The state after an action; an unknown one changes nothing. */
export function reduce(state, action) {
  return reducers[action.type]?.(state, action) ?? state;
}

function cleared(s) {
  const { events, model, moment, step, pointed, details, panel, connection } = initialState;
  return { ...s, run: null, events, model, moment, step, pointed, details, panel, connection };
}

/* Every event once and in order, whatever a reconnect repeats. */
function withEvents(s, list) {
  const fresh = [];
  let newest = s.events.at(-1)?.id ?? 0;
  for (const event of list) {
    if (event.id !== newest + 1) continue;
    fresh.push(event);
    newest = event.id;
  }
  if (fresh.length === 0) return s;
  const model = s.moment === null ? fresh.reduce(fold, s.model) : s.model;
  const phase = fresh.some(isEnd) ? 'ended' : s.run.phase;
  return { ...s, events: [...s.events, ...fresh], model, run: { ...s.run, phase } };
}

function isEnd(event) {
  return event.kind === 'run' && event.phase === 'end';
}

/* Opening shows a segment's card; going to what has none shows the story. */
function selected(s, { id, open = false }) {
  const isSegment = s.events.find((event) => event.id === id)?.kind === 'segment';
  const panel = isSegment && open ? 'card' : s.panel;
  return { ...s, step: id, panel: isSegment ? panel : 'story' };
}

function upTo(events, id) {
  return id === null ? events : events.filter((event) => event.id <= id);
}

function foldAll(events) {
  return events.reduce(fold, emptyModel);
}

/** The selected segment, or undefined. */
export function selectedSegment(state) {
  return state.model.segments.find((segment) => segment.id === state.step);
}

/** Id of the segment `by` places from the selected one; from nothing, or from
 * an event in between, the nearest that way. null when there is none. */
export function neighbour(state, by) {
  const ids = state.model.segments.map((segment) => segment.id);
  const from = state.step ?? (by > 0 ? 0 : Infinity);
  const beyond = ids.filter((id) => (by > 0 ? id > from : id < from));
  return (by > 0 ? beyond[0] : beyond.at(-1)) ?? null;
}

/** A store: dispatch(action), state(), and subscribers called at most once a
 * frame with the newest state. */
export function createStore(schedule = (work) => requestAnimationFrame(work)) {
  let state = initialState;
  let waiting = false;
  const subscribers = [];
  const tell = () => {
    waiting = false;
    for (const each of subscribers) each(state);
  };
  return {
    state: () => state,
    subscribe: (each) => subscribers.push(each),
    dispatch(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      if (!waiting) schedule(tell);
      waiting = true;
    },
  };
}
