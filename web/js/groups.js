/* groups.js - floods: many similar segments of connections that nobody is
 * interested in one by one, folded into one arrow that opens. Pure.
 *
 * Segments of one kind belong together as long as none comes long after the one
 * before it. What belongs to a socket of the client is never folded: the client
 * that gets in through a flood is what the picture is about. */

const MOST_APART_NS = 300e6;
const FEWEST = 8; // so many are a flood
const FEWEST_SOCKETS = 3; // so many bands become one

/** Every flood: {n (of the first, its name), from, flags, members, addresses
 * (how many there were at the other end), peers}. */
export function floodsOf(model) {
  const known = clientSockets(model);
  const open = new Map();
  const found = [];
  for (const segment of model.segments) {
    if (!isAnonymous(segment, known)) continue;
    const { from, flags, of, t_ns: t } = segment;
    const kind = `${from} ${flags} ${Boolean(of)}`;
    let flood = open.get(kind);
    if (!flood || t - flood.members.at(-1).t_ns > MOST_APART_NS) {
      flood = { n: segment.n, from, to: segment.to, flags, members: [] };
      open.set(kind, flood);
      found.push(flood);
    }
    flood.members.push(segment);
  }
  return found.filter(({ members }) => members.length >= FEWEST).map(withPeers);
}

function clientSockets({ sockets }) {
  return new Set(sockets.filter(({ host, listener }) => host === 'client' && !listener)
    .map(({ socket }) => socket));
}

function isAnonymous({ forged, flags, from, src, dst, saved }, known) {
  if (saved || !(forged || flags.includes('SYN'))) return false;
  return !known.has(from === 'client' ? src : dst);
}

function withPeers(flood) {
  const peers = new Set(flood.members.map(({ src, dst }) => (flood.from === 'client' ? src : dst)));
  const addresses = new Set([...peers].map((peer) => peer?.slice(0, peer.lastIndexOf(':')))).size;
  return { ...flood, peers, addresses };
}

/** The sockets to be drawn: those of folded floods as one, {..., crowd: count,
 * members}, with the spans of its first begin and its last end. */
export function withCrowds(sockets, floods) {
  if (floods.length === 0) return sockets;
  const peers = new Set(floods.flatMap((flood) => [...flood.peers]));
  const hosts = ['client', 'server'].flatMap((host) => {
    const own = sockets.filter((socket) => socket.host === host && peers.has(socket.peer));
    return own.length >= FEWEST_SOCKETS ? [{ host, own }] : [];
  });
  const folded = new Set(hosts.flatMap(({ own }) => own));
  return [...sockets.filter((socket) => !folded.has(socket)), ...hosts.map(crowdOf)];
}

function crowdOf({ host, own }) {
  const first = own.reduce((a, b) => (b.spans[0].t < a.spans[0].t ? b : a));
  const { id, t, state, cause } = first.spans[0];
  const last = lastClosing(own);
  const spans = [{ id, t, state, cause, end: last && { id: last.id, t: last.t } }];
  if (last) spans.push({ ...last, end: null });
  const { socket } = first;
  const key = `${host} crowd ${socket}`;
  return { key, host, socket, peer: null, listener: false, crowd: own.length, members: own, spans };
}

/* The span CLOSED of the last to be closed; null while one lives. */
function lastClosing(own) {
  const ends = own.map(({ spans }) => spans.at(-1));
  if (ends.some(({ state }) => state !== 'CLOSED')) return null;
  return ends.reduce((a, b) => (b.t > a.t ? b : a));
}
