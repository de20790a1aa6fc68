/* story.js - the run told in sentences, one an event; and what the scenario
 * is there to teach. */
import { h, keyed, roving, setText } from './dom.js';
import { WISH, wish } from './events.js';
import { stamp, withoutTime } from './format.js';
import { sentenceOf } from './numbering.js';
import { shownScenario } from './links.js';
import { texts } from './texts.js';

/** Bring the story in el to life; returns {update(state)}. */
export function mount(el) {
  const parts = {
    teaches: el.querySelector('.teaches'),
    points: el.querySelector('.teaches__list'),
    why: el.querySelector('.teaches__why'),
    next: el.querySelector('.teaches__next'),
    whyText: el.querySelector('.teaches__why p'),
    list: el.querySelector('.story__list'),
    empty: el.querySelector('.story__empty'),
  };
  const keepStop = roving(parts.list, '.story__step');
  parts.list.addEventListener('click', (event) => {
    const step = event.target.closest('.story__step');
    if (step) wish(el, WISH.SELECT, { id: Number(step.dataset.id) });
  });
  parts.next.addEventListener('click', () =>
    wish(el, WISH.PICK_SCENARIO, { id: parts.next.dataset.id }));
  let step = null;
  return {
    update(state) {
      update(parts, state);
      keepStop();
      if (state.step !== step) reveal(parts.list, state.step);
      step = state.step;
    },
  };
}

function update(parts, state) {
  const { scenarios, run, model, events, moment } = state;
  const about = shownScenario(state);
  parts.teaches.hidden = !about?.teaches?.length;
  keyed(parts.points, (about?.teaches ?? []).map((text) => ({ id: text, text })), {
    make: () => h('li'),
    update: (node, { text }) => setText(node, text),
  });
  parts.why.hidden = !about?.why;
  setText(parts.whyText, about?.why ?? '');
  showNext(parts.next, run && scenarios.find((each) => each.id === about?.next));
  const told = events.filter((event) => moment === null || event.id <= moment);
  parts.empty.hidden = told.length > 0;
  setText(parts.empty, run && !model.end ? texts.story.live : texts.story.empty);
  keyed(parts.list, told.map((event) => stepOf(event, state)), {
    make: () => h('li', { className: 'story__item' }),
    update: updateStep,
  });
}

/* After a run, where to go from it. */
function showNext(button, scenario) {
  button.hidden = !scenario;
  button.dataset.id = scenario?.id;
  setText(button, scenario ? texts.scenario.next(scenario.title) : '');
}

function stepOf(event, { step, relative, model }) {
  const host = event.host ?? event.from ?? null;
  const { id, kind, t_ns: t } = event;
  const segmentOf = (n) => model.segments.find((segment) => segment.n === n);
  const text = withoutTime(sentenceOf(event, relative, segmentOf) ?? event.text ?? kind);
  return { id, kind, host, t, text, info: event.info, selected: id === step };
}

function updateStep(node, { id, kind, host, t, text, info, selected }) {
  const old = node.firstElementChild;
  const button = old ?? h('button', { type: 'button', tabIndex: -1 });
  button.className = `story__step is-${kind}${host ? ` is-${host}` : ''}`;
  button.dataset.id = id;
  if (selected) button.setAttribute('aria-current', 'step');
  else button.removeAttribute('aria-current');
  button.replaceChildren(
    h('span', { className: 'story__time' }, stamp(t)),
    h('span', { className: 'story__text' }, text,
      info ? h('small', { className: 'story__more' }, ' TCP_INFO') : null),
  );
  node.replaceChildren(button, ...(info && selected ? [makeInfo(info)] : []));
}

/* What the kernel measured of the connection, as it names it (tcp(7)). */
function makeInfo(info) {
  const value = (each) => (typeof each === 'boolean' ? (each ? '✓' : '✗') : String(each));
  const rows = Object.entries(info).flatMap(([name, each]) => [
    h('dt', {}, name), h('dd', {}, value(each)),
  ]);
  return h('div', { className: 'story__info' }, h('p', {}, texts.story.info), h('dl', {}, ...rows));
}

/* Scroll the list, and only the list, to the step. */
function reveal(list, id) {
  const step = id && list.querySelector(`[data-id="${id}"]`);
  if (!step || list.offsetParent === null) return;
  const box = list.getBoundingClientRect();
  const { top, bottom } = step.getBoundingClientRect();
  if (top < box.top) list.scrollTop += top - box.top - 8;
  else if (bottom > box.bottom) list.scrollTop += bottom - box.bottom + 8;
}
