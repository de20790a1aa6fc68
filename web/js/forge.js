/* forge.js - a segment or ICMP error made by hand: the header as the RFC draws
 * it, to be filled in. Flag bits are buttons; sequence numbers are chosen as
 * they are counted. What is left empty the wire chooses so that it fits. */
import { h, setText } from './dom.js';
import { WISH, wish } from './events.js';
import {
  BASES, FLAG_BITS, ICMP_ERRORS, answerTo, emptyForge, forgeBody, heardNumbers, resolved,
} from './forging.js';
import { isInHand } from './store.js';
import { texts } from './texts.js';

const SMALL = [
  { name: 'srcPort', max: 65535 }, { name: 'dstPort', max: 65535 }, { name: 'window', max: 65535 },
  { name: 'urgent', max: 65535 }, { name: 'ttl', max: 255 }, { name: 'mss', max: 65535 },
  { name: 'wscale', max: 255 }, { name: 'mtu', max: 65535 },
];

/** Bring the forge in el to life; returns {update(state)}. */
export function mount(el) {
  const form = el.querySelector('.forge__form');
  const parts = { el, form, note: el.querySelector('.forge__note'), flags: makeFlags(el) };
  prepare(form);
  let state = null;
  let answered = null;
  form.addEventListener('input', () => show(parts, state));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (isInHand(state)) wish(el, WISH.INJECT, { body: forgeBody(read(parts)) });
  });
  setFlags(parts.flags, emptyForge.flags); // all else begins as index.html has it
  return {
    update(next) {
      state = next;
      if (state.answering && state.answering.at !== answered) {
        const segment = state.model.segments.find((each) => each.n === state.answering.n);
        if (segment) write(parts, answerTo(segment, state.model));
        answered = state.answering.at;
      }
      show(parts, state);
    },
  };
}

/* Eight buttons for eight bits. */
function makeFlags(el) {
  const buttons = FLAG_BITS.map((flag) => {
    const button = h('button', { type: 'button', className: 'bit', ariaPressed: 'false' },
      h('span', { className: 'bit__name' }, flag), ' ',
      h('span', { className: 'bit__value' }, '0'));
    button.addEventListener('click', () => {
      set(button, button.ariaPressed !== 'true');
      button.dispatchEvent(new Event('input', { bubbles: true }));
    });
    return button;
  });
  el.querySelector('.forge__flags').append(...buttons);
  return buttons;
}

function set(button, on) {
  button.ariaPressed = String(on);
  setText(button.lastElementChild, on ? '1' : '0');
}

function prepare(form) {
  for (const name of ['seq', 'ack']) {
    const options = BASES.map((value) => h('option', { value }, texts.forge.bases[value] ?? value));
    form.elements[`${name}-base`].append(...options);
  }
  for (const { name, max } of SMALL) {
    Object.assign(form.elements[name], { type: 'number', min: 0, max, step: 1 });
    form.elements[name].placeholder = texts.forge.fits;
  }
}

function read({ form, flags }) {
  const { elements } = form;
  const number = (name) => ({
    base: elements[`${name}-base`].value,
    plus: Math.trunc(Number(elements[`${name}-plus`].value)) || 0,
  });
  const small = Object.fromEntries(SMALL.map(({ name }) => [name, elements[name].value]));
  return {
    ...small,
    kind: elements.kind.value, to: elements.to.value, icmp: elements.icmp.value,
    flags: FLAG_BITS.filter((_, i) => flags[i].ariaPressed === 'true'),
    seq: number('seq'), ack: number('ack'),
    payload: elements.payload.value, sack: elements.sack.checked,
    badChecksum: elements.badChecksum.checked,
  };
}

function write({ form, flags }, values) {
  const { elements } = form;
  for (const name of ['kind', 'to', 'payload', ...SMALL.map((each) => each.name)]) {
    elements[name].value = values[name];
  }
  for (const name of ['sack', 'badChecksum']) elements[name].checked = values[name];
  for (const name of ['seq', 'ack']) {
    elements[`${name}-base`].value = values[name].base;
    elements[`${name}-plus`].value = values[name].plus;
  }
  setFlags(flags, values.flags);
}

function setFlags(buttons, flags) {
  buttons.forEach((button, i) => set(button, flags.includes(FLAG_BITS[i])));
}

/* What the choices come to, and whether there is a wire to send it on. */
function show({ el, form, note, flags }, state) {
  const { elements } = form;
  const live = isInHand(state);
  const values = read({ form, flags });
  const heard = heardNumbers(state.model);
  offerErrors(elements.icmp, state);
  el.dataset.kind = values.kind;
  for (const name of ['seq', 'ack']) {
    elements[`${name}-plus`].hidden = values[name].base === '';
    const value = resolved(values[name], heard);
    setText(form.querySelector(`[data-result="${name}"]`), resultText(values[name], value));
  }
  setText(note, live ? texts.forge.live : texts.forge.later);
  const send = form.querySelector('.forge__send');
  send.disabled = !live;
  setText(send, texts.forge.send(values, texts.host[values.to]));
}

function resultText({ base }, value) {
  if (base === '') return texts.forge.chosen;
  return value === null ? texts.forge.unheard : `= ${value}`;
}

/* The ICMP errors of the run's protocol. */
function offerErrors(select, { model, ip }) {
  const address = model.begin?.hosts?.client?.address ?? (ip === 6 ? ':' : '');
  const version = address.includes(':') ? 6 : 4;
  if (select.dataset.version === String(version)) return;
  select.dataset.version = version;
  const option = ([type, code]) => {
    const value = `${type}/${code}`;
    return h('option', { value }, `${value} ${texts.forge.icmp[version][value]}`);
  };
  select.replaceChildren(...ICMP_ERRORS[version].map(option));
}
