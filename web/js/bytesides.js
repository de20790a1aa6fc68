/* bytesides.js - what the header shows: as sent, compared with the last segment
 * of that side; or as a copy arrived, compared with what was sent. Pure. */
import { compareFields, differingBytes, goneOptions } from './compare.js';
import { hexBytes } from './format.js';
import { bytesOf, cutHeader } from './header.js';
import { fieldWords } from './numbering.js';
import { texts } from './texts.js';

/** shown: {segment, detail, before: {segment, detail?} | null, relative};
 * variant 0 as sent, k the k-th changed copy. Returns {fields, bytes, parts,
 * words, marks, differs, since, compared, kind, marked}: marks[i] is null or
 * {kind, text, was}; `since` sums up; `compared` is said of what has no mark. */
export function compareSides(shown, variant) {
  const copy = variant > 0 ? shown.detail.copies?.[variant - 1] : undefined;
  const { fields, hex } = copy ?? shown.detail;
  const bytes = hexBytes(hex);
  const words = fields.map((field) => ({ ...field, ...fieldWords(field, shown.relative) }));
  const drawn = { fields, bytes, parts: cutHeader(fields), words };
  return { ...drawn, ...(copy ? asArrived(shown, copy, drawn) : asSent(shown, fields)) };
}

const unmarked = (fields) => fields.map(() => null);

function asSent({ segment, before, relative }, fields) {
  const t = texts.card;
  const rest = { differs: new Set(), kind: 'changed', marked: false, compared: '' };
  if (!before) return { ...rest, marks: unmarked(fields), since: t.since.first(segment.from) };
  const { n } = before.segment;
  if (!before.detail) return { ...rest, marks: unmarked(fields), since: t.since.loading(n) };
  const { marks, gone } = compareFields(fields, before.detail.fields);
  const count = (kind) => marks.filter((mark) => mark?.kind === kind).length;
  const sum = { n, changed: count('changed'), fresh: count('new'), gone: goneOptions(gone) };
  const marked = sum.changed + sum.fresh + sum.gone.length > 0;
  return {
    ...rest, marked, compared: t.was.same(n),
    marks: marks.map((mark) => mark && inWords(mark, n, relative)),
    since: marked ? t.since.some(sum) : t.since.same(n),
  };
}

function inWords({ kind, was }, n, relative) {
  const t = texts.card;
  const value = was && fieldWords(was, relative).value;
  return {
    kind, text: t.mark[kind](n), was: kind === 'new' ? t.was.new(n) : t.was.changed(value, n),
  };
}

/* A field differs when its value does, or, where the value tells only a size,
 * one of its bytes. */
function asArrived({ detail, relative }, copy, { fields, bytes }) {
  const t = texts.card;
  const differs = differingBytes(bytes, hexBytes(detail.hex));
  const { marks } = compareFields(fields, detail.fields, { all: true });
  const touched = (field) => {
    const { first, last } = bytesOf(field);
    return field.part === 'payload' && [...differs].some((at) => first <= at && at <= last);
  };
  const words = fields.map((field, i) => {
    if (!marks[i] && !touched(field)) return null;
    return { kind: 'damaged', text: t.mark.damaged(), was: sentAs(marks[i], relative) };
  });
  const count = words.filter(Boolean).length;
  return {
    differs, marks: words, kind: 'damaged', marked: count > 0, compared: '',
    since: t.since.arrived(count),
  };
}

function sentAs(mark, relative) {
  const t = texts.card.was;
  if (!mark) return t.damagedBytes;
  return mark.was ? t.damaged(fieldWords(mark.was, relative).value) : t.added;
}
