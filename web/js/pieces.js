/* pieces.js - a long list that grows at its end, in pieces: the browser lays out and
 * paints those that are in sight (css/side.css), so that one item more costs the
 * same, however long the list. */
import { h } from './dom.js';

const PIECE = 64; // items

/** Over an element that is to be the list; returns {show(items), clear()}. */
export function createPieces(el) {
  let pieces = []; // nodes
  let shown = 0; // items
  return {
    clear() {
      pieces = [];
      shown = 0;
      el.replaceChildren();
    },
    /** Exactly these are in the list, of which those up to the shorter length are
     * the same as before. */
    show(items) {
      const count = items.length;
      const first = Math.floor(Math.min(shown, count) / PIECE);
      for (let i = first; i * PIECE < Math.max(shown, count); i += 1) {
        pieces[i] ??= makePiece(el);
        fit(pieces[i], items.slice(i * PIECE, (i + 1) * PIECE));
      }
      for (const piece of pieces.splice(Math.ceil(count / PIECE))) piece.remove();
      shown = count;
    },
  };
}

function makePiece(el) {
  const piece = h('div', { className: 'piece', role: 'none' });
  el.append(piece);
  return piece;
}

/* A full piece stays as it is; the last one grows. */
function fit(piece, items) {
  const now = piece.children.length;
  if (now < items.length) piece.append(...items.slice(now));
  for (const item of [...piece.children].slice(items.length)) item.remove();
  piece.classList.toggle('is-full', items.length === PIECE);
}
