/* lanes.js - which socket stands in which lane: side by side where their lives
 * overlap, in one lane after another where they do not. Pure. */

const MOST_SLOTS = 4; // of an accept queue side by side; what waits beyond shares the last

/** Give each socket a lane, and each stay in an accept queue (waiting.js) a
 * slot. Returns {lanes: {client, server}, each {listeners, connections, queue},
 * laneOf: key of the socket -> index, slotOf: key of the stay -> index}. */
export function assignLanes(sockets, stays = []) {
  const lanes = {
    client: { listeners: 0, connections: 0, queue: 0 },
    server: { listeners: 0, connections: 0, queue: 0 },
  };
  const place = placer();
  const laneOf = new Map();
  for (const socket of sockets) {
    const kind = socket.listener ? 'listeners' : 'connections';
    const lane = place(`${socket.host} ${kind}`, socket.spans[0].t, endOf(socket));
    laneOf.set(socket.key, lane);
    lanes[socket.host][kind] = Math.max(lanes[socket.host][kind], lane + 1);
  }
  const slotOf = new Map();
  for (const { key, host, enter, leave } of stays) {
    const slot = Math.min(MOST_SLOTS - 1, place(`${host} queue`, enter.t, leave?.t ?? Infinity));
    slotOf.set(key, slot);
    lanes[host].queue = Math.max(lanes[host].queue, slot + 1);
  }
  return { lanes, laneOf, slotOf };
}

/* The first place of a row that is free from a time on, booked to another. */
function placer() {
  const rows = new Map();
  return (name, from, until) => {
    if (!rows.has(name)) rows.set(name, []);
    const row = rows.get(name);
    const free = row.findIndex((busy) => busy < from);
    const at = free < 0 ? row.length : free;
    row[at] = until;
    return at;
  };
}

function endOf({ spans }) {
  const last = spans.at(-1);
  return last.state === 'CLOSED' ? last.t : Infinity;
}
