/* ladder.js - a run as text of 80 columns, in the manner of the figures of
 * RFC 9293: a line a moment, the kernels' states at the sides. Pure. */
import { endpointText, numbers, oneLine } from './format.js';
import { momentsOf } from './ladderrows.js';
import { texts } from './texts.js';

const WIDTH = 80;
const TIME = 9;
const STATE = 12;
const MIDDLE = WIDTH - TIME - 2 * STATE - 3;
const NOTE = ' '.repeat(TIME + STATE + 4);

/* Milliseconds, as long as there is room for them. */
const UNITS = [
  { name: texts.ladder.units.ms, ns: 1e6, places: 3, below: 1e11 },
  { name: texts.ladder.units.s, ns: 1e9, places: 3, below: Infinity },
];

/** The text of a model. about: {title, scenario, summary, relative}.
 * @param {Lab.Model} model
 * @param {Lab.About} about */
export function ladderText(model, { title, scenario, summary = '', relative = true }) {
  const t = texts.ladder;
  const moments = momentsOf(model);
  const last = moments.at(-1)?.t ?? 0;
  const unit = UNITS.find(({ below }) => last < below) ?? UNITS[0];
  const head = [
    `${title} (${scenario})`, ...wrap(summary), relative ? t.numbers.relative : t.numbers.absolute,
    '', headLine(model.begin?.hosts, unit),
  ];
  const rows = moments.flatMap((row) => lines(row, relative, unit));
  return `${[...head, ...rows, '', ...ending(model)].join('\n')}\n`;
}

/** @type {(hosts: Lab.RunEvent['hosts'], unit: typeof UNITS[0]) => string} */
function headLine(hosts, { name }) {
  const t = texts.ladder;
  const left = `${name.padStart(TIME)} ${t.host.client} ${endpointText(hosts?.client)}`;
  const right = `${t.host.server} ${endpointText(hosts?.server)}`;
  return `${left} ${right.trimEnd().padStart(WIDTH - left.length - 1)}`;
}

/** @param {Lab.Model} model */
function ending({ end }) {
  if (!end?.verdict) return [texts.ladder.unfinished];
  const { verdict, expect = [] } = end;
  const met = expect.filter((each) => each.met).length;
  const sum = expect.length > 0 ? [texts.ladder.expectations(met, expect.length)] : [];
  return [...wrap(`${verdict.code}: ${verdict.text}`), ...sum];
}

/** @type {(row: Lab.Row, relative: boolean, unit: typeof UNITS[0]) => string[]} */
function lines(row, relative, { ns, places }) {
  const { text, notes } = WORDS[row.kind](row, relative);
  const time = (row.t / ns).toFixed(places).padStart(TIME);
  const [left, right] = [row.states.client ?? '', row.states.server ?? ''];
  const line = `${time} ${left.padEnd(STATE)} ${text} ${right}`.trimEnd();
  return [line, ...notes.flatMap((note) => wrap(note, NOTE))];
}

/** What stands between the states, and the lines below.
 * @type {Record<string, (row: any, relative: boolean) => {text: string, notes: string[]}>} */
const WORDS = {
  call: ({ host, call, end, begins }) => {
    const name = `${call.name}(${begins ? oneLine(call.args) : ''})`;
    const result = end ? `= ${end.errno ?? end.result}` : '...';
    return { text: atSide(host, `${name} ${result}`), notes: [end?.meaning].filter(Boolean) };
  },
  message: ({ host, text }) => {
    const words = oneLine(text);
    return { text: atSide(host, host === 'client' ? `| ${words}` : `${words} |`), notes: [] };
  },
  counter: ({ host, name, delta }) => ({ text: atSide(host, `${name} +${delta}`), notes: [] }),
  state: ({ host }) => ({ text: atSide(host, texts.ladder.timer), notes: [] }),
  icmp: ({ icmp }) => {
    const notes = [icmp.meaning].filter(Boolean);
    return { text: arrow(icmp, `<ICMP=${icmp.type}/${icmp.code}>`, WHOLE), notes };
  },
  segment: ({ segment, copy, sent }, relative) => ({
    text: arrow(segment, controls(segment, relative), strokes(segment, copy, sent)),
    notes: notesOf(segment, copy, sent),
  }),
};

