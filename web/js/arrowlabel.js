/* arrowlabel.js - what is written at an arrow: flags above the line, numbers
 * below, and how much room that takes. Pure.
 *
 * Labels lean with their arrow, the wider the less, so that the room they need
 * has a bound. */
import { numbers, oneLine } from './format.js';
import { cells, charsIn, cutTo, textWidth } from './columns.js';
import { texts } from './texts.js';

const STEEP = 0.6; // labels lean no more than this, however steep their arrow
const LEAN_LINES = 2.2; // nor so much that their ends stand more lines apart
export const HALF_LINES = 1.12; // half of a level label's two lines, with their halo

/** What is written at an arrow, and how large it is. about: {relative, tries
 * (repeats folded into this one)}. */
export function arrowLabel(segment, columns, about) {
  const { font, wire } = columns;
  const most = charsIn(wire.width - font, font);
  const flags = cutTo(segment.icmp ? segment.name : segment.flags.join(',') || '-', most);
  const rest = most - cells(flags) - 1;
  const extra = rest > 1 ? cutTo(extraText(segment, about), rest) : '';
  const below = belowText(segment, about, most);
  const above = extra ? `${flags} ${extra}` : flags;
  const width = Math.max(textWidth(above, font), textWidth(below, font));
  return { flags, extra, below, width, lean: leanOf(width, columns), about };
}

/** How far a label of that width leans at most. */
export function leanOf(width, { line }) {
  return Math.min(STEEP, (LEAN_LINES * line) / width);
}

/** Half the height of a label whose line falls by `fall` over `run`. */
export function halfHeight(label, fall, run, { line }) {
  return line * HALF_LINES + (label.width / 2) * Math.min(label.lean, fall / run);
}

/** What was done to a copy: "damaged" (its checksum is wrong now), "changed"
 * (right again), or null. The program says it in words. */
export function markOf({ changed }) {
  if (!changed || /^sent \d+ times|^lost:/.test(changed)) return null;
  return changed.includes('not mended') ? 'damaged' : 'changed';
}

function extraText(segment, { tries }) {
  const t = texts.diagram;
  const parts = [...fateWords(segment)];
  if (segment.of) parts.push(t.repeats(segment.of));
  if (tries) parts.push(t.tries(tries));
  if (segment.text) parts.push(`“${oneLine(segment.text)}”`);
  else if (segment.len) parts.push(t.bytes(segment.len));
  return parts.join(' · ');
}

/* What the wire did, in words: the first thing to be read after the flags. */
function fateWords({ copies, forged, saved, icmp }) {
  const t = texts.diagram;
  const words = [];
  if (forged && !icmp) words.push(t.forged);
  if (saved) words.push(t.saved);
  if (copies.length > 1) words.push(t.copies(copies.length));
  words.push(...new Set(copies.map(markOf).filter(Boolean).map((mark) => t.marks[mark])));
  return [...words, ...endWords(copies)];
}

function endWords(copies) {
  const lost = copies.find((copy) => copy.fate === 'dropped');
  if (lost) return [texts.diagram.droppedBy(lost)];
  return copies.some((copy) => copy.fate === 'held') ? [texts.diagram.held] : [];
}

/* Its time is not known: that is said where there is room. */
function savedText(seq, most) {
  const wordings = texts.diagram.savedTimes.map((words) => `seq ${seq}${words}`);
  return wordings.find((text) => cells(text) <= most) ?? `seq ${seq}`;
}

/* As much of what an ICMP message means as makes sense and fits. */
function meaningText(meaning, most) {
  const ends = [/;.*/, /[;,].*/, /([;,]| and | which ).*/];
  const clauses = ends.map((end) => meaning.replace(end, ''));
  return clauses.find((text) => cells(text) <= most) ?? cutTo(clauses.at(-1), most);
}

/* The fullest wording that fits. */
function belowText(segment, { relative }, most) {
  if (segment.icmp) return meaningText(segment.meaning ?? '', most);
  const { seq, ack } = numbers(segment, relative);
  if (segment.saved) return savedText(seq, most);
  if (ack === null) return `seq ${seq}`;
  const wordings = [`seq ${seq}  ack ${ack}`, `seq ${seq} ack ${ack}`, `${seq}/${ack}`];
  return wordings.find((text) => text.length <= most) ?? wordings[2];
}
