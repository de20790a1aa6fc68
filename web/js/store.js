/* store.js - the page's whole state: (state, action) -> state.
 *
 * The reducer is pure; createStore() holds the only mutable variable of the
 * page. `moment` is the id of the newest event shown, null for all of them, and
 * `step` the id of the selected one: see route.js for how they go together. */
import { emptyHistory, foldMore, modelAt } from './moments.js';
import { straight } from './request.js';

/* What is known and shown of a run, before there is one. */
const noRun = Object.freeze({
  run: null, // {id, title, scenario, link, phase, fresh}
  events: [],
  ...emptyHistory, // whole, marks: all events folded, and checkpoints of that
  model: emptyHistory.whole, // the events up to `moment`, folded
  moment: null,
  playing: false, // the moment moves on by itself
  step: null, // id of the selected event
  pointed: null, // number of the segment under the pointer
  details: {}, // segment number -> its bytes and fields
  connection: 'idle', // idle, live, lost
  wire: null, // settings of the live run's wire, as the program said last
  decided: {}, // segment number -> what was decided, until its event comes
  unfolded: [], // segments whose repeats are shown one by one
  origin: null, // ms of this page's clock at which the run began
  answering: null, // {n, at}: the segment that the forge is to answer
});

/** @type {Readonly<Lab.State>} */
export const initialState = Object.freeze({
  view: { name: 'lab', args: [] }, // which part of the page is shown, and what it is about
  scenarios: [],
  scenario: null, // id of the chosen one
  ip: 4,
  caps: null, // what this machine allows
  link: null, // the chosen one; null: the best there is
  hold: false, // the next run stops each segment on the wire
  conditions: straight, // of the next run's wire
  rules: [], // of the next run's wire, in words
  seed: null,
  long: false, // the long form of a scenario that has one
  runs: [], // newest first
  starting: false,
  started: null, // id of the run this page has just begun
  ...noRun,
  panel: 'story',
  relative: true,
  scale: 'squeezed', // of the diagram: scales.js
  projector: false, // big type, few controls
  notes: false, // the presenter's notes are shown
  pace: 'even-3', // how the player plays, see playback.js
  voice: 'all', // what is read aloud, see voice.js
  goal: null, // {id, run}: what is to be brought about in that run
  goalsMet: [], // ids, since the page was opened
  files: {}, // id -> {run, details, about, address} of runs that came out of files
  told: null, // a sentence on what was done
  problem: null, // a sentence
});

