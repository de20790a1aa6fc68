/* mermaid.js - a run as a Mermaid sequence diagram, for Markdown files and wikis
 * that draw those. Calls, states and outputs are notes; times stand in front.
 * Pure. */
import { endpointText, numbers, oneLine, stamp } from './format.js';
import { momentsOf } from './ladderrows.js';
import { texts } from './texts.js';

const SIDE = { client: 'left of client', server: 'right of server' };

/** The text of a model. about: {title, relative}. */
export function mermaidText(model, { title, relative = true }) {
  const now = {};
  const body = momentsOf(model).flatMap((row) => statements(row, now, relative));
  const hosts = ['client', 'server'].map((host) => participant(host, model.begin?.hosts?.[host]));
  const lines = [...hosts, ...body, ...verdict(model.end)].map((line) => `    ${line}`);
  const head = ['---', `title: ${JSON.stringify(title)}`, '---', 'sequenceDiagram'];
  return `${[...head, ...lines].join('\n')}\n`;
}

/* The sender's state stands before its segment, all else after what caused it. */
function statements(row, now, relative) {
  const words = WORDS[row.kind]?.(row, relative) ?? [];
  const { [row.segment?.from]: first, ...rest } = row.states;
  const before = first ? changed(now, { [row.segment.from]: first }) : [];
  return [...before, ...words, ...changed(now, rest)];
}

function participant(host, endpoint) {
  const name = texts.mermaid.address(texts.host[host], endpointText(endpoint));
  return `participant ${host} as ${safe(name)}`;
}

/* Characters that end a statement or mean something in one, as its entities. */
function safe(text) {
  return oneLine(text).replace(/[#;%<>&"{}\\]/g, (sign) => `#${sign.charCodeAt(0)};`);
}

const note = (where, text) => `Note ${where}: ${safe(text)}`;

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

/* Dashed what repeats, open what is not known to have arrived, a cross for what
 * was lost. */
function arrowOf({ of: repeats }, copy) {
  const line = repeats ? '--' : '-';
  return `${line}${{ arrived: '>>', dropped: 'x' }[copy?.fate] ?? ')'}`;
}

function wordsOf(segment, relative) {
  const t = texts.mermaid;
  const data = segment.len > 0 ? `, ${t.data(segment.len)}` : '';
  const said = segment.text ? ` “${segment.text}”` : '';
  const flags = segment.flags.join(',') || '-';
  return `${flags} ${t.numbers(numbers(segment, relative))}${data}${said}`;
}

/* What the wire did, where it did something. */
function fateOf({ segment, copy, sent }) {
  const words = [];
  if (sent && segment.forged) words.push(texts.ladder.forged);
  if (sent && segment.of) words.push(texts.ladder.again(segment.of));
  if (copy?.fate === 'dropped') words.push(texts.diagram.droppedBy(copy));
  if (copy?.fate === 'held') words.push(texts.ladder.held);
  if (copy?.changed) words.push(copy.changed);
  return words.length > 0 ? [note('over client,server', words.join(', '))] : [];
}

function changed(now, states) {
  const fresh = Object.entries(states).filter(([host, state]) => now[host] !== state);
  Object.assign(now, states);
  return fresh.map(([host, state]) => note(`over ${host}`, state));
}

function verdict(end) {
  return end?.verdict ? [note('over client,server', end.verdict.text)] : [];
}
