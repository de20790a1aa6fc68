/* model.js - what a run has shown so far: events in, one plain value out.
 *
 * Folding the first k events gives the page at that moment, so a player needs
 * nothing else. Every part keeps the ids of the events that made it: an id is
 * a place in the picture. Pure; a fold never changes its input: it copies a
 * list once for all the events of a call, and of what is in a list only what
 * changes, so whatever is the same object as before has not changed. */

/** @type {Lab.Host[]} */
const HOSTS = ['client', 'server'];

/** @type {Readonly<Lab.Model>} */
export const emptyModel = Object.freeze({
  begin: null, end: null, last: null, segments: [], calls: [], sockets: [], messages: [],
  icmp: [], counters: [],
});

/** A model that is being made: its lists that are copied already, and where
 * each socket stands.
 * @typedef {{next: Lab.Model, owned: Set<string>, places: Map<string, number> | null}} Draft */

/** @type {Record<string, (draft: Draft, e: any) => unknown>} */
const folds = {
  run: ({ next }, e) => { next[e.phase === 'begin' ? 'begin' : 'end'] = e; },
  call: (draft, e) => (e.phase === 'begin' ? begun : ended)(own(draft, 'calls'), e),
  segment: (draft, e) => own(draft, 'segments').push({ ...e, copies: [] }),
  copy: (draft, e) => withCopy(own(draft, 'segments'), e),
  state: (draft, e) => withState(own(draft, 'sockets'), e, draft),
  message: (draft, e) => own(draft, 'messages').push(e),
  icmp: (draft, e) => own(draft, 'icmp').push(e),
  counter: (draft, e) => own(draft, 'counters').push(e),
};

/** The model after one more event.
 * @param {Lab.Model} model
 * @param {Lab.Event} event */
export function fold(model, event) {
  return foldMany(model, [event]);
}

/** The model after more events, in their order.
 * @param {Lab.Model} model
 * @param {Lab.Event[]} events
 * @returns {Lab.Model} */
export function foldMany(model, events) {
  if (events.length === 0) return model;
  const next = { ...model, last: events.at(-1) ?? null };
  /** @type {Draft} */
  const draft = { next, owned: new Set(), places: null };
  for (const event of events) folds[event.kind]?.(draft, event);
  return next;
}

/** The draft's own copy of a list, to be changed.
 * @template {'calls' | 'segments' | 'sockets' | 'messages' | 'icmp' | 'counters'} Name
 * @param {Draft} draft
 * @param {Name} name
 * @returns {Lab.Model[Name]} */
function own({ next, owned }, name) {
  if (!owned.has(name)) next[name] = /** @type {any} */ ([...next[name]]);
  owned.add(name);
  return next[name];
}

/** @type {(calls: Lab.Call[], e: Lab.CallEvent) => void} */
function begun(calls, e) {
  const { id, t_ns: t, host, name, args, on } = e;
  calls.push({ id, t, host, name, args, on, end: null });
}

/** An end names its begin; without one it ends the host's newest open call.
 * @type {(calls: Lab.Call[], e: Lab.CallEvent) => void} */
function ended(calls, e) {
  const at = calls.findLastIndex((call) =>
    !call.end && (e.begin ? call.id === e.begin : call.host === e.host && call.name === e.name));
  if (at >= 0) calls[at] = { ...calls[at], end: e };
}

/** @type {(segments: Lab.Segment[], e: Lab.CopyEvent) => void} */
function withCopy(segments, e) {
  const at = placeOf(segments, e.n);
  if (at < 0) return;
  segments[at] = { ...segments[at], copies: copiesWith(segments[at].copies, e) };
}

/** Segments are numbered in the order they are sent: n stands at n - 1.
 * @type {(segments: Lab.Segment[], n: number) => number} */
function placeOf(segments, n) {
  return segments[n - 1]?.n === n ? n - 1 : segments.findLastIndex((segment) => segment.n === n);
}

/** The segment with a number, or undefined.
 * @param {Pick<Lab.Model, 'segments'>} model
 * @param {number} n
 * @returns {Lab.Segment | undefined} */
export function segmentOf({ segments }, n) {
  return segments[placeOf(segments, n)];
}

