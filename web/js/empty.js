/* empty.js - the diagram before the first run: its frame, with the names of what
 * will stand where. It shows no arrow and no number: there is none yet. */
import { placeColumns } from './columns.js';
import { whenChanged } from './dom.js';
import { drawCaptions, drawHeads } from './draw.js';
import { captionsOf, HEAD_LINES, headsOf } from './heads.js';
import { assignLanes } from './lanes.js';
import { widthOf } from './measure.js';
import { emptyModel } from './model.js';
import { s, setAttributes } from './svg.js';
import { texts } from './texts.js';

const LINES = 26; // high

/** Keep the empty picture in the diagram el while there is no run; returns
 * {update(state)}.
 * @returns {Lab.Component} */
export function mount(el) {
  const frame = el.querySelector('.diagram__frame');
  const sheet = el.querySelector('.diagram__sheet');
  const invite = el.querySelector('.invite');
  const root = s('svg', { 'class': 'empty', 'role': 'img' }, s('g'), s('g'), s('g'));
  let isEmpty = true;
  const draw = () => {
    if (!isEmpty || width() === 0) return;
    if (!root.isConnected) sheet.prepend(root); // diagram.js takes it out, when it shows a run
    const columns = placeColumns(width(), assignLanes([]).lanes);
    drawEmpty(root, columns);
    Object.assign(sheet.style, {
      width: `${columns.width}px`, height: `${root.getAttribute('height')}px`,
      marginBlockStart: '0',
    });
    placeInvite(invite, columns);
  };
  const width = widthOf(frame, draw);
  return {
    update: whenChanged(({ run }) => [run === null], ({ run }) => {
      isEmpty = run === null;
      if (isEmpty) el.classList.add('is-empty');
      draw();
    }),
  };
}

function drawEmpty(root, columns) {
  const { width, line, wire, font } = columns;
  const height = Math.round(line * LINES);
  const [top, bottom] = [line * HEAD_LINES, height - line];
  setAttributes(root, {
    'viewBox': `0 0 ${width} ${height}`, width, height, 'font-size': font,
    'aria-label': texts.empty.title,
  });
  const [ground, heads, captions] = root.children;
  drawHeads(heads, { heads: headsOf(emptyModel, columns), columns });
  drawCaptions(captions, { captions: captionsOf(columns) });
  ground.replaceChildren(
    s('rect', { class: 'wire', x: wire.left, y: top, width: wire.width, height: bottom - top }),
    ...['client', 'server'].flatMap((host) => ghosts(columns[host], top, bottom)),
  );
}

function ghosts(side, top, bottom) {
  const height = bottom - top;
  return [
    s('rect', { class: 'ghost', ...side.connections[0], y: top, height }),
    s('rect', { class: 'ghost', ...side.bar, y: top, height }),
  ];
}

/* On the wire where that is wide enough to read in, else over all. */
function placeInvite(invite, { compact, wire }) {
  invite.style.left = compact ? '0' : `${wire.left}px`;
  invite.style.width = compact ? '100%' : `${wire.width}px`;
}
