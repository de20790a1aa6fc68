/* pairwords.js - differences of two runs in words. Pure. */
import { texts } from './texts.js';

const t = texts.compare;

const SAYS = {
  setup: t.says.setup,
  path: t.says.path,
  rule: t.says.rule,
  verdict: ({ a, b }) => t.says.verdict(...[a, b].map((code) => texts.verdict.codes[code] ?? code)),
  only: t.says.only,
  later: t.says.later,
  segment: (each) => t.says.segment(each, each.list.map(aspectText), each.again),
  result: t.says.result,
  took: t.says.took,
  onlyCall: t.says.onlyCall,
  states: t.says.states,
  counter: t.says.counter,
};

/** A difference of pairdiff.js as a sentence. */
export const differenceText = (each) => SAYS[each.kind](each);

/** What differs between two segments, as a phrase. */
export function aspectText({ name, option, a, b }) {
  if (name === 'option') return t.says.option(option, a, b);
  return t.says.aspect(t.aspects[name], ...[a, b].map((value) => valueText(name, value)));
}

function valueText(name, value) {
  if (name === 'fate') return value.split('+').map((fate) => t.fates[fate] ?? fate).join(' + ');
  if (typeof value === 'boolean') return value ? t.yes : t.no;
  return name === 'text' ? `“${value}”` : String(value ?? t.sheet.absent);
}
