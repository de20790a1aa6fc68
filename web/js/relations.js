/* relations.js - how one segment belongs to others: the number that an
 * acknowledgement answers, the segment that is sent again, the options that two
 * hosts agree on, the segment that an ICMP message is about. Pure.
 *
 * A relation is {kind, a, b, lines}: numbers of the two segments, the later one
 * first, and what is written at the line between them. */
import { duration, numbers } from './format.js';
import { segmentOf } from './model.js';
import { wrap } from './numbering.js';
import { texts } from './texts.js';

const AGREED = ['SACK Permitted', 'Timestamps', 'Window Scale'];
const MOST = 4; // lines at once

const has = ({ flags }, flag) => flags.includes(flag);
const ones = (segment) => ['SYN', 'FIN'].filter((flag) => has(segment, flag));
const taken = (segment) => segment.len + ones(segment).length; // numbers it uses up

/** The relations of segment n in a model, those that say most first. */
export function relationsOf(model, n, relative) {
  const own = segmentOf(model, n);
  if (!own) return icmpRelations(model, ({ id }) => nameOf(id) === n);
  if (own.saved) return [];
  const about = { model, relative };
  return [
    ...ackRelations(own, about),
    ...optionRelations(own, about),
    ...repeatRelations(own, about),
    ...icmpRelations(model, ({ answers }) => answers === n),
  ].slice(0, MOST);
}

/* b's last number, and that of a's acknowledgement: the same. */
function acknowledges(a, b) {
  return a.from !== b.from && a.src === b.dst && a.dst === b.src && has(a, 'ACK') && b.id < a.id
    && taken(b) > 0 && wrap(b.seq + taken(b)) === a.ack;
}

/* What it acknowledges, and what acknowledges it first. */
function ackRelations(own, { model: { segments }, relative }) {
  const answered = segments.findLast((each) => acknowledges(own, each));
  const answer = segments.find((each) => acknowledges(each, own));
  return [answered && [own, answered], answer && [answer, own]].filter(Boolean)
    .map(([a, b]) => ({ kind: 'ack', a: a.n, b: b.n, lines: ackLines(a, b, relative) }));
}

function ackLines(a, b, relative) {
  const { ack } = numbers(a, relative);
  const { seq } = numbers(b, relative);
  return texts.diagram.relations.ack(ack, seq, b.len, ones(b));
}

function optionRelations(own, { model }) {
  if (!has(own, 'SYN')) return [];
  const { segments } = model;
  const isAnswer = has(own, 'ACK');
  const a = isAnswer ? own
    : segments.find((each) => has(each, 'SYN') && acknowledges(each, own));
  const b = isAnswer ? segments.findLast((each) => has(each, 'SYN') && acknowledges(own, each))
    : own;
  if (!a?.options || !b?.options) return [];
  return [{ kind: 'options', a: a.n, b: b.n, lines: optionLines(a, b) }];
}

const optionOf = ({ options }, name) => options.find((option) => option.name === name);

function optionLines(a, b) {
  const t = texts.diagram.relations;
  const both = AGREED.filter((name) => optionOf(a, name) && optionOf(b, name));
  const refused = AGREED.filter((name) => !optionOf(a, name) && optionOf(b, name));
  const scales = [b, a].map((each) => optionOf(each, 'Window Scale')?.value);
  const sizes = [b, a].map((each) => optionOf(each, 'MSS')?.value ?? '–');
  return [...t.agreed(both, ...scales), ...t.refused(refused), t.sizes(...sizes)];
}

function repeatRelations(own, { model }) {
  const first = own.of ? [segmentOf(model, own.of)] : [];
  const again = model.segments.filter((each) => each.of === own.n && each !== own);
  const relation = (a, b) => ({
    kind: 'repeat', a: a.n, b: b.n,
    lines: texts.diagram.relations.repeat(b.n, duration(a.t_ns - b.t_ns)),
  });
  return [...first.filter(Boolean).map((each) => relation(own, each)),
    ...again.map((each) => relation(each, own))];
}

/* An ICMP message among the arrows. */
const nameOf = (id) => `icmp-${id}`;

function icmpRelations({ icmp }, isMeant) {
  return icmp.filter((each) => each.answers && isMeant(each)).map(({ id, answers }) => ({
    kind: 'icmp', a: nameOf(id), b: answers, lines: texts.diagram.relations.icmp(answers),
  }));
}
