/* player.js - moves the whole page through the moments of a run: a strip of its
 * events to point at, steps, play and pace. */
import { calmly } from './calm.js';
import { setText, whenChanged } from './dom.js';
import { drawStrip, markMoment } from './drawstrip.js';
import { WISH, wish } from './events.js';
import { stamp, withoutTime } from './format.js';
import { setIcon } from './icons.js';
import { widthOf } from './measure.js';
import { tell } from './numbering.js';
import { clockOf, gapBefore, paceOf, timeAt } from './playback.js';
import { build, STRIP_HEIGHT, THUMB } from './playerparts.js';
import { layoutStrip } from './strip.js';
import { texts } from './texts.js';
import { createTransport } from './transport.js';
import { moodOf } from './verdict.js';
import { newestShown } from './voice.js';

const RANGE_KEYS = {
  ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10,
};
const ENDS = { Home: 'first', End: 'last' };
const BACKWARD = ['first', 'previous', 'back'];
const FORWARD = ['forward', 'next', 'last'];

/* Where the buttons lead. */
const STEPS = {
  first: { to: 'first' },
  previous: { by: -1, of: 'segment' },
  back: { by: -1, of: 'event' },
  forward: { by: 1, of: 'event' },
  next: { by: 1, of: 'segment' },
  last: { to: 'last' },
};

/** Build the player in el; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(el) {
  const parts = build(el);
  const reduced = window.matchMedia('(prefers-reduced-motion: reduce)');
  const paint = (position, clock) => {
    if (!reduced.matches) parts.range.value = String(position.id + position.part);
    setText(parts.time, stamp(Math.round(timeAt(position, clock))));
  };
  const moveTo = (id) => wish(el, WISH.GO, { id, playing: true });
  const transport = createTransport({ moveTo, paint });
  let clock = null;
  let timed = null; // the events of that clock
  let strip = null;
  let newest = null;
  const update = (state) => {
    newest = state;
    el.hidden = state.run === null || state.events.length === 0;
    transport.update(state);
    if (el.hidden || width() === 0) return;
    if (timed !== state.events) clock = clockOf(state.events);
    timed = state.events;
    draw(state);
    markMoment(parts.strip, strip, newestShown(state));
    show(parts, state, clock);
  };
  const draw = calmly(whenChanged(({ events }) => [events, width()], (state) => {
    strip = stripOf(width(), state);
    drawStrip(parts.strip, strip, moodOf(state.whole.end));
    markMoment(parts.strip, strip, newestShown(state));
  }));
  const width = widthOf(parts.track, () => newest && update(newest));
  listen(parts);
  return { update };
}

function stripOf(width, { whole, events }) {
  const frame = { width, height: STRIP_HEIGHT, margin: THUMB / 2 };
  return layoutStrip({ model: whole, events }, frame);
}

function listen({ el, range, play, steps, pace, voice, live }) {
  for (const [name, button] of Object.entries(steps)) {
    button.addEventListener('click', () => wish(el, WISH.GO, STEPS[name]));
  }
  play.addEventListener('click', () => wish(el, WISH.PLAY));
  live.addEventListener('click', () => wish(el, WISH.GO, { to: 'last' }));
  range.addEventListener('input', () => wish(el, WISH.GO, { id: Math.round(Number(range.value)) }));
  range.addEventListener('keydown', (event) => keyOnRange(event, el));
  pace.addEventListener('change', () => wish(el, WISH.PACE, { pace: pace.value }));
  voice.addEventListener('change', () => wish(el, WISH.VOICE, { voice: voice.value }));
}

/* A slider of one's own: steps are events, whatever their number. */
function keyOnRange(event, el) {
  const { key, shiftKey } = event;
  const of = shiftKey ? 'segment' : 'event';
  const by = RANGE_KEYS[key];
  if (by) wish(el, WISH.GO, { by, of: Math.abs(by) > 1 ? 'event' : of });
  else if (ENDS[key]) wish(el, WISH.GO, { to: ENDS[key] });
  else if (key === ' ') wish(el, WISH.PLAY);
  else return;
  event.preventDefault();
}

function show(parts, state, clock) {
  const { events, moment, playing } = state;
  const count = events.length;
  const at = newestShown(state);
  const { t_ns: t } = events[at - 1];
  const said = withoutTime(tell(events[at - 1], state) ?? '');
  parts.range.max = count;
  if (!playing || moment !== Math.floor(Number(parts.range.value))) parts.range.value = at;
  parts.range.setAttribute('aria-valuetext', texts.player.value(at, count, t, said));
  if (!playing) setText(parts.time, stamp(t));
  setText(parts.count, texts.player.where(at, count));
  setText(parts.gap, gapText(state, at, clock));
  setText(parts.sentence, said);
  parts.sentence.title = said;
  showButtons(parts, state, at);
}

/* How long it was since the event before, and what the pace makes of it. */
function gapText({ pace }, at, clock) {
  const ns = gapBefore(at, clock);
  const { stepMs } = paceOf(pace);
  return ns > 0 ? texts.player.gap(ns, { shortened: stepMs !== null && ns > stepMs * 1e6 }) : '';
}

function showButtons({ play, steps, live, ...parts }, state, at) {
  const t = texts.player;
  const { playing, moment, run } = state;
  setIcon(play, playing ? 'pause' : 'play');
  play.title = playing ? t.buttons.pause : t.buttons.play;
  play.setAttribute('aria-label', play.title);
  for (const name of BACKWARD) steps[name].ariaDisabled = String(at <= 1);
  for (const name of FORWARD) steps[name].ariaDisabled = String(moment === null);
  live.hidden = run.phase !== 'running';
  live.classList.toggle('is-on', moment === null);
  live.title = moment === null ? t.isLive : t.goLive;
  parts.pace.value = paceOf(state.pace).id;
  parts.voice.value = state.voice;
  parts.voiceBox.title = t.voices[state.voice];
  setIcon(parts.voiceSign, `voice-${state.voice}`);
}
