/* story.js - the run told in sentences, one an event; and what the scenario
 * is there to teach. */
import { h, keyed, roving, setText, whenChanged } from './dom.js';
import { WISH, wish } from './events.js';
import { stamp, withoutTime } from './format.js';
import { shownScenario } from './links.js';
import { tell } from './numbering.js';
import { createPieces } from './pieces.js';
import { texts } from './texts.js';

const ROOM = 8; // px between the item gone to and the edge
const AT_ONCE = 512; // items made in a frame

/** Bring the story in el to life; returns {update(state)}.
 * @returns {Lab.Component} */
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
  const keepStop = roving(parts.list, '.story__step', { isList: true });
  parts.list.addEventListener('click', (event) => {
    const step = event.target.closest('.story__step');
    if (step) wish(el, WISH.SELECT, { id: Number(step.dataset.id) });
  });
  parts.next.addEventListener('click', () =>
    wish(el, WISH.PICK_SCENARIO, { id: parts.next.dataset.id }));
  const telling = createTelling(parts.list);
  const again = new ResizeObserver(telling.reveal); // what stands around it comes later
  for (const box of [el, parts.teaches]) again.observe(box);
  const frame = whenChanged(concerns, (state) => update(parts, state));
  return {
    update(state) {
      frame(state);
      telling.update(state);
      keepStop();
    },
  };
}

/* What stands around the list depends on. */
function concerns(state) {
  const { scenarios, run, model, events } = state;
  return [scenarios, run?.id, shownScenario(state), Boolean(model.end), events.length > 0];
}

function update(parts, state) {
  const { scenarios, run, model, events } = state;
  const about = shownScenario(state);
  parts.teaches.hidden = !about?.teaches?.length;
  keyed(parts.points, (about?.teaches ?? []).map((text) => ({ id: text, text })), {
    make: () => h('li'),
    update: (node, { text }) => setText(node, text),
  });
  parts.why.hidden = !about?.why;
  setText(parts.whyText, about?.why ?? '');
  showNext(parts.next, run && scenarios.find((each) => each.id === about?.next));
  parts.empty.hidden = events.length > 0;
  setText(parts.empty, run && !model.end ? texts.story.live : texts.story.empty);
}

/* The list of events up to the moment. An item is made once and changes only with
 * the numbers, or in being selected: so a step costs as much as it changes,
 * however long the run. */
function createTelling(list) {
  const pieces = createPieces(list);
  let items = []; // of the events from the first on; those up to the moment are in the list
  let first = null; // the event that the list begins with
  let selected = null; // id
  let relative = null; // the numbers it is told in
  let newest = null;
  const begin = (state) => {
    items = [];
    selected = null;
    pieces.clear();
    first = state.events[0];
    relative = state.relative;
  };
  const tellTo = (state) => {
    const { events, moment, step } = state;
    newest = state;
    if (events[0] !== first || state.relative !== relative) begin(state);
    const more = events.slice(items.length, items.length + AT_ONCE);
    for (const event of more) items.push(makeItem(event, state));
    pieces.show(items.slice(0, moment ?? events.length));
    const goOn = () => newest === state && tellTo(state);
    if (items.length < events.length) requestAnimationFrame(goOn);
    const id = step > items.length ? null : step; // a later frame makes it
    if (id === selected) return;
    select(items[selected - 1], false);
    select(items[id - 1], true, events[id - 1]);
    selected = id;
    reveal(list, items[id - 1]);
  };
  return { update: tellTo, reveal: () => reveal(list, items[selected - 1]) };
}

/* After a run, where to go from it. */
function showNext(button, scenario) {
  button.hidden = !scenario;
  button.dataset.id = scenario?.id;
  setText(button, scenario ? texts.scenario.next(scenario.title) : '');
}

function makeItem(event, state) {
  const { id, kind, t_ns: t, info } = event;
  const host = event.host ?? event.from ?? null;
  const text = withoutTime(tell(event, state) ?? event.text ?? kind);
  const button = h('button', { type: 'button', tabIndex: -1 },
    h('span', { className: 'story__time' }, stamp(t)),
    h('span', { className: 'story__text' }, text,
      info ? h('small', { className: 'story__more' }, ' TCP_INFO') : null));
  button.className = `story__step is-${kind}${host ? ` is-${host}` : ''}`;
  button.dataset.id = id;
  return h('div', { className: 'story__item', role: 'listitem' }, button);
}

/* A selected item shows what the kernel measured then. */
function select(item, on, event = null) {
  if (!item) return;
  const button = item.firstElementChild;
  if (on) button.setAttribute('aria-current', 'step');
  else button.removeAttribute('aria-current');
  item.replaceChildren(button, ...(event?.info ? [makeInfo(event.info)] : []));
}

/* What the kernel measured of the connection, as it names it (tcp(7)). */
function makeInfo(info) {
  const value = (each) => (typeof each === 'boolean' ? (each ? '✓' : '✗') : String(each));
  const rows = Object.entries(info).flatMap(([name, each]) => [
    h('dt', {}, name), h('dd', {}, value(each)),
  ]);
  return h('div', { className: 'story__info' }, h('p', {}, texts.story.info), h('dl', {}, ...rows));
}

/* Scroll the story, and nothing else, to the item. */
function reveal(list, item) {
  const story = list.closest('.story');
  if (!item?.isConnected || list.offsetParent === null) return;
  const box = story.getBoundingClientRect();
  const { top, bottom } = item.getBoundingClientRect();
  if (top < box.top) story.scrollTop += top - box.top - ROOM;
  else if (bottom > box.bottom) story.scrollTop += bottom - box.bottom + ROOM;
}
