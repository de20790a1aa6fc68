/* editor.js - the view in which scenarios are written: JSON, checked by the
 * program as it is written, every fault at its place. The address may name a
 * built-in one to begin with, "#edit/open", or hold a whole one (sharing.js). */
import { ask, getScenario } from './api.js';
import { h, keyed, setText } from './dom.js';
import { WISH, wish } from './events.js';
import { lineAt, placedFaults } from './jsonplaces.js';
import { referenceOf } from './reference.js';
import { formatView } from './route.js';
import { isPacked, packed, unpacked } from './sharing.js';
import { texts } from './texts.js';

const t = texts.editor;
const CHECK_MS = 250;
const MOST_BYTES = 60 * 1024; // of what the program takes
const KEY = 'handshake-scenario';
const BLANK = {
  id: 'mine', title: 'My scenario',
  summary: 'What happens, in one line.',
  server: [{ call: 'listen' }, { call: 'accept' }, { call: 'recv' }, { call: 'close' }],
  client: [{ call: 'connect' }, { call: 'send', text: 'hello' }, { call: 'close' }],
  wire: ['client SYN nth 1 drop'],
  expect: { client: { connect: 'ok' } },
};
const written = (document) => `${JSON.stringify(document, null, 2)}\n`;

/** Bring the view in el to life; returns {update(state, [what])}.
 * @returns {Lab.Component} */
export function mount(el, lab) {
  const parts = build(el);
  const check = checker(parts);
  const fill = (text) => {
    parts.area.value = text;
    check();
  };
  listen(parts, lab, check, fill);
  let shown = null;
  const begin = async (what, scenarios) => {
    const text = await textOf(what, scenarios, lab);
    if (shown !== what) return; // another was asked for meanwhile
    fill(text ?? '');
    if (text === null) setText(parts.standing, t.damaged);
  };
  referenceOf().then((made) => made && parts.reference.append(...made), () => {});
  return {
    update({ scenarios }, [what = '']) {
      const items = scenarios.map(({ id, title }) => ({ id, title }));
      keyed(parts.from, [{ id: '', title: t.blank }, ...items], {
        make: ({ id }) => h('option', { value: id }),
        update: (node, { title }) => setText(node, title),
      });
      if (shown === what || (what && !isPacked(what) && scenarios.length === 0)) return;
      shown = what;
      begin(what, scenarios);
    },
  };
}

/* What an address is about: a scenario packed in it, one of the catalogue, else what
 * was written last; null where it is damaged. */
async function textOf(what, scenarios, lab) {
  if (isPacked(what)) return unpacked(what);
  const isKnown = scenarios.some(({ id }) => id === what);
  const found = isKnown ? await lab.tried(getScenario(what)) : null;
  return found ? written(found) : (recall() ?? written(BLANK));
}

function build(el) {
  const button = (name, className) => h('button', { type: 'button', className }, t[name]);
  const parts = {
    from: h('select', { 'aria-label': t.from }),
    file: h('input', {
      'type': 'file', 'accept': '.json,application/json', 'className': 'visually-hidden',
      'tabIndex': -1, 'aria-label': t.open,
    }),
    open: button('open', 'plain'), save: button('save', 'plain'), link: button('link', 'plain'),
    run: button('run', 'start'),
    lines: h('pre', { 'className': 'editor__lines', 'aria-hidden': 'true' }),
    area: h('textarea', {
      'className': 'editor__text', 'spellcheck': false, 'autocomplete': 'off', 'wrap': 'off',
      'aria-label': t.document, 'aria-describedby': 'editor-standing',
    }),
    standing: h('p', { className: 'editor__standing', role: 'status', id: 'editor-standing' }),
    faults: h('ol', { className: 'editor__faults' }),
    reference: h('aside', { 'className': 'panel editor__reference', 'aria-label': t.reference },
      h('h2', {}, t.reference)),
  };
  el.classList.add('editor');
  el.append(h('h1', {}, t.title), h('p', { className: 'editor__intro' }, t.intro),
    h('div', { className: 'editor__bar' }, h('label', {}, h('span', {}, t.from), parts.from),
      parts.open, parts.file, parts.save, parts.link, parts.run),
    h('div', { className: 'editor__both' },
      h('div', { className: 'panel editor__box' },
        h('div', { className: 'editor__page' }, parts.lines, parts.area),
        parts.standing, parts.faults),
      parts.reference));
  return parts;
}

