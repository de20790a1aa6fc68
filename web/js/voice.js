/* voice.js - which events are read aloud, and when. Pure. */

/** What can be chosen; the first one is what it begins with. */
export const VOICES = Object.freeze(['all', 'slow', 'segments', 'none']);

/** The newest event that a state shows; 0 before the first. */
export function newestShown({ events, moment }) {
  return Math.min(moment ?? events.length, events.length);
}

/** The events to be read when a state follows another: each that came while a
 * run is live or plays; of a leap only the one it leads to. */
export function toRead(before, after) {
  const from = newestShown(before);
  const to = newestShown(after);
  if (from === to || after.voice === 'none') return [];
  const goesOn = to > from && (after.playing || (before.moment === null && after.moment === null));
  const list = after.events.slice(goesOn ? from : to - 1, to);
  return after.voice === 'segments' ? list.filter(isMarked) : list;
}

/* Segments, and how it began and ended. */
const isMarked = ({ kind }) => kind === 'segment' || kind === 'run';
