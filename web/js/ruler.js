/* ruler.js - the round trip of the handshake, as it was measured: from the SYN
 * that was answered to the arrival of the SYN,ACK. From then on data can be
 * sent. Pure. */
import { segmentOf } from './model.js';

/** {host, n (of the SYN,ACK), from, to (ids of the SYN and of the copy that
 * arrived), ns}; null where no handshake got that far, or where a person or a
 * rule made one of its segments. */
export function handshakeRuler(model) {
  if (model.begin?.link !== 'wire') return null;
  const established = model.sockets.find(({ host, listener, spans }) =>
    host === 'client' && !listener && spans.some(({ state }) => state === 'ESTABLISHED'));
  if (!established) return null;
  const span = established.spans.find(({ state }) => state === 'ESTABLISHED');
  const answer = model.segments.find(({ copies }) => copies.some(({ id }) => id === span.cause));
  const syn = answer?.answers ? segmentOf(model, answer.answers) : null;
  if (!isHandshake(syn, answer)) return null;
  const copy = answer.copies.find(({ id }) => id === span.cause);
  return { host: 'client', n: answer.n, from: syn.id, to: copy.id, ns: copy.t - syn.t_ns };
}

function isHandshake(syn, answer) {
  if (!syn || syn.forged || answer.forged || syn.len > 0) return false;
  return syn.flags.includes('SYN') && answer.flags.includes('SYN') && answer.flags.includes('ACK');
}
