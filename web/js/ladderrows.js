/* ladderrows.js - what happened in a run, a row a moment, in the order of time.
 * A call that begins and ends with nothing between is one row, a segment that
 * arrives at once too; a state stands in the row of what caused it. Pure.
 *
 * A row: {t, ids, kind, host, states: {client?, server?}} and what its kind is
 * about: call, message, counter, state, icmp or segment. */

const AT_ONCE_NS = 1e6; // on the way for less: sent and arrived are one row

/** The rows of a model.
 * @param {Lab.Model} model
 * @returns {Lab.Row[]} */
export function momentsOf(model) {
  const rows = joined(marksOf(model).sort((a, b) => a.t - b.t || a.ids[0] - b.ids[0]));
  return withStates(rows, changesOf(model));
}

/** @type {(model: Lab.Model) => Lab.Row[]} */
function marksOf({ calls, segments, messages, counters, icmp }) {
  return [
    ...calls.flatMap(callMarks),
    ...segments.flatMap(segmentMarks),
    ...messages.filter(({ text }) => text).map((e) => mark('message', e, e.host, { text: e.text })),
    ...counters.map((e) => mark('counter', e, e.host, { name: e.counter, delta: e.delta })),
    ...icmp.map((e) => mark('icmp', e, e.to, { icmp: e })),
  ];
}

/** @type {(kind: Lab.Row['kind'], e: Lab.EventBase, host: Lab.Host, about: Partial<Lab.Row>) =>
 *   Lab.Row} */
const mark = (kind, { id, t_ns: t }, host, about) =>
  ({ t, ids: [id], kind, host, states: {}, ...about });

/** @type {(call: Lab.Call) => Lab.Row[]} */
function callMarks(call) {
  const { id, t, host, end } = call;
  /** @type {Lab.Row} */
  const begin = { t, ids: [id], kind: 'call', host, states: {}, call, end: null, begins: true };
  if (!end) return [begin];
  return [begin, { ...begin, t: end.t_ns, ids: [end.id], end, begins: false }];
}

/** @type {(segment: Lab.Segment) => Lab.Row[]} */
function segmentMarks(segment) {
  const { id, t_ns: t, from: host, copies } = segment;
  /** @type {Lab.Row} */
  const sent = {
    t, ids: [id], kind: 'segment', host, states: {}, segment, copy: null, sent: true,
  };
  const [first] = copies;
  const whole = first && first.t - t < AT_ONCE_NS && first.fate !== 'held';
  const lands = (whole ? copies.slice(1) : copies).map((copy) =>
    ({ ...sent, t: copy.t, ids: [copy.id], copy, sent: false }));
  return [whole ? { ...sent, ids: [id, first.id], copy: first } : sent, ...lands];
}

/** @type {(marks: Lab.Row[]) => Lab.Row[]} */
function joined(marks) {
  /** @type {Lab.Row[]} */
  const rows = [];
  for (const each of marks) {
    const last = rows.at(-1);
    if (last && isEndOf(each, last)) {
      last.ids.push(...each.ids);
      last.end = each.end;
    } else rows.push({ ...each, ids: [...each.ids], states: {} });
  }
  return rows;
}

/** Whether a is only the end of the call that b begins.
 * @type {(a: Lab.Row, b: Lab.Row) => boolean} */
function isEndOf(a, b) {
  return a.kind === 'call' && Boolean(b.begins) && !b.end && a.end === b.call?.end;
}

/** Changes of states in order of time; those of a listener count only as long as
 * its host has no connection.
 * @param {Lab.Model} model */
function changesOf({ sockets }) {
  const list = sockets.flatMap(({ host, listener, spans }) =>
    spans.map(({ id, t, state, cause }) => ({ id, t, host, listener, state, cause })));
  list.sort((a, b) => a.t - b.t || a.id - b.id);
  const connected = new Set();
  return list.filter(({ host, listener }) => {
    if (!listener) connected.add(host);
    return !listener || !connected.has(host);
  });
}

/** Each change goes to the row of its cause; one without gets a row of its own.
 * @type {(rows: Lab.Row[], changes: ReturnType<typeof changesOf>) => Lab.Row[]} */
function withStates(rows, changes) {
  const rowOf = new Map(rows.flatMap((row) => row.ids.map((id) => [id, row])));
  /** @type {Lab.Row[]} */
  const own = [];
  for (const { id, t, host, state, cause } of changes) {
    const row = rowOf.get(cause ?? 0);
    if (row) row.states[host] = state;
    else own.push({ t, ids: [id], kind: 'state', host, states: { [host]: state } });
  }
  const all = [...rows, ...own].sort((a, b) => a.t - b.t || a.ids[0] - b.ids[0]);
  return carried(all);
}

/** A segment's row says the state of both ends, changed or not.
 * @type {(rows: Lab.Row[]) => Lab.Row[]} */
function carried(rows) {
  const now = {};
  for (const row of rows) {
    Object.assign(now, row.states);
    if (row.kind === 'segment') row.states = { ...now };
  }
  return rows;
}
