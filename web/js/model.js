/* model.js - what a run has shown so far: events in, one plain value out.
 *
 * Folding the first k events gives the page at that moment, so a player needs
 * nothing else. Every part keeps the ids of the events that made it: an id is
 * a place in the picture. Pure; a fold never changes its input.
 *
 * @typedef {Object} Copy      one arrival of a segment
 *   {copy, fate, id, t, held: {id, t} | null, by, rule, action, changed}
 * @typedef {Object} Segment   the segment event and {copies: Copy[]}
 * @typedef {Object} Call      {id, t, host, name, args, on, end: call event | null}
 * @typedef {Object} Span      {id, t, state, end: {id, t} | null}
 * @typedef {Object} Socket    {key, host, socket, peer, listener, spans: Span[]} */

export const emptyModel = Object.freeze({
  begin: null, end: null, last: null, segments: [], calls: [], sockets: [], messages: [],
  icmp: [], counters: [],
});

const folds = {
  run: (model, e) => ({ ...model, [e.phase === 'begin' ? 'begin' : 'end']: e }),
  call: (model, e) => ({ ...model, calls: (e.phase === 'begin' ? begun : ended)(model, e) }),
  segment: (model, e) => ({ ...model, segments: [...model.segments, { ...e, copies: [] }] }),
  copy: (model, e) => ({ ...model, segments: withCopy(model.segments, e) }),
  state: (model, e) => ({ ...model, sockets: withState(model.sockets, e) }),
  message: (model, e) => ({ ...model, messages: [...model.messages, e] }),
  icmp: (model, e) => ({ ...model, icmp: [...model.icmp, e] }),
  counter: (model, e) => ({ ...model, counters: [...model.counters, e] }),
};

/** The model after one more event. */
export function fold(model, event) {
  const next = folds[event.kind]?.(model, event) ?? model;
  return { ...next, last: event };
}

function begun(model, e) {
  const { id, t_ns: t, host, name, args, on } = e;
  return [...model.calls, { id, t, host, name, args, on, end: null }];
}

/* An end names its begin; without one it ends the host's newest open call. */
function ended(model, e) {
  const at = model.calls.findLastIndex((call) =>
    !call.end && (e.begin ? call.id === e.begin : call.host === e.host && call.name === e.name));
  return replaced(model.calls, at, (call) => ({ ...call, end: e }));
}

function withCopy(segments, e) {
  const at = segments.findLastIndex((segment) => segment.n === e.n);
  const change = (segment) => ({ ...segment, copies: copiesWith(segment.copies, e) });
  return replaced(segments, at, change);
}

function copiesWith(copies, e) {
  const number = e.copy ?? 1;
  const at = copies.findIndex((copy) => copy.copy === number);
  const held = e.fate === 'held' ? { id: e.id, t: e.t_ns } : (copies[at]?.held ?? null);
  const { fate, id, t_ns: t, by, rule, action, changed } = e;
  const copy = { copy: number, fate, id, t, held, by, rule, action, changed };
  return at < 0 ? [...copies, copy] : replaced(copies, at, () => copy);
}

function withState(sockets, e) {
  const key = `${e.host} ${e.socket} ${e.peer ?? ''}`;
  const span = { id: e.id, t: e.t_ns, state: e.new, cause: e.cause, end: null };
  const at = sockets.findIndex((socket) => socket.key === key);
  if (at < 0) return [...sockets, newSocket(key, e, span)];
  return replaced(sockets, at, (socket) => ({
    ...socket,
    listener: socket.listener || e.new === 'LISTEN',
    spans: [...closedAt(socket.spans, e), span],
  }));
}

function newSocket(key, e, span) {
  const { host, socket, peer } = e;
  return { key, host, socket, peer: peer ?? null, listener: e.new === 'LISTEN', spans: [span] };
}

function closedAt(spans, e) {
  return replaced(spans, spans.length - 1, (span) => ({ ...span, end: { id: e.id, t: e.t_ns } }));
}

function replaced(list, at, make) {
  return at < 0 ? list : list.with(at, make(list[at]));
}

/** The time in which exactly one end is ESTABLISHED: {host, from, to} with
 * spans' {id, t, cause}; `to` is null while it lasts; null when there was none. */
export function disagreement(model) {
  if (!['client', 'server'].every((host) => hasConnection(model, host))) return null;
  const first = ['client', 'server'].map((host) => firstEstablished(model, host)).filter(Boolean);
  if (first.length === 0) return null;
  first.sort((a, b) => a.t - b.t || a.id - b.id);
  const [from, to = null] = first;
  return to && to.t === from.t ? null : { host: from.host, from, to };
}

/* A person may be one of the hosts: then there is nobody to disagree. */
function hasConnection({ sockets }, host) {
  return sockets.some((socket) => socket.host === host && !socket.listener);
}

function firstEstablished(model, host) {
  for (const socket of model.sockets) {
    const span = socket.host === host && socket.spans.find((s) => s.state === 'ESTABLISHED');
    if (span) return { host, id: span.id, t: span.t, cause: span.cause };
  }
  return null;
}

/** Numbers of the segments that belong to segment n: what it answers or
 * repeats, and what answers or repeats it. */
export function partners(model, n) {
  const own = model.segments.find((segment) => segment.n === n);
  if (!own) return [];
  const theirs = model.segments.filter((segment) => segment.answers === n || segment.of === n);
  const set = new Set([own.answers, own.of, ...theirs.map((segment) => segment.n)]);
  set.delete(n);
  return [...set].filter(Boolean);
}

/** What the kernels counted because of a segment or of one of its copies. */
export function countersOf(model, segment) {
  const ids = new Set([segment.id, ...segment.copies.map((copy) => copy.id)]);
  return model.counters.filter((counter) => ids.has(counter.cause));
}
