/* pairchooser.js - which two runs to compare: a pair that is worth it, a pair of
 * one's own that differs in one thing, or two of the runs there are. */
import { startRun } from './api.js';
import { h, keyed, setText } from './dom.js';
import { chosenIp, isAlone, obstacle, offersWire } from './links.js';
import { CASES, caseBodies, CHANGES, needsWire, ownBodies } from './paircases.js';
import { formatView } from './route.js';
import { texts } from './texts.js';

const t = texts.compare;

/** {el, update(state, first)}: first is the id of a run that is to be A, or null. */
export function mount(lab) {
  const start = async (bodies, button) => {
    button.disabled = true;
    const ids = await lab.tried(startBoth(bodies));
    button.disabled = false;
    if (ids) window.location.hash = formatView('compare', ...ids);
  };
  const cases = makeCases(start);
  const own = makeOwn(start);
  const kept = makeKept();
  const el = h('div', { className: 'pair__chooser' }, h('h1', {}, t.title),
    h('p', { className: 'practice__intro' }, t.intro), cases.el, own.el, kept.el);
  return {
    el,
    update(state, first) {
      for (const part of [cases, own]) part.el.hidden = isAlone(state);
      el.classList.toggle('has-first', first !== null);
      for (const part of [cases, own, kept]) part.update(state, first);
    },
  };
}

/* One after the other: they shall not disturb each other's first microseconds. */
async function startBoth(bodies) {
  const ids = [];
  for (const body of bodies) ids.push(await startRun(body));
  return ids;
}

/* --- pairs that are worth it ------------------------------------------------ */

function makeCases(start) {
  const list = h('ul', { className: 'cases' });
  list.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    const found = CASES.find(({ id }) => id === button?.dataset.pair);
    if (found) start(caseBodies(found), button);
  });
  return {
    el: h('section', {}, h('h2', {}, t.cases.title), list),
    update(state) {
      const items = CASES.map((each) => ({ ...each, against: obstacleOf(each, state) }));
      keyed(list, items, { make: makeCase, update: updateCase });
    },
  };
}

/* What stands against a pair: a scenario that cannot be run, or no wire. */
function obstacleOf({ scenarios, options = [] }, state) {
  const bends = options.some(({ rules, latency_ms: latency }) => rules || latency);
  if (bends && !offersWire(state)) return t.needs;
  const against = scenarios.map((id) =>
    obstacle(state.scenarios.find((each) => each.id === id), state)).find(Boolean);
  if (!against) return null;
  return against.why ? texts.scenario.needs(against.need, against.why)
    : texts.scenario.choose_link(against.need);
}

function makeCase({ id }) {
  const [title, text] = t.cases[id];
  return h('li', { className: 'panel case' }, h('h3', {}, title), h('p', {}, text),
    h('p', { className: 'scene__lacking' }),
    h('button', {
      'type': 'button', 'className': 'plain case__run', 'data-pair': id,
      'aria-label': `${t.cases.run}: ${title}`,
    }, t.cases.run));
}

function updateCase(node, { against }) {
  const [, , lacking, button] = node.children;
  setText(lacking, against ?? '');
  lacking.hidden = !against;
  button.disabled = Boolean(against);
}

/* --- a pair of one's own ---------------------------------------------------- */

function makeOwn(start) {
  const select = (name) => h('select', { name });
  const [scenario, change, other] = ['scenario', 'change', 'other'].map(select);
  const words = h('input', {
    type: 'text', name: 'words', maxLength: 320, spellcheck: false, autocomplete: 'off',
    value: 'server SYN,ACK delay 300ms', required: true,
  });
  const button = h('button', { type: 'submit', className: 'start' }, t.own.run);
  const labelled = (text, field) => h('label', {}, h('span', {}, text), field);
  const fields = {
    words: labelled(t.own.rule, words), other: labelled(t.own.other, other),
  };
  const el = h('form', { className: 'panel maker pair__own' }, h('h2', {}, t.own.title),
    h('div', { className: 'pair__fields' }, labelled(t.own.scenario, scenario),
      labelled(t.own.change, change), fields.words, fields.other, button));
  let state = null;
  const fit = () => {
    fields.words.hidden = change.value !== 'rule';
    words.disabled = fields.words.hidden;
    fields.other.hidden = change.value !== 'scenario';
    button.disabled = needsWire(change.value) && !offersWire(state);
  };
  change.addEventListener('change', fit);
  el.addEventListener('submit', (event) => {
    event.preventDefault();
    const asked = { ...state, scenario: scenario.value };
    start(ownBodies({
      scenario: scenario.value, ip: chosenIp(asked), change: change.value, words: words.value,
      other: other.value,
    }), button);
  });
  return {
    el,
    update(next) {
      state = next;
      fill(scenario, state.scenarios.map(({ id, title }) => ({ id, title })), state.scenario);
      fill(other, state.scenarios.map(({ id, title }) => ({ id, title })), null);
      fill(change, Object.keys(CHANGES).map((id) => ({ id, title: t.own.changes[id] })), null);
      fit();
    },
  };
}

/* Keep what is chosen; begin with `first`. */
function fill(select, items, first) {
  const isNew = select.options.length === 0;
  keyed(select, items, {
    make: ({ id }) => h('option', { value: id }),
    update: (node, { title }) => setText(node, title),
  });
  if (isNew && first && items.length > 0) select.value = first;
}

/* --- two of those there are ------------------------------------------------- */

function makeKept() {
  const [a, b] = [h('select', { name: 'a' }), h('select', { name: 'b' })];
  const button = h('button', { type: 'submit', className: 'start' }, t.kept.open);
  const few = h('p', { className: 'quiet' });
  const fields = h('div', { className: 'pair__fields' },
    h('label', {}, h('span', {}, t.kept.a), a), h('label', {}, h('span', {}, t.kept.b), b), button);
  const el = h('form', { className: 'panel maker pair__kept' }, h('h2', {}, t.kept.title), few,
    fields);
  el.addEventListener('submit', (event) => {
    event.preventDefault();
    window.location.hash = formatView('compare', a.value, b.value);
  });
  let given = null;
  return {
    el,
    update(state, first) {
      const runs = runsOf(state);
      few.hidden = runs.length > 1;
      setText(few, isAlone(state) ? t.kept.alone : t.kept.few);
      fields.hidden = runs.length < 2;
      fill(a, runs, runs[1]?.id);
      fill(b, runs, runs[0]?.id);
      if (first && first !== given) choose(a, b, first);
      given = first;
    },
  };
}

/* The run that was named is A; B is another one. */
function choose(a, b, first) {
  a.value = first;
  if (b.value !== first) return;
  b.value = [...b.options].find(({ value }) => value !== first)?.value ?? first;
}

function runsOf({ runs, files }) {
  const kept = Object.values(files).map(({ run }) => run);
  return [...kept, ...runs.filter(({ id }) => !files[id])].map(({ id, title, scenario, ip }) => ({
    id, title: [title ?? scenario, ip && texts.ip[ip], id].filter(Boolean).join(' · '),
  }));
}
