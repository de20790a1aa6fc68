/* moments.js - the model at any moment of a run, cheaply: beside the model of
 * all events stands a checkpoint every so many, so that a step folds a few
 * hundred events at most, however long the run. Pure.
 *
 * A moment is the id of the newest event shown, null for all there are. Ids
 * count from 1 without gaps, so event k is events[k - 1]. A moment may lie
 * ahead of a live run: then all is shown until it is reached. */
import { emptyModel, foldMany } from './model.js';

const EVERY = 256; // events between two checkpoints

/** The history before the first event: the model of all events, and models
 * after each EVERY of them.
 * @type {Readonly<Lab.History>} */
export const emptyHistory = Object.freeze({ whole: emptyModel, marks: Object.freeze([]) });

/** The history after more events.
 * @param {Lab.History} history
 * @param {Lab.Event[]} fresh
 * @returns {Lab.History} */
export function foldMore({ whole, marks }, fresh) {
  const more = [];
  let model = whole;
  for (let from = 0; from < fresh.length;) {
    const until = from + EVERY - (countOf(model) % EVERY); // the next checkpoint
    model = foldMany(model, fresh.slice(from, until));
    if (countOf(model) % EVERY === 0) more.push(model);
    from = until;
  }
  return { whole: model, marks: more.length > 0 ? [...marks, ...more] : marks };
}

/** The model at a moment. `near` is one that may be closer than a checkpoint:
 * the one shown now.
 * @param {Lab.History & {events: Lab.Event[]}} history
 * @param {number | null} moment
 * @param {Lab.Model} near */
export function modelAt({ events, whole, marks }, moment, near = emptyModel) {
  if (moment === null || moment >= countOf(whole)) return whole;
  const mark = marks[Math.floor(moment / EVERY) - 1] ?? emptyModel;
  const usable = countOf(near) <= moment && countOf(near) > countOf(mark);
  const base = usable ? near : mark;
  return foldMany(base, events.slice(countOf(base), moment));
}

/** @param {Lab.Model} model */
const countOf = (model) => model.last?.id ?? 0;

/** Where a wish leads: {id}, {by: 1 or -1, of: 'event' or 'segment'}, or
 * {to: 'first' or 'last'}. The last moment there is, is null: all, and live.
 * @param {Pick<Lab.State, 'events' | 'moment'>} state
 * @param {Lab.Goto} wanted */
export function goal({ events, moment }, wanted) {
  const last = events.length;
  const at = moment ?? last;
  const id = aim(events, Math.min(at, last), wanted);
  return id >= last ? null : Math.max(1, id);
}

/** @type {(events: Lab.Event[], at: number, wanted: Lab.Goto) => number} */
function aim(events, at, { id, by = 0, of, to }) {
  if (to) return to === 'first' ? 1 : events.length;
  if (id !== undefined) return id;
  if (of !== 'segment') return at + by;
  /** @param {Lab.Event} event */
  const isSegment = ({ kind }) => kind === 'segment';
  if (by > 0) return events.slice(at).find(isSegment)?.id ?? events.length;
  return events.slice(0, at - 1).findLast(isSegment)?.id ?? 1;
}
