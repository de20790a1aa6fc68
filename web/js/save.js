/* save.js - the menu of downloads: what there is to take of the run shown. */
import { WISH, wish } from './events.js';
import { setText } from './dom.js';
import { mountMenu } from './menu.js';
import { keyedAddress } from './runkeys.js';
import { texts } from './texts.js';

const WHOLE = ['svg', 'png', 'text', 'mermaid', 'json', 'pcapng', 'link', 'print'];

/** Bring the menu in el to life; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(el) {
  const told = el.querySelector('.save__told');
  const menu = mountMenu(el.querySelector('button'), el.querySelector('[role=menu]'), (what) =>
    wish(el, WISH.SAVE, { what }));
  return {
    update(state) {
      el.hidden = state.run === null;
      if (state.run) menu.show(itemsOf(state));
      setText(told, state.told ?? '');
      told.hidden = !state.told;
    },
  };
}

/* A capture is the program's; a link leads to what an address can name. */
function itemsOf({ run }) {
  const t = texts.save;
  const { id, phase, file } = run;
  const offered = WHOLE.filter((what) =>
    (what !== 'pcapng' || !file) && (what !== 'link' || !file || file.address));
  return offered.map((what) => {
    const wait = phase !== 'ended' && what === 'json';
    const { name, hint } = t.items[what];
    const path = `api/runs/${encodeURIComponent(id)}.pcapng`;
    const href = what === 'pcapng' ? keyedAddress(id, path) : null;
    return { id: what, name, hint: wait ? t.live : hint, href, disabled: wait };
  });
}
