/* transport.js - what moves the moment on while it plays, frame by frame. */
import { advance, clockOf, paceOf } from './playback.js';

const MOST_MS = 500; // of one frame: a hidden page does not run ahead

/** Something that plays while a state says so. moveTo(id) asks for a moment,
 * paint(position, clock) shows how far it is between two. */
export function createTransport({ moveTo, paint }) {
  let state = null;
  let clock = null;
  let timed = null; // the events of that clock
  let position = null; // null while nothing plays
  let before = 0;

  const tick = (now) => {
    if (!position) return;
    const from = position.id;
    position = advance(position, Math.min(now - before, MOST_MS), paceOf(state.pace), clock);
    before = now;
    if (position.id !== from) moveTo(position.id);
    paint(position, clock);
    requestAnimationFrame(tick);
  };
  const begin = () => {
    before = performance.now();
    requestAnimationFrame(tick);
  };
  return {
    update(next) {
      state = next;
      if (state.playing && timed !== state.events) {
        timed = state.events;
        clock = clockOf(timed);
      }
      const waits = position === null;
      if (!state.playing) position = null;
      else if (position?.id !== state.moment) position = { id: state.moment ?? 1, part: 0 };
      if (waits && position) begin();
    },
  };
}
