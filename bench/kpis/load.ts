import { withClient } from '@rastreio/database';
import type { Client } from 'pg';
import {
  ACCOUNTS,
  CONNECT,
  EMPTY_CHUNKS,
  MAKE_CHUNKS,
  MAKE_EVENTS,
  PREPARE,
  REJECTED,
  STORE,
  TIDY,
} from './loadSql';

export interface LoadOptions {
  /** The owner of the tables. */
  readonly ownerUrl: string;
  readonly parcels: number;
  /** When the time ends in which the parcels were posted. */
  readonly until: Date;
  /** How long that time is; a year if left out. Fewer days with as many parcels are a busier network. */
  readonly days?: number;
  /** Parcels written at once. */
  readonly part?: number;
  readonly progress?: (text: string) => void;
}

/** Two processors; and the sums then lie in two slices, as with two consumers. */
const WORKERS = 2;
const PART = 100_000;

/**
 * Fills an empty, migrated database with parcels and events, computed in the database from each parcel's number: the same for the
 * same options. Every derived table is filled by the schema's own triggers and functions.
 */
export async function loadParcels(options: LoadOptions): Promise<void> {
  const { ownerUrl, parcels, until, days = 365, part = PART, progress = () => undefined } = options;
  await withClient(ownerUrl, async (client) => {
    await client.query(PREPARE);
    await client.query(MAKE_CHUNKS, [until, days]);
    await client.query(EMPTY_CHUNKS);
  });
  const from = nextPart(parcels, part, progress);
  await Promise.all(
    Array.from({ length: WORKERS }, () =>
      withClient(ownerUrl, async (client) => {
        await client.query(CONNECT);
        for (let first = from(); first !== undefined; first = from())
          await storePart(client, [first, Math.min(first + part, parcels) - 1, parcels, until, days]);
      }),
    ),
  );
  await withClient(ownerUrl, async (client) => {
    await client.query(ACCOUNTS, [days, until]);
    await client.query(REJECTED, [parcels, until, days]);
    await client.query(TIDY);
    progress('vacuum and statistics');
    await client.query(`SET maintenance_work_mem = '512MB'`);
    await client.query('VACUUM (ANALYZE)');
  });
}

function nextPart(parcels: number, part: number, progress: (text: string) => void): () => number | undefined {
  const started = performance.now();
  let next = 0;
  return () => {
    if (next >= parcels) return undefined;
    if (next > 0 && next % (20 * part) === 0) {
      const seconds = Math.round((performance.now() - started) / 1000);
      progress(`${next.toLocaleString('en')} of ${parcels.toLocaleString('en')} parcels after ${seconds} s`);
    }
    next += part;
    return next - part;
  };
}

async function storePart(client: Client, parameters: readonly unknown[]): Promise<void> {
  await client.query('BEGIN');
  await client.query('TRUNCATE pg_temp.parte');
  await client.query(MAKE_EVENTS, [...parameters]);
  for (const sql of STORE) await client.query(sql);
  await client.query('COMMIT');
}
