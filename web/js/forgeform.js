/* forgeform.js - the form of the forge: the header as the RFC draws it, its
 * fields to be filled in; what is needed seldom is folded away. */
import { h, setText } from './dom.js';
import { BASES, FLAG_BITS, NUMBERS } from './forging.js';
import { texts } from './texts.js';

const HEX_BYTES = '\\s*([0-9a-fA-F]{2}\\s*){0,40}';
const HEX_WORD = '(0[xX])?[0-9a-fA-F]{1,4}';

/* What stands there when nothing is given, where that is not chosen to fit. */
const EMPTY = {
  offset: texts.forge.auto, reserved: '0', urgent: '0', dscp: '0', ipId: '0', count: '1',
  mss: texts.forge.none, wscale: texts.forge.none, tsval: texts.forge.none,
  tsecr: texts.forge.none, mtu: texts.forge.none,
};

const named = (name) => texts.forge.fields[name];

/** {form, note, flags (buttons), send}, ready to stand in the panel. */
export function makeForm() {
  const flags = FLAG_BITS.map(makeFlag);
  const send = h('button', { type: 'submit', className: 'forge__send' });
  const form = h('form', { className: 'forge__form', autocomplete: 'off' },
    makeChoices(), makeHeader(flags), makeFold('ip', makeIp()), makeFold('many', makeMany()),
    makeIcmp(), send);
  return { form, flags, send, note: h('p', { className: 'forge__note quiet' }) };
}

function makeChoices() {
  const select = (name, values) => h('label', {}, h('span', {}, texts.forge[name].label),
    makeSelect(name, values, texts.forge[name]));
  return h('div', { className: 'forge__choices' },
    select('kind', ['segment', 'icmp']), select('to', ['server', 'client']));
}

function makeSelect(name, values, words) {
  const options = values.map((value) => h('option', { value }, words[value] ?? value));
  return h('select', { name }, ...options);
}

/* 32 bits a row. */
function makeHeader(flags) {
  const bits = h('div', { className: 'forge__flags', role: 'group' }, ...flags);
  bits.setAttribute('aria-label', named('flags'));
  const grid = h('div', { className: 'forge__header', role: 'group' },
    number('srcPort', 16), number('dstPort', 16), makeNumber('seq'), makeNumber('ack'),
    number('offset', 5), number('reserved', 4), bits, number('window', 11),
    makeChecksum(), number('urgent', 16),
    number('mss', 11), number('wscale', 11), check('sack', 10),
    number('tsval', 16), number('tsecr', 16),
    text('options', 32, { pattern: HEX_BYTES, placeholder: texts.forge.optionsHint }),
    text('payload', 32, { maxLength: 512 }));
  grid.setAttribute('aria-label', texts.forge.title);
  return grid;
}

const makeIp = () => [
  number('dscp', 7), makeEcn(), number('ipId', 10), number('ttl', 8),
];

const makeMany = () => [number('count', 16), check('vary', 16)];

function makeFold(name, blanks) {
  const grid = h('div', { className: 'forge__header' }, ...blanks);
  return h('details', { className: `forge__fold is-${name}` },
    h('summary', {}, texts.forge.folds[name]), grid);
}

/* One field of so many columns; a label names what is in it. */
function blank(name, columns, ...controls) {
  const node = h('label', { className: 'blank' }, h('span', {}, named(name)), ...controls);
  node.style.gridColumn = `span ${columns}`;
  return node;
}

function number(name, columns) {
  const { min = 0, max } = NUMBERS[name];
  const placeholder = EMPTY[name] ?? texts.forge.fits;
  return blank(name, columns, h('input', { type: 'number', name, min, max, step: 1, placeholder }));
}

const check = (name, columns) => blank(name, columns,
  h('span', { className: 'blank__check' }, h('input', { type: 'checkbox', name })));

const text = (name, columns, props) =>
  blank(name, columns, h('input', { type: 'text', name, spellcheck: false, ...props }));

function makeEcn() {
  return blank('ecn', 7, makeSelect('ecn', ['', '0', '1', '2', '3'], texts.forge.ecn));
}

/* A sequence number: what it counts from, what is added, what comes of it. */
function makeNumber(name) {
  const base = makeSelect(`${name}-base`, BASES, texts.forge.bases);
  base.setAttribute('aria-label', texts.forge.bases[name]);
  const plus = h('input', { type: 'number', name: `${name}-plus`, step: 1, value: 0 });
  plus.setAttribute('aria-label', texts.forge.plusOf[name]);
  const result = h('output', { className: 'blank__result' });
  result.dataset.result = name;
  return h('div', { className: 'blank is-number' }, h('span', {}, named(name)), base, plus, result);
}

function makeChecksum() {
  const digits = h('input', {
    type: 'text', name: 'checksumDigits', pattern: HEX_WORD, placeholder: '0x1234', size: 6,
    spellcheck: false, hidden: true,
  });
  digits.setAttribute('aria-label', texts.forge.checksumDigits);
  const how = makeSelect('checksum', ['', 'wrong', 'chosen'], texts.forge.checksums);
  how.setAttribute('aria-label', named('checksum'));
  const node = h('div', { className: 'blank' }, h('span', {}, named('checksum')),
    h('span', { className: 'blank__both' }, how, digits));
  node.style.gridColumn = 'span 16';
  return node;
}

function makeIcmp() {
  return h('div', { className: 'forge__icmp' },
    h('label', {}, h('span', {}, named('icmp')), h('select', { name: 'icmp' })), number('mtu', 16));
}

/* Nine buttons for nine bits. */
function makeFlag(flag) {
  const button = h('button', { type: 'button', className: 'bit', ariaPressed: 'false' },
    h('span', { className: 'bit__name' }, flag), ' ',
    h('span', { className: 'bit__value' }, '0'));
  button.addEventListener('click', () => {
    press(button, button.ariaPressed !== 'true');
    button.dispatchEvent(new Event('input', { bubbles: true }));
  });
  return button;
}

/** Set a flag's button. */
export function press(button, on) {
  button.ariaPressed = String(on);
  setText(button.lastElementChild, on ? '1' : '0');
}
