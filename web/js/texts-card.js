/* texts-card.js - the words of the segment card and of the tape of sequence
 * numbers. Part of texts.js. */

export const card = {
  tab: 'Segment',
  empty: 'Choose an arrow to see its header, field by field and byte by byte.',
  title: (segment) => `Segment ${segment.n}`,
  way: (segment) => `${segment.from} → ${segment.to}`,
  close: 'Close the segment (Escape)',
  previous: 'Previous segment (k)',
  next: 'Next segment (j)',
  loading: 'Reading the bytes…',
  parts: { ip: 'IP header', tcp: 'TCP header', option: 'TCP options', payload: 'Payload' },
  bytes: 'Bytes',
  count: (bytes) => `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`,
  pick: 'Point at a field or a byte to see what it means in this segment.',
  sent: 'sent', arrived: 'arrived', took: 'under way', answers: 'answers', repeats: 'repeats',
  seq: 'seq', ack: 'ack', window: 'window', length: 'payload',
  relative: (n) => `relative ${n}`,
  level: 'in the same moment: the loopback has no way between the hosts',
  lost: 'lost on the wire', held: 'held on the wire', flying: 'not yet',
  by: { person: () => 'by hand', rule: (name) => `by ${name}`, link: () => 'by chance' },
  changed: 'changed', counted: 'counted', checksum: 'checksum', origin: 'made',
  forged: 'by hand or by a rule, in the name of this host',
  saved: 'not observable: read from the server’s kernel at',
  checksums: {
    partial: 'partial: between two sockets of one machine the kernel leaves it unfinished, since '
      + 'no cable can damage anything',
    bad: 'wrong: the receiver will throw it away without a word',
  },
  segment: (n) => `segment ${n}`,
};

export const tape = {
  label: 'Sequence numbers used',
};
