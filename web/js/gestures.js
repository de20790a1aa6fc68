/* gestures.js - the hand on the picture: the wheel with Ctrl, two fingers, the
 * keys + - 0, buttons, and dragging where there is more than is in sight. */
import { h, setText } from './dom.js';
import { texts } from './texts.js';
import { STEP } from './viewport.js';

const DRAG_FROM = 4; // px: less is a click
const NOT_DRAGGED = 'button, a, input, [role=button], .call';

/** Let wheel, fingers and mouse act on a viewport (viewport.js) over frame. */
export function listenTo(frame, viewport) {
  frame.addEventListener('wheel', (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    viewport.zoomBy(Math.exp(-event.deltaY * 0.004), { x: event.clientX, y: event.clientY });
  }, { passive: false });
  pinch(frame, viewport);
  drag(frame, viewport);
}

/** Keys that act on the picture from anywhere on the page. */
export function listenToKeys(viewport) {
  const work = {
    '+': () => viewport.zoomBy(STEP),
    '=': () => viewport.zoomBy(STEP),
    '-': () => viewport.zoomBy(1 / STEP),
    '0': () => viewport.fit(),
  };
  document.addEventListener('keydown', (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    if (event.defaultPrevented || ctrlKey || metaKey || altKey || !work[key]) return;
    const takes = 'input:not([type=radio], [type=checkbox]), textarea, select';
    if (target instanceof Element && target.matches(takes)) return;
    if (!viewport.isShown) return; // another view is
    work[key]();
  });
}

/** Fill box with the buttons; returns {update()}. */
export function makeButtons(box, viewport) {
  const t = texts.diagram.zoom;
  const button = (name, sign, label, work) => {
    const el = h('button', { 'type': 'button', 'className': `zoom__${name}`, 'aria-label': label },
      sign);
    el.title = label;
    el.addEventListener('click', work);
    return el;
  };
  const out = button('out', '−', t.out, () => viewport.zoomBy(1 / STEP));
  const percent = button('percent', '', t.reset, () => viewport.zoomTo(1));
  const larger = button('in', '+', t.in, () => viewport.zoomBy(STEP));
  const fit = button('fit', t.whole, t.fit, () => viewport.fit());
  box.append(out, percent, larger, fit);
  return {
    update() {
      const { least, most } = viewport.limits;
      const factor = viewport.factor;
      const words = factor < 10 ? t.percent(Math.round(factor * 100)) : t.times(Math.round(factor));
      setText(percent, words);
      percent.setAttribute('aria-label', t.now(words));
      out.disabled = factor <= least;
      larger.disabled = factor >= most;
    },
  };
}

/* Two fingers: what was between them stays between them. */
function pinch(frame, viewport) {
  const fingers = new Map();
  let apart = 0;
  const spread = () => {
    const [a, b] = [...fingers.values()];
    return { d: Math.hypot(a.x - b.x, a.y - b.y), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  };
  frame.addEventListener('pointerdown', ({ pointerId, pointerType, clientX: x, clientY: y }) => {
    if (pointerType !== 'touch') return;
    fingers.set(pointerId, { x, y });
    if (fingers.size === 2) apart = spread().d;
  });
  frame.addEventListener('pointermove', ({ pointerId, clientX: x, clientY: y }) => {
    if (!fingers.has(pointerId)) return;
    fingers.set(pointerId, { x, y });
    if (fingers.size !== 2 || apart === 0) return;
    const now = spread();
    viewport.zoomBy(now.d / apart, now);
    apart = now.d;
  });
  for (const name of ['pointerup', 'pointercancel']) {
    frame.addEventListener(name, ({ pointerId }) => fingers.delete(pointerId));
  }
}

/* The mouse takes hold of the ground of the picture, not of what can be pressed. */
function drag(frame, viewport) {
  let held = null;
  frame.addEventListener('pointerdown', (event) => {
    const { pointerType, button, clientX: x, clientY: y, target } = event;
    if (pointerType !== 'mouse' || button !== 0 || target.closest(NOT_DRAGGED)) return;
    if (overflows(frame)) held = { x, y, moved: false };
  });
  window.addEventListener('pointermove', ({ clientX: x, clientY: y }) => {
    if (!held) return;
    const far = Math.abs(x - held.x) + Math.abs(y - held.y) >= DRAG_FROM;
    if (!held.moved && !far) return;
    frame.classList.add('is-dragged');
    viewport.scrollBy(held.x - x, held.y - y);
    held = { x, y, moved: true };
  });
  window.addEventListener('pointerup', () => {
    held = null;
    frame.classList.remove('is-dragged');
  });
}

const overflows = (frame) =>
  frame.scrollHeight > frame.clientHeight + 1 || frame.scrollWidth > frame.clientWidth + 1;
