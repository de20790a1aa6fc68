/* runkeys.js - the keys of the runs that this browser began.
 *
 * A server that others reach lets only the holder of its key change a run. There
 * are no accounts: clearing the browser storage gives up the runs. */
const NAME = 'handshake-run-keys';
const MOST = 64; // runs; the oldest key goes first

let memory = []; // [id, key], where storage is forbidden
let isPrivate = false;

function read() {
  try {
    const kept = JSON.parse(window.localStorage.getItem(NAME));
    return Array.isArray(kept) ? kept : memory;
  } catch {
    return memory;
  }
}

/** Remember the key of a run that was begun here. */
export function keepKey(id, key) {
  if (!key) return; // a server of an earlier version
  memory = [...read().filter(([other]) => other !== id), [id, key]].slice(-MOST);
  try {
    window.localStorage.setItem(NAME, JSON.stringify(memory));
  } catch {
    // known here alone
  }
}

const keyOf = (id) => read().find(([other]) => other === id)?.[1] ?? null;

/** Headers for a request about a run. */
export function keyHeaders(id) {
  const key = keyOf(id);
  return key ? { Authorization: `Bearer ${key}` } : {};
}

/** The server says whether reading needs the key, too. */
export const setPrivate = (value) => (isPrivate = value === true);

/** An address about a run, for what sends no headers: event streams, links. */
export function keyedAddress(id, path) {
  const key = isPrivate ? keyOf(id) : null;
  return key ? `${path}${path.includes('?') ? '&' : '?'}key=${key}` : path;
}
