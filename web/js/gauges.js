/* gauges.js - what moves while nothing seems to happen: the kernels' timers as
 * countdowns and the listener's two queues with their limits. */
import { h, keyed, setText } from './dom.js';
import { seconds } from './format.js';
import { listenerQueues } from './queues.js';
import { texts } from './texts.js';
import { timersOf } from './timers.js';

const TICK_MS = 100;
const MOST_TIMERS = 3; // of a host; a flood has hundreds
const MOST_SLOTS = 12; // a queue with more is drawn as a bar

/** Bring the gauges in el to life; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(el) {
  const list = el.querySelector('.gauges__list');
  const timers = el.querySelector('.gauges__timers');
  const empty = el.querySelector('.gauges__empty');
  let shown = null;
  let ticking = null;
  const tick = () => {
    for (const node of timers.querySelectorAll('.countdown')) showTime(node, shown);
  };
  return {
    update(state) {
      el.hidden = state.run === null;
      shown = state;
      const queues = queueItems(state);
      const running = timerItems(state);
      keyed(list, queues, { make: makeItem, update: updateItem });
      keyed(timers, running, { make: makeItem, update: updateItem });
      timers.dataset.none = running.length > 0 ? '' : texts.gauges.noTimer;
      el.classList.toggle('is-empty', queues.length === 0);
      setText(empty, emptyText(state));
      tick();
      const ticks = running.length > 0 && state.moment === null;
      if (ticks && !ticking) ticking = setInterval(tick, TICK_MS);
      if (!ticks) ticking = clearInterval(ticking);
    },
  };
}

/* Why there is no queue to show. */
function emptyText({ run, model }) {
  const t = texts.gauges;
  if (run?.link !== 'wire') return t.unseen;
  return model.end && !model.sockets.some(({ listener }) => listener) ? t.never : t.empty;
}

/* Those that run: while it is live, or at the moment that is shown. */
function timerItems({ run, model, moment }) {
  if (run === null || (run.phase === 'ended' && moment === null)) return [];
  const active = timersOf(model).filter((timer) => timer.active && timer.nominal !== null);
  return ['client', 'server'].flatMap((host) =>
    active.filter((timer) => timer.host === host).slice(0, MOST_TIMERS)
      .map(({ key, kind: what, tries, from, nominal }) => ({
        id: key, kind: 'timer', host, what, tries: tries.length, from, nominal,
      })));
}

/* Elsewhere the kernel is asked too seldom to count what waited. */
function queueItems({ run, model }) {
  if (run?.link !== 'wire') return [];
  return listenerQueues(model).flatMap(({ host, socket, limit, syn, accept }) => [
    { id: `syn ${socket}`, kind: 'syn', host, limit, ...syn },
    { id: `accept ${socket}`, kind: 'accept', host, limit, ...accept },
  ]);
}

function makeItem({ kind }) {
  return h('li', { className: `gauge is-${kind}` });
}

function updateItem(node, item) {
  node.className = `gauge is-${item.kind} is-${item.host}`;
  node.replaceChildren(...(item.kind === 'timer' ? timerParts(item) : queueParts(item)));
}

function timerParts({ host, what, tries, from, nominal }) {
  const time = h('span', { className: 'countdown', role: 'timer' });
  Object.assign(time.dataset, { from, nominal });
  return [
    h('span', { className: 'gauge__name' }, texts.gauges.timer(host, what)),
    h('span', { className: 'countdown__bar', ariaHidden: 'true' }, h('span', {})),
    time,
    h('span', { className: 'gauge__note' }, texts.gauges.nominal(`${nominal / 1e9} s`, tries)),
  ];
}

/* How long until the timer fires if it keeps to the nominal schedule. */
function showTime(node, state) {
  const { from, nominal } = node.dataset;
  const fill = node.previousElementSibling.firstElementChild;
  const now = timeOf(state);
  if (now === null) {
    setText(node, texts.gauges.unknown);
    return;
  }
  const left = (Number(from) + Number(nominal)) / 1e6 - now;
  const part = Math.min(1, Math.max(0, left / (Number(nominal) / 1e6)));
  fill.style.inlineSize = `${(part * 100).toFixed(1)}%`;
  setText(node, left > 0 ? texts.gauges.left(seconds(left)) : texts.gauges.due);
}

/* Milliseconds since the run began: now, or at the moment that is shown. */
function timeOf({ moment, model, origin }) {
  if (moment !== null) return (model.last?.t_ns ?? 0) / 1e6;
  return origin === null ? null : performance.now() - origin;
}

function queueParts({ kind, host, now, most, limit }) {
  const t = texts.gauges;
  const full = now >= limit;
  return [
    h('span', { className: 'gauge__name', title: t.long[kind] }, t.queue[kind](host)),
    limit <= MOST_SLOTS ? slots(now, limit) : bar(now / limit),
    h('span', { className: `gauge__count${full ? ' is-full' : ''}` }, t.count(now, limit, full)),
    h('span', { className: 'gauge__note' }, most > now ? t.most(most) : ''),
  ];
}

function slots(now, limit) {
  const one = (_, i) => h('span', { className: i < now ? 'slot is-taken' : 'slot' });
  const all = Array.from({ length: limit }, one);
  return h('span', { className: 'slots', ariaHidden: 'true' }, ...all);
}

function bar(part) {
  const fill = h('span', {});
  fill.style.inlineSize = `${Math.min(100, part * 100)}%`;
  return h('span', { className: 'level', ariaHidden: 'true' }, fill);
}
