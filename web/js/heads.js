/* heads.js - what stands above the columns: names, addresses, and what the columns
 * hold. Pure. */
import { textWidth } from './columns.js';
import { endpointText } from './format.js';
import { texts } from './texts.js';

export const HEAD_LINES = 4.2; // names, addresses and captions

/** Both hosts' names and addresses. */
export function headsOf(model, columns) {
  return ['client', 'server'].map((host) => head(model, host, columns));
}

/* Above the lifeline, or above the outer edge of the states. */
function head(model, host, columns) {
  const side = columns[host];
  const address = endpointText(model.begin?.hosts?.[host]);
  const [band] = side.connections;
  const x = columns.compact ? side.edge : band.x + (side.dir < 0 ? band.width : 0);
  return { id: host, host, x, anchor: side.anchor, name: texts.host[host], address };
}

/** What the columns hold, where there is room to say it. */
export function captionsOf(columns) {
  const { compact, wire, line, font } = columns;
  const list = [{ x: wire.middle, anchor: 'middle', text: texts.captions.wire }];
  for (const host of compact ? [] : ['client', 'server']) {
    const { connections, queue, text, anchor, upright } = columns[host];
    const middle = (row) => (row[0].x + row.at(-1).x + row[0].width) / 2;
    list.push({ x: text, anchor, text: texts.captions.calls });
    const states = texts.captions.states;
    const room = Math.abs(connections.at(-1).x - connections[0].x) + connections[0].width;
    if (!upright || room > textWidth(states, font * 0.8)) {
      list.push({ x: middle(connections), anchor: 'middle', text: states });
    }
    if (queue.length > 0) {
      list.push({ x: middle(queue), anchor: 'middle', text: texts.captions.queue });
    }
  }
  return list.map((caption) => ({ ...caption, y: line * 3.55 }));
}