/** @type {Record<string, (s: Lab.State, action: any) => Lab.State>} */
const reducers = {
  projector: (s) => ({ ...s, projector: !s.projector }),
  notes: (s) => ({ ...s, notes: !s.notes }),
  anew: (s) => ({
    ...cleared(s), ...choices(), scenario: s.scenarios[0]?.id ?? null, panel: 'story', goal: null,
  }),
  goal: (s, { goal }) => ({ ...s, goal }),
  goalMet: (s, { id }) =>
    (s.goalsMet.includes(id) ? s : { ...s, goalsMet: [...s.goalsMet, id] }),
  view: (s, { view }) => ({ ...s, view }),
  scenarios: (s, { list }) => {
    const known = s.scenarios.filter(({ whole }) => whole);
    const scenarios = withAbouts(list, known);
    const chosen = scenarios.find(({ id }) => id === (s.run?.scenario ?? s.scenario));
    return { ...s, scenarios, scenario: (chosen ?? scenarios[0])?.id };
  },
  abouts: (s, { list }) => ({ ...s, scenarios: withAbouts(s.scenarios, list) }),
  runs: (s, { list }) => ({ ...s, runs: list }),
  scenario: (s, { id }) => ({ ...s, scenario: id }),
  ip: (s, { ip }) => ({ ...s, ip }),
  caps: (s, { caps }) => ({ ...s, caps }),
  link: (s, { link }) => ({ ...s, link }),
  hold: (s, { on }) => ({ ...s, hold: on }),
  conditions: (s, { change }) => ({ ...s, conditions: { ...s.conditions, ...change } }),
  rules: (s, { list }) => ({ ...s, rules: list }),
  seed: (s, { seed }) => ({ ...s, seed }),
  long: (s, { on }) => ({ ...s, long: on }),
  wire: (s, { run, wire }) => (s.run?.id === run ? { ...s, wire } : s),
  decided: (s, { run, n, what }) =>
    (s.run?.id === run ? { ...s, decided: { ...s.decided, [n]: what } } : s),
  undecided: (s, { n }) => ({ ...s, decided: { ...s.decided, [n]: undefined } }),
  unfold: (s, { n }) => ({ ...s, unfolded: toggled(s.unfolded, n) }),
  answer: (s, { n }) =>
    ({ ...s, panel: 'forge', answering: { n, at: (s.answering?.at ?? 0) + 1 } }),
  starting: (s) => ({ ...s, starting: true, problem: null }),
  started: (s, { id }) => ({ ...s, started: id }),
  problem: (s, { text }) => ({ ...s, problem: text, starting: false }),
  connection: (s, { status }) => ({ ...s, connection: status }),
  numbers: (s, { relative }) => ({ ...s, relative }),
  scale: (s, { scale }) => ({ ...s, scale }),
  panel: (s, { panel }) => ({ ...s, panel }),
  pointed: (s, { n }) => (s.pointed === n ? s : { ...s, pointed: n }),
  opened: (s, { run, details = {} }) => ({
    ...cleared(s),
    details,
    scenario: s.scenarios.some(({ id }) => id === run.scenario) ? run.scenario : s.scenario,
    run: { ...run, fresh: run.id === s.started },
    starting: false,
    problem: null,
  }),
  file: (s, { id, file }) => ({ ...cleared(s), files: { ...s.files, [id]: file } }),
  told: (s, { text }) => ({ ...s, told: text, problem: null }),
  closed: (s) => cleared(s),
  events: (s, { run, list, now }) => (s.run?.id === run ? withEvents(s, list, now) : s),
  moment: moved,
  playing: (s, { on }) => ({ ...s, playing: on }),
  pace: (s, { pace }) => ({ ...s, pace }),
  voice: (s, { voice }) => ({ ...s, voice }),
  step: selected,
  detail: (s, { run, n, detail }) =>
    (s.run?.id === run ? { ...s, details: { ...s.details, [n]: detail } } : s),
};

/** The scenarios with all there is to say of some; those of no list stand alone.
 * @type {(scenarios: Lab.Scenario[], list: Lab.Scenario[]) => Lab.Scenario[]} */
function withAbouts(scenarios, list) {
  const known = new Map(list.map((each) => [each.id, { ...each, whole: true }]));
  if (scenarios.length === 0) return [...known.values()];
  return scenarios.map((each) => known.get(each.id) ?? each);
}

/* What is chosen for the next run, as the page begins. */
function choices() {
  const { ip, link, hold, conditions, seed, long } = initialState;
  return { ip, link, hold, conditions, seed, long };
}

/** The state after an action; an unknown one changes nothing.
 * @param {Lab.State} state
 * @param {Lab.Action} action */
export function reduce(state, action) {
  return reducers[action.type]?.(state, action) ?? state;
}

/** @type {(s: Lab.State) => Lab.State} */
function cleared(s) {
  return { ...s, ...noRun, panel: withoutCard(s.panel) };
}

/** @param {string} panel */
const withoutCard = (panel) => (panel === 'card' ? 'story' : panel);

/** Those of a list that go on where events end: every event once and in order,
 * whatever a reconnect repeats.
 * @param {Lab.Event[]} events
 * @param {Lab.Event[]} list */
export function newOf(events, list) {
  /** @type {Lab.Event[]} */
  const fresh = [];
  let newest = events.at(-1)?.id ?? 0;
  for (const event of list) {
    if (event.id !== newest + 1) continue;
    fresh.push(event);
    newest = event.id;
  }
  return fresh;
}

/** @type {(s: Lab.State, list: Lab.Event[], now?: number) => Lab.State} */
function withEvents(s, list, now) {
  const fresh = newOf(s.events, list);
  if (fresh.length === 0 || !s.run) return s;
  const history = { events: [...s.events, ...fresh], ...foldMore(s, fresh) };
  const model = modelAt(history, s.moment, s.model);
  const phase = fresh.some(isEnd) ? 'ended' : s.run.phase;
  const origin = beginning(s.origin, fresh, now);
  return { ...s, ...history, model, run: { ...s.run, phase }, origin };
}

