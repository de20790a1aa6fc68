/* classroom.js - the owner's side of a class that votes: opens a room, puts each
 * question to it as it is asked, and shows the counts. */
import { h, keyed, setText } from './dom.js';
import { askRoom, closeQuestion, closeRoom, lookIn, openRoom, roomLink } from './room.js';
import { texts } from './texts.js';

const t = texts.room;
const LOOK_MS = 1000;
const LOCAL = /^(localhost|127\.|\[::1\])/;

/** A class in el. follow(session, words) is told how the round stands and what
 * its choices say (choice -> text). */
export function createClass(el) {
  const parts = build(el);
  const self = { room: null, seen: null, asked: null, words: new Map(), closed: true };
  const say = (text) => setText(parts.problem, text);
  const tried = (promise) => promise.then((seen) => {
    if (seen?.id) self.seen = seen;
    say('');
    show(parts, self);
  }, (error) => say(error.message));
  const look = () => {
    if (!self.room) return;
    if (!self.closed) tried(lookIn(self.room));
    setTimeout(look, LOOK_MS);
  };
  parts.open.addEventListener('click', async () => {
    await tried(openRoom().then((room) => { self.room = room; }));
    if (self.room && self.session) put(self, tried);
    look();
  });
  parts.close.addEventListener('click', () => {
    closeRoom(self.room).catch(() => {}); // it forgets itself in time
    Object.assign(self, { room: null, seen: null, asked: null, closed: true });
    show(parts, self);
  });
  parts.live.addEventListener('change', () => show(parts, self));
  show(parts, self);
  return {
    follow(session, words) {
      self.session = session;
      if (session.question) self.words = words;
      if (self.room) put(self, tried);
    },
  };
}

/* The round's newest standing, put to the room once. */
function put(self, tried) {
  const { session, words, room } = self;
  const { phase, question, outcome } = session;
  const key = question && `${session.run} ${question.n} ${question.kind}`;
  if (phase === 'asked' && key !== self.asked) {
    Object.assign(self, { asked: key, closed: false });
    const text = `${texts.predict.about(question)} ${texts.predict.ask[question.kind](question)}`;
    tried(askRoom(room, { text, choices: question.choices.map((choice) => words.get(choice)) }));
  }
  if (phase === 'told' && key === self.asked && !self.closed) {
    self.closed = true;
    tried(closeQuestion(room, question.choices.indexOf(outcome.choice)));
  }
}

function build(el) {
  const parts = {
    open: h('button', { type: 'button', className: 'plain' }, t.open),
    close: h('button', { type: 'button', className: 'plain' }, t.close),
    link: h('a', { className: 'room__link', target: '_blank' }),
    local: h('p', { className: 'quiet room__local' }, t.local),
    voters: h('p', { className: 'room__voters', role: 'status' }),
    counts: h('ol', { className: 'room__counts' }),
    live: h('input', { type: 'checkbox' }),
    problem: h('p', { className: 'room__problem', role: 'alert' }),
  };
  parts.inside = h('div', { className: 'room__inside' },
    h('p', {}, t.link), parts.link, parts.local,
    h('label', { className: 'check' }, parts.live, h('span', {}, t.live)),
    parts.voters, parts.counts, parts.close);
  el.append(h('details', { className: 'room' }, h('summary', {}, t.title),
    h('p', { className: 'quiet' }, t.text), parts.open, parts.inside, parts.problem));
  return parts;
}

function show(parts, { room, seen, closed }) {
  parts.open.hidden = room !== null;
  parts.inside.hidden = room === null;
  if (!room) return;
  const link = roomLink(room.id);
  setText(parts.link, link);
  parts.link.href = link;
  parts.local.hidden = !LOCAL.test(window.location.hostname);
  setText(parts.voters, seen?.question ? t.voters(seen.voters) : '');
  const shown = seen?.counts && (closed || parts.live.checked) ? countsOf(seen) : [];
  keyed(parts.counts, shown, {
    make: () => h('li', { className: 'tally' }, h('span', { className: 'tally__text' }),
      h('meter', { className: 'tally__bar', min: 0 }), h('span', { className: 'tally__count' })),
    update: updateTally,
  });
}

function countsOf({ counts, voters, question: { choices, answer } }) {
  return choices.map((text, id) => ({ id, text, count: counts[id], voters, right: answer === id }));
}

function updateTally(node, { text, count, voters, right }) {
  const [words, bar, number] = node.children;
  node.className = `tally${right ? ' is-true' : ''}`;
  setText(words, right ? `✓ ${text}` : text);
  bar.max = Math.max(1, voters);
  bar.value = count;
  bar.setAttribute('aria-label', text);
  setText(number, t.count(count, voters));
}
