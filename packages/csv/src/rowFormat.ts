import type { Rejection } from '@rastreio/contract';
import { CsvError, parse } from 'csv-parse/sync';
import { createCellDecoder, ENCODINGS, type Encoding, DELIMITERS, type Delimiter } from '@rastreio/rows';
import { CSV_COLUMNS, type Layout } from './layout';

/** What it takes to read a row without its file. */
export interface RowFormat {
  readonly columns: readonly string[];
  readonly delimiter: Delimiter;
  readonly encoding: Encoding;
}

const HEADER = { columns: 'csv.colunas', delimiter: 'csv.separador', encoding: 'csv.codificacao' } as const;

/** The format as headers of a rejected message, which keeps the row's bytes only. */
export function formatHeaders({ columns, delimiter }: Layout, encoding: Encoding): Record<string, string> {
  return {
    [HEADER.columns]: JSON.stringify(columns),
    [HEADER.delimiter]: delimiter,
    [HEADER.encoding]: encoding,
  };
}

/** The format that {@link formatHeaders} wrote; null where there is none. */
export function readFormat(headers: Readonly<Record<string, string>>): RowFormat | null {
  const columns = headers[HEADER.columns];
  const delimiter = DELIMITERS.find((d) => d === headers[HEADER.delimiter]);
  const encoding = ENCODINGS.find((e) => e === headers[HEADER.encoding]);
  if (columns === undefined || delimiter === undefined || encoding === undefined) return null;
  return { columns: JSON.parse(columns) as string[], delimiter, encoding };
}

export type RowFields =
  | { readonly ok: true; readonly fields: Readonly<Record<string, string | undefined>> }
  | { readonly ok: false; readonly rejection: Rejection };

/** The event's fields of one row's bytes, unchecked. */
export function readRow(raw: Buffer, { columns, delimiter, encoding }: RowFormat): RowFields {
  let rows: string[][];
  try {
    rows = parse(raw, { delimiter, encoding: 'latin1', relax_column_count: true });
  } catch (error) {
    if (error instanceof CsvError) return unreadable(`the line’s quotes are broken (${error.code})`);
    throw error;
  }
  const [row, ...more] = rows;
  if (row === undefined || more.length > 0) return unreadable(`the line holds ${rows.length} rows`);
  if (row.length > columns.length)
    return unreadable(`the line has ${row.length} values and the header names ${columns.length} columns`);
  const cells = createCellDecoder(encoding)(raw, row);
  if (cells === null)
    return {
      ok: false,
      rejection: { reason: 'invalid_utf8', field: null, detail: 'the line is not UTF-8' },
    };
  const fields = Object.fromEntries(CSV_COLUMNS.map((column) => [column, cells[columns.indexOf(column)]]));
  return { ok: true, fields };
}

function unreadable(what: string): RowFields {
  return {
    ok: false,
    rejection: {
      reason: 'not_an_object',
      field: null,
      detail: `${what}; correct it in the reject file and import that`,
    },
  };
}
