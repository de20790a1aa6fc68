/* mermaid.js - a run as a Mermaid sequence diagram, for Markdown files and wikis
 * that draw those. Calls, states and outputs are notes; times stand in front.
 * Pure. */
import { endpointText, numbers, oneLine, stamp } from './format.js';
import { momentsOf } from './ladderrows.js';
import { texts } from './texts.js';

/** @type {Lab.Host[]} */
const HOSTS = ['client', 'server'];
/** @type {Record<string, string>} */
const SIDE = { client: 'left of client', server: 'right of server' };

/** The text of a model. about: {title, relative}.
 * @param {Lab.Model} model
 * @param {Lab.About} about */
export function mermaidText(model, { title, relative = true }) {
  /** @type {Lab.Row['states']} */
  const now = {};
  const body = momentsOf(model).flatMap((row) => statements(row, now, relative));
  const hosts = HOSTS.map((host) => participant(host, model.begin?.hosts?.[host]));
  const lines = [...hosts, ...body, ...verdict(model.end)].map((line) => `    ${line}`);
  const head = ['---', `title: ${JSON.stringify(title)}`, '---', 'sequenceDiagram'];
  return `${[...head, ...lines].join('\n')}\n`;
}

/** The sender's state stands before its segment, all else after what caused it.
 * @type {(row: Lab.Row, now: Lab.Row['states'], relative: boolean) => string[]} */
function statements(row, now, relative) {
  const words = WORDS[row.kind]?.(row, relative) ?? [];
  const { segment, states } = row;
  const first = segment && states[segment.from];
  const before = first ? changed(now, { [segment.from]: first }) : [];
  return [...before, ...words, ...changed(now, states)];
}

/** @type {(host: Lab.Host, endpoint?: Lab.Endpoint) => string} */
function participant(host, endpoint) {
  const name = texts.mermaid.address(texts.host[host], endpointText(endpoint));
  return `participant ${host} as ${safe(name)}`;
}

/** Characters that end a statement or mean something in one, as its entities.
 * @param {string} text */
function safe(text) {
  return oneLine(text).replace(/[#;%<>&"{}\\]/g, (sign) => `#${sign.charCodeAt(0)};`);
}

/** @type {(where: string, text: string) => string} */
const note = (where, text) => `Note ${where}: ${safe(text)}`;

/** @type {Record<string, (row: any, relative: boolean) => string[]>} */
const WORDS = {
  call: ({ t, host, call, end, begins }) => {
    const result = end ? `= ${end.errno ?? end.result}` : '...';
    return [note(SIDE[host], `${stamp(t)} ${call.name}(${begins ? call.args : ''}) ${result}`)];
  },
  message: ({ host, text }) => [note(SIDE[host], `“${text}”`)],
  icmp: ({ t, icmp }) =>
    [note('over client,server', `${stamp(t)} ICMP ${icmp.type}/${icmp.code}: ${icmp.meaning}`)],
  segment: (row, relative) => {
    const { t, segment, copy, sent } = row;
    const text = `${stamp(t)} ${wordsOf(segment, relative)}`;
    if (sent && !copy && segment.copies.length > 0) return [note(`over ${segment.from}`, text)];
    return [`${segment.from}${arrowOf(segment, copy)}${segment.to}: ${safe(text)}`,
      ...fateOf(row)];
  },
};

/** Dashed what repeats, open what is not known to have arrived, a cross for what
 * was lost.
 * @type {(segment: Lab.Segment, copy: Lab.Copy | null) => string} */
function arrowOf({ of: repeats }, copy) {
  const line = repeats ? '--' : '-';
  const heads = { arrived: '>>', dropped: 'x', held: ')' };
  return `${line}${heads[copy?.fate ?? 'held']}`;
}

/** @type {(segment: Lab.Segment, relative: boolean) => string} */
function wordsOf(segment, relative) {
  const t = texts.mermaid;
  const data = segment.len > 0 ? `, ${t.data(segment.len)}` : '';
  const said = segment.text ? ` “${segment.text}”` : '';
  const flags = segment.flags.join(',') || '-';
  return `${flags} ${t.numbers(numbers(segment, relative))}${data}${said}`;
}

/** What the wire did, where it did something.
 * @param {any} row of a segment */
function fateOf({ segment, copy, sent }) {
  const words = [];
  if (sent && segment.forged) words.push(texts.ladder.forged);
  if (sent && segment.of) words.push(texts.ladder.again(segment.of));
  if (copy?.fate === 'dropped') words.push(texts.diagram.droppedBy(copy));
  if (copy?.fate === 'held') words.push(texts.ladder.held);
  if (copy?.changed) words.push(copy.changed);
  return words.length > 0 ? [note('over client,server', words.join(', '))] : [];
}

/** @type {(now: Lab.Row['states'], states: Lab.Row['states']) => string[]} */
function changed(now, states) {
  const fresh = HOSTS.filter((host) => states[host] && now[host] !== states[host]);
  Object.assign(now, states);
  return fresh.map((host) => note(`over ${host}`, states[host] ?? ''));
}

/** @param {Lab.Model['end']} end */
function verdict(end) {
  return end?.verdict ? [note('over client,server', end.verdict.text)] : [];
}
