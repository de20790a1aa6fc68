/* filing.js - the wishes about files; what fulfils them is loaded by the first. */
import { WISH } from './events.js';

const load = () => import('./saving.js');

/** Wishes -> what to do; tried(promise) shows what goes wrong. */
export function fileWishes(store, tried) {
  return {
    [WISH.SAVE]: (wanted) => tried(load().then(({ save }) => save(store, wanted))),
    [WISH.OPEN_FILE]: (wanted) => tried(load().then(({ open }) => open(store, wanted))),
  };
}

/** Open the file that the page's address names ("?run=open.json"), if any. */
export async function openAddress(store, tried) {
  const name = new URLSearchParams(window.location.search).get('run');
  if (name !== null) await tried(load().then(({ openNamed }) => openNamed(store, name)));
}
