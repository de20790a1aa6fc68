/* vote.js - what a phone shows: one question, big choices, nothing else. */
import { h, keyed, setText } from './dom.js';
import { isGone, keptVote, lookIn, voteIn } from './room.js';
import { formatView } from './route.js';
import { texts } from './texts.js';

const t = texts.vote;
const LOOK_MS = 1000;
const FRESH = { room: null, gone: false, lost: false, problem: '', busy: false };

/** Bring the view in el to life; returns {update(state, [room])}.
 * @returns {Lab.Component} */
export function mount(el) {
  const parts = build(el);
  const self = { id: null, voter: null, shown: false, timer: 0, ...FRESH };
  const look = async () => {
    clearTimeout(self.timer);
    const { id } = self;
    if (id === null || !self.shown) return;
    const news = await newsOf(lookIn({ id }));
    if (id !== self.id) return; // another room meanwhile
    Object.assign(self, news);
    show(parts, self);
    if (!self.gone) self.timer = setTimeout(look, LOOK_MS);
  };
  parts.choices.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (button && !self.busy) cast(parts, self, Number(button.dataset.key));
  });
  parts.enter.addEventListener('submit', (event) => {
    event.preventDefault();
    window.location.hash = formatView('vote', parts.name.value.trim().toLowerCase());
  });
  return {
    update(_, [id = null]) {
      const begins = id !== self.id || (!el.hidden && !self.shown);
      if (id !== self.id) Object.assign(self, FRESH, { id, voter: voterIn(id) });
      self.shown = !el.hidden;
      show(parts, self);
      if (begins) look();
    },
  };
}

/* What an answer, or none, says about the room. */
const newsOf = (promise) => promise.then(
  (room) => ({ room, gone: false, lost: false, problem: '' }),
  (error) => (isGone(error) ? { room: null, gone: true } : { lost: true }),
);

/* One vote at a time: two under way could arrive in any order. */
async function cast(parts, self, choice) {
  const { id, voter: { voter }, room: { question: { n } } } = self;
  self.busy = true;
  try {
    self.room = await voteIn(id, { n, choice, voter });
    self.voter = { room: id, voter, n, choice };
    keptVote.set(self.voter);
  } catch (error) {
    Object.assign(self, isGone(error) ? { room: null, gone: true } : { problem: error.message });
  }
  self.busy = false;
  show(parts, self);
}

/* A number that this browser makes up, and what it voted last in this room. */
function voterIn(id) {
  const kept = keptVote.get();
  if (kept?.room === id) return kept;
  const voter = Array.from(crypto.getRandomValues(new Uint8Array(12)),
    (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { room: id, voter, n: null, choice: null };
}

function build(el) {
  const parts = {
    title: h('h1', { className: 'vote__title' }),
    text: h('p', { className: 'vote__text', role: 'status' }),
    choices: h('div', { className: 'vote__choices' }),
    note: h('p', { className: 'vote__note', role: 'status' }),
    name: h('input', {
      type: 'text', maxLength: 8, required: true, autocapitalize: 'none', autocomplete: 'off',
      spellcheck: false,
    }),
  };
  const enter = h('form', { className: 'vote__enter' },
    h('label', {}, h('span', {}, t.ask), parts.name),
    h('button', { type: 'submit', className: 'start' }, t.enter));
  el.classList.add('vote');
  el.append(parts.title, parts.text, parts.choices, parts.note, enter);
  return { enter, ...parts };
}

function show({ title, enter, text, choices, note }, self) {
  const { id, room, gone } = self;
  enter.hidden = id !== null && !gone;
  setText(title, id === null ? '' : t.title(id));
  setText(text, room?.question?.text ?? '');
  keyed(choices, choicesOf(self), {
    make: () => h('button', { type: 'button', className: 'vote__choice' }),
    update: updateChoice,
  });
  setText(note, noteOf(self));
}

/* A vote of an earlier question is none of this one. */
const chosenOf = ({ voter, room }) => (voter.n === room.question.n ? voter.choice : null);

function choicesOf(self) {
  if (!self.room?.question) return [];
  const { question: { choices, open, answer }, counts, voters } = self.room;
  const chosen = chosenOf(self);
  return choices.map((text, id) => ({
    id, text, open, mine: chosen === id, right: !open && answer === id,
    count: counts && voters > 0 ? { n: counts[id], of: voters } : null,
  }));
}

function updateChoice(node, { text, open, mine, right, count }) {
  node.disabled = !open;
  node.className = `vote__choice${mine ? ' is-mine' : ''}${right ? ' is-true' : ''}`;
  node.setAttribute('aria-pressed', String(mine));
  node.style.setProperty('--share', count ? `${(100 * count.n) / count.of}%` : '0%');
  node.replaceChildren(h('span', {}, `${right ? '✓ ' : ''}${text}`),
    h('span', { className: 'vote__side' },
      h('span', { className: 'vote__mine' }, mine ? t.mine : ''),
      h('span', { className: 'vote__count' }, count ? texts.room.count(count.n, count.of) : '')));
}

function noteOf(self) {
  const { id, room, gone, lost, problem } = self;
  if (id === null) return '';
  if (gone) return t.gone;
  if (lost) return t.lost;
  if (problem || room === null) return problem;
  return room.question ? noteOn(room.question, chosenOf(self)) : t.wait;
}

function noteOn({ open, answer }, chosen) {
  if (open) return chosen === null ? '' : t.sent;
  if (answer === null || chosen === null) return t.closed;
  return chosen === answer ? t.right : t.wrong;
}
