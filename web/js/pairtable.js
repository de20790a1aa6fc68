/* pairtable.js - the figures of two runs as a table, with bars. */
import { h, keyed, setText } from './dom.js';
import { duration } from './format.js';
import { figuresOf, ratioOf } from './pairfigures.js';
import { texts } from './texts.js';

const t = texts.compare.figures;

/** {el, update({sides})}. */
export function mount() {
  const rows = h('tbody', {});
  const head = h('tr', {}, ...t.head.map((text) => h('th', { scope: 'col' }, text)));
  const el = h('section', { className: 'panel figures' }, h('h2', {}, t.title),
    h('table', { className: 'figures__table', ariaLabel: t.label }, h('thead', {}, head), rows));
  return {
    el,
    update({ sides }) {
      const figures = figuresOf(sides.map(({ model }) => model));
      keyed(rows, figures.map((figure) => ({ ...figure, id: figure.name })), {
        make: makeRow, update: updateRow,
      });
    },
  };
}

function makeRow({ name }) {
  const cell = (side) => h('td', { className: `figures__value is-${side}` }, h('span', {}),
    h('i', { className: 'figures__bar', ariaHidden: 'true' }));
  return h('tr', {}, h('th', { scope: 'row' }, t[name]), cell('a'), cell('b'),
    h('td', { className: 'figures__ratio' }));
}

function updateRow(row, figure) {
  const { unit, values } = figure;
  const most = Math.max(1, ...values.map((value) => value ?? 0));
  values.forEach((value, i) => {
    const [text, bar] = row.children[i + 1].children;
    setText(text, valueText(unit, value));
    bar.style.inlineSize = `${((value ?? 0) / most) * 100}%`;
  });
  const ratio = ratioOf(figure);
  row.classList.toggle('is-other', ratio !== null);
  setText(row.lastElementChild, ratioText(ratio, values));
}

function valueText(unit, value) {
  if (value === null) return t.none;
  return unit === 'ns' ? duration(value) : String(value);
}

function ratioText(ratio, values) {
  if (ratio) return 'more' in ratio ? t.more(ratio.more) : t.times(ratio.times);
  return values.includes(null) ? '' : t.same;
}
