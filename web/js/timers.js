/* timers.js - the kernels' retransmission timers of SYN and SYN,ACK. Pure.
 *
 * A kernel tells nobody when its timer will fire. What is known: the nominal
 * schedule (RFC 6298: 1 s, then doubled; a SYN of Linux 6.5 and newer is sent
 * every second four times before that, tcp_syn_linear_timeouts), when a segment
 * was sent, and, once it fired, when it was sent again. So a countdown is
 * nominal, and a time that has passed is measured. */

const SECOND = 1e9;
const LINEAR = 4; // tcp_syn_linear_timeouts
const LINEAR_SINCE = [6, 5];
const MOST = 120 * SECOND; // TCP_RTO_MAX

/** Nominal nanoseconds until the timer fires that has fired k times before. */
export function nominalRto(k, { isSyn, kernel }) {
  const linear = isSyn && isLinear(kernel) ? LINEAR : 0;
  return Math.min(MOST, SECOND * 2 ** Math.max(0, k - linear));
}

function isLinear(kernel) {
  const [major, minor] = (kernel ?? '').split('.').map(Number);
  return major > LINEAR_SINCE[0] || (major === LINEAR_SINCE[0] && minor >= LINEAR_SINCE[1]);
}

/* A kernel sent it to open a connection. */
const opens = ({ flags, forged, saved }) =>
  flags.includes('SYN') && !flags.includes('RST') && !forged && !saved;
const WAITS = { 'SYN': ['SYN-SENT'], 'SYN,ACK': ['SYN-RECEIVED'] };

/** Every timer of an opening: {key, n, host, flags, tries: [{id, t}], from,
 * nominal, active}. `from` is when the newest try was sent; `active` as long as
 * the kernel says that it waits for the answer. */
export function openingTimers(model) {
  const timers = new Map();
  const states = new Map(model.sockets.map(({ key, spans }) => [key, spans.at(-1).state]));
  for (const segment of model.segments.filter(opens)) {
    const flags = segment.flags.includes('ACK') ? 'SYN,ACK' : 'SYN';
    const key = `${segment.from} ${segment.src} ${segment.dst} ${flags} ${segment.seq}`;
    const timer = timers.get(key) ?? { key, n: segment.n, host: segment.from, flags, tries: [] };
    timer.tries.push({ id: segment.id, n: segment.n, t: segment.t_ns });
    const state = states.get(`${segment.from} ${segment.src} ${segment.dst}`);
    timer.active = !model.end && WAITS[flags].includes(state);
    timers.set(key, timer);
  }
  return [...timers.values()].map((timer) => withNominal(timer, model.begin?.kernel));
}

/* A SYN that comes again is answered again at once: that restarts the timer but
 * was not its doing, so it does not count for how long the next wait is. */
function withNominal(timer, kernel) {
  const { tries, flags } = timer;
  const fired = tries.slice(1).filter(({ t }, i) => t - tries[i].t > SECOND / 2).length;
  const nominal = nominalRto(fired, { isSyn: flags === 'SYN', kernel });
  return { ...timer, from: tries.at(-1).t, nominal };
}

/** How long after the try before it a repeat was sent: n -> nanoseconds. */
export function measuredGaps(timers) {
  const gaps = new Map();
  for (const { tries } of timers) {
    tries.slice(1).forEach((each, i) => gaps.set(each.n, each.t - tries[i].t));
  }
  return gaps;
}
