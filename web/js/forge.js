/* forge.js - a segment or ICMP error made by hand. Flag bits are buttons;
 * sequence numbers are chosen as they are counted. What is left empty the wire
 * chooses so that it fits. */
import { h, setText } from './dom.js';
import { WISH, wish } from './events.js';
import { makeForm, press } from './forgeform.js';
import {
  FLAG_BITS, ICMP_ERRORS, NUMBERS, answerTo, emptyForge, forgeBody, heardNumbers, relativeTo,
  resolved,
} from './forging.js';
import { isInHand } from './store.js';
import { texts } from './texts.js';

const PEER = { client: 'server', server: 'client' };
const PLAIN = [
  ...Object.keys(NUMBERS), 'kind', 'to', 'payload', 'options', 'checksum', 'checksumDigits',
];
const CHECKS = ['sack', 'vary'];
const IN_FOLDS = { ip: ['dscp', 'ecn', 'ipId', 'ttl'], many: ['count', 'vary'] };

/** Bring the forge in el to life; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(el) {
  const parts = { el, ...makeForm() };
  el.append(parts.note, parts.form);
  let state = null;
  let answered = null;
  parts.form.addEventListener('input', () => show(parts, state));
  parts.form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (isInHand(state)) wish(el, WISH.INJECT, { body: forgeBody(read(parts)) });
  });
  setFlags(parts.flags, emptyForge.flags);
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

/** @returns {any} as emptyForge */
function read({ form, flags }) {
  const { elements } = form;
  const number = (name) => ({
    base: elements[`${name}-base`].value,
    plus: Math.trunc(Number(elements[`${name}-plus`].value)) || 0,
  });
  return {
    ...Object.fromEntries(PLAIN.map((name) => [name, elements[name].value])),
    ...Object.fromEntries(CHECKS.map((name) => [name, elements[name].checked])),
    icmp: elements.icmp.value,
    flags: FLAG_BITS.filter((_, i) => flags[i].ariaPressed === 'true'),
    seq: number('seq'), ack: number('ack'),
  };
}

function write({ form, flags }, values) {
  const { elements } = form;
  for (const name of PLAIN) elements[name].value = values[name];
  for (const name of CHECKS) elements[name].checked = values[name];
  for (const name of ['seq', 'ack']) {
    elements[`${name}-base`].value = values[name].base;
    elements[`${name}-plus`].value = values[name].plus;
  }
  setFlags(flags, values.flags);
}

function setFlags(buttons, flags) {
  buttons.forEach((button, i) => press(button, flags.includes(FLAG_BITS[i])));
}

/* What the choices come to, and whether there is a wire to send it on. */
function show(parts, state) {
  const { el, form, note, send } = parts;
  const { elements } = form;
  const live = isInHand(state);
  offerErrors(elements.icmp, state);
  const values = read(parts);
  el.dataset.kind = values.kind;
  showNumbers(parts, values, state);
  elements.checksumDigits.hidden = values.checksum !== 'chosen';
  for (const name of ['mss', 'wscale', 'sack', 'tsval', 'tsecr']) {
    elements[name].disabled = values.options.trim() !== '';
  }
  showFolds(form, values);
  setText(note, live ? texts.forge.live : texts.forge.later);
  send.disabled = !live;
  setText(send, texts.forge.send(values, texts.host[values.to]));
}

/* A number that is sent is the sender's, an acknowledged one the receiver's. */
function showNumbers({ form }, values, { model, relative }) {
  const { elements } = form;
  const heard = heardNumbers(model);
  const hosts = { seq: PEER[values.to], ack: values.to };
  for (const name of ['seq', 'ack']) {
    elements[`${name}-plus`].hidden = values[name].base === '';
    const value = resolved(values[name], heard);
    const counted = relative ? relativeTo(value, hosts[name], heard) : null;
    const result = form.querySelector(`[data-result="${name}"]`);
    setText(result, resultText(values[name], value, counted));
  }
}

function resultText({ base }, value, counted) {
  if (base === '') return texts.forge.chosen;
  if (value === null) return texts.forge.unheard;
  return counted === null ? texts.forge.comesTo(value) : texts.forge.comesToBoth(counted, value);
}

/* A fold tells what is set inside. */
function showFolds(form, values) {
  for (const [name, fields] of Object.entries(IN_FOLDS)) {
    const set = fields.filter((field) => values[field]).map((field) => texts.forge.fields[field]);
    const title = texts.forge.foldOf(texts.forge.folds[name], set);
    setText(form.querySelector(`.is-${name} summary`), title);
  }
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
