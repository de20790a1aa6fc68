/* texts.js - every word of the page itself, in one place for translation.
 * What the run says (sentences of events, meanings of fields) comes from the
 * program. */
import { card, tape } from './texts-card.js';
import { compare } from './texts-compare.js';
import { captions, diagram, empty } from './texts-diagram.js';
import { editor, gallery, teaching } from './texts-scenarios.js';
import { goals, practice } from './texts-practice.js';
import { player, then } from './texts-player.js';
import { predict, room, vote } from './texts-predict.js';
import { forge, gauges, hand, machine, rules, wire } from './texts-hand.js';
import { language, translated } from './language.js';
import { file, ladder, mermaid, save } from './texts-save.js';

export const english = {
  predict, room, vote, practice, goals, gallery, editor, teaching,
  hand, wire, rules, forge, gauges, machine, card, tape, diagram, captions, empty,
  save, file, ladder, mermaid, compare,
  name: 'Handshake Lab',
  line: 'real TCP handshakes, drawn as they happen',
  skip: 'Skip to the diagram',
  controls: 'What to run',
  language: 'Language',
  aside: 'Explanation',
  announce: 'Events of the run',
  foot: {
    play: 'plays,', along: 'move through the run, with Shift from segment to segment.',
    move: 'choose a segment,', open: 'opens one,', close: 'closes it.',
    held: 'decide about a held one.', zoom: 'zoom and fit.',
    teach: 'projector, notes, begin anew.',
    measured: 'Nothing here is animated from a script: every number was measured in the run shown.',
  },
  nav: {
    label: 'Views', lab: 'Lab', scenarios: 'Scenarios', edit: 'Editor', practice: 'Practice',
    compare: 'Compare',
    vote: 'Vote',
  },
  player,
  then,
  host: { client: 'Client', server: 'Server' },
  start: 'Start handshake',
  starting: 'Starting…',
  ip: { label: 'Internet protocol', 4: 'IPv4', 6: 'IPv6' },
  scenario: {
    label: 'Scenario', choose: 'Choose a scenario', teaches: 'What to look for',
    search: 'Search the scenarios', none: 'No scenario matches.', why: 'Why did that happen?',
    takes: (seconds) => `takes ${seconds} s`,
    longForm: (seconds) => `Long form, ${seconds} s`,
    next: (title) => `Next: ${title}`,
    choose_link: (need) => `Needs the ${need}: choose it as the link.`,
    needs: (need, why) => `Needs the ${need}, which is not to be had here: ${why}.`,
  },
  group: (id) => id.charAt(0).toUpperCase() + id.slice(1).replaceAll('-', ' '),
  theme: {
    auto: 'Colours: as the system', light: 'Colours: light', dark: 'Colours: dark',
  },
  numbers: {
    label: 'Sequence numbers', relative: 'Relative', absolute: 'Absolute',
  },
  story: {
    info: 'What the kernel measured (TCP_INFO)',
    tab: 'Story', empty: 'Each event of the run will be told here in a sentence.',
    live: 'The run is under way…',
  },
  terminal: {
    label: 'Terminals',
    title: { client: 'Client terminal', server: 'Server terminal' },
    empty: { client: 'The client has printed nothing.', server: 'The server has printed nothing.' },
  },
  runs: {
    title: 'Recent runs', empty: 'No run yet.',
    counts: (run) => `${run.segment_count} ${run.segment_count === 1 ? 'segment' : 'segments'}`,
  },
  verdict: {
    label: 'How the run stands',
    running: 'Running',
    lost: 'The connection to the program is lost; trying again…',
    runningText: 'Watching the wire…',
    waiting: (n) => (n === 1
      ? 'A segment waits on the wire: you decide.' : `${n} segments wait on the wire: you decide.`),
    met: 'as expected', unmet: 'not as expected',
    codes: {
      'established': 'Established', 'refused': 'Refused', 'timed-out': 'Timed out',
      'unreachable': 'Unreachable', 'reset': 'Reset', 'half-open': 'Half-open',
      'by-hand': 'By hand', 'failed': 'Failed', 'cancelled': 'Cancelled', 'limit': 'Limit reached',
      'error': 'Error', 'running': 'Running',
    },
    expectations: (met, all) => `${met} of ${all} expectations met`,
    run: (id) => `run ${id}`,
  },
  problem: {
    dismiss: 'Dismiss',
    unreachable: 'The program does not answer. Is “handshake serve” still running?',
    status: (code) => `The program answered with status ${code} and no explanation.`,
  },
};

/* Translations are asked for only where one is wanted. */
const LOAD = { de: () => import('./texts-de.js'), zh: () => import('./texts-zh.js') };
const over = language in LOAD ? (await LOAD[language]()).texts : {};

export const texts = translated(english, over);
