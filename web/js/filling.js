/* filling.js - the exercise with blank header fields, as a table to fill in. */
import { h, setText } from './dom.js';
import { blanks, isRight } from './exercise.js';
import { texts } from './texts.js';

const t = texts.practice.fill;
const NAMES = ['flags', 'seq', 'ack', 'len'];

/** Make the exercise of a run at the end of el. */
export function createFilling(el, { run, model, relative }) {
  let round = 0;
  const body = h('tbody');
  const score = h('p', { className: 'exercise__score', role: 'status' });
  const button = (text) => h('button', { type: 'button', className: 'plain' }, text);
  const show = button(t.show);
  const again = button(t.again);
  const form = h('form', {}, h('div', { className: 'exercise__scroll' },
    h('table', { className: 'filling' }, head(), body)),
  h('p', { className: 'exercise__ends' },
    h('button', { type: 'submit', className: 'start' }, t.check), show, again), score);
  const fill = () => {
    const { rows } = blanks(model, { relative, seed: `${run.id} ${round}` });
    body.replaceChildren(...rows.map(makeRow));
    setText(score, '');
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const inputs = [...body.querySelectorAll('input')];
    const right = inputs.filter(judge).length;
    setText(score, t.score(right, inputs.length));
    tellReasons(body);
  });
  show.addEventListener('click', () => {
    for (const input of body.querySelectorAll('input')) {
      input.value = input.dataset.truth;
      judge(input);
    }
    tellReasons(body);
  });
  again.addEventListener('click', () => {
    round += 1;
    fill();
    body.querySelector('input').focus();
  });
  fill();
  el.append(form);
}

function head() {
  const names = ['n', 'way', ...NAMES];
  const cells = names.map((name) => h('th', { scope: 'col' }, t.columns[name]));
  return h('thead', {}, h('tr', {}, ...cells));
}

function makeRow(row) {
  const says = h('tr', { className: 'filling__says', hidden: true },
    h('td', { colSpan: 6 }, row.says.map(({ text }) => text).join(' ')));
  const cells = NAMES.map((name) => h('td', {}, row.blank.includes(name)
    ? makeBlank(name, row) : row.cells[name]));
  const group = document.createDocumentFragment();
  group.append(h('tr', { className: `is-${row.from}` }, h('th', { scope: 'row' }, String(row.n)),
    h('td', {}, texts.practice.way(row)), ...cells), says);
  return group;
}

function makeBlank(name, { n, cells }) {
  const input = h('input', {
    'type': 'text', 'autocomplete': 'off', 'spellcheck': false, 'data-name': name,
    'data-truth': cells[name], 'aria-label': t.blank(t.columns[name], n),
    'size': name === 'flags' ? 9 : 11,
  });
  const mark = h('span', { className: 'filling__mark' });
  return h('span', { className: 'filling__blank' }, input, mark);
}

/* Says beside the field whether it is right; returns that. */
function judge(input) {
  const { name, truth } = input.dataset;
  const right = isRight(name, input.value, truth);
  input.parentElement.className = `filling__blank ${right ? 'is-right' : 'is-wrong'}`;
  input.setAttribute('aria-invalid', String(!right));
  setText(input.nextElementSibling, right ? `✓ ${t.right}` : `✗ ${t.wrong(truth)}`);
  return right;
}

/* What the observer says of each row, once there was an answer. */
function tellReasons(body) {
  for (const row of body.querySelectorAll('.filling__says')) row.hidden = false;
}
