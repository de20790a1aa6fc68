/* compare.js - what differs between the fields of two segments, or of a segment
 * as it was sent and as it arrived. Pure.
 *
 * Fields are matched by what they are, not by where they stand: an option that
 * moved is the same option. */

/** A name for each field that finds its like in another segment. */
export function keysOf(fields) {
  const seen = new Map();
  let option = '';
  return fields.map(({ part, name, value }) => {
    if (name === 'Option Kind') option = numbered(seen, `kind ${value}`);
    return numbered(seen, part === 'option' ? `${option} ${name}` : `${part} ${name}`);
  });
}

/* "a" for the first of that name, "a 2" for the second. */
function numbered(seen, name) {
  const count = (seen.get(name) ?? 0) + 1;
  seen.set(name, count);
  return count === 1 ? name : `${name} ${count}`;
}

/* What says nothing by being there: fillers; and the data, which is not header. */
const ASIDE = new Set(['NOP', 'End of Option List', 'Padding', 'Payload']);

/** Compare fields with those before: {marks, gone}. marks[i] is null where
 * field i is as it was, else {kind: 'changed', was: field before} or {kind:
 * 'new'}; `gone` are fields that are there no more. `all` compares fillers and
 * data as well. */
export function compareFields(fields, before, { all = false } = {}) {
  const counts = ({ name }) => all || !ASIDE.has(name);
  const keys = keysOf(fields);
  const old = new Map(keysOf(before).map((key, i) => [key, before[i]]));
  const marks = fields.map((field, i) => {
    const was = old.get(keys[i]);
    old.delete(keys[i]);
    if (!counts(field) || was?.value === field.value) return null;
    return was ? { kind: 'changed', was } : { kind: 'new' };
  });
  return { marks, gone: [...old.values()].filter(counts) };
}

/** The options that are gone, by name, from the `gone` of compareFields(). */
export function goneOptions(gone) {
  return gone.filter(({ name }) => name === 'Option Kind')
    .map(({ meaning }) => meaning.replace(/^kind \d+: /, ''));
}

/** Places at which two strings of bytes (["45", ...]) differ. */
export function differingBytes(bytes, other) {
  const places = new Set();
  const length = Math.max(bytes.length, other.length);
  for (let i = 0; i < length; i += 1) if (bytes[i] !== other[i]) places.add(i);
  return places;
}

/** The key of field i, by which its like is found in another segment. */
export const fieldKey = (fields, i) => keysOf(fields)[i];

/** Index of the field of that key, -1 when there is none. */
export const fieldOfKey = (fields, key) => keysOf(fields).indexOf(key);
