/* tapeshape.js - the tape of a host's sequence numbers: where everything stands.
 * Pure.
 *
 * The numbers are cut into cells wherever a segment begins or ends or an
 * acknowledgement points; cells stand side by side in the order of their
 * numbers. One number (SYN, FIN) has a width of its own, data as much as the
 * logarithm of its length asks for, and what was never sent is a short gap: so
 * one byte and a megabyte stand on one tape. Segments lie over their cells, the
 * first sending in the first row, what is sent again in rows below. Many
 * segments of data in a row are folded where there is no room for each, and so
 * are many sendings of the same numbers. */
import { textWidth } from './columns.js';
import { numberAt } from './sequence.js';
import { texts } from './texts.js';

/* pad: free at both ends, for what is written at the first and last number; one:
 * width of a number that stands alone, and of data at least. Numbers in full
 * have ten digits. */
const RELATIVE_EM = { pad: 2, one: 5.6 };
const ABSOLUTE_EM = { pad: 3.2, one: 6.9 };
const DECADE_EM = 8; // more for each ten times as many bytes, where there is room
const GAP_EM = 2.4;
const LEAST_FOLDED = 3; // segments
const LABEL_GAP = 8; // px between two numbers

/** Shape of a Side in so many px. view: {width, font, relative, looked (number
 * of the segment looked at), open (keys of unfolded folds)}. Returns {width,
 * height, y: {numbers, blocks, line, acks}, rowHeight, cells, blocks, ticks, acks,
 * line, caret, band}. */
export function shapeTape(side, view) {
  const laid = layRows(foldBlocks(side, view));
  const cells = placeCells(laid, side, view);
  const find = finder(cells);
  const { font } = view;
  const rowHeight = Math.round(font * 1.9);
  const rows = Math.max(0, ...laid.map(({ row }) => row)) + (laid.length > 0 ? 1 : 0);
  const y = { numbers: font * 0.7, blocks: font * 1.9 };
  y.line = y.blocks + rows * rowHeight + 3;
  y.acks = y.line + font * 0.5;
  const acks = side.acks.filter(({ n, at }) => n === view.looked || !inFold(laid, at));
  const ackMarks = placeAcks(acks, find, view);
  const width = endOf(cells) + emsOf(view).pad * font;
  return {
    width,
    height: y.acks + (ackMarks.length > 0 ? font * 1.9 : font * 0.4),
    y, rowHeight, cells,
    blocks: laid.map((block) => placeBlock(block, find, { y, rowHeight, font })),
    ticks: placeTicks(laid, side, find, { ...view, room: width }),
    acks: ackMarks,
    line: lineOf(side, find, cells),
    caret: caretOf(side, find, view),
    band: bandOf(side, find, view),
  };
}

const emsOf = ({ relative }) => (relative ? RELATIVE_EM : ABSOLUTE_EM);

/* --- folding ------------------------------------------------------------- */

/* What is drawn: blocks, and folds of several. */
function foldBlocks(side, view) {
  const { width, font, open = [] } = view;
  const isOpen = (key) => open.includes(key);
  const again = foldAgain(side, isOpen);
  if (again.length * emsOf(view).one * font <= width) return again;
  return runsOf(again).flatMap((run) => {
    const key = `${side.host} ${run[0].from}`;
    const inner = run.slice(1, -1);
    if (inner.length < LEAST_FOLDED || isOpen(key)) return run;
    return [run[0], foldOf(key, inner), run.at(-1)];
  });
}

/* The same numbers sent many times: the first two, and the rest as one. */
function foldAgain({ host, blocks }, isOpen) {
  const same = new Map();
  for (const block of blocks) {
    const key = `${host} ${block.from} ${block.to}`;
    same.set(key, [...(same.get(key) ?? []), block]);
  }
  const rest = new Map();
  for (const [key, list] of same) {
    const many = list.length > LEAST_FOLDED + 1 && !isOpen(key);
    if (many) rest.set(list[2], foldOf(key, list.slice(2)));
  }
  const away = new Set([...rest.values()].flatMap(({ ns }) => ns));
  return blocks.flatMap((block) => {
    if (rest.has(block)) return [rest.get(block)];
    return away.has(block.n) ? [] : [block];
  });
}

