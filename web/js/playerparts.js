/* playerparts.js - what the player is made of. */
import { h } from './dom.js';
import { makeStrip } from './drawstrip.js';
import { icon } from './icons.js';
import { PACES } from './playback.js';
import { texts } from './texts.js';
import { VOICES } from './voice.js';

export const STRIP_HEIGHT = 54;
export const THUMB = 16; // px wide, as css/player.css

/** Build the player in el; returns its parts by name. */
export function build(el) {
  const parts = { el, ...makeTrack(), ...makeNow(), ...makeMore(), ...makeButtons() };
  const { track, buttons, now, more } = parts;
  el.append(h('div', { className: 'player__body' }, track, buttons, now, more));
  return parts;
}

/* The strip, and the slider over it. */
function makeTrack() {
  const strip = makeStrip(STRIP_HEIGHT);
  const range = h('input', {
    'type': 'range', 'className': 'player__range', 'min': 1, 'step': 'any',
    'aria-label': texts.player.range,
  });
  return { strip, range, track: h('div', { className: 'player__track' }, strip, range) };
}

/* Which moment it is, and what happened in it. */
function makeNow() {
  const time = h('span', { className: 'player__time' });
  const count = h('span', { className: 'player__count' });
  const gap = h('span', { className: 'player__gap' });
  const sentence = h('p', { className: 'player__sentence' });
  const where = h('p', { className: 'player__where' }, time, count, gap);
  const now = h('div', { className: 'player__now' }, where, sentence);
  return { time, count, gap, sentence, now };
}

function makeButtons() {
  const names = ['first', 'previous', 'back', 'play', 'forward', 'next', 'last'];
  const all = names.map((name) => [name, makeButton(name, texts.player.buttons[name], name)]);
  const { play, ...steps } = Object.fromEntries(all);
  const nodes = all.map(([, button]) => button);
  const group = { 'role': 'group', 'aria-label': texts.player.move };
  return { play, steps, buttons: h('div', { className: 'player__buttons', ...group }, ...nodes) };
}

/* What else can be chosen. */
function makeMore() {
  const t = texts.player;
  const live = h('button', { type: 'button', className: 'player__live' }, t.live);
  const pace = h('select', { 'className': 'player__pace', 'aria-label': t.pace }, ...paceOptions());
  const voice = h('select', { 'aria-label': t.voice },
    ...VOICES.map((value) => h('option', { value }, t.voices[value])));
  const voiceSign = h('span', { className: 'player__sign' });
  const voiceBox = h('span', { className: 'player__button player__voice' }, voiceSign, voice);
  const more = h('div', { className: 'player__more' }, live, pace, voiceBox);
  return { live, pace, voice, voiceSign, voiceBox, more };
}

function makeButton(name, label, sign) {
  const props = { 'className': `player__button is-${name}`, 'title': label, 'aria-label': label };
  return h('button', { type: 'button', ...props }, icon(sign));
}

function paceOptions() {
  const { even, real, evenGroup, trueGroup } = texts.player;
  const option = ({ id, perSecond, factor }) =>
    h('option', { value: id }, perSecond ? even(perSecond) : real(factor));
  const isEven = ({ stepMs }) => stepMs !== null;
  return [
    h('optgroup', { label: evenGroup }, ...PACES.filter(isEven).map(option)),
    h('optgroup', { label: trueGroup }, ...PACES.filter((pace) => !isEven(pace)).map(option)),
  ];
}
