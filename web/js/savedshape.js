/* savedshape.js - what an event must be like so that it can be drawn. Pure. */
import { texts } from './texts.js';

const HOSTS = ['client', 'server'];
const FATES = ['held', 'arrived', 'dropped'];

/** @typedef {(value: any) => boolean} Fits */

/** Whether it is a text.
 * @type {Fits} */
export const isText = (value) => typeof value === 'string';

/** @type {Fits} */
const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);
/** @type {Fits} */
const isTime = (value) => isNumber(value) && value >= 0;
/** @type {Fits} */
const isId = (value) => Number.isInteger(value) && value > 0;
/** @type {Fits} */
const isHost = (value) => HOSTS.includes(value);
/** @type {Fits} */
const isFate = (value) => FATES.includes(value);
/** @type {Fits} */
const isPhase = (value) => value === 'begin' || value === 'end';
/** @type {Fits} */
const isTexts = (value) => Array.isArray(value) && value.every(isText);
/** @type {Fits} */
const isObject = (value) => typeof value === 'object' && !Array.isArray(value);
/** @type {Fits} */
const isHex = (value) => isText(value) && /^([0-9a-f]{2})*$/.test(value);
/** @type {(fits: Fits) => Fits} */
const listOf = (fits) => (value) =>
  Array.isArray(value) && value.every((each) => each && fits(each));
/** @type {Fits} */
const maybe = (value) => value === undefined || value === null || isText(value);
const says = listOf((each) => isText(each.text) && maybe(each.text_rel) && maybe(each.rfc));
const expectations = listOf(({ what, seen }) => isText(what) && maybe(seen));

/** Names that must be there, and names that may be, each with what fits.
 * @type {Record<string, Record<string, Fits>>} */
const NEEDED = {
  any: { t_ns: isTime, sentence: isText },
  run: { phase: isPhase },
  call: { host: isHost, name: isText, args: isText, phase: isPhase },
  segment: {
    n: isId, from: isHost, to: isHost, flags: isTexts, seq: isNumber, ack: isNumber,
    len: isNumber, hex: isHex,
  },
  copy: { n: isId, fate: isFate, by: isText },
  state: { host: isHost, socket: isText, new: isText },
  counter: { host: isHost, counter: isText, delta: isNumber },
  message: { host: isHost, text: isText },
  icmp: { from: isHost, to: isHost, type: isNumber, code: isNumber },
};
/** @type {typeof NEEDED} */
const OPTIONAL = {
  any: { sentence_rel: isText, meaning: isText, cause: isId, info: isObject },
  run: { run: isText, hosts: areHosts, kernel: isText, verdict: isVerdict, expect: expectations },
  call: { errno: isText, on: isText, begin: isId, result: isNumber, data: isText },
  segment: {
    seq_rel: isNumber, ack_rel: isNumber, window: isNumber, window_scaled: isNumber, text: isText,
    of: isId, answers: isId, says, options: listOf(isObject), src: isText, dst: isText,
    checksum: isText,
  },
  copy: { copy: isId, rule: isText, action: isText, changed: isText },
  state: { old: isText, peer: isText },
  counter: {},
  message: {},
  icmp: { n: isId },
};

/** @param {any} hosts */
function areHosts(hosts) {
  return isObject(hosts) && Object.entries(hosts).every(([name, { address, port = 1 } = {}]) =>
    isHost(name) && isText(address) && isNumber(port));
}

/** @param {any} verdict */
function isVerdict(verdict) {
  return isText(verdict.code) && isText(verdict.text);
}

/** What keeps an event from being drawn, in words, or null.
 * @param {any} event */
export function eventFault(event) {
  const t = texts.file.faults;
  const { kind } = event;
  if (!Object.hasOwn(OPTIONAL, kind) || kind === 'any') return t.shape('kind');
  /** @param {string} name */
  const isThere = (name) => event[name] !== undefined && event[name] !== null;
  const bad = Object.entries({ ...NEEDED.any, ...NEEDED[kind] }).find(([name, fits]) =>
    !fits(event[name])) ?? Object.entries({ ...OPTIONAL.any, ...OPTIONAL[kind] }).find(
    ([name, fits]) => isThere(name) && !fits(event[name]));
  return bad ? t.shape(bad[0]) : null;
}

/** The first fault in a list; places count from 1.
 * @type {(list: any[], faultOf: (each: any, place: number) => string | null) => string | null} */
export function listFault(list, faultOf) {
  for (const [i, each] of list.entries()) {
    const fault = faultOf(each, i + 1);
    if (fault) return fault;
  }
  return null;
}
