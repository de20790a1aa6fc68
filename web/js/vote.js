/* vote.js - what a phone shows: one question, big choices, nothing else.
 *
 * The voter is a number this browser makes up and keeps until it is closed. */
import { h, keyed, setText } from './dom.js';
import { lookIn, voteIn } from './room.js';
import { formatView } from './route.js';
import { texts } from './texts.js';

const t = texts.vote;
const LOOK_MS = 1000;
const KEY = 'handshake-voter';

/** Bring the view in el to life; returns {update(state, [room])}.
 * @returns {Lab.Component} */
export function mount(el) {
  const parts = build(el);
  const self = { id: null, room: null, mine: null, shown: false };
  const voter = voterNumber();
  const look = async (id) => {
    if (self.id !== id || !self.shown) return;
    try {
      take(self, await lookIn({ id }));
      show(parts, self);
    } catch (error) {
      setText(parts.note, /no room/.test(error.message) ? t.gone : t.lost);
    }
    setTimeout(look, LOOK_MS, id);
  };
  parts.choices.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (button && self.room?.question.open) cast(parts, self, Number(button.dataset.key), voter);
  });
  parts.enter.addEventListener('submit', (event) => {
    event.preventDefault();
    window.location.hash = formatView('vote', parts.name.value.trim().toLowerCase());
  });
  return {
    update(_, [id = null]) {
      const visible = !el.hidden;
      const begins = id !== self.id || (visible && !self.shown);
      if (id !== self.id) Object.assign(self, { id, room: null, mine: null });
      self.shown = visible;
      show(parts, self);
      if (begins && id && visible) look(id);
    },
  };
}

async function cast(parts, self, choice, voter) {
  const vote = { n: self.room.question.n, choice, voter };
  try {
    take(self, await voteIn(self.id, vote));
    self.mine = vote;
  } catch (error) {
    setText(parts.note, error.message);
    return;
  }
  show(parts, self);
}

function build(el) {
  const parts = {
    title: h('h1', { className: 'vote__title' }),
    text: h('p', { className: 'vote__text', role: 'status' }),
    choices: h('div', { className: 'vote__choices' }),
    note: h('p', { className: 'vote__note', role: 'status' }),
    name: h('input', {
      type: 'text', maxLength: 8, autocapitalize: 'none', autocomplete: 'off', 'aria-label': t.ask,
    }),
  };
  const enter = h('form', { className: 'vote__enter' }, h('label', {}, t.ask), parts.name,
    h('button', { type: 'submit', className: 'start' }, t.enter));
  el.classList.add('vote');
  el.append(parts.title, enter, parts.text, parts.choices, parts.note);
  return { enter, ...parts };
}

/* A vote of an earlier question is none of this one. */
function take(self, room) {
  if (self.mine && self.mine.n !== room.question?.n) self.mine = null;
  self.room = room;
}

function show({ title, enter, text, choices, note }, { id, room, mine }) {
  enter.hidden = id !== null;
  setText(title, id === null ? '' : t.title(id));
  setText(text, room?.question?.text ?? '');
  keyed(choices, choicesOf(room, mine), {
    make: () => h('button', { type: 'button', className: 'vote__choice' }),
    update: updateChoice,
  });
  if (room || id === null) setText(note, id === null ? '' : noteOf(room, mine));
}

function choicesOf(room, mine) {
  if (!room?.question) return [];
  const { choices, open, answer } = room.question;
  const all = (room.counts ?? []).reduce((sum, count) => sum + count, 0);
  return choices.map((text, id) => ({
    id, text, open, mine: mine?.choice === id, right: !open && answer === id,
    count: room.counts && all > 0 ? texts.room.count(room.counts[id], all) : '',
  }));
}

function updateChoice(node, { text, open, mine, right, count }) {
  node.disabled = !open;
  node.className = `vote__choice${mine ? ' is-mine' : ''}${right ? ' is-true' : ''}`;
  node.setAttribute('aria-pressed', String(mine));
  node.replaceChildren(h('span', {}, `${right ? '✓ ' : ''}${text}`),
    h('span', { className: 'vote__count' }, count));
}

function noteOf({ question }, mine) {
  if (!question) return t.wait;
  if (question.open) return mine ? t.sent : '';
  if (question.answer === null || !mine) return t.closed;
  return mine.choice === question.answer ? t.right : t.wrong;
}

/* Kept while the tab lives, so that a reload does not vote twice. */
function voterNumber() {
  const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(12)),
    (byte) => byte.toString(16).padStart(2, '0')).join('');
  try {
    const kept = sessionStorage.getItem(KEY) ?? fresh();
    sessionStorage.setItem(KEY, kept);
    return kept;
  } catch {
    return fresh();
  }
}
