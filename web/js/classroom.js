/* classroom.js - the owner's side of a class that votes: opens a room, puts each
 * question to it as it is asked, and knows the counts. */
import { h, setText } from './dom.js';
import { createJoin } from './join.js';
import {
  askRoom, closeQuestion, closeRoom, isGone, keptRoom, lookIn, openRoom,
} from './room.js';
import { texts } from './texts.js';

const t = texts.room;
const LOOK_MS = 1000;
const NO_ROOM = { room: null, seen: null, asked: null, n: null, stage: 'told' };

/** A class in el; onChange is called when the counts may have changed. Returns
 * {update(state), follow(session, words), settled(), isOpen(), tally()}: follow is
 * told how the round stands and what its choices say (choice -> text), settled()
 * resolves when the room has heard of it; tally is what is known of the votes on
 * the question followed. */
export function createClass(el, onChange) {
  const parts = build(el);
  const self = { ...NO_ROOM, state: null, session: null, words: new Map(), timer: 0 };
  let orders = Promise.resolve(); // to the room, one after the other
  const changed = () => {
    show(parts, self);
    onChange();
  };
  const tried = (promise) => takeAnswer(parts, self, promise).then(changed);
  const order = (work) => {
    const { room } = self;
    orders = orders.then(() => (self.room === room ? tried(work()) : null));
  };
  const look = async () => {
    clearTimeout(self.timer);
    const { room } = self;
    if (!room) return;
    await tried(lookIn(room));
    if (self.room === room) self.timer = setTimeout(look, LOOK_MS);
  };
  parts.open.addEventListener('click', async () => {
    await tried(openRoom().then((room) => enter(self, room)));
    if (!self.room) return;
    if (self.session) put(self, order);
    parts.join.invite(self.state?.projector ?? false);
    look();
  });
  parts.close.addEventListener('click', () => {
    closeRoom(self.room).catch(() => {}); // it forgets itself in time
    leave(self);
    changed();
    parts.open.focus();
  });
  parts.live.addEventListener('change', changed);
  self.room = keptRoom.get();
  look();
  show(parts, self);
  return {
    update(state) {
      self.state = state;
      show(parts, self);
    },
    follow(session, words) {
      self.session = session;
      if (session.question) self.words = words;
      if (self.room) put(self, order);
    },
    settled: () => orders,
    isOpen: () => self.room !== null,
    tally: () => tallyOf(self, parts.live.checked),
  };
}

/* An answer about a room that was left meanwhile says nothing of the next one. */
function takeAnswer(parts, self, promise) {
  const { room } = self;
  const isLeft = () => room !== null && self.room !== room;
  return promise.then((seen) => {
    if (isLeft()) return;
    if (seen.question !== undefined) self.seen = seen;
    setText(parts.problem, '');
  }, (error) => {
    if (!isLeft()) fail(parts, self, error);
  });
}

function enter(self, room) {
  keptRoom.set(room);
  return Object.assign(self, NO_ROOM, { room });
}

function leave(self) {
  keptRoom.set(null);
  Object.assign(self, NO_ROOM);
}

/* The program was started anew, or nobody came for hours. */
function fail(parts, self, error) {
  const gone = isGone(error) && self.room !== null;
  if (gone) leave(self);
  setText(parts.problem, gone ? t.gone : error.message);
}

/* The round's newest standing, put to the room once. Votes end before anybody can
 * see what comes of it; the answer follows. */
function put(self, order) {
  const { session: { run, phase, question, outcome }, room } = self;
  const key = question && `${run} ${question.n} ${question.kind}`;
  if (phase === 'asked' && key !== self.asked) {
    Object.assign(self, { asked: key, stage: 'asked', n: null });
    order(() => putQuestion(self, question));
  }
  if (key !== self.asked || phase === self.stage) return;
  if (phase === 'released' || phase === 'told') {
    self.stage = phase;
    const answer = phase === 'told' ? question.choices.indexOf(outcome.choice) : null;
    order(() => closeQuestion(room, answer));
  }
}

async function putQuestion(self, question) {
  const text = `${texts.predict.about(question)} ${texts.predict.ask[question.kind](question)}`;
  const choices = question.choices.map((choice) => self.words.get(choice));
  const seen = await askRoom(self.room, { text, choices });
  self.n = seen.question.n;
  return seen;
}

/* {voters, counts}: counts are shown when the segment was let go, or all along. */
function tallyOf({ seen, n }, live) {
  if (!seen?.question || seen.question.n !== n) return null;
  const { question: { open }, voters, counts } = seen;
  return { voters, counts: live || !open ? counts : null };
}

function build(el) {
  const parts = {
    open: h('button', { type: 'button', className: 'plain room__open' }, t.open),
    close: h('button', { type: 'button', className: 'plain room__close' }, t.close),
    live: h('input', { type: 'checkbox', name: 'room-live' }),
    problem: h('p', { className: 'room__problem', role: 'alert' }),
    title: h('summary', {}),
    intro: h('p', { className: 'quiet room__intro' }, t.text),
    join: createJoin(),
  };
  parts.inside = h('div', { className: 'room__inside' }, parts.join.el,
    h('label', { className: 'check' }, parts.live, h('span', {}, t.live)), parts.close);
  el.append(h('details', { className: 'room' }, parts.title,
    parts.intro, parts.open, parts.inside), parts.problem);
  return parts;
}

function show(parts, self) {
  const { room, seen, state } = self;
  setText(parts.title, room ? texts.vote.title(room.id) : t.title);
  parts.open.hidden = room !== null;
  parts.intro.hidden = room !== null;
  parts.inside.hidden = room === null;
  if (room) parts.join.update({ id: room.id, voters: seen?.question ? seen.voters : null, state });
}
