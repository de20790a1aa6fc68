/* pairing.js - which segment of one run stands for which of another. Pure.
 *
 * Two runs of the same thing differ in every microsecond, and one that lost
 * something has more segments than the other. Both lists are laid beside each
 * other so that the likenesses of all pairs together are the greatest, as two
 * texts are compared (Needleman and Wunsch 1970); order is kept on both sides.
 * Long lists are taken window after window, so that time and memory grow with
 * the length alone. */

const WINDOW = 600; // segments of each run that are looked at together
const SETTLED = 0.7; // of a window: what is paired behind it may still change

/* What makes two segments alike, and how much. */
const ALIKE = 4; // same sender and same kind, without which there is no likeness
/** @type {[number, (a: any, b: any) => boolean][]} */
const LIKENESS = [
  [3, (a, b) => Boolean(a.of) === Boolean(b.of)], // the first of its kind, or sent again
  [2, (a, b) => a.seq_rel === b.seq_rel],
  [2, (a, b) => a.len === b.len],
  [1, (a, b) => a.flags.join() === b.flags.join()],
  [1, (a, b) => a.copies[0]?.fate === b.copies[0]?.fate],
  [1, (a, b) => Boolean(a.forged) === Boolean(b.forged)],
];

/* Who says what: segments of different kinds are not alike at all. */
const kindOf = (segment) => `${segment.from} ${purposeOf(segment)}`;

function purposeOf({ flags, len }) {
  if (flags.includes('RST')) return 'RST';
  if (flags.includes('SYN')) return flags.includes('ACK') ? 'SYN,ACK' : 'SYN';
  if (flags.includes('FIN')) return 'FIN';
  return len > 0 ? 'data' : 'ACK';
}

/** How alike two segments are; 0: not at all. */
export function likeness(a, b) {
  return kindOf(a) === kindOf(b) ? ALIKE + moreOf(a, b) : 0;
}

function moreOf(a, b) {
  return LIKENESS.reduce((sum, [weight, holds]) => sum + (holds(a, b) ? weight : 0), 0);
}

/** The segments of two runs beside each other, in order: [{a, b}], one of the two
 * null where the other run has nothing like it. */
export function pairSegments(first, second) {
  const steps = [];
  const at = { a: 0, b: 0 };
  while (at.a < first.length && at.b < second.length) {
    const [a, b] = [first.slice(at.a, at.a + WINDOW), second.slice(at.b, at.b + WINDOW)];
    const isLast = at.a + a.length >= first.length && at.b + b.length >= second.length;
    const found = settled(alignedIn(a, b), isLast ? Infinity : WINDOW * SETTLED);
    steps.push(...found);
    at.a += found.filter((step) => step.a).length;
    at.b += found.filter((step) => step.b).length;
  }
  const only = (list, name) => list.map((segment) => ({ a: null, b: null, [name]: segment }));
  return [...steps, ...only(first.slice(at.a), 'a'), ...only(second.slice(at.b), 'b')];
}

/* The steps up to where either side has gone so far. */
function settled(steps, most) {
  const gone = { a: 0, b: 0 };
  const end = steps.findIndex(({ a, b }) => {
    gone.a += a ? 1 : 0;
    gone.b += b ? 1 : 0;
    return Math.max(gone.a, gone.b) >= most;
  });
  return end < 0 ? steps : steps.slice(0, end + 1);
}

/* best[i][j]: the greatest likeness of what follows a[i] and b[j]. */
function alignedIn(a, b) {
  const wide = b.length + 1;
  const best = new Int32Array((a.length + 1) * wide);
  const alike = likenessIn(a, b);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const at = i * wide + j;
      const both = alike(i, j);
      const paired = both > 0 ? best[at + wide + 1] + both : 0;
      best[at] = Math.max(paired, best[at + wide], best[at + 1]);
    }
  }
  return trace(a, b, { best, wide, alike });
}

/* likeness() of places; most pairs are told apart by their kinds, made once. */
function likenessIn(a, b) {
  const [kinds, others] = [a, b].map((list) => list.map(kindOf));
  return (i, j) => (kinds[i] === others[j] ? ALIKE + moreOf(a[i], b[j]) : 0);
}

function trace(a, b, { best, wide, alike }) {
  const steps = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const at = i * wide + j;
    const both = i < a.length && j < b.length ? alike(i, j) : 0;
    if (both > 0 && best[at] === best[at + wide + 1] + both) {
      steps.push({ a: a[i], b: b[j] });
      i += 1;
      j += 1;
    } else if (i < a.length && (j === b.length || best[at] === best[at + wide])) {
      steps.push({ a: a[i], b: null });
      i += 1;
    } else {
      steps.push({ a: null, b: b[j] });
      j += 1;
    }
  }
  return steps;
}
