/* pairlist.js - what differs between two runs, as sentences in groups; each leads
 * to its place in the pictures. */
import { h, keyed, setText } from './dom.js';
import { WISH, wish } from './events.js';
import { GROUPS } from './pairdiff.js';
import { differenceText } from './pairwords.js';
import { texts } from './texts.js';

const t = texts.compare.list;

/** {el, update({differences, chosen})}. */
export function mount() {
  const count = h('small', {});
  const groups = h('div', { className: 'diffs__groups' });
  const note = h('p', { className: 'quiet diffs__note' });
  const el = h('section', { className: 'panel diffs', ariaLabel: t.title },
    h('h2', {}, t.title, ' ', count), groups, note);
  groups.addEventListener('click', (event) => {
    const { at } = event.target.closest('.diff')?.dataset ?? {};
    if (at) wish(el, WISH.PAIR_LOOK, { at: JSON.parse(at), reveal: true });
  });
  return {
    el,
    update({ differences, chosen }) {
      setText(count, differences.length > 0 ? t.count(differences.length) : '');
      setText(note, differences.length > 0 ? t.noise : t.none);
      const listOf = (id) => differences.filter(({ group }) => group === id)
        .map((each) => itemOf(each, chosen));
      const found = GROUPS.map((id) => ({ id, list: listOf(id) }));
      keyed(groups, found.filter(({ list }) => list.length > 0), {
        make: ({ id }) => h('section', { className: 'diffs__group' }, h('h3', {}, t.groups[id]),
          h('ul', {})),
        update: (node, { list }) => keyed(node.lastElementChild, list, {
          make: () => h('li', {}), update: updateItem,
        }),
      });
    },
  };
}

/* Those of one side alone have a bar, those that both have an unequal sign. */
function itemOf(each, chosen) {
  const { id, at, side = null, kind } = each;
  const has = at.some((event) => event !== null);
  return {
    id: `${id} ${kind}`, text: differenceText(each), at: has ? JSON.stringify(at) : null, side,
    current: has && at.every((event, i) => event === chosen[i]),
  };
}

function updateItem(node, { text, at, side, current }) {
  const sign = h('b', { className: `diff__sign is-${side === null ? 'both' : 'ab'[side]}`,
    ariaHidden: 'true' }, side === null ? '≠' : texts.compare.names[side]);
  const focused = node.contains(document.activeElement);
  const item = h(at ? 'button' : 'div', { className: 'diff' }, sign, h('span', {}, text));
  if (at) Object.assign(item, { type: 'button' }).dataset.at = at;
  if (current) item.setAttribute('aria-current', 'true');
  node.replaceChildren(item);
  if (focused) item.focus();
}