/** @type {(copies: Lab.Copy[], e: Lab.CopyEvent) => Lab.Copy[]} */
function copiesWith(copies, e) {
  const number = e.copy ?? 1;
  const at = copies.findIndex((copy) => copy.copy === number);
  const held = e.fate === 'held' ? { id: e.id, t: e.t_ns } : (copies[at]?.held ?? null);
  const { fate, id, t_ns: t, by, rule, action, changed } = e;
  const copy = { copy: number, fate, id, t, held, by, rule, action, changed };
  return at < 0 ? [...copies, copy] : copies.with(at, copy);
}

/** @type {(sockets: Lab.Socket[], e: Lab.StateEvent, draft: Draft) => void} */
function withState(sockets, e, draft) {
  draft.places ??= new Map(sockets.map((socket, i) => [socket.key, i]));
  const key = `${e.host} ${e.socket} ${e.peer ?? ''}`;
  /** @type {Lab.Span} */
  const span = { id: e.id, t: e.t_ns, state: e.new, cause: e.cause, end: null };
  const at = draft.places.get(key);
  if (at === undefined) {
    draft.places.set(key, sockets.length);
    sockets.push(newSocket(key, e, span));
    return;
  }
  const socket = sockets[at];
  sockets[at] = {
    ...socket,
    listener: socket.listener || e.new === 'LISTEN',
    spans: [...closedAt(socket.spans, e), span],
  };
}

/** @type {(key: string, e: Lab.StateEvent, span: Lab.Span) => Lab.Socket} */
function newSocket(key, e, span) {
  const { host, socket, peer } = e;
  return { key, host, socket, peer: peer ?? null, listener: e.new === 'LISTEN', spans: [span] };
}

/** @type {(spans: Lab.Span[], e: Lab.StateEvent) => Lab.Span[]} */
function closedAt(spans, e) {
  return spans.with(-1, { ...spans[spans.length - 1], end: { id: e.id, t: e.t_ns } });
}

/** The time in which exactly one end is ESTABLISHED: {host, from, to} with
 * spans' {id, t, cause}; `to` is null while it lasts; null when there was none.
 * @param {Lab.Model} model
 * @returns {Lab.Disagreement | null} */
export function disagreement(model) {
  if (!HOSTS.every((host) => hasConnection(model, host))) return null;
  const first = HOSTS.flatMap((host) => firstEstablished(model, host) ?? []);
  if (first.length === 0) return null;
  first.sort((a, b) => a.t - b.t || a.id - b.id);
  const [from, to = null] = first;
  return to && to.t === from.t ? null : { host: from.host, from, to };
}

/** A person may be one of the hosts: then there is nobody to disagree.
 * @type {(model: Lab.Model, host: Lab.Host) => boolean} */
function hasConnection({ sockets }, host) {
  return sockets.some((socket) => socket.host === host && !socket.listener);
}

/** @type {(model: Lab.Model, host: Lab.Host) => Lab.Established | null} */
function firstEstablished(model, host) {
  for (const socket of model.sockets.filter((each) => each.host === host)) {
    const span = socket.spans.find((s) => s.state === 'ESTABLISHED');
    if (span) return { host, id: span.id, t: span.t, cause: span.cause };
  }
  return null;
}

/** Numbers of the segments that belong to segment n: what it answers or
 * repeats, and what answers or repeats it.
 * @param {Lab.Model} model
 * @param {number} n */
export function partners(model, n) {
  const mine = segmentOf(model, n);
  if (!mine) return [];
  const theirs = model.segments.filter((segment) => segment.answers === n || segment.of === n);
  const set = new Set([mine.answers, mine.of, ...theirs.map((segment) => segment.n)]);
  set.delete(n);
  return [...set].filter((each) => typeof each === 'number');
}

/** What the kernels counted because of a segment or of one of its copies.
 * @param {Lab.Model} model
 * @param {Lab.Segment} segment */
export function countersOf(model, segment) {
  const ids = new Set([segment.id, ...segment.copies.map((copy) => copy.id)]);
  return model.counters.filter((counter) => ids.has(counter.cause ?? 0));
}
