/* numbering.js - sequence numbers as the page's one switch says: as they stand
 * in the header, or relative. The program gives most texts in both wordings;
 * where one has no relative wording it has no sequence number. Pure. */
import { segmentOf } from './model.js';

/** A number modulo 2^32.
 * @param {number} number */
export const wrap = (number) => number >>> 0;

/** An event's sentence; findSegment(n) finds the segment that a copy is of.
 * @param {Lab.AnyEvent} event
 * @param {boolean} relative
 * @param {(n: number) => Lab.Segment | undefined} findSegment */
export function sentenceOf(event, relative, findSegment = () => undefined) {
  const { sentence, sentence_rel: wording, changed, n } = event;
  if (!relative) return sentence;
  if (!changed) return wording ?? sentence;
  return sentence.replace(changed, () => changedWords(changed, findSegment(n ?? 0), true));
}

/** An event's sentence as a state shows it: in its numbers.
 * @param {Lab.AnyEvent} event
 * @param {Pick<Lab.State, 'relative' | 'whole'>} state */
export function tell(event, { relative, whole }) {
  return sentenceOf(event, relative, (n) => segmentOf(whole, n));
}

/** The observer's sentences, [{text, rfc}].
 * @param {Lab.Say[]} says
 * @param {boolean} relative */
export function saysOf(says = [], relative) {
  return says.map(({ text, text_rel: wording, rfc }) =>
    ({ text: relative ? (wording ?? text) : text, rfc }));
}

/** A field's value and meaning; `absolute` is its value in the header where the
 * one shown is another.
 * @param {Lab.Field} field
 * @param {boolean} relative */
export function fieldWords(field, relative) {
  const { value, meaning, value_rel: counted, meaning_rel: wording } = field;
  if (!relative) return { value, meaning, absolute: null };
  const absolute = counted === undefined || counted === value ? null : value;
  return { value: counted ?? value, meaning: wording ?? meaning, absolute };
}

/** The initial numbers a segment's relative ones count from: {seq, ack}, null
 * where they are not known.
 * @param {Pick<Lab.Segment, 'seq' | 'ack' | 'seq_rel' | 'ack_rel'>} segment
 * @returns {Record<string, number | null>} */
export function basesOf({ seq, ack, seq_rel: seqRel, ack_rel: ackRel }) {
  /** @type {(number: number, counted?: number | null) => number | null} */
  const base = (number, counted) =>
    (counted === null || counted === undefined ? null : wrap(number - counted));
  return { seq: base(seq, seqRel), ack: base(ack, ackRel) };
}

/** What was changed on the way, in the program's words ("ack 1001 -> 2001,
 * window 1 -> 2").
 * @param {string} changed
 * @param {Lab.Segment | undefined} segment
 * @param {boolean} relative */
export function changedWords(changed, segment, relative) {
  if (!relative || !segment) return changed;
  const bases = basesOf(segment);
  return changed.replace(/\b(seq|ack) (\d+) -> (\d+)/g, (all, name, from, to) => {
    const base = bases[name];
    return base === null ? all : `${name} ${wrap(from - base)} -> ${wrap(to - base)}`;
  });
}
