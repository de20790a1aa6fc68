/* geometry.js - the picture as plain numbers: model and width in, shapes out.
 * Pure; knows no browser. columns.js gives every x, rows.js every y, flights.js
 * the arrows; this module says what stands where and puts them together. */
import { assignLanes, placeColumns, textWidth } from './columns.js';
import { arrowLabel } from './arrowlabel.js';
import { drawFlight, flightPoints } from './flights.js';
import { duration, endpointText, stamp } from './format.js';
import { repeatsWhileHeld } from './held.js';
import { disagreement } from './model.js';
import { claim, placeRows } from './rows.js';
import { texts } from './texts.js';
import { measuredGaps, openingTimers } from './timers.js';

const QUICK_NS = 25e3; // a call this short has one label, not two

const VEIL_LINES = 2.6; // of the note that says what cannot be seen here

/** Lay out a model for a picture `width` wide. view: {relative, away (numbers of
 * segments that are folded away), inHand (of those that wait for a decision)}. */
export function layout(model, width, { relative = true, away = new Set(), inHand = [] } = {}) {
  const { lanes, laneOf } = assignLanes(model.sockets);
  const link = model.begin?.link;
  const columns = { ...placeColumns(width, lanes), level: link === 'loopback' };
  const timers = openingTimers(model);
  const flights = flightsOf(model, { columns, relative, away, inHand, timers });
  const split = link === 'wire' ? disagreement(model) : null; // else it is about when was asked
  const veil = link === 'sockets';
  const rows = placeRows(collectPoints(model, columns, flights, split), {
    top: columns.line * (veil ? 5 + VEIL_LINES : 5),
    line: columns.line,
    foldColumn: columns.compact ? 'wire' : 'axis',
  });
  const bottom = bottomOf(rows, columns);
  const place = { columns, y: rows.y, room: rows.room, bottom, laneOf };
  return {
    columns,
    y: rows.y,
    top: columns.line * 4.2,
    bottom,
    height: bottom + columns.line * 0.6,
    heads: ['client', 'server'].map((host) => head(model, host, columns)),
    arrows: flights.map(({ segment, label }) => drawFlight(segment, label, columns, rows)),
    timers: timers.map((timer) => timerShape(timer, place)).filter(Boolean),
    veil: veil ? { y: columns.line * 5.2 } : null,
    captions: captions(columns),
    bands: model.sockets.flatMap((socket) => bands(socket, place)),
    calls: model.calls.map((call) => callShape(call, place)),
    ticks: ticks(model, rows.y, columns),
    folds: rows.folds,
    split: split && splitShape(split, place),
  };
}

/* Below the last row, and below the buttons that may stand there. */
function bottomOf({ bottom, room }, { line }) {
  return Math.max(bottom + line * 2.6, room.get('wire') ?? 0) + line * 0.4;
}

/* Everything that crosses the wire, with its label and the room it needs in
 * hand: the segments that are not folded away, and ICMP messages. */
function flightsOf(model, { columns, relative, away, inHand, timers }) {
  const gaps = measuredGaps(timers);
  const repeats = repeatsWhileHeld(model);
  const seen = [...model.segments.filter(({ n }) => !away.has(n)), ...model.icmp.map(icmpFlight)];
  return seen.map((segment) => {
    const { n } = segment;
    const tries = (repeats.get(n) ?? []).filter((each) => away.has(each.n)).length;
    const waits = inHand.includes(n);
    const about = { relative, gap: gaps.get(n), tries: waits ? 0 : tries };
    const hand = columns.hand * (repeats.has(n) ? 1.55 : 1);
    return { segment, label: arrowLabel(segment, columns, about), inHand: waits ? hand : 0 };
  });
}

/* An ICMP message as something that flies: from the wire to a host. */
function icmpFlight(e) {
  const name = `ICMP ${e.type}/${e.code}`;
  return { ...e, n: `icmp-${e.id}`, icmp: true, name, forged: true, flags: [], copies: [] };
}

function collectPoints(model, columns, flights, split) {
  const points = [model.begin, model.end].filter(Boolean).map((e) => claim(e.id, e.t_ns));
  const noted = split && splitRows(split).from;
  for (const { segment, label, inHand } of flights) {
    points.push(...flightPoints(segment, label, columns, inHand));
  }
  for (const socket of model.sockets) points.push(...statePoints(socket, columns));
  for (const call of model.calls) points.push(...callPoints(call, columns));
  return points.map((point) => (point.id === noted ? withNote(point, columns.line) : point));
}

const callColumn = (host) => `calls ${host}`;

