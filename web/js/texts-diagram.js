/* texts-diagram.js - the words in and around the sequence diagram; texts.js puts
 * them with all others. Where several wordings stand in a list, the first that
 * fits is shown. */
import { duration } from './format.js';

const segments = (n) => `${n} ${n === 1 ? 'segment' : 'segments'}`;

export const diagram = {
  label: 'Sequence diagram',
  describe: (title, n) =>
    `${title}: ${segments(n)} between client and server, `
    + 'time runs down. Arrow keys move along the segments, Enter opens one.',
  time: 'time',
  scales: {
    label: 'Scale of time',
    squeezed: 'Squeezed', true: 'True', even: 'Even',
  },
  about: {
    squeezed: 'Time runs down, squeezed: short gaps are widened, idle ones folded. '
      + 'Every time written here was measured.',
    true: 'Time runs down, true to scale. What has no room is counted: '
      + 'stretch the picture to see it.',
    even: 'Time runs down in even steps: the order is shown, how long it took is written.',
  },
  links: {
    loopback: 'On the loopback a segment arrives in the moment it is sent: arrows are level. '
      + 'Nothing was held up to look at it, so short states can be missing.',
    sockets: 'Nothing was watched on the way: calls, states and what the kernels kept are all '
      + 'that is known. The rest is not observable here.',
  },
  zoom: {
    label: 'Size of the picture',
    in: 'Larger (+)', out: 'Smaller (−)', fit: 'Fit: show all of it (0)', whole: 'Fit',
    percent: (z) => `${z} %`,
    times: (z) => `× ${z}`,
    reset: 'Back to its usual size',
    now: (size) => `${size}: back to its usual size`,
  },
  disagree: (host, ns) => {
    const time = ns === null ? [] : [duration(ns)];
    return [
      [`only the ${host} is ESTABLISHED`, ...time].join(': '), `only the ${host} is ESTABLISHED`,
      [`${host} first`, ...time].join(': '), `${host} first`,
    ];
  },
  fold: (ns) => `+${duration(ns)}`,
  held: 'held',
  veil: ['what passes here is not observable', 'not observable here'],
  saved: 'kept by the server’s kernel',
  savedTimes: [
    ' · when it was sent is not observable here', ' · when sent: not observable here',
    ' · when?',
  ],
  marks: { damaged: 'damaged', changed: 'changed' },
  copies: (n) => (n === 2 ? 'twice' : `${n} times`),
  droppedBy: ({ by, rule, action }) => {
    if (by === 'rule') return `dropped by ${rule ?? 'a rule'}`;
    if (by === 'person') return 'dropped by hand';
    return action ? 'lost by chance' : 'lost';
  },
  tries: (n) => `tried again ${n} ${n === 1 ? 'time' : 'times'}`,
  flying: 'on the wire',
  repeats: (n) => `repeats ${n}`,
  forged: 'forged',
  bytes: (n) => `${n} ${n === 1 ? 'byte' : 'bytes'}`,
  icmp: (type, code) => `ICMP ${type}/${code}`,
  timer: (kind, probe, nominal, measured) => {
    const name = probe ? 'tail loss probe' : `${kind} timer`;
    return [
      `${name}: nominal ${nominal}, measured ${measured}`,
      `${name}: ${nominal}, was ${measured}`,
      `nominal ${nominal}, was ${measured}`,
      `${nominal}, was ${measured}`,
    ];
  },
  runs: (nominal) => [`runs, nominal ${nominal}`, nominal],
  firstData: (rtt) => [
    `first data possible from here: one round trip, ${rtt}`,
    `first data possible: 1 RTT, ${rtt}`,
    `data from here: ${rtt}`,
    `1 RTT: ${rtt}`,
  ],
  roundTrip: (rtt) => `RTT ${rtt}`,
  timeWait: (nominal, seen) => [`lasts ${nominal}`, `seen: ${seen}`],
  crowd: (n, state) => `${n} × ${state}`,
  sockets: (n) => `${n} sockets`,
  codes: {
    'LISTEN': 'LI', 'SYN-SENT': 'SS', 'SYN-RECEIVED': 'SR', 'ESTABLISHED': 'ES',
    'FIN-WAIT-1': 'F1', 'FIN-WAIT-2': 'F2', 'CLOSE-WAIT': 'CW', 'CLOSING': 'CG',
    'LAST-ACK': 'LA', 'TIME-WAIT': 'TW', 'CLOSED': '–',
  },
  many: (n, flags) => `${n} × ${flags}`,
  flood: (n, flags, addresses) => {
    const from = addresses > 1 ? [`${n} × ${flags} from ${addresses} addresses`,
      `${n} × ${flags}, ${addresses} addresses`] : [];
    return [...from, `${n} × ${flags}`];
  },
  opens: ['open to see each', 'opens'],
  relations: {
    ack: (ack, seq, len, ones) => {
      const parts = [...(len > 0 ? [`${len} ${len === 1 ? 'byte' : 'bytes'}`] : []),
        ...ones.map((flag) => `1 for ${flag}`)];
      return [`ack ${ack} =`, `seq ${seq} + ${parts.join(' + ')}`];
    },
    agreed: (names, asked, given) => {
      const said = { 'SACK Permitted': 'SACK', 'Timestamps': 'timestamps' };
      const words = names.map((name) => said[name] ?? `window scale ${asked} / ${given}`);
      return words.length > 0 ? ['agreed:', ...words] : [];
    },
    refused: (names) => (names.length > 0 ? ['not agreed:', ...names] : []),
    sizes: (asked, given) => `MSS ${asked} / ${given}`,
    repeat: (n, gap) => [`segment ${n} again,`, `${gap} later`],
    icmp: (n) => [`about segment ${n}`],
  },
  cluster: (n, flags) => [`${n} segments: ${flags.join(' · ')}`, segments(n), `${n}`],
  more: (n) => ` +${n}`,
};

export const captions = {
  calls: 'calls', states: 'kernel state', wire: 'the wire', queue: 'queue',
};

export const empty = {
  title: 'Nothing has been sent yet',
  text: 'Press Start handshake. Two real TCP endpoints of this machine’s kernel will open a '
    + 'connection; every segment between them, every system call and every state they pass '
    + 'through will be drawn here, with the times that were measured.',
};