/* Runs of plain data, one segment after the other, that nothing else touches. */
function runsOf(blocks) {
  const touched = touchedBy(blocks);
  const runs = [];
  for (const block of blocks) {
    const before = runs.at(-1)?.at(-1);
    const follows = before && before.to === block.from && isPlain(before) && isPlain(block)
      && !touched.has(before) && !touched.has(block);
    if (follows) runs.at(-1).push(block);
    else runs.push([block]);
  }
  return runs;
}

const isPlain = ({ ns, pieces, repeats, forged, fate }) =>
  !ns && pieces.length === 1 && pieces[0].kind === 'data' && !repeats && !forged
  && fate === 'arrived';

/* Blocks that share a number with another. */
function touchedBy(blocks) {
  const touched = new Set();
  const sorted = [...blocks].sort((a, b) => a.from - b.from);
  let widest = null; // of those before, the one that reaches furthest
  for (const block of sorted) {
    if (widest && block.from < widest.to) touched.add(block).add(widest);
    if (!widest || block.to > widest.to) widest = block;
  }
  return touched;
}

function foldOf(key, blocks) {
  const { from } = blocks[0];
  const { to, pieces } = blocks.at(-1);
  const follow = blocks[0].to <= blocks.at(-1).from;
  return {
    key, from, to, follow, n: null, id: null, ns: blocks.map(({ n }) => n),
    fate: blocks.some(({ fate }) => fate === 'arrived') ? 'arrived' : blocks.at(-1).fate,
    forged: blocks.some(({ forged }) => forged), repeats: follow ? null : blocks[0].repeats,
    pieces: follow ? [{ kind: 'data', from, to }] : pieces,
  };
}

/* --- rows ---------------------------------------------------------------- */

/* The first row in which all of a block's numbers are free. */
function layRows(blocks) {
  const rows = [];
  return blocks.map((block) => {
    const found = rows.findIndex((taken) =>
      taken.every(({ from, to }) => block.to <= from || to <= block.from));
    const row = found < 0 ? rows.length : found;
    (rows[row] ??= []).push(block);
    return { ...block, row };
  });
}

/* --- cells --------------------------------------------------------------- */

function placeCells(blocks, side, view) {
  const { width, font } = view;
  const { pad, one } = emsOf(view);
  const ends = blocks.flatMap(({ pieces }) => pieces.flatMap(({ from, to }) => [from, to]));
  const acked = side.acks.map(({ at }) => at).filter((at) => !inFold(blocks, at));
  const points = new Set([...ends, ...acked]);
  const sorted = [...points].sort((a, b) => a - b);
  const kinds = kindsOf(blocks);
  const cells = sorted.slice(1).map((to, i) => {
    const from = sorted[i];
    const kind = kinds(from, to);
    return { from, to, kind, x: 0, width: (kind === 'gap' ? GAP_EM : one) * font };
  });
  stretch(cells, width - 2 * pad * font, font);
  let x = pad * font;
  for (const cell of cells) {
    cell.x = x;
    x += cell.width;
  }
  if (cells.length === 0 && sorted.length === 1) {
    cells.push({ from: sorted[0], to: sorted[0], kind: 'gap', width: GAP_EM * font, x });
  }
  return cells;
}

const inFold = (blocks, at) =>
  blocks.some(({ follow, from, to }) => follow && from < at && at < to);

/* What a cell is: what the first sending of its numbers made of them. */
function kindsOf(blocks) {
  const pieces = blocks.flatMap((block) => block.pieces).sort((a, b) => a.from - b.from);
  return (from, to) => pieces.find((piece) => piece.from <= from && to <= piece.to)?.kind ?? 'gap';
}

/* Data takes what room is left, the more the longer it is, within reason. */
function stretch(cells, room, font) {
  const more = ({ kind, from, to }) =>
    (kind === 'data' ? DECADE_EM * font * (1 + Math.log10(to - from)) : 0);
  const free = room - cells.reduce((sum, cell) => sum + cell.width, 0);
  const wanted = cells.reduce((sum, cell) => sum + more(cell), 0);
  if (free <= 0 || wanted === 0) return;
  const part = Math.min(1, free / wanted);
  for (const cell of cells) cell.width += part * more(cell);
}

