/* texts-save.js - the words of downloads, of runs kept in files, and of the page
 * without the program. Part of texts.js. */

const plural = (n, one, many) => `${n} ${n === 1 ? one : many}`;

export const save = {
  button: 'Download',
  label: 'Download this run',
  items: {
    svg: { name: 'Picture, SVG', hint: 'scales; opens in any drawing program' },
    png: { name: 'Picture, PNG', hint: 'for slides and messages' },
    text: { name: 'Text', hint: 'the ladder, 80 columns' },
    mermaid: { name: 'Mermaid', hint: 'a sequence diagram for Markdown' },
    json: { name: 'Whole run, JSON', hint: 'opens here again, without the program too' },
    pcapng: { name: 'Capture, pcapng', hint: 'for Wireshark' },
    link: { name: 'Copy link', hint: 'to this run and step' },
    print: { name: 'Print', hint: 'the diagram and what stands beside it' },
  },
  done: {
    saved: (name) => `Saved as ${name}.`,
    link: 'The link is copied.',
  },
  failed: {
    picture: 'This browser cannot draw a picture of that size; take the SVG instead.',
    link: (address) => `The link cannot be copied here. It is ${address}`,
  },
  live: 'when the run has ended',
  here: 'only runs of the program have one',
};

export const file = {
  open: 'Open a saved run',
  drop: 'Drop a saved run here',
  alone: {
    title: 'The program is not here',
    text: 'These are the plain files of the page, so no handshake can be started: that takes the '
      + 'program, with “handshake serve”. Runs that were saved as JSON open here in full.',
    inviteTitle: 'No run is open',
    invite: 'Open a saved run, or drop its file here: it will be drawn as it was.',
  },
  reopen: 'That run is not in this page: open its file again.',
  elsewhere: 'Only files beside this page can be opened by address.',
  missing: (name, status) => `${name} cannot be read: status ${status}.`,
  unreadable: (name) => `${name} cannot be read.`,
  bare: {
    name: 'Bytes', value: (n) => plural(n, 'byte', 'bytes'),
    meaning: 'This file holds the bytes of its segments alone. The program says what their fields '
      + 'mean, and a run saved here keeps that.',
  },
  fault: (name, why) => `${name} is not a saved run: ${why}.`,
  large: (megabytes) => `it is larger than ${megabytes} MB`,
  faults: {
    json: 'it is not JSON',
    run: 'it has no id or no list of events',
    many: (most) => `it has more than ${most} events`,
    event: (place, what) => `event ${place} ${what}`,
    shape: (name) => `has no proper “${name}”`,
    order: 'is out of order',
    begin: 'is not the beginning of a run',
  },
};

export const ladder = {
  numbers: {
    relative: 'SEQ and ACK count from each side’s first number.',
    absolute: 'SEQ and ACK are absolute.',
  },
  units: { ms: 'ms', s: 's' },
  host: { client: 'client', server: 'server' },
  timer: '(by itself)',
  again: (n) => `segment ${n} again`,
  dropped: (by) => `dropped ${by}`,
  arrived: (by) => `arrived ${by}`,
  by: {
    rule: (rule) => (rule ? `by rule ${rule}` : 'by a rule'),
    person: () => 'by hand',
    link: () => 'by chance',
    other: () => '',
  },
  held: 'held',
  forged: 'made by hand',
  saved: 'kept by a kernel; when it was sent is not known',
  unfinished: 'The run has not ended yet.',
  expectations: (met, all) => `${met} of ${plural(all, 'expectation', 'expectations')} met.`,
};

export const mermaid = {
  address: (name, address) => (address ? `${name} ${address}` : name),
  numbers: ({ seq, ack }) => (ack === null ? `seq ${seq}` : `seq ${seq}, ack ${ack}`),
  data: (len) => plural(len, 'byte', 'bytes'),
  wire: 'the wire',
};
