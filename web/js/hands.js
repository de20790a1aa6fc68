/* hands.js - the buttons at each segment that waits on the wire: HTML over the
 * diagram, placed where the rows made room. */
import { makeDecisions } from './decide.js';
import { h, keyed, setText } from './dom.js';
import { WISH, wish } from './events.js';
import { repeatsWhileHeld } from './held.js';
import { texts } from './texts.js';

/** Bring the buttons over the diagram's frame to life; returns
 * {update(state, shapes)}. */
export function mount(frame) {
  const box = h('div', { className: 'hands' });
  frame.append(box);
  return {
    update(state, shapes, size) {
      const focused = box.contains(document.activeElement);
      keyed(box, handsOf(state, shapes, size), { make: makeHand, update: updateHand });
      if (focused && !box.contains(document.activeElement)) passFocus(box, frame);
    },
  };
}

function handsOf({ run, model, decided, unfolded }, shapes, size) {
  if (run === null) return [];
  const { arrows, columns } = shapes;
  const repeats = repeatsWhileHeld(model);
  return arrows.filter(({ n, hand }) => hand !== null && !decided[n])
    .map(({ n, from, hand, label }) => ({
      id: n, from, y: Math.round(hand * size), x: columns.wire.left * size,
      width: columns.wire.width * size,
      flags: label.flags, tries: repeats.get(n)?.length ?? 0, open: unfolded.includes(n),
    }));
}

function makeHand({ id: n }) {
  const tries = h('button', { type: 'button', className: 'hand__tries' });
  tries.addEventListener('click', () => wish(tries, WISH.UNFOLD, { n }));
  return h('div', { role: 'group', className: 'hand' },
    h('div', { className: 'hand__row' }, ...makeDecisions(n)), tries);
}

function updateHand(node, { id: n, from, x, y, width, flags, tries, open }) {
  node.className = `hand is-${from}`;
  node.setAttribute('aria-label', texts.hand.group(n, flags));
  Object.assign(node.style, {
    insetBlockStart: `${y}px`, insetInlineStart: `${x}px`, inlineSize: `${width}px`,
  });
  const button = node.lastElementChild;
  button.hidden = tries === 0;
  button.setAttribute('aria-expanded', String(open));
  setText(button, texts.hand.tries(tries, open));
}

/* The focused button went with its segment: go on at the next one that waits,
 * or at the diagram. */
function passFocus(box, frame) {
  const next = box.querySelector('.decide') ?? frame.closest('.diagram');
  next.focus({ preventScroll: true });
}
