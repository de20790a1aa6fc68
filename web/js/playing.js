/* playing.js - the wishes of the player, and the address that follows them. */
import { WISH } from './events.js';
import { keep, recall } from './kept.js';
import { goal } from './moments.js';
import { PACES, paceOf } from './playback.js';
import { addressOf, parseRoute } from './route.js';
import { VOICES } from './voice.js';

const SETTLED_MS = 150; // browsers slow down who changes the address too often

const PACE_KEY = 'handshake-pace';
const VOICE_KEY = 'handshake-voice';

/** The actions that bring back what was chosen before. */
export function keptChoices() {
  const paces = [paceOf(null), ...PACES].map(({ id }) => id);
  return [
    { type: 'pace', pace: recall(PACE_KEY, paces) },
    { type: 'voice', voice: recall(VOICE_KEY, VOICES) },
  ];
}

/** Wishes -> what to do. */
export function playerWishes({ state, dispatch }) {
  return {
    [WISH.GO]: ({ playing = false, ...wanted }) => {
      const { run, events } = state();
      if (!run || events.length === 0) return;
      const id = goal(state(), wanted);
      dispatch({ type: 'moment', id, step: id === null ? lastStep(state(), wanted) : undefined });
      dispatch({ type: 'playing', on: playing && id !== null });
    },
    [WISH.PLAY]: () => play(state(), dispatch),
    [WISH.PACE]: ({ pace }) => {
      dispatch({ type: 'pace', pace });
      keep(PACE_KEY, pace);
    },
    [WISH.VOICE]: ({ voice }) => {
      dispatch({ type: 'voice', voice });
      keep(VOICE_KEY, voice);
    },
  };
}

/* All of a run, reached by going on, has its last event selected; asked for, or
 * live, it has none. An open card stays. */
function lastStep({ run, events, step, panel }, wanted) {
  if (panel === 'card') return step;
  return wanted.to || run.phase === 'running' ? null : events.length;
}

/* From the beginning where there is nothing left to play. */
function play({ run, events, playing, moment }, dispatch) {
  if (!run || events.length < 2) return;
  if (!playing && (moment === null || moment >= events.length)) dispatch({ type: 'moment', id: 1 });
  dispatch({ type: 'playing', on: !playing });
}

/** A subscriber that writes what is shown into the address, once it rests. An
 * address that somebody has just entered is read first. */
export function addressKeeper({ state }) {
  let timer = null;
  let read = null; // the address as it was read, or written, last
  let run = null;
  let shown = null;
  const write = () => {
    const now = state();
    const address = addressOf(now);
    const isMine = window.location.hash === read && parseRoute(read).run === now.run?.id;
    if (!isMine || now.view.name !== 'lab' || now.playing || address === read) return;
    window.history.replaceState(null, '', address);
    read = address;
  };
  window.addEventListener('hashchange', () => {
    read = window.location.hash;
  });
  return (now) => {
    const next = `${addressOf(now)} ${now.playing}`;
    if (now.run !== null && now.run.id !== run) read = window.location.hash;
    run = now.run?.id ?? null;
    if (run === null || next === shown) return;
    shown = next;
    clearTimeout(timer);
    timer = setTimeout(write, SETTLED_MS);
  };
}
