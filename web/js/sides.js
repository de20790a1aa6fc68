/* sides.js - what stands beside the wire: the states of each socket as bands,
 * the calls as spans, and the accept queue between them. Pure. */
import { textWidth } from './columns.js';
import { duration, nominal } from './format.js';
import { claim } from './rows.js';
import { texts } from './texts.js';
import { TIME_WAIT } from './timers.js';

const QUICK_NS = 25e3; // a call this short has one label, not two
const SUB_LINES = 0.92; // from one line under a state's name to the next

const callColumn = (host) => `calls ${host}`;

/** The points of a call: its begin, and its end if it has ended. `begin` is the
 * one made before, when it had not. */
export function callPoints(call, columns, begin) {
  const { line } = columns;
  const column = callColumn(call.host);
  const points = [begin ?? claim(call.id, call.t, column, line / 2, line / 2)];
  if (!call.end) return points;
  const second = isQuick(call, columns) ? null : column;
  points.push(claim(call.end.id, call.end.t_ns, second, line / 2, line / 2));
  return points;
}

/* Begun and ended so soon that both fit one label. */
function isQuick(call, { calls, font }) {
  if (!call.end || call.end.t_ns - call.t >= QUICK_NS) return false;
  return textWidth(`${call.name}() ${resultText(call)}`, font) <= calls - font * 1.2;
}

/** The points of a socket's spans. A state's name stands at the top of its span:
 * within its band; upright in the narrow band of a listener; in the column of
 * calls on a narrow screen. `old` are those made before. */
export function statePoints(socket, lane, columns, old = []) {
  return socket.spans.map((span, i) => {
    if (old[i]?.id === span.id) return old[i];
    const { column, below } = stateRoom(socket, span, lane, columns);
    const above = columns.compact ? columns.line / 2 : 1;
    return claim(span.id, span.t, column, above, below);
  });
}

function stateRoom(socket, span, lane, columns) {
  const { compact, font, line } = columns;
  if (isBeyond(socket, lane, columns)) return { column: null, below: 0 };
  if (compact) return { column: callColumn(socket.host), below: line / 2 };
  const column = `band ${socket.host} ${socket.listener} ${lane}`;
  if (socket.listener) return { column, below: textWidth(span.state, font) + line };
  return { column, below: line * (1.25 + subLines(socket, span, columns) * SUB_LINES) };
}

/* In the lane that stands for all that have no room of their own. */
function isBeyond({ host, listener }, lane, { lanes }) {
  return !listener && lane >= Math.max(1, lanes[host].connections);
}

function subLines({ crowd, host }, { state }, columns) {
  if (columns[host].upright || columns.compact || state === 'CLOSED') return 0;
  if (crowd) return 1;
  return state === 'TIME-WAIT' ? 2 : 0;
}

/** The spans of a socket's states. place: {columns, y, bottom, lastT, relative}.
 * The kernel is asked after each event: the change came between its cause
 * (`since`) and the answer (`y`). Spans over before `place.from` stand as in
 * `old`, the shapes made before. */
export function bandShapes(socket, lane, place, old = []) {
  const { columns, y } = place;
  const side = columns[socket.host];
  const kind = socket.listener ? side.listeners : side.connections;
  const beyond = isBeyond(socket, lane, columns);
  const { x, width } = kind[Math.min(lane, kind.length - 1)];
  return socket.spans.map((span, i) => {
    if (span.end && span.end.t < place.from && old[i]?.until === span.end.id) return old[i];
    const top = y[span.id];
    const until = endOf(socket, span, place, top);
    const band = {
      id: span.id, host: socket.host, state: span.state, listener: socket.listener, beyond,
      crowd: socket.crowd ?? 0, x, width, y: top, since: Math.min(top, y[span.cause] ?? top),
      height: Math.max(0, until - top), open: !span.end, until: span.end?.id ?? null, sub: [],
    };
    const label = beyond ? null : bandLabel(band, columns);
    const lines = label ? subLines(socket, span, columns) : 0;
    return { ...band, label, sub: lines > 0 ? subText(socket, span, place.lastT) : [] };
  });
}

/* What is closed for good needs no band, only room for its name. */
function endOf({ listener }, { state, end }, { columns, y, bottom }, top) {
  if (end) return y[end.id];
  if (state !== 'CLOSED') return bottom;
  const { font, line, compact } = columns;
  const name = listener && !compact ? textWidth(state, font) + line * 0.6 : line * 1.4;
  return top + name;
}

