/* machine.js - what this machine allows, in one line with a disclosure: the
 * link, why a better one is not to be had, and the commands that would give it. */
import { h, keyed, setText, whenChanged } from './dom.js';
import { WISH, wish } from './events.js';
import { ability, chosenLink, isAlone, tally } from './links.js';
import { texts } from './texts.js';

const COPIED_MS = 1600;

/** Bring the line in el to life; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(el) {
  const parts = {
    el,
    links: el.querySelector('.machine__links'),
    choices: el.querySelector('.machine__choices'),
    why: el.querySelector('.machine__why'),
    summary: el.querySelector('.machine__summary'),
    panel: el.querySelector('.machine__panel'),
  };
  parts.links.addEventListener('change', (event) =>
    wish(el, WISH.PICK_LINK, { link: event.target.value }));
  parts.panel.addEventListener('click', (event) => {
    const button = event.target.closest('.command__copy');
    if (button) copy(button);
  });
  const show = whenChanged(({ caps }) => [caps], ({ caps }) =>
    parts.panel.replaceChildren(...sections(caps)));
  return {
    update: whenChanged((state) => [state.caps, chosenLink(state)], (state) => {
      el.hidden = state.caps === null || isAlone(state);
      if (el.hidden) return;
      update(parts, state);
      show(state);
    }),
  };
}

function update({ choices, why, summary }, state) {
  const { caps } = state;
  const used = chosenLink(state);
  keyed(choices, caps.links.map((link) => ({ ...link, id: link.name })), {
    make: makeChoice, update: updateChoice,
  });
  for (const input of choices.querySelectorAll('input')) input.checked = input.value === used;
  const best = caps.links.find((link) => !link.on);
  const lacking = best && caps.links.indexOf(best) < caps.links.findIndex((l) => l.name === used);
  setText(why, lacking
    ? texts.machine.lacking(best.name, best.why)
    : texts.machine.using(used, ability(caps, used)?.why ?? ''));
  why.classList.toggle('is-warning', Boolean(lacking));
  setText(summary, texts.machine.summary(caps, tally(caps.sandbox)));
}

function makeChoice({ name }) {
  return h('label', {},
    h('input', { type: 'radio', name: 'link', value: name }),
    h('span', {}, texts.machine.links[name] ?? name));
}

function updateChoice(node, { on, why, name }) {
  const [input] = node.children;
  input.disabled = !on;
  node.title = why;
  if (!on) input.setAttribute('aria-description', texts.machine.refused(name, why));
}

function sections(caps) {
  const { links, sandbox, features, kernel, container } = caps;
  const t = texts.machine;
  return [
    h('section', { className: 'abilities is-wide' }, h('h2', {}, t.sections.access),
      h('p', { className: 'ability__why' }, t.access[accessOf(caps)])),
    section(t.sections.links, links),
    section(t.sections.sandbox, sandbox),
    section(t.sections.features(kernel, container), features),
  ];
}

function accessOf({ owned_runs: owned, private_runs: hidden }) {
  if (hidden) return 'hidden';
  return owned ? 'owned' : 'local';
}

function section(title, abilities) {
  return h('section', { className: 'abilities' }, h('h2', {}, title),
    h('ul', {}, ...abilities.map(makeAbility)));
}

function makeAbility({ name, on, why, how }) {
  const word = on ? texts.machine.on : texts.machine.off;
  return h('li', { className: `ability ${on ? 'is-on' : 'is-off'}` },
    h('b', { className: 'ability__mark', role: 'img', 'aria-label': word }, on ? '✓' : '✗'),
    h('span', { className: 'ability__name' }, name),
    h('span', { className: 'ability__why' }, why),
    ...how.map(makeCommand));
}

function makeCommand(text) {
  return h('span', { className: 'command' }, h('code', {}, text),
    h('button', { type: 'button', className: 'command__copy' }, texts.machine.copy));
}

/* Where the browser keeps the clipboard to itself, the command is selected. */
async function copy(button) {
  const code = button.previousElementSibling;
  try {
    await navigator.clipboard.writeText(code.textContent);
    setText(button, texts.machine.copied);
    setTimeout(() => setText(button, texts.machine.copy), COPIED_MS);
  } catch {
    window.getSelection().selectAllChildren(code);
  }
}
