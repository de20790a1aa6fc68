/* timers.js - the kernels' retransmission timers. Pure.
 *
 * A kernel tells nobody when its timer will fire. What is known: the nominal
 * schedule, when a segment was sent, and, once it fired, when it was sent again.
 * So a countdown is nominal, and a time that has passed is measured.
 *
 * SYN and SYN,ACK (RFC 6298): 1 s, then doubled; a SYN of Linux 6.5 and newer is
 * sent every second four times before that (tcp_syn_linear_timeouts). What is
 * sent on an open connection: the time-out that the kernel itself reported
 * (TCP_INFO), doubled each time; where SACK was agreed the first repeat is a
 * tail loss probe (RFC 8985), after which doubling begins one later. */
import { once } from './memo.js';
import { segmentOf } from './model.js';

const SECOND = 1e9;
const LINEAR = 4; // tcp_syn_linear_timeouts
const LINEAR_SINCE = [6, 5];
const MOST = 120 * SECOND; // TCP_RTO_MAX
export const TIME_WAIT = 60 * SECOND; // TCP_TIMEWAIT_LEN

/** Nominal nanoseconds until the timer fires that has fired k times before. */
export function nominalRto(k, { isSyn, kernel }) {
  const linear = isSyn && isLinear(kernel) ? LINEAR : 0;
  return Math.min(MOST, SECOND * 2 ** Math.max(0, k - linear));
}

function isLinear(kernel) {
  const [major, minor] = (kernel ?? '').split('.').map(Number);
  return major > LINEAR_SINCE[0] || (major === LINEAR_SINCE[0] && minor >= LINEAR_SINCE[1]);
}

const WAITS = {
  'SYN': ['SYN-SENT'],
  'SYN,ACK': ['SYN-RECEIVED'],
  'FIN': ['FIN-WAIT-1', 'CLOSING', 'LAST-ACK'],
  'data': [], // no state tells that it has not been acknowledged
};

/** Every timer of the run: {key, n, host, kind ('SYN', 'SYN,ACK', 'FIN' or
 * 'data'), tries: [{id, n, t}], waits, from, nominal, active}. waits: one for
 * each time it fired, {id, n (of the repeat), measured, nominal or null, probe};
 * `from` is when the newest try was sent; `active` as long as the kernel says
 * that it waits for the answer. */
export const timersOf = once((/** @type {Lab.Model} */ model) => {
  const timers = new Map();
  for (const segment of model.segments) {
    const kind = segment.forged || segment.saved ? null : kindOf(segment);
    if (kind) addTry(timers, kind, segment, model);
  }
  const states = new Map(model.sockets.map(({ key, spans }) => [key, spans.at(-1).state]));
  return [...timers.values()].map((timer) => finished(timer, states, model));
});

/** Those of SYN and SYN,ACK. */
export function openingTimers(model) {
  return timersOf(model).filter(({ kind }) => kind.startsWith('SYN'));
}

/** What a timer watches over: of what is on an open connection a FIN, and data
 * that was sent again; an ACK alone has none.
 * @param {Lab.Segment} segment */
function kindOf({ flags, of, len }) {
  if (flags.includes('RST')) return null;
  if (flags.includes('SYN')) return flags.includes('ACK') ? 'SYN,ACK' : 'SYN';
  if (flags.includes('FIN')) return 'FIN';
  return of && len > 0 ? 'data' : null;
}

function addTry(timers, kind, segment, model) {
  const { from: host, src, dst, seq } = segment;
  const key = `${host} ${src} ${dst} ${kind} ${seq}`;
  if (!timers.has(key)) timers.set(key, { key, host, kind, src, dst, tries: [] });
  const { tries } = timers.get(key);
  const first = tries.length === 0 && segment.of ? segmentOf(model, segment.of) : null;
  for (const each of first ? [first, segment] : [segment]) {
    tries.push({ id: each.id, n: each.n, t: each.t_ns });
  }
}

function finished(timer, states, model) {
  const { key, host, kind, src, dst, tries } = timer;
  const nominalOf = schedule(kind, host, model);
  let fired = 0;
  const waits = tries.slice(1).map(({ id, n, t }, i) => {
    const measured = t - tries[i].t;
    const { ns, probe } = nominalOf(fired, tries[0].t);
    const own = measured > (ns ?? 0) / 2; // else it was an answer, and restarts the timer
    fired += own ? 1 : 0;
    return { id, n, measured, nominal: own ? ns : null, probe: own && probe };
  });
  const { ns: nominal } = nominalOf(fired, tries[0].t);
  const active = !model.end && WAITS[kind].includes(states.get(`${host} ${src} ${dst}`));
  return { key, n: tries[0].n, host, kind, tries, waits, from: tries.at(-1).t, nominal, active };
}

/* How long the timer runs that has fired k times: (k, t) -> {ns, probe}. */
function schedule(kind, host, model) {
  if (kind.startsWith('SYN')) {
    const about = { isSyn: kind === 'SYN', kernel: model.begin?.kernel };
    return (k) => ({ ns: nominalRto(k, about), probe: false });
  }
  return (k, t) => {
    const info = infoBefore(model, host, t);
    if (!info?.rto_us) return { ns: null, probe: false };
    const doubled = Math.max(0, k - (info.sack ? 1 : 0));
    return { ns: Math.min(MOST, info.rto_us * 1e3 * 2 ** doubled), probe: info.sack && k === 0 };
  };
}

/* What the kernel of a host last reported before a time. */
function infoBefore({ calls }, host, t) {
  const told = calls.filter((call) => call.host === host && call.end?.info);
  const before = told.filter(({ end }) => end.t_ns <= t);
  return (before.at(-1) ?? told[0])?.end.info;
}
