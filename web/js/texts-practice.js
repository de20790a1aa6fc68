/* texts-practice.js - words of the exercises and goals. */

const host = { client: 'client', server: 'server' };

export const practice = {
  title: 'Practice',
  intro: 'Seeing a handshake teaches little; having to say what comes next, or to bring it about, '
    + 'teaches a lot. Everything here is made from real runs and settled by real kernels.',
  back: 'All exercises',
  goals: {
    title: 'Bring it about',
    text: 'Every segment stops on the wire and you decide: deliver, drop, delay, damage, forge. '
      + 'The goal is met when the kernels say so.',
    try: 'Try it', met: 'met', hint: 'A hint',
    needs: 'Goals need the wire link, where segments can be stopped.',
    shown: 'show the moment', leave: 'Leave the goal', goal: 'Goal',
    open: 'Not met yet.', over: 'The run is over and the goal was not met.', again: 'Try again',
    success: 'Met: the kernels say so.',
  },
  fill: {
    title: 'Fill in the header',
    text: 'The segments of a finished run with some fields left blank.',
    start: 'Fill in the blanks', check: 'Check', show: 'Show the answers', again: 'Other blanks',
    blank: (name, n) => `${name} of segment ${n}`,
    score: (right, all) => `${right} of ${all} right`,
    columns: { n: 'segment', way: 'from', flags: 'flags', seq: 'seq', ack: 'ack', len: 'bytes' },
    right: 'right', wrong: (truth) => `it was ${truth}`,
  },
  order: {
    title: 'Put it in order',
    text: 'The segments of a finished run, shuffled.',
    start: 'Put them in order', check: 'Check', again: 'Shuffle again',
    up: (n) => `Move segment ${n} up`, down: (n) => `Move segment ${n} down`,
    name: (letter) => `Segment ${letter}`,
    true: 'Exactly: that is the order in which they were sent.',
    possible: 'It could have been so, but in this run it was not: what waits for nothing may be '
      + 'sent earlier or later.',
    faults: (n) => (n === 1 ? 'One thing cannot be:' : `${n} things cannot be:`),
    heard: (letter, other) => `${letter} acknowledges ${other}, so ${other} came first.`,
    sent: (letter, other) =>
      `${letter} has the later numbers of the same side, so ${other} came first.`,
  },
  run: {
    label: 'Made from', none: 'There is no finished run with three segments yet.',
    fresh: 'A fresh handshake', making: 'Running…',
  },
  way: ({ from, to }) => `${host[from]} → ${host[to]}`,
};

export const goals = {
  'refused': {
    text: 'Make the client’s connect() fail with ECONNREFUSED.',
    hint: 'A server that listens does not refuse. Who else could say no in its name? Drop the SYN '
      + 'and forge what a closed port answers.',
  },
  'timeout': {
    text: 'Make connect() fail with ETIMEDOUT.',
    hint: 'Silence is enough, but it has to last: the client tries again. This one gives up after '
      + 'some seven seconds.',
  },
  'unreachable': {
    text: 'Make connect() fail with EHOSTUNREACH.',
    hint: 'A router would say so. The Forge panel makes ICMP errors too.',
  },
  'late': {
    text: 'Let connect() succeed, but only after more than a second.',
    hint: 'Lose one of the first two segments and wait, or be slow.',
  },
  'two-answers': {
    text: 'Bring the server to send its SYN,ACK twice, and let the handshake succeed.',
    hint: 'Who waits for what? The server sends it again until it hears the ACK, and answers every '
      + 'SYN it hears.',
  },
  'one-sided': {
    text: 'Keep the client ESTABLISHED while the server is not, for more than a second.',
    hint: 'The client needs the SYN,ACK. What does the server still need?',
  },
  'data-opens': {
    text: 'Let data, not an empty ACK, make the server ESTABLISHED.',
    hint: 'Drop the final ACK. The client does not know, and goes on.',
  },
  'reset': {
    text: 'Let connect() succeed, and a later call of the client fail with ECONNRESET.',
    hint: 'A RST only counts with exactly the number the client expects next. Hold back what the '
      + 'server sends after its SYN,ACK, and forge one with seq server.isn + 1.',
  },
  'by-hand': {
    text: 'Finish the handshake yourself: a segment of your own makes the server ESTABLISHED.',
    hint: 'Drop or hold the client’s ACK and send one in its name: ack is server.isn + 1.',
  },
};
