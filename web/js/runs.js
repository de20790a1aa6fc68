/* runs.js - the recent runs, each a link that opens it again. */
import { h, keyed, whenChanged } from './dom.js';
import { clock } from './format.js';
import { formatRoute, formatView } from './route.js';
import { texts } from './texts.js';

/** Bring the list in el to life; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(el) {
  const list = el.querySelector('.runs__list');
  const empty = el.querySelector('.runs__empty');
  return {
    update: whenChanged(({ runs, run, files }) => [runs, run?.id, files], (state) => {
      const { runs, run, files } = state;
      const kept = Object.values(files).map((file) => file.run).reverse();
      const all = [...kept, ...runs.filter(({ id }) => !files[id])];
      empty.hidden = all.length > 0;
      keyed(list, all.map((each) => itemOf(each, run)), {
        make: () => h('li', { className: 'runs__item' }),
        update: updateItem,
      });
    }),
  };
}

function itemOf(each, run) {
  const { id, title, scenario, ip, wall, verdict, segment_count: segments } = each;
  return {
    id, title: title ?? scenario, ip, wall, segments,
    code: verdict?.code ?? 'running', current: run?.id === id,
    other: run && run.id !== id ? run.id : null, // with which it may be compared
  };
}

function updateItem(node, item) {
  const { id, title, ip, wall, code, current, segments, other } = item;
  const link = h('a', { className: 'runs__link', href: formatRoute(id) },
    h('span', { className: 'runs__title' }, title),
    h('span', { className: `runs__code is-${code}` }, texts.verdict.codes[code] ?? code),
    h('span', { className: 'runs__meta' }, [
      clock(wall), ip && texts.ip[ip], texts.runs.counts({ segment_count: segments }), id,
    ].filter(Boolean).join(' · ')));
  if (current) link.setAttribute('aria-current', 'true');
  const focused = node.contains(document.activeElement);
  node.replaceChildren(link, ...(other ? [compareLink(other, item)] : []));
  if (focused) link.focus();
}

/* The run shown beside another one. */
function compareLink(shown, { id, title }) {
  const words = texts.compare.with(title);
  const href = formatView('compare', shown, id);
  return h('a', { 'className': 'runs__compare', href, 'title': words, 'aria-label': words }, '⇄');
}
