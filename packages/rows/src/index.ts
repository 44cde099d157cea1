export { type Encoding, createCellDecoder, ENCODINGS, encodeText, isMisread } from './encoding';
export {
  type Bytes,
  type Delimiter,
  type Form,
  type LineBreak,
  type Position,
  breakAt,
  DELIMITERS,
  inMemory,
  isBreak,
  SEP_LINE,
} from './form';
export { type RawRow, type RowProblem, splitRows } from './splitRows';
