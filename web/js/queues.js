/* queues.js - a listener's two queues, counted from the kernel's states. Pure.
 *
 * The SYN queue holds requests: connections in SYN-RECEIVED. The accept queue
 * holds connections that are through the handshake and wait for accept(). Both
 * take one more than listen() was asked for, since Linux compares with ">"
 * (sk_acceptq_is_full, inet_csk_reqsk_queue_is_full), and no more than
 * net.core.somaxconn. A SYN cookie is no request: nothing is stored for it. */

import { once } from './memo.js';

const SOMAXCONN = 4096; // the default of a new network namespace
const BEFORE = ['SYN-RECEIVED', 'LISTEN', 'SYN-SENT', 'CLOSED'];

/** The queues of every listener: [{host, socket, limit, syn, accept}], each
 * queue {now, most}. */
export const listenerQueues = once((/** @type {Lab.Model} */ model) =>
  model.sockets.filter((socket) => socket.listener).map((listener) => queuesOf(listener, model)));

function queuesOf({ host, socket }, model) {
  const children = model.sockets.filter((each) =>
    each.host === host && !each.listener && portOf(each.socket) === portOf(socket));
  const changes = [
    ...children.flatMap((child) => synChanges(child)),
    ...children.flatMap((child) => readyChanges(child)),
    ...acceptChanges(model, host),
  ].sort((a, b) => a.t - b.t || a.id - b.id);
  const limit = backlog(model, host) + 1;
  return { host, socket, limit, ...count(changes) };
}

const portOf = (endpoint) => endpoint.slice(endpoint.lastIndexOf(':') + 1);

function backlog(model, host) {
  const listen = model.calls.find((call) => call.host === host && call.name === 'listen');
  const asked = /\d+/.exec(listen?.args ?? '');
  return Math.min(asked ? Number(asked[0]) : SOMAXCONN, SOMAXCONN);
}

function synChanges({ spans }) {
  return spans.filter((span) => span.state === 'SYN-RECEIVED').flatMap((span) => [
    { queue: 'syn', by: 1, t: span.t, id: span.id },
    ...(span.end ? [{ queue: 'syn', by: -1, t: span.end.t, id: span.end.id }] : []),
  ]);
}

function readyChanges({ spans }) {
  const ready = spans.find((span) => !BEFORE.includes(span.state));
  return ready ? [{ queue: 'accept', by: 1, t: ready.t, id: ready.id }] : [];
}

function acceptChanges(model, host) {
  return model.calls
    .filter(({ name, end, host: own }) => own === host && name === 'accept' && end && !end.errno)
    .map(({ end }) => ({ queue: 'accept', by: -1, t: end.t_ns, id: end.id }));
}

/* accept() may return before the kernel has been asked for the new state: then
 * the queue is one short for a moment, which is drawn as empty. */
function count(changes) {
  const now = { syn: 0, accept: 0 };
  const most = { syn: 0, accept: 0 };
  for (const { queue, by } of changes) {
    now[queue] += by;
    most[queue] = Math.max(most[queue], now[queue]);
  }
  const queue = (name) => ({ now: Math.max(0, now[name]), most: most[name] });
  return { syn: queue('syn'), accept: queue('accept') };
}
