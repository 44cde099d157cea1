import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createValidator, type Rejection } from '@rastreio/contract';
import type { Encoding } from '@rastreio/rows';
import { withEventFile, type CsvRow } from '../src/eventFile';
import { CSV_COLUMNS } from '../src/layout';

export const HEADER = CSV_COLUMNS.join(',');
/** What follows a parcel's number. */
export const REST = 'Natal,Acre,POSTADO,2025-10-13T17:40:00Z';

type Cells = Record<string, string | undefined>;

/** Rows of a file with these bytes, and the cells that reached the validator. */
export async function read(bytes: string | Buffer, encoding: Encoding = 'utf-8') {
  const dir = await mkdtemp(path.join(tmpdir(), 'rastreio-csv-'));
  try {
    const file = path.join(dir, 'events.csv');
    await writeFile(file, bytes);
    const cells: Cells[] = [];
    const rows: CsvRow[] = [];
    const accept = createValidator();
    const validate = (input: unknown) => {
      cells.push(input as Cells);
      return accept(input);
    };
    const { source, seen } = await withEventFile({ file, encoding, validate }, async (events) => {
      for await (const row of events.rows()) rows.push(row);
      return events;
    });
    return { rows, cells, source, seen };
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** Line and outcome of each row: ok, or the reason of the rejection. */
export const outcomes = (rows: readonly CsvRow[]) =>
  rows.map(({ line, result }) => [line, result.ok ? 'ok' : result.rejections[0].reason]);

/** Why a row was rejected. */
export function rejection(row: CsvRow | undefined): Rejection {
  if (row === undefined || row.result.ok) throw new Error('the row was to be rejected');
  return row.result.rejections[0];
}
