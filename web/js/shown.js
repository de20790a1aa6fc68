/* shown.js - the shapes of what the page shows: its run, at its moment, in its
 * scale, with what is folded folded. */
import { cutAt } from './cut.js';
import { eventY, layout } from './geometry.js';
import { foldedAway, heldSegments } from './held.js';
import { drawPicture } from './picture.js';
import { isInHand } from './store.js';
import { s } from './svg.js';

const MOST_IN_HAND = 12; // buttons at the segments that have waited longest

/** Which segments are folded away, and which have their buttons; geometry.js's
 * view. A decision keeps its room until its event comes, so that nothing jumps
 * twice. */
export function viewOf(state) {
  const { whole, relative, unfolded, decided, scale } = state;
  const away = foldedAway(whole, unfolded, decided);
  const waiting = isInHand(state) ? heldSegments(whole) : [];
  const inHand = waiting.filter(({ n }) => !away.has(n)).slice(0, MOST_IN_HAND).map(({ n }) => n);
  return { relative, away, inHand, unfolded, scale };
}

/** The shapes of the whole run as they stood at the moment that is shown, down to
 * its latest time: what was written down later may have happened before. */
export function atMoment(shapes, { moment, model, events }) {
  if (moment === null) return shapes;
  let latest = events[0];
  for (const event of events.slice(0, moment)) if (event.t_ns >= latest.t_ns) latest = event;
  return cutAt(shapes, { moment, model, now: eventY(shapes, events, latest?.id) ?? shapes.top });
}

/** Draw the whole picture, of which the page may show a part, into an svg element
 * that stands beside it unseen while work(element) lasts; resolves to what that
 * gives. */
export async function withPicture(state, work) {
  const sheet = document.querySelector('.diagram__sheet');
  const root = s('svg', { 'class': 'diagram__copy', 'aria-hidden': 'true' });
  sheet.append(root);
  try {
    const width = Math.floor(sheet.parentElement.clientWidth);
    const shapes = layout(state.whole, width, viewOf(state));
    drawPicture(root, atMoment(shapes, state), state);
    return await work(root);
  } finally {
    root.remove();
  }
}
