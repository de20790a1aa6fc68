/* gallery.js - the view of all scenarios, in groups, each with what it teaches and
 * a button that runs it. */
import { loadAbouts } from './abouts.js';
import { h, keyed, setText } from './dom.js';
import { WISH, wish } from './events.js';
import { rfcLink } from './format.js';
import { obstacle } from './links.js';
import { formatView } from './route.js';
import { groups } from './texts-scenarios.js';
import { texts } from './texts.js';

const t = texts.gallery;

/** Bring the view in el to life; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(el, lab) {
  el.classList.add('gallery');
  loadAbouts(lab);
  const search = h('input', {
    type: 'search', className: 'gallery__search', autocomplete: 'off', spellcheck: false,
    'aria-label': t.search, placeholder: t.search,
  });
  const none = h('p', { className: 'quiet' }, t.none);
  const list = h('div', { className: 'gallery__groups' });
  el.append(h('div', { className: 'gallery__top' }, h('h1', {}, t.title),
    h('a', { className: 'plain', href: formatView('edit') }, t.own), search),
  h('p', { className: 'gallery__intro' }, t.intro), none, list);
  let state = null;
  const show = () => {
    const found = grouped(state, search.value);
    none.hidden = found.length > 0 || state.scenarios.length === 0;
    keyed(list, found, { make: makeGroup, update: updateGroup });
  };
  search.addEventListener('input', show);
  list.addEventListener('click', (event) => {
    const button = event.target.closest('[data-run]');
    if (button) wish(list, WISH.RUN_SCENARIO, { id: button.dataset.run });
  });
  let led = null; // the scenario that the address led to
  return {
    update(next, [meant = null] = []) {
      state = next;
      if (meant !== led && meant !== null) search.value = '';
      show();
      if (meant === led || (meant !== null && state.scenarios.length === 0)) return;
      led = meant;
      leadTo(list, meant);
    },
  };
}

/* The scenario that an address names is in sight, marked, and has the focus. */
function leadTo(list, id) {
  list.querySelector('.is-meant')?.classList.remove('is-meant');
  const scene = [...list.querySelectorAll('.scene')].find((each) => each.id === `scene-${id}`);
  if (!scene) return;
  scene.classList.add('is-meant');
  scene.scrollIntoView({ block: 'center' });
  scene.querySelector('.scene__run').focus({ preventScroll: true });
}

/* Groups in their order, with what matches. */
function grouped(state, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = state.scenarios.filter((each) => {
    const text = [each.id, each.title, each.summary, each.why, ...(each.teaches ?? []),
      ...(each.rfc ?? [])].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const ids = [...new Set([...groups, ...found.map(({ group }) => group)])];
  const titles = new Map(state.scenarios.map(({ id, title }) => [id, title]));
  return ids.map((id) => ({
    id, list: found.filter(({ group }) => group === id).map((each) => itemOf(each, state, titles)),
  })).filter(({ list }) => list.length > 0);
}

function itemOf(scenario, state, titles) {
  const { id, title, summary, seconds, ip, teaches = [], rfc = [], why, next, notes } = scenario;
  const against = obstacle(scenario, state);
  return {
    id, title, summary, seconds, ip, teaches, rfc, why, notes,
    next: next ? { id: next, title: titles.get(next) ?? next } : null,
    lacking: against && (against.why
      ? texts.scenario.needs(against.need, against.why) : texts.scenario.choose_link(against.need)),
  };
}

function makeGroup({ id }) {
  return h('section', { 'className': 'gallery__group', 'aria-label': t.group(id) },
    h('h2', {}, t.group(id), ' ', h('small', {})), h('ul', { className: 'gallery__list' }));
}

function updateGroup(node, { list }) {
  const [head, ul] = node.children;
  setText(head.querySelector('small'), t.count(list.length));
  keyed(ul, list, {
    make: ({ id }) => h('li', { className: 'panel scene', id: `scene-${id}` }), update: updateScene,
  });
}

/* What is made anew keeps the focus where it was. */
function updateScene(node, scene) {
  const stops = () => [...node.querySelectorAll('button, a, summary')];
  const at = stops().indexOf(document.activeElement);
  fillScene(node, scene);
  stops()[at]?.focus({ preventScroll: true });
}

function fillScene(node, scene) {
  const { id, title, summary, seconds, ip, teaches, lacking, next } = scene;
  const open = node.querySelector('details')?.open ?? false;
  const meta = [seconds && t.takes(seconds), ip && t.ip(ip)].filter(Boolean).join(' · ');
  const run = h('button', {
    'type': 'button', 'className': 'plain scene__run', 'data-run': id, 'disabled': Boolean(lacking),
    'aria-label': `${t.run}: ${title}`,
  }, t.run);
  const edit = h('a', {
    'className': 'plain', 'href': formatView('edit', id), 'aria-label': `${t.edit}: ${title}`,
  }, t.edit);
  const first = teaches.slice(0, 1).map((text) => h('li', {}, text));
  node.replaceChildren(
    h('div', { className: 'scene__head' }, h('h3', {}, title),
      h('span', { className: 'quiet' }, meta)),
    h('p', {}, summary),
    h('ul', { className: 'scene__teaches' }, ...first),
    lacking ? h('p', { className: 'scene__lacking' }, lacking) : '',
    moreOf(scene, open),
    next ? h('p', { className: 'scene__next' },
      h('a', { href: `#scenarios/${next.id}` }, t.next(next.title))) : '',
    h('p', { className: 'scene__ends' }, run, edit));
}

function moreOf({ why, teaches, rfc, notes }, open) {
  const references = rfc.map((each) =>
    h('a', { className: 'rfc', href: rfcLink(each) ?? '#' }, each));
  const also = teaches.slice(1).map((text) => h('li', {}, text));
  return h('details', { open }, h('summary', {}, t.why),
    h('p', {}, why ?? ''), h('ul', {}, ...also),
    notes ? h('p', { className: 'scene__notes' }, h('b', {}, `${t.notes}: `), notes) : '',
    h('p', { className: 'scene__rfc' }, ...references.flatMap((each) => [each, ' '])));
}
