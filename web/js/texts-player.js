/* texts-player.js - the words of the player and of what is read aloud. */
import { duration, stamp } from './format.js';

export const player = {
  label: 'Player',
  range: 'Moment of the run',
  buttons: {
    first: 'To the beginning (Home)',
    previous: 'To the previous segment (Shift + left arrow)',
    back: 'One event back (left arrow)',
    play: 'Play (space)',
    pause: 'Pause (space)',
    forward: 'One event forward (right arrow)',
    next: 'To the next segment (Shift + right arrow)',
    last: 'To the end: all of the run (End)',
  },
  move: 'Move through the run',
  live: 'Live',
  goLive: 'Back to what happens now (End)',
  isLive: 'What is shown happens now',
  where: (at, count) => `${at} of ${count}`,
  gap: (ns, { shortened }) => (shortened ? `+${duration(ns)}, shortened` : `+${duration(ns)}`),
  value: (at, count, t, sentence) => `Event ${at} of ${count}, ${stamp(t)}. ${sentence}`,
  pace: 'Pace',
  evenGroup: 'Even steps: gaps shortened or stretched',
  trueGroup: 'True time: as it was measured',
  even: (perSecond) => `${perSecond} ${perSecond === 1 ? 'event' : 'events'}/s`,
  real: (value) => `${value}× true`,
  voice: 'Read aloud',
  voices: {
    all: 'Reads every event', slow: 'Reads events slowly', segments: 'Reads segments only',
    none: 'Reads nothing',
  },
};

/* A run as it stood, in the line above the picture. */
export const then = {
  badge: (t) => `At ${stamp(t)}`,
  text: 'The run as it stood at this moment; its end is still to come.',
};
