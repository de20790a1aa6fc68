/* views.js - the views of the page beside the lab: each a section of its own,
 * made and loaded when it is first opened.
 *
 * A view's module has mount(el, lab) -> {update(state, args)}, called while the
 * view is shown, and may have wishes(lab) -> {name: work}, as main.js keeps
 * them. lab = {store, tried, run(body)}: run() starts a run and shows it.
 * To add one: a row in each table, its name in texts.nav. */
import { h } from './dom.js';
import { addressOf, formatView } from './route.js';
import { needStyle } from './styles.js';
import { texts } from './texts.js';

const LOAD = {
  scenarios: () => import('./gallery.js'),
  edit: () => import('./editor.js'),
  practice: () => import('./practice.js'),
  compare: () => import('./pairview.js'),
  vote: () => import('./vote.js'),
};
const STYLES = {
  scenarios: ['gallery'], edit: ['gallery'], practice: ['practice'],
  compare: ['compare', 'gallery', 'practice'], vote: ['predict'],
};
const UNLISTED = new Set(['vote']); // reached by a link alone

export const VIEWS = Object.keys(LOAD);
const LAB = 'lab';

/** Fill the navigation and keep the section of the newest state's view shown.
 * Returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(nav, main, lab) {
  const opened = new Map(); // name -> {el, component or null while it loads}
  const links = [LAB, ...VIEWS].filter((name) => !UNLISTED.has(name)).map(makeLink);
  nav.append(...links);
  const open = async (name) => {
    const props = { 'className': 'view', 'id': `view-${name}`, 'aria-label': texts.nav[name] };
    const el = h('section', props);
    main.append(el);
    const view = { el, component: null };
    opened.set(name, view);
    const [module] = await Promise.all([LOAD[name](), ...STYLES[name].map(needStyle)]);
    for (const [wish, work] of Object.entries(module.wishes?.(lab) ?? {})) {
      document.addEventListener(wish, (event) => work(event.detail));
    }
    view.component = module.mount(el, lab);
    update(lab.store.state());
  };
  const update = (state) => {
    const { name, args } = state.view;
    main.querySelector(`#view-${LAB}`).hidden = name !== LAB;
    for (const link of links) mark(link, name);
    links[0].href = addressOf(state);
    for (const [key, { el }] of opened) el.hidden = key !== name;
    if (name === LAB) return;
    if (!opened.has(name)) lab.tried(open(name));
    else opened.get(name).component?.update(state, args);
  };
  return { update };
}

function makeLink(name) {
  const href = name === LAB ? '#' : formatView(name);
  return h('a', { href, 'className': 'views__link', 'data-view': name }, texts.nav[name]);
}

function mark(link, name) {
  if (link.dataset.view !== name) {
    link.removeAttribute('aria-current');
    return;
  }
  if (!link.hasAttribute('aria-current')) link.scrollIntoView({ block: 'nearest' });
  link.setAttribute('aria-current', 'page');
}
