/* pairfigures.js - the figures by which two runs are compared at a glance. Pure.
 *
 * A figure is {name, unit, values: [of A, of B]}; a value is a number, or null
 * where the run has none. unit: 'ns' or 'count'. */

const connectOf = ({ calls }) => calls.find(({ host, name, end }) =>
  host === 'client' && name === 'connect' && end);

const lost = ({ copies }) => copies.length > 0 && copies.every(({ fate }) => fate === 'dropped');

/** When a host's kernel first said ESTABLISHED. */
function established(host) {
  return ({ sockets }) => {
    const spans = sockets.filter((socket) => socket.host === host && !socket.listener)
      .flatMap((socket) => socket.spans);
    return spans.find(({ state }) => state === 'ESTABLISHED')?.t ?? null;
  };
}

const FIGURES = [
  ['connect', 'ns', (model) => {
    const call = connectOf(model);
    return call ? call.end.t_ns - call.t : null;
  }],
  ['client', 'ns', established('client')],
  ['server', 'ns', established('server')],
  ['segments', 'count', ({ segments }) => segments.length],
  ['repeats', 'count', ({ segments }) => segments.filter(({ of }) => of).length],
  ['lost', 'count', ({ segments }) => segments.filter(lost).length],
  ['whole', 'ns', ({ end }) => end?.t_ns ?? null],
];

/** The figures of two models; those that neither run has are left out. */
export function figuresOf(models) {
  return FIGURES.map(([name, unit, valueOf]) => ({ name, unit, values: models.map(valueOf) }))
    .filter(({ values }) => values.some((value) => value !== null));
}

const NOISE = 1.25; // times are never the same twice
const NOISE_NS = 1e6; // least of all short ones

/** How the second value stands to the first: {more: difference} of counts, {times:
 * factor} of times, or null where they are alike or one is not there. */
export function ratioOf({ unit, values: [a, b] }) {
  if (a === null || b === null || a === b) return null;
  if (unit === 'count') return { more: b - a };
  const times = b / Math.max(1, a);
  const isNoise = Math.abs(b - a) < NOISE_NS || (times < NOISE && times > 1 / NOISE);
  return isNoise ? null : { times };
}
