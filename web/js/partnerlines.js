/* partnerlines.js - where the lines between segments that belong together run, and
 * where their words stand. Pure.
 *
 * A line leaves the label of one arrow and comes to that of the other, in a bow
 * on the side where the later one begins; its words stand at the bow. */
import { textWidth } from './columns.js';

const SIZE = 0.92; // of the font size: the words
const NEAR = 260; // px: words of a longer line stand near the one pointed at

/** Lines for relations (relations.js) between the arrows of a layout; n is the one
 * pointed at. [{id, kind, d, dots, box: {x, y, width, height}, lines}] */
export function partnerLines({ arrows, columns, top, height }, relations, n) {
  const byNumber = new Map(arrows.map((arrow) => [arrow.n, arrow]));
  const near = byNumber.get(n);
  const wanted = relations.flatMap(({ kind, a: from, b: to, lines }) => {
    const [a, b] = [byNumber.get(from), byNumber.get(to)];
    if (!a || !b || !near) return [];
    const { d, dots, ...bow } = bowOf(a, b, kind, columns);
    const box = boxOf(lines, bow, near, columns);
    return [{ id: `${kind} ${from} ${to}`, kind, from: a.from, lines, d, dots, box }];
  });
  const placed = [];
  for (const line of wanted.sort((a, b) => a.box.y - b.box.y)) {
    const box = withinFrame(freeOf(line.box, placed), { columns, top, height });
    placed.push({ ...line, box });
  }
  return placed;
}

/* From label to label. Options bow to the other side than numbers do. */
function bowOf(a, b, kind, { font, wire }) {
  const right = (a.from === 'server') !== (kind === 'options');
  const side = right ? 1 : -1;
  const ends = [a, b].map(({ label }) => {
    const lean = Math.tan((label.angle * Math.PI) / 180);
    const out = Math.min(label.width / 2 + font * 0.6, wire.width / 2 - 2);
    return { x: label.x + side * out, y: label.y + side * out * lean };
  });
  const [p, q] = ends;
  const far = Math.max(font * 2, Math.min(font * 6, Math.abs(q.y - p.y) * 0.35));
  const x = Math.max(p.x * side, q.x * side) * side + side * far;
  const d = `M${round(p.x)} ${round(p.y)}C${round(x)} ${round(p.y)} ${round(x)} ${round(q.y)} `
    + `${round(q.x)} ${round(q.y)}`;
  const tip = 0.75 * x + 0.125 * (p.x + q.x);
  return { side, d, dots: ends, tip: { x: tip, y: (p.y + q.y) / 2 } };
}

const round = (value) => Math.round(value * 10) / 10;

function boxOf(lines, { side, tip }, near, { font }) {
  const width = Math.max(...lines.map((text) => textWidth(text, font * SIZE))) + font;
  const height = lines.length * font * 1.3 + font * 0.5;
  const far = tip.y - near.label.y;
  const y = near.label.y + Math.max(-NEAR, Math.min(NEAR, far));
  const x = side > 0 ? tip.x - font * 0.3 : tip.x + font * 0.3 - width;
  return { x, y: y - height / 2, width, height };
}

/* Below what it would cover. */
function freeOf(box, placed) {
  let { y } = box;
  for (const { box: other } of [...placed].sort((a, b) => a.box.y - b.box.y)) {
    const beside = box.x + box.width <= other.x || box.x >= other.x + other.width;
    if (!beside && y < other.y + other.height + 3 && y + box.height + 3 > other.y) {
      y = other.y + other.height + 3;
    }
  }
  return { ...box, y };
}

function withinFrame(box, { columns, top, height }) {
  const x = Math.max(2, Math.min(box.x, columns.width - box.width - 2));
  const y = Math.max(top, Math.min(box.y, height - box.height - 2));
  return { ...box, x, y };
}
