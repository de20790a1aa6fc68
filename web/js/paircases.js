/* paircases.js - pairs of runs that are worth comparing, and what may be changed
 * in one of a pair. Pure.
 *
 * A pair is two requests for a run, which differ in one thing. */

const rule = (words) => ({ rules: [words] });

/** Pairs by name: {id, a, b}: each {scenario, options}. */
export const CASES = Object.freeze([
  { id: 'loss', scenarios: ['open', 'open'], options: [{}, rule('client SYN nth 1 drop')] },
  { id: 'whose', scenarios: ['syn-lost', 'synack-lost'] },
  { id: 'ip', scenarios: ['classic', 'classic'], options: [{ ip: 4 }, { ip: 6 }] },
  {
    id: 'scale', scenarios: ['classic', 'classic'],
    options: [{}, rule('client SYN strip WScale')],
  },
  {
    id: 'latency', scenarios: ['classic', 'classic'],
    options: [{ latency_ms: 5 }, { latency_ms: 50 }],
  },
  { id: 'refused', scenarios: ['closed-port', 'filtered'] },
  { id: 'cookies', scenarios: ['cookies-plain', 'cookies-timestamps'] },
  { id: 'abort', scenarios: ['close-four', 'close-linger-zero'] },
  {
    id: 'ecn', scenarios: ['ecn-agreed', 'ecn-agreed'],
    options: [{}, rule('client with SYN,ECE drop')],
  },
  { id: 'ack', scenarios: ['final-ack-lost-silent', 'final-ack-lost-data'] },
]);

/** What may be different in the second of a pair: name -> options(ip, words) of
 * its run; those of `PLAIN` need no wire. */
export const CHANGES = Object.freeze({
  syn: () => rule('client SYN nth 1 drop'),
  synack: () => rule('server SYN,ACK nth 1 drop'),
  ack: () => rule('client ACK nth 1 drop'),
  twice: () => rule('client SYN nth 1 duplicate'),
  damaged: () => rule('client SYN nth 1 corrupt'),
  slow: () => ({ latency_ms: 50 }),
  ip: (ip) => ({ ip: ip === 6 ? 4 : 6 }),
  wscale: () => rule('client SYN strip WScale'),
  mss: () => rule('client SYN strip MSS'),
  sack: () => rule('client SYN strip SACK'),
  timestamps: () => rule('client SYN strip Timestamps'),
  rule: (ip, words) => rule(words),
  scenario: () => ({}),
});

const PLAIN = new Set(['ip', 'scenario']);

/** Whether a change needs the wire. */
export const needsWire = (change) => !PLAIN.has(change);

/** The two requests of a pair by name. */
export function caseBodies({ scenarios, options = [{}, {}] }) {
  return scenarios.map((scenario, i) => ({ scenario, options: { ip: 4, ...options[i] } }));
}

/** The two requests of a pair of one's own. chosen: {scenario, ip, change, words,
 * other}; `fixed` is the IP version that a scenario insists on. */
export function ownBodies({ scenario, ip, change, words, other }) {
  const options = { ip, ...CHANGES[change](ip, words) };
  return [
    { scenario, options: { ip } },
    { scenario: change === 'scenario' ? other : scenario, options },
  ];
}