/* TIME-WAIT lasts a fixed time, of which the run shows a part. */
function subText({ crowd }, { t, end }, lastT) {
  if (crowd) return [texts.diagram.sockets(crowd)];
  return texts.diagram.timeWait(nominal(TIME_WAIT), duration((end?.t ?? lastT) - t));
}

/* The name as it fits: along the band, across it, or the two letters that stand
 * for it. */
function bandLabel(band, columns) {
  const { compact, font, line } = columns;
  const { host, state, listener, x, width, y: top, height, crowd } = band;
  const side = columns[host];
  const { upright } = side;
  if (compact) {
    return { x: side.text, y: top, anchor: side.anchor, upright: false, text: state };
  }
  const middle = { x: x + width / 2, anchor: 'middle' };
  const slim = listener || (upright && state !== 'CLOSED');
  if (!slim && !upright) return { ...middle, y: top + line * 0.7, upright: false, text: state };
  const text = crowd ? texts.diagram.crowd(crowd, state) : state;
  const length = textWidth(text, font * 0.95);
  if (slim && length + line * 0.6 <= height) {
    return { ...middle, y: top + line * 0.4 + length / 2, upright: true, text };
  }
  return { ...middle, y: top + line * 0.7, upright: false, text: texts.diagram.codes[state] };
}

/** The span of a call. */
export function callShape(call, { columns, y, bottom }) {
  const side = columns[call.host];
  const top = y[call.id];
  const end = call.end ? y[call.end.id] : bottom;
  const quick = isQuick(call, columns);
  const result = call.end ? resultText(call) : null;
  return {
    id: call.id,
    event: call.end?.id ?? call.id,
    host: call.host,
    failed: Boolean(call.end?.errno),
    x: side.bar.x,
    width: side.bar.width,
    y: top,
    height: Math.max(2, end - top),
    open: !call.end,
    text: { x: side.text, anchor: side.anchor },
    name: quick ? `${call.name}() ${result}` : `${call.name}()`,
    plain: `${call.name}()`,
    result: quick || !result ? null : { y: end, text: fitted(call, result, columns) },
  };
}

/* With the time it took where that fits beside the result. */
function fitted(call, result, { calls, font }) {
  const long = `${result} · ${duration(call.end.t_ns - call.t)}`;
  return textWidth(long, font) <= calls - font * 1.2 ? long : result;
}

function resultText({ end }) {
  return end.errno ? end.errno : `= ${end.result}`;
}

/** Where a connection waits for accept(): it comes from its band when its
 * handshake is complete, and goes into the call that fetches it. */
export function stayShape(stay, slot, lane, { columns, y, bottom }) {
  const { key, host, enter, leave } = stay;
  const side = columns[host];
  const { x, width } = side.queue[Math.min(slot, side.queue.length - 1)];
  const band = side.connections[Math.min(lane, side.connections.length - 1)];
  const end = leave ? y[leave.id] : bottom;
  const top = Math.min(end, y[enter.cause] ?? y[enter.id]);
  const out = side.dir < 0 ? 0 : 1; // the side that looks away from the wire
  return {
    id: enter.id, key, host, x, width, y: top, height: end - top, open: !leave,
    until: leave?.id ?? null, lost: leave?.lost ?? false, fromX: band.x + out * band.width,
    toX: side.bar.x + (1 - out) * side.bar.width, dir: side.dir,
  };
}

/** The queue itself, for as long as the listener listens. */
export function trackShapes(sockets, { columns, y, bottom }) {
  return ['client', 'server'].flatMap((host) => {
    const { queue } = columns[host];
    const listener = sockets.find((socket) => socket.host === host && socket.listener);
    if (queue.length === 0 || !listener) return [];
    const x = Math.min(...queue.map((slot) => slot.x));
    const width = queue.reduce((sum, slot) => sum + slot.width, 0);
    const span = listener.spans.find(({ state }) => state === 'LISTEN') ?? listener.spans[0];
    const top = y[span.id];
    const end = span.end ? y[span.end.id] : bottom;
    const until = span.end?.id ?? null;
    return [{ id: span.id, host, x, width, y: top, height: end - top, until, open: !span.end }];
  });
}
