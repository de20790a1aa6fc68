/* waiting.js - which connection waited how long in which accept queue. Pure.
 *
 * A connection enters the queue of its listener when the last ACK of its
 * handshake arrives, and leaves it when accept() returns it, or is reset when the
 * listener closes. The kernel hands them out in the order in which they came
 * (inet_csk_accept), so the i-th accept() that succeeds returns the i-th that
 * entered. */

const BEFORE = ['SYN-RECEIVED', 'LISTEN', 'SYN-SENT', 'CLOSED'];

const portOf = (endpoint) => endpoint.slice(endpoint.lastIndexOf(':') + 1);

/** Every stay in an accept queue: {key (of the socket), host, enter: {id, t},
 * leave: {id, t, lost} | null}: ids of the events that show it; lost when nobody
 * fetched it. */
export function queueStays(model) {
  return ['client', 'server'].flatMap((host) => {
    const listeners = model.sockets.filter((socket) => socket.host === host && socket.listener);
    if (listeners.length === 0) return [];
    const accepted = acceptsOf(model, host);
    const ports = listeners.map(({ socket }) => portOf(socket));
    return arrivals(model, host, ports).map((stay, i) =>
      ({ ...stay, leave: accepted[i] ?? closingAfter(stay.enter.t, listeners) }));
  });
}

/* The listener's end, which takes its queue with it. */
function closingAfter(t, listeners) {
  const ends = listeners.map(({ spans }) => spans.at(-1));
  const end = ends.find((span) => span.state === 'CLOSED' && span.t >= t);
  return end ? { id: end.id, t: end.t, lost: true } : null;
}

/* The first state in which a connection is ready for accept(); the change came
 * with its cause, and was seen a moment later. */
function arrivals({ sockets }, host, ports) {
  const found = [];
  for (const { key, host: own, listener, socket, spans } of sockets) {
    if (own !== host || listener || !ports.includes(portOf(socket))) continue;
    const ready = spans.find((span) => !BEFORE.includes(span.state));
    const passive = spans[0].state === 'SYN-RECEIVED' || spans[0] === ready;
    if (ready && passive) {
      found.push({ key, host, enter: { id: ready.id, t: ready.t, cause: ready.cause } });
    }
  }
  return found.sort((a, b) => a.enter.t - b.enter.t || a.enter.id - b.enter.id);
}

function acceptsOf({ calls }, host) {
  return calls
    .filter((call) => call.host === host && call.name === 'accept' && call.end && !call.end.errno)
    .map(({ end }) => ({ id: end.id, t: end.t_ns, lost: false }))
    .sort((a, b) => a.t - b.t || a.id - b.id);
}
