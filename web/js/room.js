/* room.js - a class that votes, over HTTP: the owner's side and a voter's. */
import { ask, tell } from './api.js';

const at = (id, rest = '') => `api/rooms/${encodeURIComponent(id)}${rest}`;
const keyed = ({ key }) => ({ headers: { Authorization: `Bearer ${key}` } });
const PATIENCE_MS = 8000; // a phone that changed its network would wait for ever

/** Open a room: {id, key}. */
export const openRoom = () => tell('POST', 'api/rooms', {});

/** Ask the next question: {text, choices}. Each resolves to the room. */
export const askRoom = (room, question) =>
  tell('POST', at(room.id, '/questions'), question, keyed(room).headers);

/** Take no more votes; answer: index of the right choice, or null while it is open. */
export const closeQuestion = (room, answer) => tell('POST', at(room.id, '/close'),
  answer === null ? {} : { answer }, keyed(room).headers);

/** The room with its counts, for its owner; without them for a voter. */
export const lookIn = (room) => ask(at(room.id), {
  signal: AbortSignal.timeout(PATIENCE_MS), ...(room.key ? keyed(room) : {}),
});

/** One vote, or another mind. */
export const voteIn = (id, vote) => tell('POST', at(id, '/votes'), vote);

/** Forget the room. */
export const closeRoom = (room) => fetch(at(room.id), { method: 'DELETE', ...keyed(room) });

/** Whether an error says that there is no such room (any more). */
export const isGone = (error) => error.status === 404;

/** The picture of its link at one of the program's addresses. */
export const codeOf = (id, address) =>
  `${at(id, '/qr.svg')}?address=${encodeURIComponent(address)}`;

/** What this browser keeps: a teacher's room while the tab lives, so that a reload
 * loses no class; a voter's number and vote until the next room, so that whoever
 * closes the tab and comes back is no second voter. */
export const keptRoom = keeper(() => window.sessionStorage, 'handshake-room');
export const keptVote = keeper(() => window.localStorage, 'handshake-vote');

/* Storage may be forbidden; then the page knows it as long as it lives. */
function keeper(storage, name) {
  let value = null;
  return {
    get() {
      try {
        return JSON.parse(storage().getItem(name));
      } catch {
        return value;
      }
    },
    set(next) {
      value = next;
      try {
        storage().setItem(name, JSON.stringify(next));
      } catch {
        // kept here alone
      }
    },
  };
}
