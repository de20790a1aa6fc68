/* header.js - a segment's header as the RFC draws it: fields cut into pieces
 * of rows of 32 bits, and the way from one field to the next. Pure. */

const ROW = 32;

/** Cut fields ({part, bit_offset, bit_width}) into parts in their order, each
 * {part, base, rows, pieces}; a piece is {field: index, row, rows, column, width,
 * first, last, main}: `main` marks the widest piece of its field, where the
 * value stands. Rows and columns count from 0 within the part, which begins at
 * bit `base`. */
export function cutHeader(fields) {
  const parts = [];
  fields.forEach((field, index) => {
    if (parts.at(-1)?.part !== field.part) {
      parts.push({ part: field.part, base: field.bit_offset, rows: 0, pieces: [] });
    }
    const part = parts.at(-1);
    const pieces = cutField(field.bit_offset - part.base, field.bit_width, index);
    part.pieces.push(...pieces);
    for (const piece of pieces) part.rows = Math.max(part.rows, piece.row + piece.rows);
  });
  return parts;
}

function cutField(offset, width, index) {
  const pieces = [];
  let at = offset;
  let left = width;
  while (left > 0) {
    const column = at % ROW;
    const whole = column === 0 ? Math.floor(left / ROW) : 0;
    const bits = whole > 0 ? whole * ROW : Math.min(left, ROW - column);
    pieces.push({
      field: index, row: Math.floor(at / ROW), rows: Math.max(1, whole), column,
      width: whole > 0 ? ROW : bits, first: pieces.length === 0, last: bits === left, main: false,
    });
    at += bits;
    left -= bits;
  }
  const size = (piece) => piece.width * piece.rows;
  const main = pieces.reduce((best, piece) => (size(piece) > size(best) ? piece : best), pieces[0]);
  if (main) main.main = true;
  return pieces;
}

/** First and last byte a field touches. */
export function bytesOf({ bit_offset: offset, bit_width: width }) {
  return { first: offset >> 3, last: Math.max(offset, offset + width - 1) >> 3 };
}

/** Indices of the fields that share bits with a byte. */
export function fieldsOfByte(fields, byte) {
  return fields.flatMap((field, index) => {
    const { first, last } = bytesOf(field);
    return field.bit_width > 0 && first <= byte && byte <= last ? [index] : [];
  });
}

/** The options of a segment: [{name, first, last}] with the indices of their
 * first and last field. What ends or fills the options is none. */
export function optionsOf(fields) {
  const options = [];
  fields.forEach(({ part, name, meaning }, index) => {
    if (part !== 'option') return;
    if (name === 'Option Kind') {
      options.push({ name: meaning.replace(/^kind \d+: /, ''), first: index, last: index });
    } else if (['NOP', 'End of Option List', 'Padding', 'cut', 'malformed'].includes(name)) {
      options.push({ name, first: index, last: index, alone: true });
    } else if (options.length > 0) {
      options.at(-1).last = index;
    }
  });
  return options;
}

/* All pieces one below the other, as they are drawn. */
function stacked(parts) {
  let top = 0;
  return parts.flatMap(({ pieces, rows }) => {
    const base = top;
    top += rows;
    return pieces.map((piece) => ({ ...piece, row: base + piece.row }));
  });
}

const middle = ({ column, width }) => column + (width - 1) / 2;

/* The piece of a row at a column, or the nearest to it. */
function pieceAt(pieces, row, column) {
  const inRow = pieces.filter((piece) => piece.row <= row && row < piece.row + piece.rows);
  const far = (piece) =>
    Math.max(piece.column - column, column - (piece.column + piece.width - 1), 0);
  return inRow.reduce((best, piece) => (!best || far(piece) < far(best) ? piece : best), null);
}

/** Where a key leads from a field: {field, goal}. Arrow keys go along the rows
 * and across them, Home and End to a row's ends, with Control (`far`) to the
 * first and the last field. `goal` is the column that going up and down keeps
 * to; hand it back with the next key. null when the key leads nowhere. */
export function moveField(parts, field, { key, far = false, goal = null }) {
  const pieces = stacked(parts);
  const own = pieces.filter((piece) => piece.field === field);
  if (own.length === 0) return null;
  const to = FIELD_MOVES[key]?.({ pieces, own, far, goal: goal ?? middle(own.find(isMain)) });
  if (!to || to.field === field) return null;
  const vertical = key === 'ArrowUp' || key === 'ArrowDown';
  return { field: to.field, goal: vertical ? (goal ?? middle(own.find(isMain))) : null };
}

const isMain = (piece) => piece.main;

const FIELD_MOVES = {
  ArrowLeft: ({ pieces, own }) => pieces[pieces.indexOf(own[0]) - 1],
  ArrowRight: ({ pieces, own }) => pieces[pieces.indexOf(own.at(-1)) + 1],
  ArrowUp: ({ pieces, own, goal }) => pieceAt(pieces, own[0].row - 1, goal),
  ArrowDown: ({ pieces, own, goal }) => {
    const { row, rows } = own.at(-1);
    return pieceAt(pieces, row + rows, goal);
  },
  Home: ({ pieces, own, far }) => (far ? pieces[0] : pieceAt(pieces, own[0].row, 0)),
  End: ({ pieces, own, far }) => (far ? pieces.at(-1) : pieceAt(pieces, own[0].row, ROW)),
};

/** Where a key leads from a byte, in rows as they are drawn, [[{at, x}]]; null
 * when nowhere. */
export function moveByte(rows, at, { key, far = false }) {
  const list = rows.flat();
  const index = list.findIndex((byte) => byte.at === at);
  const row = rows.findIndex((each) => each.some((byte) => byte.at === at));
  if (index < 0) return null;
  const above = (by) => nearest(rows[row + by] ?? [], list[index].x);
  const to = {
    ArrowLeft: () => list[index - 1], ArrowRight: () => list[index + 1],
    ArrowUp: () => above(-1), ArrowDown: () => above(1),
    Home: () => (far ? list[0] : rows[row][0]), End: () => (far ? list : rows[row]).at(-1),
  }[key]?.();
  return !to || to.at === at ? null : to.at;
}

function nearest(row, x) {
  const far = (byte) => Math.abs(byte.x - x);
  return row.reduce((best, byte) => (!best || far(byte) < far(best) ? byte : best), null);
}