function listen(parts, lab, check, fill) {
  const { area, from, file, open, save, link, run, lines, faults } = parts;
  area.addEventListener('input', check);
  area.addEventListener('scroll', () => { lines.scrollTop = area.scrollTop; });
  from.addEventListener('change', () => {
    const found = lab.store.state().scenarios.find(({ id }) => id === from.value);
    fill(written(found ?? BLANK));
  });
  open.addEventListener('click', () => file.click());
  file.addEventListener('change', async () => {
    const [chosen] = file.files;
    if (chosen) fill(chosen.size > MOST_BYTES ? t.tooLong : await chosen.text());
    file.value = '';
  });
  save.addEventListener('click', () => download(area.value));
  link.addEventListener('click', async () => {
    const hash = formatView('edit', await packed(area.value));
    window.history.replaceState(null, '', hash);
    await navigator.clipboard?.writeText(window.location.href).catch(() => {});
    setText(parts.standing, t.copied);
  });
  run.addEventListener('click', () =>
    wish(run, WISH.RUN_SCENARIO, { document: parsed(area.value) }));
  faults.addEventListener('click', (event) => {
    const { start, end } = event.target.closest('button')?.dataset ?? {};
    if (start === undefined) return;
    area.focus();
    area.setSelectionRange(Number(start), Number(end));
    const { line } = lineAt(area.value, Number(start));
    area.scrollTop = (line - 4) * (area.scrollHeight / area.value.split('\n').length);
  });
}

/* The document, or null while it is no JSON. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function download(text) {
  const name = /^[\w-]+$/.exec(parsed(text)?.id ?? '')?.[0] ?? 'scenario';
  const href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  h('a', { href, download: `${name}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}

/* Asks the program a moment after the last key; the newest text wins. */
function checker(parts) {
  let timer = 0;
  let asked = 0;
  const ready = (faults) => {
    parts.run.disabled = faults === null || faults.length > 0;
    show(parts, faults ?? []);
  };
  const run = async () => {
    const mine = (asked += 1);
    const text = parts.area.value;
    keep(text);
    try {
      const faults = placedFaults(text, (await checkText(text)).faults);
      if (mine !== asked) return;
      setText(parts.standing, faults.length === 0 ? `✓ ${t.fine}` : t.faults(faults.length));
      ready(faults);
    } catch {
      if (mine !== asked) return;
      setText(parts.standing, t.unchecked);
      ready(null);
    }
  };
  return () => {
    clearTimeout(timer);
    timer = window.setTimeout(run, CHECK_MS);
    parts.run.disabled = true;
    setText(parts.lines, parts.area.value.split('\n').map((_, i) => i + 1).join('\n'));
  };
}

/* As it stands: a text that is no JSON is to be told so by the program. */
const checkText = (text) => ask('/api/scenarios/check', {
  method: 'POST', headers: { 'Content-Type': 'application/json' }, body: text,
});

function show(parts, faults) {
  const at = new Set(faults.map(({ line }) => line));
  const numbers = parts.area.value.split('\n').map((_, i) => i + 1);
  parts.lines.replaceChildren(...numbers.map((n) =>
    h(at.has(n) ? 'mark' : 'span', {}, `${at.has(n) ? '▸' : ''}${n}\n`)));
  keyed(parts.faults, faults.map((fault, id) => ({ ...fault, id })), {
    make: () => h('li', {}),
    update: (node, { text, start, end, line }) => node.replaceChildren(
      h('button', { 'type': 'button', 'className': 'plain', 'data-start': start, 'data-end': end },
        t.goTo(line)), ` ${text}`),
  });
}

/* What was written last survives a reload. */
function keep(text) {
  try {
    sessionStorage.setItem(KEY, text);
  } catch {
    // nothing to keep it in
  }
}

function recall() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}
