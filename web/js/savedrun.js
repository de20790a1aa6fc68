/* savedrun.js - a run as a file, {run, details, about}: the run as the program
 * tells it, the bytes and fields of its segments, and its scenario. Pure.
 *
 * A file comes from anywhere, so each part of it is looked at before the page
 * draws it: what is read here can be shown, whatever it says. */
import { eventFault, isText, listFault } from './savedshape.js';
import { texts } from './texts.js';

export const MOST_BYTES = 64e6;
const MOST_EVENTS = 200000;
const MOST_BITS = 8 * 65535; // of an IP packet
const PARTS = ['ip', 'tcp', 'option', 'payload'];

/** What is written into the file. details: number -> what the program says of
 * that segment; about: the scenario, or undefined.
 * @param {Lab.Run} run
 * @param {Record<number, Lab.Detail>} details
 * @param {Lab.Scenario | null} [about] */
export function savedRun(run, details, about) {
  return { ...run, details, ...(about ? { about } : {}) };
}

/** {run, details, about} of a file's text: a run as saved here, an answer of
 * GET /api/runs/{id}, or events as lines. Throws an Error that says what is
 * wrong with it.
 * @param {string} text */
export function readRun(text) {
  const whole = parsed(text);
  const { details, about, ...run } = Array.isArray(whole) ? ofEvents(whole) : (whole ?? {});
  const fault = runFault(run);
  if (fault) throw new Error(fault);
  const segments = run.events.filter(
    (/** @type {Lab.Event} */ { kind }) => kind === 'segment');
  return {
    run: {
      ...run, title: isText(run.title) ? run.title : run.scenario, phase: 'ended',
      segment_count: segments.length,
    },
    details: Object.fromEntries(segments.map(
      (/** @type {Lab.SegmentEvent} */ each) => [each.n, detailOf(each, details)])),
    about: isAbout(about) ? about : null,
  };
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return linesOf(text);
  }
}

/** @param {string} text */
function linesOf(text) {
  try {
    return text.split('\n').filter((line) => line.trim()).map((line) => JSON.parse(line));
  } catch {
    throw new Error(texts.file.faults.json);
  }
}

/** @param {any[]} events */
function ofEvents(events) {
  const { run: id, scenario, link } = events[0] ?? {};
  return { id, scenario, link, title: scenario, events };
}

/** @param {any} run */
function runFault(run) {
  const t = texts.file.faults;
  const { id, scenario, events } = run;
  const isRun = [/^[\w-]{1,64}$/.test(id), isText(scenario), Array.isArray(events)].every(Boolean);
  if (!isRun) return t.run;
  if (events.length > MOST_EVENTS) return t.many(MOST_EVENTS);
  if (!isBegin(events[0])) return t.event(1, t.begin);
  return listFault(events, (event, place) => {
    const what = event?.id === place ? eventFault(event) : t.order;
    return what && t.event(place, what);
  });
}

/** @param {any} event */
const isBegin = (event) => event?.kind === 'run' && event.phase === 'begin';

/** What the file says of a segment; where that is nothing, or not to be trusted,
 * the bytes alone.
 * @type {(segment: Lab.SegmentEvent, details: any) => any} */
function detailOf(segment, details) {
  const { n, hex } = segment;
  const own = details && Object.hasOwn(details, n) ? details[n] : null;
  if (!isDetail(own)) return { n, hex, fields: [bare(hex)] };
  return Array.isArray(own.copies) && !own.copies.every(isDetail) ? { ...own, copies: [] } : own;
}

/** @param {string} hex */
function bare(hex) {
  const { name, value, meaning } = texts.file.bare;
  const bytes = hex.length / 2;
  return {
    part: 'payload', name, bit_offset: 0, bit_width: bytes * 8, value: value(bytes), meaning,
  };
}

/** @type {(detail: any) => boolean} */
function isDetail(detail) {
  return Boolean(detail) && isHex(detail.hex) && Array.isArray(detail.fields)
    && areFields(detail.fields);
}

/** @param {unknown} hex */
const isHex = (hex) => typeof hex === 'string' && /^([0-9a-f]{2})*$/.test(hex);

/** Fields stand bit after bit, as the header has them.
 * @param {any[]} fields */
function areFields(fields) {
  let at = 0;
  return fields.every((field) => {
    const fits = isField(field) && field.bit_offset === at;
    at += field?.bit_width ?? 0;
    return fits && at <= MOST_BITS;
  });
}

/** @param {any} field */
function isField(field) {
  const { part, name, value, meaning, bit_width: width, rfc } = field ?? {};
  const { value_rel: counted, meaning_rel: wording } = field ?? {};
  return PARTS.includes(part) && [name, value, meaning].every(isText)
    && [rfc, counted, wording].every((each) => isText(each ?? ''))
    && Number.isInteger(width) && width >= 0;
}

/** @param {any} about */
function isAbout(about) {
  const { teaches = [], why = '' } = about ?? {};
  return Boolean(about) && Array.isArray(teaches) && teaches.every(isText) && isText(why);
}
