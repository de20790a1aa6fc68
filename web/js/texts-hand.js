/* texts-hand.js - the words of the wire in hand: holding, rules, forging, and
 * what the machine allows. Part of texts.js. */

const plural = (n, one, many) => `${n} ${n === 1 ? one : many}`;

const decision = (sign, name, key, keyName, long) => ({ sign, name, key, keyName, long });

export const hand = {
  hold: 'Hold',
  holdLong: 'Stop each segment in the middle of the wire until you decide',
  noHold: 'Only the wire can hold segments; choose it as the link',
  decisions: {
    deliver: decision('▶', 'Deliver', '␣', 'Space', 'Let it arrive'),
    drop: decision('✕', 'Drop', 'd', 'd', 'Take it off the wire'),
    duplicate: decision('×2', 'Duplicate', '2', '2', 'Let it arrive twice'),
    corrupt: decision('≠', 'Damage', 'x', 'x', 'Flip a bit, so that its checksum is wrong'),
    delay: decision('◷', 'Delay', 'l', 'l', 'Let it arrive 1.5 s from now'),
  },
  decide: (name, n) => `${name} segment ${n}`,
  group: (n, flags) => `Segment ${n}, ${flags}, is held on the wire`,
  tries: (n, open) => `${open ? '▾' : '▸'} tried again ${plural(n, 'time', 'times')}`,
  waiting: 'This segment waits on the wire. What shall become of it?',
  decided: 'Decided; on its way.',
  answer: 'Forge an answer to it',
  show: (n) => `Show the ${plural(n, 'repeat', 'repeats')} sent while it waited`,
  hide: (n) => `Fold the ${plural(n, 'repeat', 'repeats')} sent while it waited`,
};

export const wire = {
  tab: 'Wire',
  title: 'The wire in your hands',
  live: 'What you change takes effect at once, for segments sent from now on.',
  before: 'Conditions and rules set now go into the next run.',
  never: 'The link chosen has no wire in the program’s hands: nothing can be held or changed.',
  holding: 'Hold', from: { client: 'client → server', server: 'server → client' },
  swallow: 'Swallow retries of what is held',
  conditions: {
    latency_ms: 'Latency, one way', jitter_ms: 'Jitter', loss: 'Loss', duplicate: 'Duplication',
    reorder: 'Reordering',
  },
  conditionsTitle: 'Conditions, both ways',
  seed: 'Seed (same seed, same fates)',
  reset: 'Reset the wire',
  stop: 'Stop this run',
};

export const rules = {
  title: 'Rules: the first that matches decides',
  none: 'No rule: every segment passes.',
  later: 'No rule for the next run: every segment passes but for what its scenario says.',
  add: 'Add rule',
  free: 'The rule in words',
  hint: 'Choose above, or type: client SYN nth 1 drop · server with ACK delay 200 jitter 50 · '
    + 'data contains "hello" corrupt',
  remove: (words) => `Remove the rule ${words}`,
  labels: { from: 'Sent by', flags: 'Flags', which: 'Which of them', action: 'What to do' },
  any: { from: 'anybody’s', flags: 'any segment', which: 'every one' },
  choices: {
    from: { client: 'the client’s', server: 'the server’s' },
    flags: {},
    which: {
      'nth 1': 'the first', 'nth 2': 'the second', 'nth 3': 'the third',
      'nth 1-2': 'the first two', 'first': 'not repeated', 'again': 'repeated', 'data': 'with data',
      'empty': 'without data',
    },
    action: {
      'corrupt': 'damage', 'delay 1300': 'delay by 1.3 s', 'strip wscale': 'strip window scaling',
      'strip mss': 'strip the MSS', 'rewrite ack=+1000': 'make the ack wrong',
      'answer RST,ACK': 'answer with RST,ACK', 'answer icmp 3/1': 'answer host unreachable',
      'answer icmp 3/3': 'answer port unreachable', 'pass': 'let pass',
    },
  },
};

