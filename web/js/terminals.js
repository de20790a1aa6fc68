/* terminals.js - what the two hosts printed, line by line. */
import { h, keyed, setText, whenChanged } from './dom.js';
import { texts } from './texts.js';

/** Bring the terminals in el to life; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(el) {
  const screens = ['client', 'server'].map((host) => {
    const box = el.querySelector(`.terminal.is-${host}`);
    const part = (name) => box.querySelector(`.terminal__${name}`);
    return { host, lines: part('lines'), empty: part('empty') };
  });
  return {
    update: whenChanged(({ run, model }) => [run === null, model.messages], ({ run, model }) => {
      el.hidden = run === null;
      for (const screen of screens) show(screen, model.messages);
    }),
  };
}

function show({ host, lines, empty }, messages) {
  const own = messages.filter((message) => message.host === host);
  empty.hidden = own.length > 0;
  setText(empty, texts.terminal.empty[host]);
  const before = lines.childElementCount;
  keyed(lines, own.map(({ id, text }) => ({ id, text })), {
    make: () => h('div', { className: 'terminal__line' }),
    update: (node, { text }) => setText(node, text),
  });
  const screen = lines.parentElement;
  if (lines.childElementCount > before) screen.scrollTop = screen.scrollHeight;
}
