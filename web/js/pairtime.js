/* pairtime.js - one time for two runs, in which what is the same in both happens
 * at the same moment. Pure.
 *
 * Moments of both runs that belong together are anchors. From one anchor to the
 * next the common time goes on by the longer of the two gaps; whoever was
 * faster waits there for the other. Nothing is stretched: what stands behind an
 * anchor keeps its distance to it. */

/** The times of both runs as they are: the same clock for both. */
export const ONE_CLOCK = Object.freeze([0, 1].map(() =>
  Object.freeze({ to: (t) => t, back: (v) => v })));

/** {to(t), back(v)} for each of two runs, from pairs of moments [tA, tB] in order
 * of their weight: one that would turn time back is left out. */
export function commonTime(moments) {
  const anchors = [];
  for (const moment of [[0, 0], ...moments]) insert(anchors, moment);
  const common = [0];
  for (let i = 1; i < anchors.length; i += 1) {
    const gaps = [0, 1].map((side) => anchors[i][side] - anchors[i - 1][side]);
    common.push(common[i - 1] + Math.max(...gaps));
  }
  return [0, 1].map((side) => timeOf(anchors.map((anchor) => anchor[side]), common));
}

/* Only what lies strictly between its neighbours on both sides. */
function insert(anchors, moment) {
  const at = firstFrom(anchors, moment[0], (anchor) => anchor[0]);
  const [before, next] = [anchors[at - 1], anchors[at]];
  const fits = (side) => (!before || before[side] < moment[side])
    && (!next || moment[side] < next[side]);
  if (fits(0) && fits(1)) anchors.splice(at, 0, moment);
}

/* The first place of a sorted list whose value is not smaller. */
function firstFrom(list, value, valueOf) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (valueOf(list[middle]) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const itself = (value) => value;

/* One run's own times and the common ones at the anchors. */
function timeOf(own, common) {
  const lastUpTo = (list, value) => Math.max(0, firstFrom(list, value + 1, itself) - 1);
  return {
    to(t) {
      const i = lastUpTo(own, t);
      return common[i] + (t - own[i]);
    },
    back(v) {
      const i = lastUpTo(common, v);
      return Math.min(own[i] + (v - common[i]), own[i + 1] ?? Infinity);
    },
  };
}

/** The moments that belong together, those that weigh most first: what was sent,
 * what became of it, what was called, and the ends. */
export function momentsOf(steps, [a, b]) {
  const pairs = steps.filter((step) => step.a && step.b);
  return [
    ...pairs.map((step) => [step.a.t_ns, step.b.t_ns]),
    ...pairs.flatMap(outcome),
    ...calls(a, b),
    ...(a.end && b.end ? [[a.end.t_ns, b.end.t_ns]] : []),
  ];
}

/* The same end of a way. */
function outcome({ a, b }) {
  const [one, other] = [a.copies[0], b.copies[0]];
  return one && other && one.fate === other.fate ? [[one.t, other.t]] : [];
}

/* The k-th call of a name of a host in both runs. */
function calls(a, b) {
  const others = new Map(numbered(b.calls).map(({ key, call }) => [key, call]));
  return numbered(a.calls).flatMap(({ key, call }) => {
    const other = others.get(key);
    if (!other) return [];
    return [[call.t, other.t],
      ...(call.end && other.end ? [[call.end.t_ns, other.end.t_ns]] : [])];
  });
}

/** Calls with a key by which the same call of another run is found. */
export function numbered(list) {
  const counts = new Map();
  return list.map((call) => {
    const name = `${call.host} ${call.name}`;
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    return { key: `${name} ${nth}`, nth, call };
  });
}
