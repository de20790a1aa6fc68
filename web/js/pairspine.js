/* pairspine.js - what stands between two pictures: a line from each segment of the
 * one to its like in the other, with a sign where they differ, a stub where there
 * is none, and how much longer one of the runs took. marksOf() is pure.
 *
 * A difference is told by the sign's shape: a dot where both are alike, "≠" where
 * they differ, a bar towards the run that alone has it. */
import { keyed } from './dom.js';
import { label, s, setAttributes } from './svg.js';
import { texts } from './texts.js';

const t = texts.compare.marks;

/** The marks of the steps of two runs: {id, kind, at, side, y: [of A, of B], late}.
 * shapes: of both pictures; differences: ungathered ones of the wire. */
export function marksOf(steps, shapes, differences) {
  const found = new Map();
  for (const each of differences) {
    found.set(each.step, { ...found.get(each.step), [each.kind]: each });
  }
  return steps.flatMap((step, id) => {
    const y = [step.a, step.b].map((segment, side) =>
      (segment ? shapes[side].y.get(segment.id) : undefined));
    if (y.every((each) => each === undefined)) return [];
    return [{ id, y, at: eventsOf(step), ...natureOf(found.get(step) ?? {}) }];
  });
}

/** The events of a step's segments, null where it has none. */
export const eventsOf = ({ a, b }) => [a?.id ?? null, b?.id ?? null];

function natureOf({ only, segment, later = null }) {
  const kind = only ? 'only' : (segment && 'differs') || 'same';
  return { kind, side: only?.side ?? null, late: later };
}

/** Draw marks into an svg element `width` wide; chosen: the pair of events looked
 * at. Where several stand in one place, one sign stands for them. */
export function drawSpine(root, marks, { width, font, chosen }) {
  const placed = crowded(marks.map((mark) => ({
    ...mark,
    middle: middleOf(mark),
    isChosen: mark.at.some((id, side) => id !== null && id === chosen[side]),
  })), font);
  keyed(root, placed, {
    make: () => s('g'),
    update: (node, mark) => {
      setAttributes(node, {
        'class': `mark is-${mark.kind}${mark.isChosen ? ' is-chosen' : ''}`, 'data-id': mark.id,
      });
      node.replaceChildren(...partsOf(mark, width, font));
    },
  });
}

function middleOf({ y }) {
  const known = y.filter((each) => each !== undefined);
  return known.reduce((sum, each) => sum + each, 0) / known.length;
}

/* Which marks have room for their sign, and which for how much later it was: of a
 * crowd the first that says that something differs. */
function crowded(marks, font) {
  const order = [...marks].sort((a, b) => a.middle - b.middle);
  let free = { sign: -Infinity, late: -Infinity };
  const crowds = [];
  for (const mark of order) {
    if (mark.middle >= free.sign) crowds.push([]);
    crowds.at(-1).push(mark);
    free = { ...free, sign: mark.middle + font * 1.4 };
  }
  return crowds.flatMap((crowd) => {
    const speaker = crowd.find(({ kind }) => kind !== 'same') ?? crowd[0];
    const late = crowd.find((mark) => mark.late !== null && mark.middle >= free.late);
    if (late) free = { ...free, late: late.middle + font * 3 };
    return crowd.map((mark) => ({ ...mark, signs: mark === speaker, says: mark === late }));
  });
}

function partsOf({ kind, y, middle, side, late, says, signs }, width, font) {
  const half = width / 2;
  const [a, b] = y.map((each) => each ?? middle);
  const ends = [side === 1 ? half : 0, side === 0 ? half : width];
  const name = kind === 'only' ? t.only(side) : t[kind];
  const line = `M${ends[0]} ${a}L${half} ${middle}L${ends[1]} ${b}`;
  const parts = [
    s('title', {}, name), s('path', { class: 'mark__hit', d: line }),
    s('path', { class: 'mark__line', d: line }),
    ...(signs ? signOf(kind, half, middle, font) : []),
  ];
  if (!says) return parts;
  return [...parts, label(t.later(late.side, late.ns), half, middle + font * 1.5, {
    'class': 'mark__late', 'text-anchor': 'middle',
  })];
}

function signOf(kind, x, y, font) {
  const r = font * 0.68;
  if (kind === 'same') return [s('circle', { class: 'mark__dot', cx: x, cy: y, r: font * 0.22 })];
  if (kind === 'only') return [s('path', { class: 'mark__bar', d: `M${x} ${y - r}V${y + r}` })];
  return [
    s('circle', { class: 'mark__ring', cx: x, cy: y, r }),
    label('≠', x, y, { 'class': 'mark__sign', 'text-anchor': 'middle' }),
  ];
}
