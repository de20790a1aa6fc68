/* texts-predict.js - words of predicting and of classes that vote. */

const WHO = { client: 'the client', server: 'the server' };
const CALLS = { ok: 'succeeds', still: 'goes on waiting' };

const sent = (choice) => {
  const [who, flags] = choice.split(' ');
  return `${WHO[who]} sends ${flags}`;
};

export const predict = {
  tab: 'Predict',
  intro: 'Every segment stops on the wire. Say what will happen before you let it go; then the two '
    + 'kernels answer. To have guessed, even wrongly, is what makes the answer stay.',
  begin: 'Start and ask me',
  again: 'Another round',
  needs: 'Predicting needs the wire link, where segments can be stopped.',
  timers: 'The kernels do not wait for you: while you think, their timers run, and what they send '
    + 'again is thrown away here.',
  starting: 'Starting the run…',
  waiting: 'Nothing waits on the wire. The kernels are at work…',
  about: ({ n, flags, from, to }) =>
    `Segment ${n}, ${flags}, is on its way from ${WHO[from]} to ${WHO[to]}.`,
  fate: { label: 'What you do with it', deliver: 'Let it go', drop: 'Throw it away' },
  ask: {
    next: () => 'It arrives. What is the next segment on the wire?',
    ack: ({ to }) => `It arrives. Which number will ${WHO[to]} acknowledge?`,
    state: ({ to, before }) =>
      `It arrives. Into which state does ${WHO[to]}’s socket go? It is ${before} now.`,
    errno: ({ host, call }) => `It arrives. What becomes of ${WHO[host]}’s ${call}()?`,
    again: () => 'It is lost. What is the next segment on the wire?',
  },
  choice: {
    next: sent, again: sent,
    state: (choice) => choice,
    errno: (choice) => CALLS[choice] ?? `fails with ${choice}`,
  },
  sameState: (state) => `${state}, as before`,
  nobody: {
    next: 'nobody sends anything', again: 'nobody sends anything', ack: 'none: no answer comes',
  },
  other: 'something else',
  commit: { deliver: 'That is my guess: let it go', drop: 'That is my guess: throw it away' },
  released: 'The kernels have the word…',
  right: 'Right.',
  wrong: 'Not quite.',
  truth: (text) => `What happened: ${text}.`,
  quiet: {
    next: 'Nothing was sent for more than a second after it: a segment that brings neither data '
      + 'nor SYN nor FIN is not acknowledged, and nothing else had to be said.',
    again: 'Nothing was sent again for more than three seconds: what takes no sequence number '
      + 'is not retransmitted, and the other side was not waiting for it.',
    ack: 'No answer came for more than a second.',
    state: 'The kernel was asked after the arrival and said the same state as before.',
    errno: 'The call had not returned when the wire fell silent: what it waits for did not come.',
  },
  more: 'What else it says',
  goOn: 'Go on',
  over: 'The run is over.',
  score: ({ right, all }) => `${right} of ${all} right`,
  showScore: 'Show the score',
  yours: 'your guess',
  true: 'what happened',
};

export const room = {
  title: 'Ask a class',
  text: 'Phones open a link and vote on each question; the counts are shown here when you let the '
    + 'segment go. No accounts, nothing is stored.',
  open: 'Open a room',
  close: 'Close the room',
  gone: 'The room is gone: the program was started anew, or nobody came for two hours. Open '
    + 'another one.',
  link: 'Scan it with a phone, or open this:',
  invite: 'Vote with your phone',
  enlarge: 'Show the code to the whole class',
  done: 'Hide the code',
  code: (link) => `QR code of ${link}`,
  address: 'At the address',
  why: {
    loopback: 'No phone can open that link: the program listens to this machine alone. Stop it, '
      + 'start it so, and open this page again:',
    offline: 'No phone can open that link: this machine was on no network when the program '
      + 'started. Join one and start it again.',
    container: 'The program runs in a container and may know only addresses inside. If phones '
      + 'cannot open the link, open this page by the machine’s own address instead of localhost.',
  },
  then: 'It will know the link for phones then. Whoever is on the same network can open the page.',
  voters: (n) => `${n} ${n === 1 ? 'vote' : 'votes'}`,
  count: (n, all) => `${n} of ${all}`,
  live: 'Show the counts while they vote',
};

export const vote = {
  title: (id) => `Room ${id}`,
  wait: 'Wait for the next question.',
  sent: 'Your vote is in. You may change it until the question is closed.',
  closed: 'The question is closed.',
  right: 'You were right.',
  wrong: 'Not this time.',
  mine: 'your vote',
  gone: 'There is no such room (any more). The code on the wall tells the right one.',
  lost: 'The room cannot be reached; trying again…',
  ask: 'Which room?',
  enter: 'Enter',
};
