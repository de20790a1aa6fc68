/* texts-scenarios.js - words of the gallery, the editor and of teaching. */

const GROUPS = {
  'basics': 'Basics',
  'refused-and-lost': 'Refused, blocked, lost',
  'queues-and-floods': 'Queues and floods',
  'strange-openings': 'Strange openings',
  'half-open': 'Half-open, resets, scans',
  'closing': 'Closing',
  'options': 'Options and middleboxes',
};

export const groups = Object.keys(GROUPS);

export const gallery = {
  title: 'Scenarios',
  intro: 'Each is run by two real kernel endpoints when you press Run, and says what it expects of '
    + 'them.',
  search: 'Search the scenarios',
  none: 'No scenario matches.',
  group: (id) => GROUPS[id] ?? id.charAt(0).toUpperCase() + id.slice(1).replaceAll('-', ' '),
  count: (n) => (n === 1 ? '1 scenario' : `${n} scenarios`),
  run: 'Run', edit: 'Edit a copy', why: 'Why did that happen?', next: (title) => `Next: ${title}`,
  takes: (seconds) => `${seconds} s`, ip: (version) => `IPv${version} only`,
  notes: 'For the presenter', own: 'Write your own',
};

export const editor = {
  title: 'Scenario editor',
  intro: 'A scenario is data: what each host calls, what the wire does, and what must come out. '
    + 'It is checked as you write.',
  document: 'The scenario as JSON',
  from: 'Begin with', blank: 'an empty scenario',
  open: 'Open a file…', save: 'Save as file', link: 'Copy a link to it', run: 'Run it',
  copied: 'The link is copied.',
  fine: 'No faults.', checking: 'Checking…',
  faults: (n) => (n === 1 ? 'One fault:' : `${n} faults:`),
  goTo: (line) => `line ${line}`,
  reference: 'What may stand in it',
  members: 'The document', steps: 'Steps of a host', rules: 'Rules of the wire',
  ruleWords: 'A rule is a sentence, like these:',
  insert: 'Insert',
  damaged: 'The link is damaged: no scenario can be read from it.',
  tooLong: 'The file is too long for a scenario.',
  unchecked: 'The program does not answer, so nothing can be checked.',
  ruleExamples: [
    'client SYN nth 1 drop', 'server SYN,ACK delay 1300ms', 'client ACK drop',
    'client SYN corrupt', 'client PSH duplicate 2', 'server SYN,ACK rewrite ack +1000',
  ],
};

export const teaching = {
  label: 'For teachers',
  words: { n: 'Notes', p: 'Projector', r: 'Begin anew' },
  projector: 'Projector layout (p)',
  projectorOff: 'Leave the projector layout (p)',
  reset: 'Begin anew (r)',
  notes: 'Presenter notes (n)',
  notesTitle: 'For the presenter',
  noNotes: 'Nothing is noted for this scenario.',
};
