import type { FileHandle } from 'node:fs/promises';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { parse } from 'csv-parse/sync';
import type { Encoding } from './encoding';

/** The columns of an event file; their order does not matter, further ones are ignored. */
export const CSV_COLUMNS = [
  'id_pacote',
  'origem',
  'destino',
  'status_rastreamento',
  'data_atualizacao',
] as const;

export const DELIMITERS = [',', ';'] as const;
export type Delimiter = (typeof DELIMITERS)[number];
export type LineBreak = '\r\n' | '\n' | '\r';

/** A place in a file. */
export interface Position {
  readonly offset: number;
  /** Line that starts there, counted from 1. */
  readonly line: number;
}

/** How a file is written, as its first line shows it. */
export interface Layout {
  /** The UTF-8 byte order mark at the file's start, or nothing. */
  readonly bom: Buffer;
  /** The first line's bytes, without BOM and line break. */
  readonly header: Buffer;
  /** Names of the columns, trimmed and in lower case. */
  readonly columns: readonly string[];
  readonly delimiter: Delimiter;
  readonly lineBreak: LineBreak;
  /** Where the rows begin. */
  readonly body: Position;
}

export const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16_BOMS = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];
const MAX_HEADER_BYTES = 64 * 1024;
const [CR, LF] = [13, 10];

/**
 * Reads a file's first line that is not empty: the header. It decides the separator for the whole file, so that the other one
 * is an ordinary character in the rows.
 *
 * @throws OperatorError when the header lacks a column, has one twice, is too long or is in another encoding
 */
export async function readLayout(handle: FileHandle, file: string, encoding: Encoding): Promise<Layout> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_HEADER_BYTES), 0, MAX_HEADER_BYTES, 0);
  const bytes = buffer.subarray(0, bytesRead);
  if (UTF16_BOMS.some((bom) => startsWith(bytes, bom)))
    throw new OperatorError(`${file}: the file is UTF-16; save it as UTF-8 and import it again`);
  const bom = startsWith(bytes, UTF8_BOM) ? UTF8_BOM : Buffer.alloc(0);
  if (bom.length > 0 && encoding === 'latin1')
    throw new OperatorError(
      `${file}: the file starts with the byte order mark of UTF-8; leave out --encoding latin1`,
    );
  let start = bom.length;
  let line = 1;
  while (isBreak(bytes[start])) {
    line++;
    start += breakAt(bytes, start).length;
  }
  const end = bytes.findIndex((byte, i) => i >= start && isBreak(byte));
  if (end < 0 && bytesRead === MAX_HEADER_BYTES)
    throw new OperatorError(
      `${file}: the first line is longer than ${MAX_HEADER_BYTES} bytes; it must name the columns ${CSV_COLUMNS.join(', ')}`,
    );
  const header = bytes.subarray(start, end < 0 ? bytesRead : end);
  const lineBreak = end < 0 ? '\n' : breakAt(bytes, end);
  const offset = start + header.length + (end < 0 ? 0 : lineBreak.length);
  return { bom, header, ...readHeader(file, header), lineBreak, body: { offset, line: line + 1 } };
}

function readHeader(file: string, header: Buffer): Pick<Layout, 'columns' | 'delimiter'> {
  const known = (names: readonly string[]) => CSV_COLUMNS.filter((column) => names.includes(column));
  const [byComma, bySemicolon] = [namesBy(header, ','), namesBy(header, ';')];
  const delimiter = known(bySemicolon).length > known(byComma).length ? ';' : ',';
  const columns = delimiter === ';' ? bySemicolon : byComma;
  const missing = CSV_COLUMNS.filter((column) => !columns.includes(column));
  if (missing.length > 0)
    throw new OperatorError(
      `${file}: the first line lacks ${missing.join(', ')}; it must name ${CSV_COLUMNS.join(', ')}, separated by , or ;`,
      EXIT.wrong,
    );
  const twice = CSV_COLUMNS.filter((column) => columns.indexOf(column) !== columns.lastIndexOf(column));
  if (twice.length > 0)
    throw new OperatorError(
      `${file}: the first line names ${twice.join(', ')} twice; rename the column that is not meant`,
    );
  return { columns, delimiter };
}

function namesBy(header: Buffer, delimiter: Delimiter): string[] {
  const options = { delimiter, encoding: 'latin1', relax_quotes: true, relax_column_count: true } as const;
  const [names = []] = parse(header, options);
  return names.map((name) => name.trim().toLowerCase());
}

function startsWith(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.subarray(0, prefix.length).equals(prefix);
}

function isBreak(byte: number | undefined): boolean {
  return byte === CR || byte === LF;
}

function breakAt(bytes: Buffer, at: number): LineBreak {
  if (bytes[at] === LF) return '\n';
  return bytes[at + 1] === LF ? '\r\n' : '\r';
}
