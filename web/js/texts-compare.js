/* texts-compare.js - words of the view in which two runs stand side by side. */
import { duration } from './format.js';

const NAMES = ['A', 'B'];
const host = { client: 'client', server: 'server' };
const nth = (n) => (n === 1 ? '' : ` (number ${n})`);
const again = (n) => (n > 0 ? ` And so ${n} more ${n === 1 ? 'time' : 'times'}.` : '');
const results = { ok: 'succeeds', end: 'is told the end of the stream' };
const came = (result) => (result === null ? 'is still waiting' : (results[result] ?? result));
const percent = (part) => `${Number((part * 100).toFixed(2))} %`;
const condition = (name, value) => (name.endsWith('_ms') ? `${value} ms` : percent(value));

export const compare = {
  title: 'Compare',
  intro: 'Two runs side by side on one scale, what differs marked and named. Change one thing and '
    + 'see what follows from it.',
  names: NAMES,
  cases: {
    title: 'Change one thing', run: 'Run both',
    loss: ['Loss against none', 'The same handshake, once with its first SYN lost. Where does the '
      + 'second go, and who notices?'],
    whose: ['The SYN lost, or its answer', 'To the client both look the same. What does the server '
      + 'know in each?'],
    ip: ['IPv4 against IPv6', 'The same exchange over both. What changes in TCP itself?'],
    scale: ['Without window scaling', 'A middlebox takes one option out of the SYN. What becomes '
      + 'of every window that follows?'],
    latency: ['Near and far', '5 ms and 50 ms each way. Count the round trips.'],
    refused: ['Refused against silent', 'A closed port and a filter: one answer, and none.'],
    cookies: ['SYN cookies with and without timestamps', 'What a cookie forgets, and what '
      + 'timestamps remember for it.'],
    abort: ['Closed or aborted', 'A FIN asks for an end, a RST makes one. What is left behind by '
      + 'each?'],
    ecn: ['ECN agreed, and ECN swallowed', 'Two flags in the SYN. What does the kernel do when '
      + 'somebody dislikes them?'],
    ack: ['The last ACK lost: silent or talking', 'The client says nothing afterwards, or sends '
      + 'data. What brings the server to ESTABLISHED?'],
  },
  own: {
    title: 'A pair of your own', scenario: 'Scenario', change: 'What is different in B',
    rule: 'Rule', other: 'The other scenario', run: 'Run both',
    changes: {
      ip: 'the other IP version', syn: 'the first SYN is lost', synack: 'the first SYN,ACK is lost',
      ack: 'the client’s first ACK is lost', slow: '50 ms each way',
      twice: 'the SYN arrives twice',
      damaged: 'the first SYN is damaged',
      wscale: 'no window scaling', mss: 'no MSS', sack: 'no SACK', timestamps: 'no timestamps',
      rule: 'a rule of your own', scenario: 'another scenario',
    },
  },
  kept: {
    title: 'Two runs you have', a: 'Run A', b: 'Run B', open: 'Compare them',
    few: 'There are not two runs yet. Run both of a pair above, or start one in the lab.',
    alone: 'Open two saved runs first: by the button in the lab, or by dropping them on the page.',
  },
  needs: 'Needs the wire link.',
  back: 'Other pairs', swap: 'Swap A and B', lab: 'Open in the lab',
  with: (title) => `Compare with ${title}`,
  scales: {
    label: 'Scale of time', steps: 'Step by step', clock: 'One clock', true: 'True',
    about: {
      steps: 'What is the same in both stands side by side; the faster run waits for the other. '
        + 'Each fold says how long it was for its run.',
      clock: 'The same height is the same time since each run’s begin, squeezed.',
      true: 'The same height is the same time since each run’s begin, true to scale.',
    },
  },
  pictures: 'Both sequence diagrams', side: 'Which run is shown',
  picture: (name, title, n) => `${name}, ${title}: sequence diagram with ${n} segments.`,
  over: 'the run was over',
  figures: {
    title: 'At a glance', label: 'Figures of both runs', none: 'none',
    head: ['Figure', 'A', 'B', 'B against A'],
    connect: 'connect() took',
    client: 'client ESTABLISHED after', server: 'server ESTABLISHED after',
    segments: 'segments sent', repeats: 'sent again', lost: 'lost', whole: 'the run took',
    more: (n) => (n > 0 ? `${n} more` : `${-n} fewer`),
    times: (x) => (x >= 1 ? `${round(x)} × as long` : `${round(1 / x)} × shorter`),
    same: 'alike',
  },
  list: {
    title: 'What differs', count: (n) => (n === 1 ? 'one difference' : `${n} differences`),
    none: 'Nothing but what is other in every run: initial sequence numbers, ports, timestamps, '
      + 'microseconds.',
    noise: 'Initial sequence numbers, chosen ports, timestamps and microseconds are other in every '
      + 'run and are not listed.',
    groups: {
      setup: 'How they began', outcome: 'How they ended', wire: 'On the wire', calls: 'Calls',
      states: 'States', counters: 'What the kernels counted',
    },
  },
  setup: { scenario: 'scenario', link: 'link', ip: 'IP version', kernel: 'kernel' },
  path: {
    latency_ms: 'latency', jitter_ms: 'jitter', loss: 'loss', duplicate: 'duplication',
    reorder: 'reordering',
  },
  fates: {
    arrived: 'arrived', dropped: 'lost', held: 'held', flying: 'on its way', damaged: 'damaged',
    changed: 'rewritten',
  },
  aspects: {
    fate: 'what became of it', flags: 'flags', ttl: 'TTL', repeats: 'sent again', forged: 'forged',
    window: 'window', text: 'data', bytes: 'bytes', seq: 'seq', ack: 'ack',
  },
  yes: 'yes', no: 'no',
  says: {
    setup: ({ what, a, b }) => `${compare.setup[what]}: A ${a}, B ${b}`,
    path: ({ from, name, a, b }) =>
      `${compare.path[name]}${from ? ` from the ${host[from]}` : ''}: `
      + `A ${condition(name, a)}, B ${condition(name, b)}`,
    rule: ({ side, text }) => `Only ${NAMES[side]} has the rule “${text}”.`,
    verdict: (a, b) => `A: ${a}. B: ${b}.`,
    only: ({ side, segment, again: n }) => `Only in ${NAMES[side]}: segment ${segment.n}, `
      + `${segment.flags.join(',')} from the ${host[segment.from]}`
      + `${segment.of ? `, which repeats segment ${segment.of}` : ''}`
      + `${segment.forged ? ', forged' : ''}.${again(n)}`,
    later: ({ side, ns, again: n }) =>
      `${NAMES[side]} took ${duration(ns)} longer up to here.${again(n)}`,
    segment: ({ step: { a, b } }, aspects, n) =>
      `${a.flags.join(',')} from the ${host[a.from]} `
      + `(segment ${a.n === b.n ? a.n : `${a.n} and ${b.n}`}): ${aspects.join('; ')}.${again(n)}`,
    aspect: (name, a, b) => `${name}: A ${a}, B ${b}`,
    option: (option, a, b) => {
      if (a === null || b === null) return `${option} only in ${a === null ? 'B' : 'A'}`;
      return `${option}: A ${a}, B ${b}`;
    },
    result: ({ host: who, name, nth: k, a, b }) =>
      `${name}() of the ${host[who]}${nth(k)}: A ${came(a)}, B ${came(b)}`,
    took: ({ host: who, name, nth: k, a, b }) =>
      `${name}() of the ${host[who]}${nth(k)} took: A ${duration(a)}, B ${duration(b)}`,
    onlyCall: ({ host: who, names, side }) =>
      `Only in ${NAMES[side]} the ${host[who]} calls `
      + `${names.map((name) => `${name}()`).join(', ')}.`,
    states: ({ host: who, a, b }) =>
      `${host[who]}: A ${a.join(' → ') || 'none'}; B ${b.join(' → ') || 'none'}`,
    counter: ({ host: who, counter, meaning, a, b }) =>
      `${counter} of the ${host[who]}: A +${a}, B +${b}${meaning ? ` (${meaning})` : ''}`,
  },
  marks: {
    same: 'alike', differs: 'differs', only: (side) => `only in ${NAMES[side]}`,
    later: (side, ns) => `${NAMES[side]} +${duration(ns)}`,
  },
  sheet: {
    title: 'The two segments', close: 'Close', all: 'Show every field', none: 'no such segment',
    segment: (n, flags) => `segment ${n}, ${flags}`, loading: 'Reading the bytes…',
    asArrived: 'as it arrived',
    fields: 'Fields', head: ['Field', 'A', 'B'],
    alike: 'Every field is alike, but for what is other in every run.',
    absent: '–', differs: 'differs', expected: 'other in every run',
    parts: { ip: 'IP header', tcp: 'TCP header', option: 'Options', payload: 'Data' },
  },
};

/* Two digits are enough to compare by. */
function round(x) {
  return x >= 10 ? String(Number(x.toPrecision(2))) : x.toFixed(1);
}