const endOf = (cells) => (cells.length > 0 ? cells.at(-1).x + cells.at(-1).width : 0);

/* x of a number: on the border of two cells, or within one. */
function finder(cells) {
  return (at) => {
    if (cells.length === 0) return 0;
    const cell = cells.find(({ from, to }) => from <= at && at < to);
    if (!cell) return at < cells[0].from ? cells[0].x : endOf(cells);
    return cell.x + ((at - cell.from) / (cell.to - cell.from)) * cell.width;
  };
}

/* --- what stands on it --------------------------------------------------- */

function placeBlock(block, find, { y, rowHeight, font }) {
  const x = find(block.from);
  const width = find(block.to) - x;
  const parts = block.pieces.map(({ kind, from, to }) => {
    const left = find(from);
    const room = find(to) - left;
    const label = labelOf(block, { kind, count: to - from, room: room - font * 0.6, font });
    return { kind, x: left, width: room, label };
  });
  return {
    ...block, x, width, parts, y: y.blocks + block.row * rowHeight, height: rowHeight - 3,
  };
}

/* The fullest wording that fits; '' where none does. */
function labelOf({ n, ns, follow, fate }, { kind, count, room, font }) {
  const mark = texts.tape.marks[fate] ?? '';
  const wordings = ns ? texts.tape.folded({ segments: ns.length, count, follow, mark })
    : texts.tape.block({ n, kind, count, mark });
  return wordings.find((text) => textWidth(text, font) <= room) ?? '';
}

/* A mark at every border; its number where there is room, the most telling
 * first. */
function placeTicks(blocks, side, find, { font, relative, looked, room }) {
  const own = blocks.find(({ n, ns }) => looked !== null && (n === looked || ns?.includes(looked)));
  const ends = blocks.flatMap(({ from, to }) => [from, to]);
  const first = Math.min(...ends);
  const telling = [own?.from, own?.to, first, side.next, side.acked, ...ends];
  const order = [...new Set(telling.filter((at) => ends.includes(at)))];
  const placed = [];
  const ticks = order.map((at) => {
    const text = String(numberAt(at, side, relative));
    const width = textWidth(text, font);
    const x = find(at);
    const left = Math.max(0, Math.min(x - width / 2, room - width));
    const apart = (other) =>
      left + width + LABEL_GAP <= other.left || other.right + LABEL_GAP <= left;
    const free = width <= room && placed.every(apart);
    if (free) placed.push({ left, right: left + width });
    return { at, x, text: free ? text : '', left: free ? left : x, width: free ? width : 0 };
  });
  return ticks.sort((a, b) => a.at - b.at);
}

/* One mark for each number that was acknowledged, with the segments that did. */
function placeAcks(acks, find, { font, looked }) {
  const byNumber = new Map();
  for (const ack of acks) byNumber.set(ack.at, [...(byNumber.get(ack.at) ?? []), ack]);
  const marks = [...byNumber].map(([at, list]) => {
    const shown = list.find(({ n }) => n === looked) ?? list[0];
    return { at, x: find(at), list, n: shown.n, id: shown.id, came: list.some(({ came }) => came) };
  }).sort((a, b) => a.x - b.x);
  let right = 0;
  return marks.map((mark) => {
    const wordings = texts.tape.ack(mark.n, mark.list.length - 1);
    const text = wordings.find((words) => mark.x - textWidth(words, font) / 2 >= right) ?? '';
    const width = textWidth(text, font);
    if (text) right = mark.x + width / 2 + LABEL_GAP;
    return { ...mark, text, width };
  });
}

/* How far everything has been acknowledged, and how far was sent. */
function lineOf({ acked, next }, find, cells) {
  if (next === null) return null;
  const start = cells[0].x;
  return { start, acked: acked === null ? start : find(acked), sent: find(next) };
}

/* Where a segment that takes no number stands. */
function caretOf({ bare }, find, { looked }) {
  const own = bare.find(({ n }) => n === looked);
  return own ? { n: own.n, x: find(own.at) } : null;
}

/* The numbers that the segment looked at is the first to acknowledge. */
function bandOf({ acks }, find, { looked }) {
  const own = acks.find(({ n }) => n === looked);
  return own && own.back < own.at ? { from: find(own.back), to: find(own.at) } : null;
}
