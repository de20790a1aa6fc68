/* ordering.js - the exercise with shuffled segments: by buttons, by keys (Alt with
 * the arrows), or by dragging. */
import { h, keyed, setText } from './dom.js';
import { faultsIn, isTrueOrder, shuffledSegments } from './exercise.js';
import { texts } from './texts.js';

const t = texts.practice.order;

/** Make the exercise of a run at the end of el. */
export function createOrdering(el, { run, model, relative }) {
  let round = 0;
  let rows = [];
  let letters = new Map(); // number -> the letter it goes by: its number would tell
  const list = h('ol', { className: 'ordering' });
  const answer = h('div', { className: 'exercise__score', role: 'status' });
  const check = h('button', { type: 'button', className: 'start' }, t.check);
  const again = h('button', { type: 'button', className: 'plain' }, t.again);
  const show = () => {
    const items = rows.map((row) => ({ ...row, id: row.n, letter: letters.get(row.n) }));
    keyed(list, items, { make: makeItem, update() {} });
  };
  const shuffle = () => {
    rows = shuffledSegments(model, { relative, seed: `${run.id} ${round}` });
    letters = new Map(rows.map(({ n }, i) => [n, String.fromCodePoint(65 + i)]));
    list.replaceChildren();
    answer.replaceChildren();
    show();
  };
  const move = (from, to) => {
    if (to < 0 || to >= rows.length || from === to) return;
    const [row] = rows.splice(from, 1);
    rows.splice(to, 0, row);
    show();
  };
  listen(list, move);
  check.addEventListener('click', () => {
    const order = rows.map(({ n }) => n);
    answer.replaceChildren(...judge(model, order, letters));
  });
  again.addEventListener('click', () => {
    round += 1;
    shuffle();
  });
  shuffle();
  el.append(list, h('p', { className: 'exercise__ends' }, check, again), answer);
}

function makeItem({ letter, from, to, cells }) {
  const button = (by, text, sign) => h('button', {
    'type': 'button', 'className': 'icon', 'data-by': by, 'aria-label': text,
  }, sign);
  const numbers = [`seq ${cells.seq}`, cells.ack && `ack ${cells.ack}`,
    cells.len !== '0' && `${cells.len} ${texts.practice.fill.columns.len}`];
  return h('li', { className: `ordering__item is-${from}`, draggable: true },
    h('b', { className: 'ordering__letter' }, letter),
    h('span', { className: 'ordering__way' }, texts.practice.way({ from, to })),
    h('span', { className: 'ordering__flags' }, cells.flags),
    h('span', { className: 'ordering__numbers' }, numbers.filter(Boolean).join('  ')),
    button(-1, t.up(letter), '↑'), button(1, t.down(letter), '↓'));
}

function listen(list, move) {
  const placeOf = (node) => [...list.children].indexOf(node.closest('.ordering__item'));
  let dragged = null;
  list.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (!button) return;
    const at = placeOf(button);
    move(at, at + Number(button.dataset.by));
    button.focus();
  });
  list.addEventListener('dragstart', (event) => { dragged = placeOf(event.target); });
  list.addEventListener('dragover', (event) => event.preventDefault());
  list.addEventListener('drop', (event) => {
    event.preventDefault();
    const to = placeOf(event.target);
    if (dragged !== null && to >= 0) move(dragged, to);
    dragged = null;
  });
}

function judge(model, order, letters) {
  if (isTrueOrder(model, order)) return [h('p', { className: 'is-right' }, `✓ ${t.true}`)];
  const faults = faultsIn(model, order);
  if (faults.length === 0) return [h('p', {}, t.possible)];
  const items = faults.map(({ n, before, why }) =>
    h('li', {}, t[why](letters.get(n), letters.get(before))));
  const head = h('p', { className: 'is-wrong' });
  setText(head, `✗ ${t.faults(faults.length)}`);
  return [head, h('ul', {}, ...items)];
}
