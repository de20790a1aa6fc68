/* cast.js - who and what is to be placed in a picture of a model, and the columns
 * that they need. Pure. */
import { placeColumns } from './columns.js';
import { floodsOf, withCrowds } from './groups.js';
import { repeatsWhileHeld } from './held.js';
import { assignLanes } from './lanes.js';
import { disagreement } from './model.js';
import { notesOf } from './notes.js';
import { handshakeRuler } from './ruler.js';
import { timersOf } from './timers.js';
import { queueStays } from './waiting.js';

const TRIED_HAND = 1.55; // buttons and the line about repeats, in buttons

/** The cast of a model: everything that geometry.js places. view as there. */
export function castOf(model, width, view) {
  const link = model.begin?.link;
  const { folded, opened, away } = floodsIn(model, view);
  const sockets = withCrowds(model.sockets, folded);
  const stays = link === 'wire' ? queueStays(model) : [];
  const { lanes, laneOf, slotOf } = assignLanes(sockets, stays);
  const columns = { ...placeColumns(width, lanes), level: link === 'loopback' };
  const timers = timersOf(model);
  const split = link === 'wire' ? disagreement(model) : null; // else it is about when was asked
  const ruler = handshakeRuler(model);
  const about = { timers, split, ruler, floods: folded, opened };
  return {
    link, columns, sockets, laneOf, slotOf, timers, split, ruler, folded,
    stays: stays.filter(({ key }) => laneOf.has(key)),
    segments: away.size === 0 ? model.segments : model.segments.filter(({ n }) => !away.has(n)),
    edges: [model.begin, model.end].filter(Boolean),
    relative: view.relative,
    notes: notesOf(model, columns, about),
    ...handsIn(model, columns, view),
  };
}

/* Floods, folded and open. */
function floodsIn(model, { unfolded, away }) {
  const floods = floodsOf(model);
  if (floods.length === 0) return { folded: [], opened: [], away };
  const folded = floods.filter(({ n }) => !unfolded.includes(n));
  const members = folded.flatMap((flood) => flood.members.map(({ n }) => n));
  const opened = floods.filter(({ n }) => unfolded.includes(n));
  return { folded, opened, away: new Set([...away, ...members]) };
}

/* The room for the buttons of what waits, and for what is told there. */
function handsIn(model, { hand }, { inHand, away }) {
  const repeats = repeatsWhileHeld(model);
  const waits = new Set(inHand);
  return {
    handOf: (n) => (waits.has(n) ? hand * (repeats.has(n) ? TRIED_HAND : 1) : 0),
    triesOf: (n) => (repeats.get(n) ?? []).filter((each) => away.has(each.n)).length,
  };
}
