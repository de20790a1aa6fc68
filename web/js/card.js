/* card.js - the segment inspector: why it was sent, when, and every field. */
import { makeBytes, reference } from './bytes.js';
import { h, setText } from './dom.js';
import { WISH, wish } from './events.js';
import { duration, stamp } from './format.js';
import { selectedSegment } from './store.js';
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
      const next = [segment, detail];
      if (next.every((part, i) => part === key[i]) && key.length > 0) return;
      show(parts, segment, detail);
      key = next;
    },
  };
}

function show(parts, segment, detail) {
  parts.empty.hidden = Boolean(segment);
  parts.body.hidden = !segment;
  if (!segment) return;
  setText(parts.title, texts.card.title(segment));
  setText(parts.way, texts.card.way(segment));
  setText(parts.flags, segment.flags.join(','));
  parts.flags.className = `card__flags is-${segment.from}`;
  parts.says.replaceChildren(...(segment.says ?? []).map(({ text, rfc }) =>
    h('li', {}, text, ' ', reference(rfc))));
  parts.facts.replaceChildren(...facts(segment).flatMap(([name, ...values]) => [
    h('dt', {}, name), h('dd', {}, ...values),
  ]));
  const waiting = () => h('p', { className: 'quiet' }, texts.card.loading);
  parts.bytes.replaceChildren(detail ? makeBytes(detail) : waiting());
}

function facts(segment) {
  const t = texts.card;
  const { seq, ack, seq_rel: seqRel, ack_rel: ackRel, len, answers, of: repeats } = segment;
  const list = [[t.seq, ...both(seq, seqRel)]];
  if (segment.flags.includes('ACK')) list.push([t.ack, ...both(ack, ackRel)]);
  list.push([t.sent, stamp(segment.t_ns)], ...fate(segment), [t.length, t.count(len)]);
  if (answers) list.push([t.answers, t.segment(answers)]);
  if (repeats) list.push([t.repeats, t.segment(repeats)]);
  return list;
}

function both(absolute, relative) {
  if (relative === null || relative === undefined) return [String(absolute)];
  return [String(absolute), h('small', {}, ` ${texts.card.relative(relative)}`)];
}

const FATES = { dropped: texts.card.lost, held: texts.card.held };

function fate({ copies, t_ns: sent }) {
  const t = texts.card;
  if (copies.length === 0) return [[t.arrived, t.flying]];
  return copies.map((copy) => {
    if (copy.fate !== 'arrived') return [t.arrived, FATES[copy.fate] ?? copy.fate];
    return [t.arrived, stamp(copy.t), h('small', {}, ` ${t.took} ${duration(copy.t - sent)}`)];
  });
}
