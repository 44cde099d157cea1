import type { FileHandle } from 'node:fs/promises';
import { cleanText, showValue } from '@rastreio/contract';
import { EXIT, OperatorError } from '@rastreio/runtime';
import {
  breakAt,
  createCellDecoder,
  DELIMITERS,
  isBreak,
  SEP_LINE,
  type Delimiter,
  type Encoding,
  type Form,
} from '@rastreio/rows';
import { parse } from 'csv-parse/sync';

/** The columns of an event file; their order does not matter, further ones are ignored. */
export const CSV_COLUMNS = [
  'id_pacote',
  'origem',
  'destino',
  'status_rastreamento',
  'data_atualizacao',
] as const;

/** How a file is written, as its first line shows it. */
export interface Layout extends Form {
  /** The UTF-8 byte order mark at the file's start, as often as it is there. */
  readonly bom: Buffer;
  /** The header's bytes, without BOM and line break. */
  readonly header: Buffer;
  /** Names of the columns, cleaned and in lower case. */
  readonly columns: readonly string[];
}

const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16_BOMS = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];
/** No header begins with fewer characters, and none has U+0000, which every ASCII character of UTF-16 has. */
const SHORTEST_NAME = 'origem'.length;
const MAX_HEADER_BYTES = 64 * 1024;

/**
 * Reads a file's first line that is not empty: the header. It decides the separator for the whole file, so that the others
 * are ordinary characters in the rows. The line `sep=;` that Excel writes and reads before a header is passed over.
 *
 * @throws OperatorError when the header lacks a column, has one twice, is too long or is in another encoding
 */
export async function readLayout(handle: FileHandle, file: string, encoding: Encoding): Promise<Layout> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_HEADER_BYTES), 0, MAX_HEADER_BYTES, 0);
  const bytes = buffer.subarray(0, bytesRead);
  if (UTF16_BOMS.some((bom) => startsWith(bytes, bom)) || bytes.subarray(0, SHORTEST_NAME).includes(0))
    throw new OperatorError(`${file}: the file is UTF-16; save it as UTF-8 and import it again`);
  const bom = bytes.subarray(0, UTF8_BOM.length * countBoms(bytes));
  if (bom.length > 0 && encoding === 'latin1')
    throw new OperatorError(
      `${file}: the file starts with the byte order mark of UTF-8; leave out --encoding latin1`,
    );
  let start = bom.length;
  let line = 1;
  for (;;) {
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
    if (end < 0 || !SEP_LINE.test(header.toString('latin1')))
      return {
        bom,
        header,
        ...readHeader(file, header, encoding),
        lineBreak,
        body: { offset, line: line + 1 },
      };
    start = offset;
    line++;
  }
}

function countBoms(bytes: Buffer): number {
  let count = 0;
  while (startsWith(bytes.subarray(count * UTF8_BOM.length), UTF8_BOM)) count++;
  return count;
}

function readHeader(file: string, header: Buffer, encoding: Encoding): Pick<Layout, 'columns' | 'delimiter'> {
  const read = DELIMITERS.map((delimiter) => {
    const columns = namesBy(header, delimiter, encoding);
    return { delimiter, columns, known: CSV_COLUMNS.filter((column) => columns.includes(column)).length };
  });
  // The first of those that know most, so that a comma is preferred.
  const { delimiter, columns } = read.reduce((best, other) => (other.known > best.known ? other : best));
  const missing = CSV_COLUMNS.filter((column) => !columns.includes(column));
  if (missing.length > 0)
    throw new OperatorError(
      `${file}: the first line lacks ${missing.join(', ')}; it must name ${CSV_COLUMNS.join(', ')}, separated by , or ; or | or tabs, ` +
        `and is ${showValue(header.toString(encoding === 'latin1' ? 'latin1' : 'utf8'))}`,
      EXIT.wrong,
    );
  const twice = CSV_COLUMNS.filter((column) => columns.indexOf(column) !== columns.lastIndexOf(column));
  if (twice.length > 0)
    throw new OperatorError(
      `${file}: the first line names ${twice.join(', ')} twice; rename the column that is not meant`,
    );
  return { columns, delimiter };
}

function namesBy(header: Buffer, delimiter: Delimiter, encoding: Encoding): string[] {
  const options = { delimiter, encoding: 'latin1', relax_quotes: true, relax_column_count: true } as const;
  const [names = []] = parse(header, options);
  // A name that is not in the file's encoding is none of ours.
  const decoded = createCellDecoder(encoding)(header, names) ?? names;
  return decoded.map((name) => cleanText(name).toLowerCase());
}

function startsWith(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.subarray(0, prefix.length).equals(prefix);
}
