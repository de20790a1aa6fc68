/* card.js - the segment inspector: why it was sent, when, and every field. */
import * as bytes from './bytes.js';
import { makeDecisions } from './decide.js';
import { segmentBefore } from './details.js';
import { h, keyed, setText } from './dom.js';
import { WISH, wish } from './events.js';
import { reference } from './fieldnotes.js';
import { duration, stamp } from './format.js';
import { isHeld, repeatsWhileHeld } from './held.js';
import { countersOf } from './model.js';
import { changedWords, saysOf } from './numbering.js';
import { isInHand, selectedSegment } from './store.js';
import { texts } from './texts.js';

/** Bring the card in el to life; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(el) {
  const parts = {
    empty: el.querySelector('.card__empty'),
    body: el.querySelector('.card__body'),
    title: el.querySelector('.card__title'),
    flags: el.querySelector('.card__flags'),
    way: el.querySelector('.card__way'),
    says: el.querySelector('.card__says'),
    facts: el.querySelector('.card__facts'),
    waiting: h('p', { className: 'quiet' }, texts.card.loading),
    bytes: bytes.mount(el.querySelector('.card__bytes')),
    hand: el.querySelector('.card__hand'),
  };
  const on = (selector, work) => el.querySelector(selector).addEventListener('click', work);
  on('.card__close', () => wish(el, WISH.PANEL, { panel: 'story' }));
  on('.card__previous', () => wish(el, WISH.STEP, { by: -1 }));
  on('.card__next', () => wish(el, WISH.STEP, { by: 1 }));
  el.querySelector('.card__bytes').before(parts.waiting);
  let key = [];
  return {
    update(state) {
      const segment = selectedSegment(state);
      const detail = segment && state.details[segment.n];
      const counters = segment ? countersOf(state.model, segment) : [];
      const before = segment && beforeOf(segment, state);
      const { relative } = state;
      const next = [segment, detail, counters.length, relative, before?.detail];
      showHand(parts.hand, segment, state);
      if (next.every((part, i) => part === key[i]) && key.length > 0) return;
      show(parts, { segment, counters, relative, link: state.run?.link });
      parts.waiting.hidden = Boolean(detail);
      if (segment) parts.bytes.update({ segment, detail, before, relative });
      key = next;
    },
  };
}

/* The last segment of the same side, with its fields where they are there. */
function beforeOf(segment, { model, details }) {
  const before = segmentBefore(model, segment);
  return before ? { segment: before, detail: details[before.n] } : null;
}

/* What can be done with it: decide, when it waits; answer it; see its repeats. */
function showHand(box, segment, state) {
  const items = segment ? handItems(segment, state) : [];
  box.hidden = items.length === 0;
  keyed(box, items, { make: makeHandItem, update: updateHandItem });
}

function handItems(segment, state) {
  const { n } = segment;
  const { model, decided, unfolded } = state;
  const live = isInHand(state);
  const tries = repeatsWhileHeld(model).get(n)?.length ?? 0;
  const waits = live && isHeld(segment);
  return [
    waits && { id: `decide ${n} ${decided[n]}`, n, kind: decided[n] ? 'said' : 'decide' },
    live && { id: `answer ${n}`, n, kind: 'answer' },
    tries > 0 && { id: `tries ${n}`, n, kind: 'tries', tries, open: unfolded.includes(n) },
  ].filter(Boolean);
}

function makeHandItem({ n, kind }) {
  const wishing = (name) => {
    const button = h('button', { type: 'button', className: 'plain' });
    button.addEventListener('click', () => wish(button, name, { n }));
    return button;
  };
  if (kind === 'decide') {
    return h('div', { className: 'card__decide' }, h('p', {}, texts.hand.waiting),
      h('div', { className: 'hand__row' }, ...makeDecisions(n)));
  }
  if (kind === 'said') return h('p', {}, texts.hand.decided);
  return wishing(kind === 'answer' ? WISH.ANSWER : WISH.UNFOLD);
}

function updateHandItem(node, { kind, tries, open }) {
  if (kind === 'answer') setText(node, texts.hand.answer);
  if (kind === 'tries') setText(node, open ? texts.hand.hide(tries) : texts.hand.show(tries));
}

function show(parts, { segment, counters, relative, link }) {
  parts.empty.hidden = Boolean(segment);
  parts.body.hidden = !segment;
  if (!segment) return;
  setText(parts.title, texts.card.title(segment));
  setText(parts.way, texts.card.way(segment));
  setText(parts.flags, segment.flags.join(',') || '-');
  parts.flags.className = `card__flags is-${segment.from}`;
  parts.says.replaceChildren(...saysOf(segment.says, relative).map(({ text, rfc }) =>
    h('li', {}, text, ' ', reference(rfc))));
  const rows = [...facts(segment, relative, link), ...counted(counters)];
  parts.facts.replaceChildren(...rows.flatMap(([name, ...values]) => [
    h('dt', {}, name), h('dd', {}, ...values),
  ]));
}

function facts(segment, relative, link) {
  const t = texts.card;
  const { seq, ack, seq_rel: seqRel, ack_rel: ackRel, len, answers, of: repeats } = segment;
  const list = [[t.seq, ...both(seq, seqRel, relative)]];
  if (segment.flags.includes('ACK')) list.push([t.ack, ...both(ack, ackRel, relative)]);
  list.push(...sending(segment), ...fate(segment, relative, link), [t.length, t.count(len)]);
  const checksum = t.checksums[segment.checksum];
  if (checksum) list.push([t.checksum, checksum]);
  if (answers) list.push([t.answers, t.segment(answers)]);
  if (repeats) list.push([t.repeats, t.segment(repeats)]);
  return list;
}

/* The number the page's switch asks for, and the other one beside it. */
function both(absolute, count, relative) {
  if (count === null || count === undefined) return [String(absolute)];
  const [first, second] = relative
    ? [count, texts.card.absolute(absolute)] : [absolute, texts.card.relative(count)];
  return [String(first), small(second)];
}

/* When it was sent, or where it came from instead. */
function sending({ t_ns: sent, forged, saved }) {
  const t = texts.card;
  if (saved) return [[t.sent, t.saved, ` ${stamp(sent)}`]];
  return forged ? [[t.sent, stamp(sent)], [t.origin, t.forged]] : [[t.sent, stamp(sent)]];
}

function counted(counters) {
  return counters.map(({ counter, delta, meaning }) =>
    [texts.card.counted, `${counter} +${delta} `, h('small', {}, meaning ?? '')]);
}

const FATES = { dropped: texts.card.lost, held: texts.card.held };

function fate(segment, relative, link) {
  const t = texts.card;
  const { copies, t_ns: sent, saved } = segment;
  if (saved) return [];
  if (link === 'loopback') return [[t.arrived, t.level]];
  if (copies.length === 0) return [[t.arrived, t.flying]];
  return copies.flatMap((copy) => {
    const way = copy.fate === 'arrived'
      ? [stamp(copy.t), small(`${t.took} ${duration(copy.t - sent)}`)]
      : [FATES[copy.fate] ?? copy.fate];
    const arrived = [t.arrived, ...way, small(deciderOf(copy))];
    if (!copy.changed) return [arrived];
    return [arrived, [t.changed, changedWords(copy.changed, segment, relative)]];
  });
}

const small = (text) => (text ? h('small', {}, ` ${text}`) : '');

/* Who decided, where it was not just the way of things. */
function deciderOf({ by, rule, action, fate: outcome }) {
  if (outcome === 'held' || (by === 'link' && !action)) return '';
  return texts.card.by[by]?.(rule) ?? '';
}
