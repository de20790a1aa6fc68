/* join.js - how phones get into a room: its link as a QR code and as text, beside
 * the questions and, for the whole class to see, all over the screen. */
import { h, keyed, setText } from './dom.js';
import { codeOf } from './room.js';
import { linkAt, openCommand, phoneAddresses } from './roomaddress.js';
import { texts } from './texts.js';

const t = texts.room;

/** Returns {el, update({id, voters, state}), invite(large)}; large: shown all over
 * the screen as soon as there is a code. */
export function createJoin() {
  const parts = build();
  const self = { shown: null, address: null, large: false };
  parts.address.addEventListener('change', () => {
    self.address = parts.address.value;
    if (self.shown) show(parts, self);
  });
  parts.enlarge.addEventListener('click', () => parts.poster.showModal());
  parts.done.addEventListener('click', () => parts.poster.close());
  // Keys of the lab are none of the poster's: Escape closes it and nothing else.
  parts.poster.addEventListener('keydown', (event) => event.stopPropagation());
  return {
    el: parts.el,
    update(shown) {
      self.shown = shown;
      show(parts, self);
    },
    invite(large) {
      parts.el.closest('details').open = true;
      if (large && !parts.enlarge.hidden) parts.poster.showModal();
    },
  };
}

function build() {
  const image = (className) => h('img', { className, width: 300, height: 300 });
  const parts = {
    small: image('join__code'),
    large: image('poster__code'),
    link: h('a', { className: 'room__link', target: '_blank' }),
    address: h('select', {}),
    scan: h('p', {}, t.link),
    why: h('p', { className: 'room__why' }),
    command: h('code', { className: 'room__command' }),
    then: h('p', {}, t.then),
    posterLink: h('p', { className: 'poster__link' }),
    voters: h('p', { className: 'poster__voters' }),
    done: h('button', { type: 'button', className: 'start', autofocus: true }, t.done),
  };
  parts.enlarge = h('button', { type: 'button', className: 'join__enlarge', title: t.enlarge },
    parts.small, h('span', { className: 'visually-hidden' }, t.enlarge));
  parts.choice = h('label', { className: 'room__addresses' }, h('span', {}, t.address),
    parts.address);
  const title = h('h2', { id: 'poster-title' }, t.invite);
  parts.poster = h('dialog', { 'className': 'poster', 'aria-labelledby': title.id }, parts.large,
    h('div', { className: 'poster__side' }, title, parts.posterLink, parts.voters, parts.done));
  parts.el = h('div', { className: 'join' }, parts.enlarge, parts.scan, parts.link,
    parts.choice, parts.why, parts.command, parts.then, parts.poster);
  return parts;
}

function show(parts, self) {
  const { id, voters, state } = self.shown;
  const { list, why } = phoneAddresses(window.location, state?.caps ?? null);
  const address = list.includes(self.address) ? self.address : list[0];
  const link = linkAt(address ?? window.location.origin, id);
  setText(parts.link, link);
  parts.link.href = link;
  setText(parts.posterLink, link);
  setText(parts.voters, voters === null ? '' : t.voters(voters));
  parts.enlarge.hidden = address === undefined;
  parts.scan.hidden = address === undefined;
  if (address !== undefined) showCode(parts, codeOf(id, address), t.code(link));
  showObstacle(parts, why);
  parts.choice.hidden = list.length < 2;
  keyed(parts.address, list.map((each) => ({ id: each })), {
    make: () => h('option', {}), update: (node, each) => setText(node, each.id),
  });
  if (address !== undefined) parts.address.value = address;
}

function showCode({ small, large }, src, alt) {
  for (const image of [small, large]) {
    if (image.getAttribute('src') !== src) image.setAttribute('src', src);
    image.alt = alt;
  }
}

function showObstacle({ why, command, then }, obstacle) {
  setText(why, obstacle ? t.why[obstacle] : '');
  why.hidden = obstacle === null;
  command.hidden = obstacle !== 'loopback';
  then.hidden = obstacle !== 'loopback';
  setText(command, openCommand(window.location));
}
