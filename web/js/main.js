/* main.js - puts the page together: components get the state, wishes become
 * actions, and the program is asked for what is missing. */
import { aboutLoader } from './abouts.js';
import {
  createFollower, getCapabilities, getRun, listRuns, listScenarios, patchWire, startRun,
} from './api.js';
import * as controls from './controls.js';
import * as empty from './empty.js';
import { WISH } from './events.js';
import { fileWishes, openAddress } from './filing.js';
import { wireLoader, wireWishes } from './hand.js';
import * as keyboard from './keyboard.js';
import * as languages from './language.js';
import { calm, fetchRunParts, later, laterWhen, partOfRun } from './later.js';
import { isAlone } from './links.js';
import * as machine from './machine.js';
import * as notice from './notice.js';
import * as opener from './opener.js';
import * as paper from './paper.js';
import { addressKeeper, keptChoices, playerWishes } from './playing.js';
import { startBody } from './request.js';
import { formatRoute, parseRoute } from './route.js';
import * as runs from './runs.js';
import * as side from './side.js';
import { createStore, isInHand, neighbour } from './store.js';
import * as story from './story.js';
import * as teaching from './teaching.js';
import { texts } from './texts.js';
import * as theme from './theme.js';
import * as toolbar from './toolbar.js';
import * as views from './views.js';
import * as words from './words.js';

const store = createStore();
const { dispatch } = store;
const follower = createFollower();
const card = later('card', () => import('./card.js'), ['card', 'header']);
const announce = partOfRun('announce');
const diagram = partOfRun('diagram', { isPart: true });
const gauges = partOfRun('gauges');
const player = partOfRun('player');
const save = partOfRun('save');
const tape = calm(partOfRun('tape'));
const terminals = partOfRun('terminals');
const verdict = partOfRun('verdict');
const forge = later('forge', () => import('./forge.js'), ['forge']); // opened seldom
const goal = laterWhen((state) => state.goal !== null, () => import('./goalbar.js'),
  { styles: ['practice'] });
const predict = later('predict', () => import('./predicting.js'), ['predict', 'room']);
const wire = later('wire', () => import('./wire.js'));
/* In the order in which they are told: first who changes the size of letters and
 * who asks what is in sight. */
const COMPONENTS = {
  teaching, diagram, controls, machine, notice, verdict, toolbar, gauges, tape, player, terminals,
  side, story, card, wire, forge, predict, goal, runs, announce, save,
};

/* The bytes that the card shows. */
const details = laterWhen(({ panel }) => panel === 'card', async () => {
  const { detailLoader } = await import('./details.js');
  return { mount: () => ({ update: detailLoader(store, tried) }) };
}, { isPart: true });

/* Ask the program; what goes wrong is shown, and undefined comes back. */
async function tried(promise) {
  try {
    return await promise;
  } catch (error) {
    dispatch({ type: 'problem', text: error.message });
    return undefined;
  }
}

const lab = { store, tried, run: startWith };

/** @type {Record<string, (detail: any) => unknown>} */
const wishes = {
  [WISH.START]: start,
  [WISH.PREDICT]: () => startHeld(startBody(store.state())),
  [WISH.RUN_SCENARIO]: runScenario,
  [WISH.PROJECTOR]: () => dispatch({ type: 'projector' }),
  [WISH.NOTES]: () => dispatch({ type: 'notes' }),
  [WISH.BEGIN_ANEW]: beginAnew,
  [WISH.GOAL]: ({ id }) => (id ? startGoal(id) : dispatch({ type: 'goal', goal: null })),
  [WISH.GOAL_MET]: ({ id }) => dispatch({ type: 'goalMet', id }),
  [WISH.PICK_SCENARIO]: ({ id }) => dispatch({ type: 'scenario', id }),
  [WISH.PICK_IP]: ({ ip }) => dispatch({ type: 'ip', ip }),
  [WISH.LONG]: ({ on }) => dispatch({ type: 'long', on }),
  [WISH.PICK_LINK]: ({ link }) => dispatch({ type: 'link', link }),
  [WISH.SELECT]: select,
  [WISH.STEP]: ({ by }) => {
    const id = neighbour(store.state(), by);
    if (id !== null) select({ id });
  },
  [WISH.POINT]: ({ n }) => dispatch({ type: 'pointed', n }),
  [WISH.PANEL]: showPanel,
  [WISH.NUMBERS]: ({ relative }) => dispatch({ type: 'numbers', relative }),
  [WISH.SCALE]: ({ scale }) => dispatch({ type: 'scale', scale }),
  [WISH.DISMISS]: () => dispatch({ type: 'problem', text: null }),
  ...wireWishes(store, tried),
  ...fileWishes(store, tried),
  ...playerWishes(store),
};

async function start() {
  const state = store.state();
  if (!state.starting && state.scenario) await startWith(startBody(state));
}

/* One of the gallery, with what is chosen in the lab, or one that was written. */
function runScenario({ id, document: scenario }) {
  if (id) dispatch({ type: 'scenario', id });
  const body = startBody(store.state());
  return startWith(scenario ? { ...body, scenario } : body);
}

/* A class begins again: whatever was shown or chosen is gone. */
function beginAnew() {
  letGo(store.state());
  follower.stop();
  window.location.hash = '';
  dispatch({ type: 'anew' });
}

/* Every segment waits for a guess; what is sent again meanwhile is in nobody's way. */
async function startHeld(body) {
  const id = await startWith({ ...body, hold: true });
  if (id) tried(patchWire(id, { swallow: true }));
  return id;
}

