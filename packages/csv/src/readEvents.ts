import { createReadStream } from 'node:fs';
import type { Validated, Validator } from '@rastreio/contract';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { CsvError, parse } from 'csv-parse';

/** The columns of an event file; their order does not matter, further ones are ignored. */
export const CSV_COLUMNS = [
  'id_pacote',
  'origem',
  'destino',
  'status_rastreamento',
  'data_atualizacao',
] as const;

export interface CsvRow {
  /** Line of the file on which the row ends, counted from 1. */
  readonly line: number;
  /** The row as it stands in the file. */
  readonly raw: string;
  readonly result: Validated;
}

interface ParsedRow {
  readonly record: Record<string, string>;
  readonly raw: string;
  readonly info: { readonly lines: number };
}

/**
 * Reads an event file row by row, in constant memory: UTF-8 with or without BOM, separated by comma or semicolon, RFC 4180
 * quoting.
 *
 * @throws OperatorError when the file cannot be read, lacks a column or breaks the quoting
 */
export async function* readEvents(file: string, validate: Validator): AsyncGenerator<CsvRow> {
  const parser = parse({
    bom: true,
    columns: (header: string[]) => checkHeader(file, header),
    delimiter: [',', ';'],
    info: true,
    raw: true,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  const source = createReadStream(file);
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { record, raw, info } of parser as AsyncIterable<ParsedRow>) {
      yield { line: info.lines, raw: raw.replace(/[\r\n]+$/, ''), result: validate(record) };
    }
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    if (error instanceof CsvError)
      throw new OperatorError(`${file}: ${error.message}; correct the file and import it again`, EXIT.wrong, {
        cause: error,
      });
    throw new OperatorError(`${file}: ${(error as Error).message}; check the path`, EXIT.wrong, {
      cause: error,
    });
  } finally {
    source.destroy();
  }
}

function checkHeader(file: string, header: readonly string[]): string[] {
  const names = header.map((name) => name.trim().toLowerCase());
  const missing = CSV_COLUMNS.filter((column) => !names.includes(column));
  if (missing.length === 0) return names;
  throw new OperatorError(
    `${file}: the first line lacks ${missing.join(', ')}; it must name ${CSV_COLUMNS.join(', ')}`,
    EXIT.wrong,
  );
}
