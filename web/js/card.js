/* card.js - the segment inspector: why it was sent, when, and every field. */
import { makeBytes, reference } from './bytes.js';
import { makeDecisions } from './decide.js';
import { h, keyed, setText } from './dom.js';
import { WISH, wish } from './events.js';
import { duration, stamp } from './format.js';
import { isHeld, repeatsWhileHeld } from './held.js';
import { countersOf } from './model.js';
import { isInHand, selectedSegment } from './store.js';
import { texts } from './texts.js';

/** Bring the card in el to life; returns {update(state)}. */
export function mount(el) {
  const parts = {
    empty: el.querySelector('.card__empty'),
    body: el.querySelector('.card__body'),
    title: el.querySelector('.card__title'),
    flags: el.querySelector('.card__flags'),
    way: el.querySelector('.card__way'),
    says: el.querySelector('.card__says'),
    facts: el.querySelector('.card__facts'),
    bytes: el.querySelector('.card__bytes'),
    hand: el.querySelector('.card__hand'),
  };
  const on = (selector, work) => el.querySelector(selector).addEventListener('click', work);
  on('.card__close', () => wish(el, WISH.PANEL, { panel: 'story' }));
  on('.card__previous', () => wish(el, WISH.STEP, { by: -1 }));
  on('.card__next', () => wish(el, WISH.STEP, { by: 1 }));
  let key = [];
  return {
    update(state) {
      const segment = selectedSegment(state);
      const detail = segment && state.details[segment.n];
      const counters = segment ? countersOf(state.model, segment) : [];
      const next = [segment, detail, counters.length];
      showHand(parts.hand, segment, state);
      if (next.every((part, i) => part === key[i]) && key.length > 0) return;
      show(parts, { segment, detail, counters, link: state.run?.link });
      key = next;
    },
  };
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

function show(parts, { segment, detail, counters, link }) {
  parts.empty.hidden = Boolean(segment);
  parts.body.hidden = !segment;
  if (!segment) return;
  setText(parts.title, texts.card.title(segment));
  setText(parts.way, texts.card.way(segment));
  setText(parts.flags, segment.flags.join(','));
  parts.flags.className = `card__flags is-${segment.from}`;
  parts.says.replaceChildren(...(segment.says ?? []).map(({ text, rfc }) =>
    h('li', {}, text, ' ', reference(rfc))));
  const rows = [...facts(segment, link), ...counted(counters)];
  parts.facts.replaceChildren(...rows.flatMap(([name, ...values]) => [
    h('dt', {}, name), h('dd', {}, ...values),
  ]));
  const waiting = () => h('p', { className: 'quiet' }, texts.card.loading);
  parts.bytes.replaceChildren(detail ? makeBytes(detail) : waiting());
}

function facts(segment, link) {
  const t = texts.card;
  const { seq, ack, seq_rel: seqRel, ack_rel: ackRel, len, answers, of: repeats } = segment;
  const list = [[t.seq, ...both(seq, seqRel)]];
  if (segment.flags.includes('ACK')) list.push([t.ack, ...both(ack, ackRel)]);
  list.push(...sending(segment), ...fate(segment, link), [t.length, t.count(len)]);
  const checksum = t.checksums[segment.checksum];
  if (checksum) list.push([t.checksum, checksum]);
  if (answers) list.push([t.answers, t.segment(answers)]);
  if (repeats) list.push([t.repeats, t.segment(repeats)]);
  return list;
}

function both(absolute, relative) {
  if (relative === null || relative === undefined) return [String(absolute)];
  return [String(absolute), h('small', {}, ` ${texts.card.relative(relative)}`)];
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

function fate({ copies, t_ns: sent, saved }, link) {
  const t = texts.card;
  if (saved) return [];
  if (link === 'loopback') return [[t.arrived, t.level]];
  if (copies.length === 0) return [[t.arrived, t.flying]];
  return copies.flatMap((copy) => {
    const way = copy.fate === 'arrived'
      ? [stamp(copy.t), small(`${t.took} ${duration(copy.t - sent)}`)]
      : [FATES[copy.fate] ?? copy.fate];
    const arrived = [t.arrived, ...way, small(deciderOf(copy))];
    return copy.changed ? [arrived, [t.changed, copy.changed]] : [arrived];
  });
}

const small = (text) => (text ? h('small', {}, ` ${text}`) : '');

/* Who decided, where it was not just the way of things. */
function deciderOf({ by, rule, action, fate: outcome }) {
  if (outcome === 'held' || (by === 'link' && !action)) return '';
  return texts.card.by[by]?.(rule) ?? '';
}
