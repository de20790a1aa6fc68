/* decide.js - what a person can do with a segment that waits on the wire: one
 * table for the buttons at the segment, those in the card, and the keys. */
import { h } from './dom.js';
import { WISH, wish } from './events.js';
import { texts } from './texts.js';

export const DELAY_MS = 1500; // "delay": longer than the first retransmission timer

export const DECISIONS = Object.freeze([
  { what: 'deliver', key: ' ', body: { do: 'deliver' } },
  { what: 'drop', key: 'd', body: { do: 'drop' } },
  { what: 'duplicate', key: '2', body: { do: 'duplicate', copies: 2 } },
  { what: 'corrupt', key: 'x', body: { do: 'corrupt' } },
  { what: 'delay', key: 'l', body: { do: 'delay', delay_ms: DELAY_MS } },
]);

/** The buttons for segment n. */
export function makeDecisions(n) {
  return DECISIONS.map(({ what, body }) => {
    const t = texts.hand.decisions[what];
    const button = h('button', { type: 'button', className: `decide is-${what}`, title: t.long },
      h('span', { 'className': 'decide__sign', 'data-shown': t.sign }),
      h('span', { className: 'decide__name' }, t.name),
      h('kbd', { 'data-shown': t.key }));
    button.setAttribute('aria-label', texts.hand.decide(t.name, n));
    button.setAttribute('aria-keyshortcuts', t.keyName);
    button.addEventListener('click', () => wish(button, WISH.DECIDE, { n, body }));
    return button;
  });
}
