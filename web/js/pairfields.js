/* pairfields.js - the header fields of two segments beside each other. Pure. */
import { keysOf } from './compare.js';
import { fieldWords } from './numbering.js';

/* What is other in every run and says nothing of a difference. */
const CHANGING = new Set(['Identification', 'Header Checksum', 'Checksum', 'TSval', 'TSecr']);
const NUMBERS = new Set(['Sequence Number', 'Acknowledgment Number']);
const KERNEL_PORTS = 32768; // from here on (ip_local_port_range) a kernel chose it

/** Rows of both lists of fields, in the order of the header: [{key, part, name, a,
 * b, differs, expected}]. a and b are {value, meaning} or null where that segment
 * has no such field; expected: other in every run. */
export function fieldRows(first, second, relative) {
  const [one, two] = [first, second].map((fields) => {
    const keys = keysOf(fields);
    return new Map(fields.map((field, i) => [keys[i], field]));
  });
  return merged([...one.keys()], [...two.keys()])
    .map((key) => rowOf(key, one.get(key), two.get(key), relative));
}

/* Both orders in one: what only the second has stands behind what it follows. */
function merged(keys, others) {
  const list = [...keys];
  others.forEach((key, i) => {
    if (!list.includes(key)) list.splice(list.indexOf(others[i - 1]) + 1, 0, key);
  });
  return list;
}

function rowOf(key, first, second, relative) {
  const { part, name } = first ?? second;
  const [a, b] = [first, second].map((field) => field ?? null);
  return {
    key, part, name,
    a: a && fieldWords(a, relative),
    b: b && fieldWords(b, relative),
    differs: comparedBy(a) !== comparedBy(b),
    expected: Boolean(a && b) && isExpected(a, b),
  };
}

/* Sequence numbers by how far they are from the first. */
function comparedBy(field) {
  if (!field) return null;
  return NUMBERS.has(field.name) ? (field.value_rel ?? field.value) : field.value;
}

function isExpected(a, b) {
  if (CHANGING.has(a.name)) return true;
  return /Port$/.test(a.name) && [a, b].every(({ value }) => Number(value) >= KERNEL_PORTS);
}