/** An event that was just made tells when its run began, on this page's clock;
 * the way here takes time, so the earliest guess is the best.
 * @type {(origin: number | null, fresh: Lab.Event[], now?: number) => number | null} */
function beginning(origin, fresh, now) {
  if (now === undefined || fresh.length === 0) return origin;
  return Math.min(origin ?? Infinity, now - fresh[fresh.length - 1].t_ns / 1e6);
}

/** Segments are stopped on the wire: on the live one, or on the next.
 * @param {Lab.State} state */
export function isHolding(state) {
  const { wire, hold } = state;
  if (!isInHand(state) || !wire) return hold;
  return Boolean(wire.hold.client || wire.hold.server);
}

/** @type {(list: number[], n: number) => number[]} */
const toggled = (list, n) => (list.includes(n) ? list.filter((each) => each !== n) : [...list, n]);

/** @param {Lab.Event} event */
function isEnd(event) {
  return event.kind === 'run' && event.phase === 'end';
}

/** Opening shows a segment's card; going to what has none leaves the card.
 * @type {(s: Lab.State, action: {id: number, open?: boolean}) => Lab.State} */
function selected(s, { id, open = false }) {
  const isSegment = s.events[id - 1]?.kind === 'segment';
  if (!isSegment) return { ...s, step: id, playing: false, panel: withoutCard(s.panel) };
  return { ...s, step: id, playing: false, panel: open ? 'card' : s.panel };
}

/** To another moment. What is selected goes with it, unless it is named; an open
 * card shows the segment the moment is about. To all there is, nothing is
 * selected anew.
 * @type {(s: Lab.State, action: {id: number | null, step?: number | null}) => Lab.State} */
function moved(s, { id: wanted, step }) {
  const most = s.run?.phase === 'ended' ? s.events.length : Infinity;
  const id = wanted === null ? null : Math.min(wanted, most);
  const model = modelAt(s, id, s.model);
  return { ...s, moment: id, model, step: step === undefined ? followed(s, model, id) : step };
}

/** @type {(s: Lab.State, model: Lab.Model, id: number | null) => number | null} */
function followed(s, { segments }, id) {
  if (id === null || s.panel !== 'card') return id ?? s.step;
  const { n } = /** @type {Lab.AnyEvent} */ (s.events[id - 1] ?? {});
  const about = segments.find((segment) => segment.n === n) ?? segments.at(-1);
  return about?.id ?? id;
}

/** The run shown is alive and its segments pass through the program's hands.
 * @param {Pick<Lab.State, 'run' | 'moment'>} state */
export function isInHand({ run, moment }) {
  return run?.phase === 'running' && run.link === 'wire' && moment === null;
}

/** The selected segment, or undefined.
 * @param {Pick<Lab.State, 'model' | 'step'>} state */
export function selectedSegment(state) {
  return state.model.segments.find((segment) => segment.id === state.step);
}

/** Id of the segment `by` places from the selected one; from nothing, or from
 * an event in between, the nearest that way. null when there is none.
 * @param {Lab.State} state
 * @param {number} by */
export function neighbour(state, by) {
  const ids = state.model.segments.map((segment) => segment.id);
  const from = state.step ?? (by > 0 ? 0 : Infinity);
  const beyond = ids.filter((id) => (by > 0 ? id > from : id < from));
  return (by > 0 ? beyond[0] : beyond.at(-1)) ?? null;
}

/** A store: dispatch(action), state(), and subscribers called at most once a
 * frame with the newest state.
 * @param {(work: () => void) => void} schedule
 * @returns {Lab.Store} */
export function createStore(schedule = (work) => requestAnimationFrame(work)) {
  /** @type {Lab.State} */
  let state = initialState;
  let waiting = false;
  /** @type {((state: Lab.State) => void)[]} */
  const subscribers = [];
  const tell = () => {
    waiting = false;
    for (const each of subscribers) each(state);
  };
  return {
    state: () => state,
    subscribe(each) {
      subscribers.push(each);
    },
    dispatch(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      if (!waiting) schedule(tell);
      waiting = true;
    },
  };
}
