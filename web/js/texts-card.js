/* texts-card.js - the words of the segment card and of the tape of sequence
 * numbers. Part of texts.js. */

const plural = (n, one, many) => `${n} ${n === 1 ? one : many}`;

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
  count: (bytes) => plural(bytes, 'byte', 'bytes'),
  pick: 'Point at a field or a byte to see what it means in this segment. In the header and in the '
    + 'bytes the arrow keys move.',
  header: 'Header, field by field',
  byteIs: (at, hex, bits) => [`Byte ${at}`, `0x${hex}`, bits],
  notSet: (names) => `not set: ${names}`,
  more: (bytes) => `Show ${plural(bytes, 'more byte', 'more bytes')}`,
  annotate: 'Annotate all',
  annotateLong: 'Write the meaning of every field under the header',
  variants: 'Which bytes to show',
  variant: {
    sent: 'As sent',
    arrived: (copy, many) => (many ? `Copy ${copy} as it arrived` : 'As it arrived'),
  },
  place: ({ part, from, to, width, first, last }) => [
    `${part}, ${width === 1 ? `bit ${from}` : `bits ${from}–${to}`}`, plural(width, 'bit', 'bits'),
    first === last ? `packet byte ${first}` : `packet bytes ${first}–${last}`,
  ].join(' · '),
  inHeader: (value) => `in the header ${value}`,
  since: {
    first: (host) => `The first segment of the ${host} on this connection.`,
    loading: (n) => `Compared with segment ${n}…`,
    same: (n) => `All fields are as in segment ${n}.`,
    some: ({ n, changed, fresh, gone }) => [
      changed > 0 && `${plural(changed, 'field', 'fields')} changed`,
      fresh > 0 && `${fresh} new`,
      gone.length > 0 && `gone: ${gone.join(', ')}`,
    ].filter(Boolean).join(' · ').concat(` since segment ${n} of this side`),
    arrived: (count) => `${plural(count, 'field', 'fields')} other than sent`,
  },
  mark: {
    changed: (n) => `changed since segment ${n}`, new: (n) => `not in segment ${n}`,
    damaged: () => 'other than sent',
  },
  was: {
    changed: (value, n) => `It was ${value} in segment ${n}.`,
    new: (n) => `Segment ${n} did not have it.`,
    same: (n) => `As in segment ${n}.`,
    damaged: (value) => `It was sent as ${value}.`,
    damagedBytes: 'Not all of its bytes are as they were sent.',
    added: 'It was not sent like that.',
  },
  sent: 'sent', arrived: 'arrived', took: 'under way', answers: 'answers', repeats: 'repeats',
  seq: 'seq', ack: 'ack', window: 'window', length: 'payload',
  relative: (n) => `relative ${n}`, absolute: (n) => `absolute ${n}`,
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

/* The wordings of a label, the fullest first: the first that fits is taken. */
export const tape = {
  label: 'Sequence numbers used',
  title: { client: 'The client’s numbers', server: 'The server’s numbers' },
  nothing: 'has sent no segment that takes a number',
  sum: ({ count, first, last, next, acked }) => [
    `${plural(count, 'number', 'numbers')} used, ${count > 1 ? `${first} to ${last}` : first}`,
    acked === null ? 'none acknowledged'
      : acked === next ? 'all acknowledged' : `acknowledged up to ${acked}`,
    `next is ${next}`,
  ].join(' · '),
  note: 'SYN and FIN each take one number, each byte of data takes one, an ACK takes none.',
  which: (k, all, { client, server }) => `Connection ${k} of ${all}: ${client} – ${server}`,
  before: 'The connection before', after: 'The next connection',
  block: ({ n, kind, count, mark }) => {
    const name = mark ? `${mark} ${n}` : `${n}`;
    if (kind !== 'data') return [`${name} ${kind}`, name, `${n}`];
    return [
      `${name} · ${plural(count, 'byte', 'bytes')}`, `${name} · ${count} B`, `${name} · ${count}`,
      name, `${n}`,
    ];
  },
  folded: ({ segments, count, follow, mark }) => {
    const sign = mark ? `${mark} ` : '';
    if (!follow) return [`${sign}again ${segments} times`, `${sign}+${segments}`, `+${segments}`];
    return [
      `⋯ ${segments} segments · ${plural(count, 'byte', 'bytes')} ⋯`, `⋯ ${segments} segments ⋯`,
      `⋯ ${segments} ⋯`, `⋯${segments}`,
    ];
  },
  marks: { lost: '✕', held: '‖', flying: '→' },
  ack: (n, more) => (more > 0 ? [`ack ${n} +${more}`, `${n}+`, `${n}`] : [`ack ${n}`, `${n}`]),
  fates: {
    arrived: '', lost: ', lost on the wire', held: ', held on the wire',
    flying: ', not arrived yet',
  },
  says: {
    block: ({ n, host, count, from, last, what, repeats, fate, by }) => [
      `Segment ${n} of the ${host} takes ${plural(count, 'number', 'numbers')}, `
        + `${count === 1 ? from : `${from} to ${last}`} (${what.join(', ')})`,
      repeats ? `, again, as segment ${repeats} did` : '', fate,
      by ? `; acknowledged by segment ${by}` : '; not acknowledged', '.',
    ].join(''),
    piece: { SYN: () => 'SYN', FIN: () => 'FIN', data: (count) => plural(count, 'byte', 'bytes') },
    fold: ({ segments, count, from, last, follow }) => (follow
      ? `${segments} segments with ${plural(count, 'byte', 'bytes')}, numbers ${from} to ${last}; `
        + 'press to see each.'
      : `Numbers ${from} to ${last} sent ${segments} more times; press to see each.`),
    ack: ({ ns, at, host, before }) => `${ns.length === 1 ? `Segment ${ns[0]} acknowledges`
      : `Segments ${ns.join(', ')} acknowledge`} everything of the ${host} before ${at}`
      + `${before ? `, ${before}` : ''}.`,
    lostAck: 'but did not arrive',
  },
};
