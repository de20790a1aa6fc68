/* paircontrols.js - the switches of the comparing view: which scale, and on a
 * small screen which run. */
import { h } from './dom.js';
import { WISH, wish } from './events.js';
import { PAIR_SCALES } from './pairlayout.js';
import { texts } from './texts.js';

const t = texts.compare;

/* A row of radio buttons: {el, update(value)}. */
function choice({ name, legend, options, chosen }) {
  const inputs = options.map(({ value, text }) =>
    ({ value, text, input: h('input', { type: 'radio', name, value: String(value) }) }));
  const labels = inputs.map(({ input, text }) => h('label', {}, input, h('span', {}, text)));
  const el = h('fieldset', { className: `segmented is-small pair__${name}` },
    h('legend', { className: 'visually-hidden' }, legend), ...labels);
  el.addEventListener('change', () => {
    const found = inputs.find(({ input }) => input.checked);
    if (found) chosen(found.value, el);
  });
  return {
    el,
    update(value) {
      for (const each of inputs) each.input.checked = each.value === value;
    },
  };
}

/** The scales of both pictures. */
export const makeScales = () => choice({
  name: 'pair-scale', legend: t.scales.label,
  options: PAIR_SCALES.map((value) => ({ value, text: t.scales[value] })),
  chosen: (scale, el) => wish(el, WISH.PAIR_SCALE, { scale }),
});

/** Which of both is seen where there is room for one. */
export const makeSides = () => choice({
  name: 'pair-side', legend: t.side,
  options: t.names.map((text, value) => ({ value, text })),
  chosen: (side, el) => wish(el, WISH.PAIR_SHOW, { side }),
});
