/* goals.js - things to bring about on the wire, each checked by what the kernels
 * then really did. Pure.
 *
 * @typedef {Object} Goal {id, body: what to run, met(model) -> id of the event that
 *   settled it, or null} */

const SECOND = 1e9;

/* A client that gives up after a few seconds and a server that serves one. */
const scenario = (client, server) => ({
  id: 'goal', title: 'goal', seconds: 600,
  server: server ?? [
    { call: 'listen', port: 1337 }, { call: 'accept' }, { call: 'recv' }, { call: 'close' },
  ],
  client: [
    { call: 'socket' }, { call: 'option', name: 'TCP_SYNCNT', value: 2 },
    { call: 'connect', port: 1337 }, ...client,
  ],
});
const plain = scenario([{ call: 'close' }]);
const talks = scenario([{ call: 'send', text: 'hello' }, { call: 'recv' }, { call: 'close' }]);

const connectEnd = (model) =>
  model.calls.find((call) => call.host === 'client' && call.name === 'connect' && call.end)?.end;
const connected = (model) => connectEnd(model)?.errno === null;
const fails = (errno) => (model) => {
  const end = connectEnd(model);
  return end?.errno === errno ? end.id : null;
};

/* When a host's connection first was in a state: {id, t, cause} or undefined. */
function reached(model, host, state) {
  return model.sockets.filter((socket) => socket.host === host && !socket.listener)
    .flatMap(({ spans }) => spans).find((span) => span.state === state);
}

const isSynAck = ({ flags }) => flags.includes('SYN') && flags.includes('ACK');

/** All goals, the easy ones first. */
export const GOALS = Object.freeze([
  { id: 'refused', body: plain, met: fails('ECONNREFUSED') },
  { id: 'timeout', body: plain, met: fails('ETIMEDOUT') },
  { id: 'unreachable', body: plain, met: fails('EHOSTUNREACH') },
  {
    id: 'late', body: plain,
    met(model) {
      const end = connectEnd(model);
      return connected(model) && end.took_ns > SECOND ? end.id : null;
    },
  },
  {
    id: 'two-answers', body: plain,
    met(model) {
      const answers = model.segments.filter((each) => isSynAck(each) && !each.forged);
      return connected(model) && answers.length > 1 ? connectEnd(model).id : null;
    },
  },
  {
    id: 'one-sided', body: plain,
    met(model) {
      const client = reached(model, 'client', 'ESTABLISHED');
      const server = reached(model, 'server', 'ESTABLISHED');
      if (!client) return null;
      if (server) return server.t - client.t > SECOND ? server.id : null;
      return model.last.t_ns - client.t > SECOND ? model.last.id : null;
    },
  },
  {
    id: 'data-opens', body: talks,
    met(model) {
      const server = reached(model, 'server', 'ESTABLISHED');
      const copyOf = ({ copies }) => copies.some(({ id }) => id === server?.cause);
      const opener = model.segments.find(copyOf);
      return opener?.from === 'client' && opener.len > 0 ? server.id : null;
    },
  },
  {
    id: 'reset', body: talks,
    met(model) {
      const broken = model.calls.find(({ host, name, end }) =>
        host === 'client' && name !== 'connect' && end?.errno === 'ECONNRESET');
      return connected(model) && broken ? broken.end.id : null;
    },
  },
  {
    id: 'by-hand', body: plain,
    met(model) {
      const server = reached(model, 'server', 'ESTABLISHED');
      const copyOf = ({ copies }) => copies.some(({ id }) => id === server?.cause);
      const opener = model.segments.find(copyOf);
      return opener?.forged ? server.id : null;
    },
  },
]);

/** The goal of that id, or undefined. */
export function goalOf(id) {
  return GOALS.find((goal) => goal.id === id);
}
