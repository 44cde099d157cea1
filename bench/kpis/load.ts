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
  readonly packages: number;
  /** When the time ends in which the packages were posted. */
  readonly until: Date;
  /** How long that time is; a year if left out. Fewer days with as many packages are a busier network. */
  readonly days?: number;
  /** Packages written at once. */
  readonly part?: number;
  readonly progress?: (text: string) => void;
}

/** Two processors; and the sums then lie in two slices, as with two consumers. */
const WORKERS = 2;
const PART = 100_000;

/**
 * Fills an empty, migrated database with packages and events, computed in the database from each package's number: the same for the
 * same options. Every derived table is filled by the schema's own triggers and functions.
 */
export async function loadPackages(options: LoadOptions): Promise<void> {
  const { ownerUrl, packages, until, days = 365, part = PART, progress = () => undefined } = options;
  await withClient(ownerUrl, async (client) => {
    await client.query(PREPARE);
    await client.query(MAKE_CHUNKS, [until, days]);
    await client.query(EMPTY_CHUNKS);
  });
  const from = nextPart(packages, part, progress);
  await Promise.all(
    Array.from({ length: WORKERS }, () =>
      withClient(ownerUrl, async (client) => {
        await client.query(CONNECT);
        for (let first = from(); first !== undefined; first = from())
          await storePart(client, [first, Math.min(first + part, packages) - 1, packages, until, days]);
      }),
    ),
  );
  await withClient(ownerUrl, async (client) => {
    await client.query(ACCOUNTS, [days, until]);
    await client.query(REJECTED, [packages, until, days]);
    await client.query(TIDY);
    progress('vacuum and statistics');
    await client.query(`SET maintenance_work_mem = '512MB'`);
    await client.query('VACUUM (ANALYZE)');
  });
}

function nextPart(
  packages: number,
  part: number,
  progress: (text: string) => void,
): () => number | undefined {
  const started = performance.now();
  let next = 0;
  return () => {
    if (next >= packages) return undefined;
    if (next > 0 && next % (20 * part) === 0) {
      const seconds = Math.round((performance.now() - started) / 1000);
      progress(
        `${next.toLocaleString('en')} of ${packages.toLocaleString('en')} packages after ${seconds} s`,
      );
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