/* A run of the goal's own scenario; everything that is sent waits. */
async function startGoal(id) {
  const { goalOf } = await import('./goals.js');
  const scenario = { ...goalOf(id).body, title: texts.goals[id].text };
  const run = await startWith({ ...startBody(store.state()), scenario, hold: true });
  if (run) dispatch({ type: 'goal', goal: { id, run } });
}

/* Start a run and show it. Resolves to its id, undefined when it was refused. */
async function startWith(body) {
  letGo(store.state());
  dispatch({ type: 'starting' });
  const id = await tried(startRun(body));
  if (!id) return undefined;
  dispatch({ type: 'started', id });
  window.location.hash = formatRoute(id);
  return id;
}

/* A run that this page held goes on by itself when the page leaves it. */
function letGo(state) {
  if (isInHand(state) && state.run.fresh) patchWire(state.run.id, { hold: false }).catch(() => {});
}

function select({ id, open = false }) {
  const { run } = store.state();
  if (!run) return;
  dispatch({ type: 'step', id, open });
}

function showPanel({ panel }) {
  const { panel: now } = store.state();
  if (panel === now && panel === 'story') select({ id: null });
  dispatch({ type: 'panel', panel });
}

/* Show the view the address names, or the run, from its beginning and while it
 * lasts. Another view leaves the run as it is. */
function openRoute() {
  const { view, args, run, moment, step } = parseRoute(window.location.hash, views.VIEWS);
  dispatch({ type: 'view', view: { name: view, args } });
  if (view !== 'lab') return;
  if (run !== null && run === store.state().run?.id) {
    showMoment(moment, step);
    return;
  }
  follower.stop();
  dispatch({ type: 'closed' });
  if (run !== null) openRun(run, moment, step);
}

/* Exactly what an address names. */
function showMoment(moment, step) {
  dispatch({ type: 'moment', id: moment, step });
  if (step !== null) dispatch({ type: 'step', id: step, open: true });
}

/* Without the program there are only files. */
async function runOf(id) {
  if (isAlone(store.state())) throw new Error(texts.file.reopen);
  return getRun(id);
}

async function openRun(id, moment, step) {
  const file = store.state().files[id] ?? null;
  const run = file?.run ?? await tried(runOf(id));
  if (!run || parseRoute(window.location.hash).run !== id) return;
  const { title, scenario, link, phase, events } = run;
  const opened = { id, title, scenario, link, phase, file };
  dispatch({ type: 'opened', run: opened, details: file?.details });
  const isWhole = moment === null && step === null;
  const bySlices = isWhole && (store.state().run.fresh || phase === 'running');
  if (!bySlices) dispatch({ type: 'events', run: id, list: events });
  showMoment(moment, step);
  follow(id, events.length, { known: bySlices ? events : [], over: phase === 'ended' });
}

function follow(id, after, about) {
  const now = () => (about.over ? undefined : performance.now());
  const onEvents = (list) => dispatch({ type: 'events', run: id, list, now: now() });
  const onStatus = (status) => {
    dispatch({ type: 'connection', status });
    if (status === 'ended') refreshRuns();
    if (status === 'refused') tried(getRun(id)); // whose problem says why
  };
  follower.follow(id, after, onEvents, onStatus, about);
}

async function refreshRuns() {
  if (isAlone(store.state())) return;
  const list = await tried(listRuns());
  if (list) dispatch({ type: 'runs', list });
}

function mountAt(name, component) {
  const { update } = component.mount(document.getElementById(name));
  store.subscribe(update);
  update(store.state());
}

function mountAll() {
  mountAt('diagram', empty);
  mountAt('card', details);
  for (const [name, component] of Object.entries(COMPONENTS)) mountAt(name, component);
  const shown = views.mount(document.getElementById('views'), document.querySelector('main'), lab);
  store.subscribe(shown.update);
  keyboard.mount(document.body, store.state);
  const opened = opener.mount(document.body);
  store.subscribe(opened.update);
  opened.update(store.state());
  theme.mount(document.getElementById('theme'));
  languages.mount(document.getElementById('language'));
  paper.mount(document);
}

function listenToAll() {
  for (const [name, work] of Object.entries(wishes)) {
    document.addEventListener(name, (event) => work(event.detail));
  }
  // Who comes to the controls is about to start a run.
  for (const sign of ['pointerenter', 'focusin']) {
    document.getElementById('controls').addEventListener(sign, fetchRunParts, { once: true });
  }
  window.addEventListener('hashchange', openRoute);
  store.subscribe(({ run }) => {
    document.title = run?.title ? `${run.title} - ${texts.name}` : texts.name;
  });
  store.subscribe(wireLoader(store));
  store.subscribe(aboutLoader(store));
  store.subscribe(addressKeeper(store));
}

/* What this machine allows is there at once: index.html asks for it. While the
 * scenarios are under way the components are made. */
async function begin() {
  document.documentElement.lang = languages.language;
  words.fill(document);
  for (const choice of keptChoices()) dispatch(choice);
  const caps = await tried(getCapabilities());
  if (caps) dispatch({ type: 'caps', caps });
  const listed = isAlone(store.state()) ? null : tried(listScenarios());
  mountAll();
  listenToAll();
  await openAddress(store, tried);
  openRoute();
  const list = await listed;
  if (list) dispatch({ type: 'scenarios', list });
  if (listed) refreshRuns();
}

begin();
