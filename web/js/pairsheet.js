/* pairsheet.js - two segments beside each other, field by field, in a sheet at the
 * foot of the window. */
import { h, keyed, setText } from './dom.js';
import { WISH, wish } from './events.js';
import { fieldRows } from './pairfields.js';
import { texts } from './texts.js';

const t = texts.compare.sheet;

/** {el, update({sides, chosen, relative})}. */
export function mount() {
  const all = h('input', { type: 'checkbox' });
  const heads = [h('th', { scope: 'col' }), h('th', { scope: 'col' })];
  const rows = h('tbody', {});
  const note = h('p', { className: 'quiet' });
  const close = h('button', { type: 'button', className: 'plain', ariaLabel: t.close }, '✕');
  const table = h('table', { className: 'sheet__table' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t.head[0]), ...heads)), rows);
  const el = h('section', { className: 'panel sheet', ariaLabel: t.title, hidden: true },
    h('div', { className: 'sheet__bar' }, h('h2', {}, t.title),
      h('label', { className: 'annotate' }, all, h('span', {}, t.all)), close),
    note, h('div', {
      className: 'sheet__scroll', tabIndex: 0, role: 'region', ariaLabel: t.fields,
    }, table));
  let view = null;
  const show = () => view && update({ el, heads, rows, note, table }, view, all.checked);
  all.addEventListener('change', show);
  close.addEventListener('click', () => wish(el, WISH.PAIR_LOOK, { at: [null, null] }));
  return {
    el,
    update(next) {
      view = next;
      show();
    },
  };
}

function update({ el, heads, rows, note, table }, { sides, chosen, relative }, all) {
  const segments = sides.map(({ events }, side) => segmentAt(events, chosen[side]));
  el.hidden = segments.every((segment) => segment === null);
  if (el.hidden) return;
  const details = sides.map((side, i) => segments[i] && side.detail(segments[i].n));
  segments.forEach((segment, side) =>
    setText(heads[side], titleOf(segment, side, details[side]?.copies?.length > 0)));
  const isThere = segments.every((segment, i) => !segment || details[i]);
  const arrivals = details.map((detail) => arrivedAs(detail));
  const found = isThere ? fieldRows(...arrivals.map((each) => each?.fields ?? []), relative) : [];
  const wanted = found.filter(({ differs, expected }) => all || (differs && !expected));
  table.hidden = wanted.length === 0;
  setText(note, isThere ? (wanted.length === 0 ? t.alike : '') : t.loading);
  note.hidden = note.textContent === '';
  keyed(rows, wanted.map((row) => ({ ...row, id: row.key })), {
    make: () => h('tr', {}, h('th', { scope: 'row' }), h('td', {}), h('td', {})), update: updateRow,
  });
}

function segmentAt(events, id) {
  const event = id === null ? null : events[id - 1];
  return event?.kind === 'segment' ? event : null;
}

/* What was changed on the way is compared as it arrived. */
const arrivedAs = (detail) => detail?.copies?.at(-1) ?? detail;

function titleOf(segment, side, isChanged) {
  const what = segment ? t.segment(segment.n, segment.flags.join(',')) : t.none;
  return `${texts.compare.names[side]}: ${what}${isChanged ? `, ${t.asArrived}` : ''}`;
}

function updateRow(row, { name, part, a, b, differs, expected }) {
  const [head, ...cells] = row.children;
  row.classList.toggle('is-other', differs && !expected);
  const word = expected ? t.expected : `≠ ${t.differs}`;
  const mark = differs ? h('i', { className: 'sheet__mark' }, word) : '';
  head.replaceChildren(name, h('small', {}, ` ${t.parts[part]}`), mark);
  [a, b].forEach((field, i) => cells[i].replaceChildren(
    ...(field ? [h('b', {}, field.value), h('small', {}, ` ${field.meaning}`)] : [t.absent])));
}
