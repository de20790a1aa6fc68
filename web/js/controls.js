/* controls.js - what to run, over which protocol, held or not; and the button. */
import { setText } from './dom.js';
import { WISH, wish } from './events.js';
import { chosenIp, chosenScenario, offersWire } from './links.js';
import * as picker from './picker.js';
import { isHolding, isInHand } from './store.js';
import { texts } from './texts.js';

/** Bring the controls in el to life; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(el) {
  const parts = {
    picker: picker.mount(el.querySelector('.picker')),
    start: el.querySelector('.start'),
    startText: el.querySelector('.start__text'),
    ip: el.querySelector('.segmented'),
    hold: el.querySelector('[name=hold]'),
    long: el.querySelector('[name=long]'),
    longText: el.querySelector('.switch__long'),
  };
  el.addEventListener('submit', (event) => {
    event.preventDefault();
    wish(el, WISH.START);
  });
  parts.ip.addEventListener('change', (event) =>
    wish(el, WISH.PICK_IP, { ip: Number(event.target.value) }));
  parts.hold.addEventListener('change', () => wish(el, WISH.HOLD, { on: parts.hold.checked }));
  parts.long.addEventListener('change', () => wish(el, WISH.LONG, { on: parts.long.checked }));
  return { update: (state) => update(parts, state) };
}

function update(parts, state) {
  const { starting } = state;
  const chosen = chosenScenario(state);
  parts.picker.update(state);
  for (const input of parts.ip.querySelectorAll('input')) {
    input.checked = input.value === `${chosenIp(state)}`;
    input.disabled = Boolean(chosen?.ip) && !input.checked;
  }
  showLong(parts, chosen?.long, state.long);
  showHold(parts.hold, isInHand(state) || offersWire(state), isHolding(state));
  parts.start.disabled = starting || !chosen || picker.reasonAgainst(chosen, state) !== null;
  setText(parts.startText, starting ? texts.starting : texts.start);
}

/* Offered where there is one, with how long it takes. */
function showLong({ long: input, longText }, form, on) {
  input.closest('label').hidden = !form;
  input.checked = on;
  setText(longText, form ? texts.scenario.longForm(form.seconds) : '');
}

function showHold(input, offered, holding) {
  input.disabled = !offered;
  input.checked = offered && holding;
  input.closest('label').title = offered ? texts.hand.holdLong : texts.hand.noHold;
}