export const forge = {
  tab: 'Forge',
  title: 'Make a segment by hand',
  live: 'It arrives at once, and the kernel answers for real. What is left empty is chosen to fit.',
  later: 'A run has to be live: start one with Hold on.',
  kind: { label: 'What', segment: 'TCP segment', icmp: 'ICMP error' },
  to: { label: 'Arrives at', client: 'the client', server: 'the server' },
  fields: {
    srcPort: 'Source Port', dstPort: 'Destination Port', seq: 'Sequence Number',
    ack: 'Acknowledgment Number', offset: 'Offset', reserved: 'Rsv', flags: 'Flags',
    window: 'Window', checksum: 'Checksum', urgent: 'Urgent Pointer', ttl: 'TTL',
    mss: 'MSS', wscale: 'Window Scale', sack: 'SACK permitted', payload: 'Payload',
    tsval: 'TSval', tsecr: 'TSecr', options: 'Options as bytes, instead of those above',
    dscp: 'DSCP', ecn: 'ECN', ipId: 'Identification', count: 'How many', vary: 'Senders differ',
    mtu: 'MTU (where it has one)', icmp: 'Type / code',
  },
  folds: { ip: 'IP header', many: 'Many at once' },
  foldOf: (title, set) => [title, set.join(', ')].filter(Boolean).join(': '),
  auto: '–',
  none: 'none',
  optionsHint: '02 04 05 b4 …',
  checksums: { '': 'right', 'wrong': 'wrong', 'chosen': 'chosen' },
  checksumDigits: 'Checksum in hexadecimal digits',
  ecn: { '': '–', '0': '0', '1': '1', '2': '2', '3': '3' },
  comesTo: (value) => `= ${value}`,
  comesToBoth: (counted, value) => `= ${counted} (absolute ${value})`,
  plusOf: {
    seq: 'Sequence Number: the number, or what is added',
    ack: 'Acknowledgment Number: the number, or what is added',
  },
  bases: {
    '': 'as it fits', 'absolute': 'absolute',
    'seq': 'Sequence Number: counted from', 'ack': 'Acknowledgment Number: counted from',
  },
  fits: 'fits',
  chosen: 'chosen by the wire',
  unheard: 'not heard yet',
  send: ({ kind, flags }, host) => {
    const what = kind === 'icmp' ? 'ICMP error' : flags.join(',') || 'segment without flags';
    return `Send ${what} to the ${host.toLowerCase()}`;
  },
  icmp: {
    4: {
      '3/0': 'network unreachable', '3/1': 'host unreachable', '3/2': 'protocol unreachable',
      '3/3': 'port unreachable', '3/4': 'fragmentation needed', '3/9': 'network prohibited',
      '3/10': 'host prohibited', '3/13': 'communication prohibited', '11/0': 'hop limit exceeded',
      '12/0': 'parameter problem',
    },
    6: {
      '1/0': 'no route', '1/1': 'prohibited', '1/3': 'address unreachable',
      '1/4': 'port unreachable', '2/0': 'packet too big', '3/0': 'hop limit exceeded',
    },
  },
};

export const gauges = {
  label: 'Timers and queues of the kernels',
  empty: 'No listener yet.', never: 'Nobody listened in this run.',
  noTimer: 'No retransmission timer of the handshake runs.',
  unseen: 'The queues of the listener are not observable on this link.',
  timer: (host, what) => `${host}: ${what} again in`,
  nominal: (text, tries) => `nominal ${text}${tries > 1 ? ` · ${tries} sent` : ''}`,
  left: (text) => text,
  due: 'now',
  unknown: 'not known here',
  queue: {
    syn: (host) => `${host}’s SYN queue`, accept: () => 'accept queue',
  },
  long: {
    syn: 'Requests in SYN-RECEIVED', accept: 'Connections that wait for accept()',
  },
  count: (now, limit, full) => `${now} of ${limit}${full ? ' · full' : ''}`,
  most: (n) => `most ${n}`,
};

export const machine = {
  label: 'What this machine allows',
  choose: 'Link between the hosts',
  links: { wire: 'wire', loopback: 'loopback', sockets: 'sockets' },
  using: (name, why) => `The ${name}: ${why}.`,
  lacking: (name, why) => `The ${name} is not to be had: ${why}.`,
  refused: (name, why) => `not to be had here: ${why}`,
  summary: ({ kernel, container }, { on, all }) => [
    `Linux ${kernel.split('-')[0]}`, container && container !== 'none' ? `in ${container}` : null,
    `sandbox ${on} of ${all}`,
  ].filter(Boolean).join(' · '),
  access: {
    local: 'Only programs on this machine can connect to this server. There are no accounts: '
      + 'each of them can start, change and delete every run.',
    owned: 'Everyone who can connect to this server can start runs and watch all of them. '
      + 'There are no accounts: only the browser that started a run can change or delete it.',
    hidden: 'Everyone who can connect to this server can start runs. There are no accounts: '
      + 'only the browser that started a run can watch, change or delete it.',
  },
  sections: {
    access: 'Who can do what', links: 'Links, best first', sandbox: 'Sandbox of this program',
    features: (kernel, container) =>
      `Linux ${kernel}${container && container !== 'none' ? ` in ${container}` : ''}`,
  },
  on: 'yes', off: 'no', copy: 'Copy', copied: 'Copied',
};