function callPoints(call, columns) {
  const { line } = columns;
  const column = callColumn(call.host);
  const points = [claim(call.id, call.t, column, line / 2, line / 2)];
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

/* A state's name stands at the top of its span: within its band; upright in
 * the narrow band of a listener; in the column of calls on a narrow screen. */
function statePoints(socket, columns) {
  return socket.spans.map((span) => {
    const { column, below } = stateRoom(socket, span, columns);
    const above = columns.compact ? columns.line / 2 : 1;
    return claim(span.id, span.t, column, above, below);
  });
}

function stateRoom(socket, span, { compact, font, line }) {
  if (compact) return { column: callColumn(socket.host), below: line / 2 };
  const upright = socket.listener && span.state !== 'CLOSED';
  const below = upright ? textWidth(span.state, font) + line : line * 1.25;
  return { column: `band ${socket.key}`, below };
}

/* The stripe of disagreement reaches from what made the first end ESTABLISHED
 * to what made the second one so. */
function splitRows({ from, to }) {
  return { from: from.cause ?? from.id, to: to && (to.cause ?? to.id) };
}

/* Room on the wire, under this point, for the note on the stripe. */
function withNote(point, line) {
  return {
    ...point,
    take(y, room) {
      point.take(y, room);
      room.set('wire', Math.max(room.get('wire') ?? 0, y) + line * 1.2);
      room.set('note', room.get('wire') - line * 0.6);
    },
  };
}

function head(model, host, columns) {
  const side = columns[host];
  const address = endpointText(model.begin?.hosts?.[host]);
  const [band] = side.connections;
  const x = columns.compact ? side.edge : band.x + (side.dir < 0 ? band.width : 0);
  return { id: host, host, x, anchor: side.anchor, name: texts.host[host], address };
}

/* What the columns hold, where there is room to say it. */
function captions(columns) {
  const { compact, wire, line } = columns;
  const list = [{ x: wire.middle, anchor: 'middle', text: texts.captions.wire }];
  for (const host of compact ? [] : ['client', 'server']) {
    const { connections: [band], text, anchor } = columns[host];
    list.push(
      { x: band.x + band.width / 2, anchor: 'middle', text: texts.captions.states },
      { x: text, anchor, text: texts.captions.calls },
    );
  }
  return list.map((caption) => ({ ...caption, y: line * 3.55 }));
}

/* From each try to the next, on the sender's side of the wire; the one that
 * still runs reaches to the bottom. */
function timerShape({ key, host, tries, active, from, nominal }, { columns, y, bottom }) {
  const seen = tries.filter(({ id }) => y.has(id));
  const marks = seen.map(({ id }) => y.get(id));
  if (marks.length === 0 || (marks.length === 1 && !active)) return null;
  const { edge, dir } = columns[host];
  return {
    id: key, host, x: edge - dir * columns.font * 0.3, dir: -dir, from, nominal,
    marks, ids: seen.map(({ id }) => id), bottom: active ? bottom : null,
  };
}

/* One shape a span of a socket's state. The kernel is asked after each event:
 * the change came between its cause (`since`) and the answer (`y`). */
function bands(socket, { columns, y, bottom, laneOf }) {
  const side = columns[socket.host];
  const kind = socket.listener ? side.listeners : side.connections;
  const lane = kind[laneOf.get(socket.key)];
  return socket.spans.map((span) => {
    const top = y.get(span.id);
    const until = span.end ? y.get(span.end.id) : bottom;
    return {
      id: span.id,
      host: socket.host,
      state: span.state,
      listener: socket.listener,
      x: lane.x,
      y: top,
      since: Math.min(top, y.get(span.cause) ?? top),
      width: lane.width,
      height: Math.max(0, until - top),
      open: !span.end,
      until: span.end?.id ?? null,
      label: bandLabel(socket, span, lane, top, columns),
    };
  });
}

function bandLabel(socket, span, lane, top, columns) {
  const { compact, font, line } = columns;
  if (compact) {
    const side = columns[socket.host];
    return { x: side.text, y: top, anchor: side.anchor, upright: false };
  }
  const upright = socket.listener && span.state !== 'CLOSED';
  const y = upright ? top + line * 0.5 + textWidth(span.state, font) / 2 : top + line * 0.7;
  return { x: lane.x + lane.width / 2, y, anchor: 'middle', upright };
}

function callShape(call, { columns, y, bottom }) {
  const side = columns[call.host];
  const top = y.get(call.id);
  const end = call.end ? y.get(call.end.id) : bottom;
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

/* Times at the rows where segments leave and land, as many as fit. */
function ticks(model, y, { line }) {
  const marks = model.segments.filter(({ saved }) => !saved).flatMap((segment) => [
    { id: segment.id, t: segment.t_ns },
    ...segment.copies.map((copy) => ({ id: copy.id, t: copy.t })),
  ]);
  for (const event of [model.begin, model.end].filter(Boolean)) {
    marks.push({ id: event.id, t: event.t_ns });
  }
  const placed = marks.filter(({ id }) => y.has(id)).sort((a, b) => y.get(a.id) - y.get(b.id));
  let free = -Infinity;
  return placed.flatMap(({ id, t }) => {
    const at = y.get(id);
    if (at < free) return [];
    free = at + line;
    return [{ id, y: at, text: stamp(t) }];
  });
}

function splitShape(split, { columns, y, room, bottom }) {
  const { host, from, to } = split;
  const rows = splitRows(split);
  const placeOf = (row, event) => y.get(row) ?? y.get(event.id);
  const top = placeOf(rows.from, from);
  const height = (to ? placeOf(rows.to, to) : bottom) - top;
  const long = texts.diagram.disagree(host, to && to.t - from.t);
  const fits = textWidth(long, columns.font) <= columns.wire.width - columns.font;
  const noteY = room.get('note') ?? top;
  const short = texts.diagram.disagree(host, null);
  const ids = { from: from.id, to: to?.id ?? null };
  return { host, y: top, height, noteY, label: fits ? long : short, short, ...ids };
}

/** y of any event, also of one that has no shape: that of the last before it. */
export function eventY(shapes, events, id) {
  const last = Math.min(id ?? 0, events.length) - 1; // ids count from 1
  for (let i = last; i >= 0; i -= 1) {
    const y = shapes.y.get(events[i].id);
    if (y !== undefined) return y;
  }
  return null;
}