const WHOLE = { start: '-', way: '-', tip: '>' };

/** "." on a side means that this end of the way is in another line.
 * @type {(segment: Lab.Segment, copy: Lab.Copy | null, sent: boolean) => typeof WHOLE} */
function strokes({ saved }, copy, sent) {
  const start = sent ? '-' : '.';
  if (saved || !copy) return { start, way: '.', tip: '.' };
  const tips = { arrived: '>', dropped: 'X', held: '=' };
  return { start, way: '-', tip: tips[copy.fate] };
}

/** @type {(flight: {from: Lab.Host}, words: string, strokes: typeof WHOLE) => string} */
function arrow({ from }, words, { start, way, tip }) {
  const room = MIDDLE - 4;
  const text = words.length > room ? words.slice(0, room) : words;
  if (from === 'client') {
    return `${start}${start} ${text} ${`${tip}`.padStart(MIDDLE - text.length - 4, way)}`;
  }
  return `${tip === '>' ? '<' : tip}${way} ${text} ${start.repeat(MIDDLE - text.length - 4)}`;
}

/** @type {(segment: Lab.Segment, relative: boolean) => string} */
function controls(segment, relative) {
  const { seq, ack } = numbers(segment, relative);
  const data = segment.len > 0 ? `<DATA=${segment.len}>` : '';
  const acks = ack === null ? '' : `<ACK=${ack}>`;
  return `<SEQ=${seq}>${acks}<CTL=${segment.flags.join(',') || '-'}>${data}`;
}

/** @type {(segment: Lab.Segment, copy: Lab.Copy | null, sent: boolean) => string[]} */
function notesOf(segment, copy, sent) {
  const t = texts.ladder;
  const { of: repeats, forged, saved, text } = segment;
  const sending = sent ? [repeats && t.again(repeats), forged && t.forged] : [];
  const landing = copy ? [fateOf(copy), copy.changed] : [];
  const list = [...sending, saved && t.saved, ...landing].filter(Boolean).join(', ');
  const said = sent && text ? `"${oneLine(text)}"` : '';
  return [list, said].filter(Boolean);
}

/** @param {Lab.Copy} copy */
function fateOf({ fate, by, rule, action }) {
  const t = texts.ladder;
  if (fate === 'held') return t.held;
  const plain = by === 'link' && !action;
  if (fate === 'arrived' && plain) return '';
  /** @type {Record<string, (rule?: string) => string>} */
  const words = t.by;
  const who = plain ? '' : (words[by] ?? words.other)(rule);
  return (fate === 'dropped' ? t.dropped(who) : t.arrived(who)).trim();
}

/** @type {(host: Lab.Host, text: string) => string} */
function atSide(host, text) {
  const words = text.length > MIDDLE ? `${text.slice(0, MIDDLE - 1)}…` : text;
  return host === 'client' ? words.padEnd(MIDDLE) : words.padStart(MIDDLE);
}

/** Lines of at most 80 columns, each after `before`.
 * @type {(text: string, before?: string) => string[]} */
function wrap(text, before = '') {
  const room = WIDTH - before.length;
  const pieces = new RegExp(`\\S{1,${room}}`, 'g'); // a word, or as much as fits
  /** @type {string[]} */
  const done = [];
  let line = '';
  for (const word of text.match(pieces) ?? []) {
    const longer = line ? `${line} ${word}` : word;
    const fits = longer.length <= room;
    if (!fits) done.push(line);
    line = fits ? longer : word;
  }
  return [...done, line].filter(Boolean).map((each) => before + each);
}
