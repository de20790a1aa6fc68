/* opener.js - opens runs out of files: by a button, or by dropping one on the
 * page; and tells the whole page when there is no program. */
import { h, setText } from './dom.js';
import { WISH, wish } from './events.js';
import { isAlone } from './links.js';
import { texts } from './texts.js';

/** Bring every button of class "open-file" in body to life, and body as a place
 * to drop files on; returns {update(state)}.
 * @returns {Lab.Component} */
export function mount(body) {
  const input = h('input', { type: 'file', accept: '.json,.ndjson,.jsonl', hidden: true });
  const veil = h('div', { className: 'drop', ariaHidden: 'true', hidden: true },
    h('p', {}, texts.file.drop));
  body.append(input, veil);
  const open = (file) => file && wish(body, WISH.OPEN_FILE, { file });
  input.addEventListener('change', () => {
    open(input.files[0]);
    input.value = ''; // the same file may be opened again
  });
  for (const button of body.querySelectorAll('.open-file')) {
    button.addEventListener('click', () => input.click());
  }
  dropping(body, veil, open);
  return {
    update(state) {
      if (body.classList.toggle('is-alone', isAlone(state))) invite(body);
    },
  };
}

/* What an empty picture asks for, where nothing can be started. */
function invite(body) {
  setText(body.querySelector('.invite__title'), texts.file.alone.inviteTitle);
  setText(body.querySelector('.invite__text'), texts.file.alone.invite);
}

function dropping(body, veil, open) {
  const hasFile = (event) => event.dataTransfer?.types.includes('Files');
  body.addEventListener('dragover', (event) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    veil.hidden = false;
  });
  body.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) veil.hidden = true;
  });
  body.addEventListener('drop', (event) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    veil.hidden = true;
    open(event.dataTransfer.files[0]);
  });
}
