/* empty.js - the diagram before the first run: its frame, with the names of
 * what will stand where. It shows no arrow and no number: there is none yet. */
import { drawCaptions, drawHeads } from './draw.js';
import { s, setAttributes } from './svg.js';

/** Draw the frame of an empty layout into the diagram's layers. */
export function drawEmpty(root, layers, shapes) {
  const { columns, top } = shapes;
  const { width, line, wire, font } = columns;
  const height = Math.round(line * 26);
  const bottom = height - line;
  setAttributes(root, { viewBox: `0 0 ${width} ${height}`, width, height, 'font-size': font });
  for (const layer of Object.values(layers)) layer.replaceChildren();
  drawHeads(layers.heads, shapes);
  drawCaptions(layers.captions, shapes);
  layers.ground.append(
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
