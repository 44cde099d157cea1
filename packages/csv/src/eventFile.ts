import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { MAX_MESSAGE_BYTES, type Rejection, type Validated, type Validator } from '@rastreio/contract';
import { OperatorError } from '@rastreio/runtime';
import {
  createCellDecoder,
  isMisread,
  type Encoding,
  splitRows,
  type RawRow,
  type RowProblem,
} from '@rastreio/rows';
import { fingerprint } from './fingerprint';
import { CSV_COLUMNS, readLayout, type Layout } from './layout';

export interface CsvRow {
  /** Line of the file on which the row starts, counted from 1. */
  readonly line: number;
  /** Offset in the file at which the row ends. */
  readonly end: number;
  /** The row's bytes as they stand in the file, without the line break at its end. */
  readonly raw: Buffer;
  readonly result: Validated;
}

/** An event file, open. */
export interface EventFile {
  readonly file: string;
  /** In bytes. */
  readonly size: number;
  /** `csv:<name>#<fingerprint>`: the same for the same file, another for another file of that name. */
  readonly source: string;
  readonly layout: Layout;
  /**
   * Every row in order, in constant memory; those whose values are all blank are passed over. To be read once.
   *
   * @throws OperatorError see {@link splitRows}
   */
  rows(): AsyncGenerator<CsvRow>;
  /** What there is to say of the rows read so far. */
  readonly seen: Readonly<SeenRows>;
}

export interface SeenRows {
  /** Rows of separators only. */
  blank: number;
  /** Rows whose texts are UTF-8 that was read as windows-1252: by us, or by whoever wrote the file. */
  misread: number;
  /** Rows with U+FFFD, which stands where a character was lost. */
  replaced: number;
}

export interface ReadOptions {
  readonly file: string;
  readonly encoding: Encoding;
  readonly validate: Validator;
}

/**
 * Opens an event file for as long as `use` takes: UTF-8 with or without BOM, or Latin-1; separated by comma or semicolon; RFC
 * 4180 quoting.
 *
 * @throws OperatorError when the file cannot be read or its header is wrong, and what `use` throws
 */
export async function withEventFile<T>(
  options: ReadOptions,
  use: (source: EventFile) => Promise<T>,
): Promise<T> {
  const { file, encoding } = options;
  const handle = await reading(file, () => open(file, 'r'));
  try {
    const { size, isRegular } = await reading(file, async () => {
      const stat = await handle.stat();
      return { size: stat.size, isRegular: stat.isFile() };
    });
    if (!isRegular) throw new OperatorError(`${file}: is not a regular file; give the path of a CSV file`);
    const layout = await reading(file, () => readLayout(handle, file, encoding));
    const mark = await reading(file, () => fingerprint(handle, size));
    const source = `csv:${path.basename(file)}#${mark}`;
    const seen: SeenRows = { blank: 0, misread: 0, replaced: 0 };
    return await use({
      file,
      size,
      source,
      layout,
      seen,
      rows: () => readRows(handle, layout, options, seen),
    });
  } finally {
    await handle.close();
  }
}

async function* readRows(
  handle: FileHandle,
  layout: Layout,
  { file, encoding, validate }: ReadOptions,
  seen: SeenRows,
): AsyncGenerator<CsvRow> {
  const decode = createCellDecoder(encoding);
  const indices = CSV_COLUMNS.map((column) => [column, layout.columns.indexOf(column)] as const);
  const check = (row: RawRow): Validated => {
    if (row.problem !== undefined) return whole(PROBLEMS[row.problem]);
    const cells = decode(row.raw, row.cells);
    if (cells === null) return whole(NOT_UTF8);
    if (cells !== row.cells) look(cells, seen);
    if (cells.length > layout.columns.length) return whole(tooManyCells(cells.length, layout));
    return validate(Object.fromEntries(indices.map(([column, i]) => [column, cells[i]])));
  };
  const rows = splitRows(handle, file, layout);
  for (;;) {
    const next = await reading(file, () => rows.next());
    if (next.done === true) return;
    const { line, end, raw } = next.value;
    if (isBlank(next.value)) {
      seen.blank++;
      continue;
    }
    yield { line, end, raw, result: check(next.value) };
  }
}

function isBlank({ cells, problem }: RawRow): boolean {
  // The no-break space is another byte or two in each encoding.
  return problem === undefined && cells.every((cell) => /^(?:\xc2?\xa0|\s)*$/.test(cell));
}

function look(cells: readonly string[], seen: SeenRows): void {
  if (cells.some(isMisread)) seen.misread++;
  if (cells.some((cell) => cell.includes('\uFFFD'))) seen.replaced++;
}

const PROBLEMS: Readonly<Record<RowProblem, Omit<Rejection, 'field'>>> = {
  quoting: {
    reason: 'not_an_object',
    detail:
      'a quote " opens and is never closed, stands within an unquoted value, or is followed by more text; put the whole value into quotes and double each quote within it',
  },
  too_large: {
    reason: 'too_large',
    detail: `the line is longer than ${MAX_MESSAGE_BYTES} bytes; an event has about 150`,
  },
};

const NOT_UTF8: Omit<Rejection, 'field'> = {
  reason: 'invalid_utf8',
  detail: 'the line is not UTF-8; if the file is Latin-1, import it with --encoding latin1',
};

function tooManyCells(cells: number, { columns, delimiter }: Layout): Omit<Rejection, 'field'> {
  return {
    reason: 'not_an_object',
    detail: `the line has ${cells} values and the header names ${columns.length} columns; put a text that contains ${delimiter} into quotes`,
  };
}

function whole(rejection: Omit<Rejection, 'field'>): Validated {
  return { ok: false, rejections: [{ ...rejection, field: null }] };
}

async function reading<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(`${file}: ${(error as Error).message}; check the path and the permissions`, 1, {
      cause: error,
    });
  }
}
