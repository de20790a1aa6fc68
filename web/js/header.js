/* header.js - a segment's header as the RFC draws it: fields cut into pieces
 * of rows of 32 bits. Pure. */

const ROW = 32;

/** Cut fields ({part, bit_offset, bit_width}) into parts in their order, each
 * {part, rows, pieces}; a piece is {field: index, row, rows, column, width,
 * first, main}: `main` marks the widest piece of its field, where the value
 * stands. Rows and columns count from 0 within the part. */
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
      width: whole > 0 ? ROW : bits, first: pieces.length === 0, main: false,
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
