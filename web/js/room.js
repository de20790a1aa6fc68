/* room.js - a class that votes, over HTTP: the owner's side and a voter's. */
import { ask, tell } from './api.js';

const at = (id, rest = '') => `/api/rooms/${encodeURIComponent(id)}${rest}`;
const keyed = ({ key }) => ({ headers: { Authorization: `Bearer ${key}` } });

/** Open a room: {id, key}. */
export const openRoom = () => tell('POST', '/api/rooms', {});

/** Ask the next question: {text, choices}. Each resolves to the room. */
export const askRoom = (room, question) =>
  tell('POST', at(room.id, '/questions'), question, keyed(room).headers);

/** Take no more votes; answer: index of the right choice. */
export const closeQuestion = (room, answer) =>
  tell('POST', at(room.id, '/close'), { answer }, keyed(room).headers);

/** The room with its counts, for its owner; without them for a voter. */
export const lookIn = (room) => ask(at(room.id), room.key ? keyed(room) : {});

/** One vote, or another mind. */
export const voteIn = (id, vote) => tell('POST', at(id, '/votes'), vote);

/** Forget the room. */
export const closeRoom = (room) => fetch(at(room.id), { method: 'DELETE', ...keyed(room) });

/** Where voters open it. */
export const roomLink = (id) => `${window.location.origin}/#vote/${id}`;
