/* controls.js - what to run, over which protocol, held or not; and the button. */
import { setText } from './dom.js';
import { WISH, wish } from './events.js';
import { chosenLink } from './links.js';
import * as picker from './picker.js';
import { isHolding, isInHand } from './store.js';
import { texts } from './texts.js';

/** Bring the controls in el to life; returns {update(state)}. */
export function mount(el) {
  const parts = {
    picker: picker.mount(el.querySelector('.picker')),
    start: el.querySelector('.start'),
    startText: el.querySelector('.start__text'),
    ip: el.querySelector('.segmented'),
    hold: el.querySelector('.switch input'),
  };
  el.addEventListener('submit', (event) => {
    event.preventDefault();
    wish(el, WISH.START);
  });
  parts.ip.addEventListener('change', (event) =>
    wish(el, WISH.PICK_IP, { ip: Number(event.target.value) }));
  parts.hold.addEventListener('change', () => wish(el, WISH.HOLD, { on: parts.hold.checked }));
  return { update: (state) => update(parts, state) };
}

function update(parts, state) {
  const { scenarios, scenario, ip, starting } = state;
  const chosen = scenarios.find((each) => each.id === scenario);
  parts.picker.update(state);
  for (const input of parts.ip.querySelectorAll('input')) input.checked = input.value === `${ip}`;
  const offered = isInHand(state) || [null, 'wire'].includes(chosenLink(state));
  parts.hold.disabled = !offered;
  parts.hold.checked = offered && isHolding(state);
  parts.hold.closest('label').title = offered ? texts.hand.holdLong : texts.hand.noHold;
  parts.start.disabled = starting || !chosen || picker.reasonAgainst(chosen, state) !== null;
  setText(parts.startText, starting ? texts.starting : texts.start);
}
