import type { Client } from 'pg';
import type { Figures } from '../support';
import { FIRST_DAY } from './fill';
import { cpuMeter, measureLateBatches, measureReads } from './measure';
import { sizeOf } from './variants';

/** How much time a chunk spans, the whole of it first; the last one is the project's, see sql/migrations/0001_base.sql. */
const INTERVALS: readonly string[] = ['10 years', '28 days', '1 day', '7 days'];

/** A multiple of each interval but the first, so that whole chunks can go. */
const REMOVED_DAYS = 28;

/**
 * Writes all events anew into chunks of each interval, in the order of time, and measures that, a package's history, a past moment, late
 * events, and the removal of some 28 days, which is undone. Without columnar chunks.
 *
 * @param turn the first of as many numbers as there are intervals, see {@link measureLateBatches}
 */
export async function measureChunks(
  client: Client,
  turn: number,
  packages: number,
  batch: number,
): Promise<Record<string, Figures>> {
  const measured: Record<string, Figures> = {};
  for (const [i, interval] of INTERVALS.entries()) {
    process.stderr.write(`chunks of ${interval}\n`);
    measured[interval] = {
      ...(await rewrite(client, interval)),
      mib: await sizeOf(client),
      ...(await measureReads(client, packages)),
      ...(await measureRemoval(client)),
      ...(await measureLateBatches(client, turn + i, packages, batch)),
    };
  }
  return measured;
}

async function rewrite(client: Client, interval: string): Promise<Figures> {
  await client.query(`
    CREATE UNLOGGED TABLE copia AS SELECT * FROM eventos_rastreamento ORDER BY data_evento;
    TRUNCATE eventos_rastreamento`);
  await client.query(`SELECT set_chunk_time_interval('eventos_rastreamento', $1::interval)`, [interval]);
  const cpu = await cpuMeter(client);
  const { rowCount } = await client.query('INSERT INTO eventos_rastreamento SELECT * FROM copia');
  const insertMs = cpu();
  await client.query('DROP TABLE copia');
  await client.query('VACUUM ANALYZE eventos_rastreamento');
  const { rows } = await client.query<{ chunks: number }>(
    `SELECT count(*)::int AS chunks FROM show_chunks('eventos_rastreamento')`,
  );
  return { chunks: rows[0]?.chunks ?? NaN, insert_cpu_us: (1000 * insertMs) / (rowCount ?? NaN) };
}

/** By chunk where these days are whole chunks, else by row: milliseconds, and WAL, which is what replicas and backups carry. */
async function measureRemoval(client: Client): Promise<Figures> {
  const { rows: ends } = await client.query<{ until: Date; whole: number }>(
    `SELECT coalesce(max(range_end), $1::timestamptz + make_interval(days => $2)) AS until, count(*)::int AS whole
     FROM timescaledb_information.chunks
     WHERE hypertable_name = 'eventos_rastreamento' AND range_end <= $1::timestamptz + make_interval(days => $2)`,
    [FIRST_DAY, REMOVED_DAYS],
  );
  const { until, whole = 0 } = ends[0] ?? {};
  await client.query('BEGIN');
  const before = await walPosition(client);
  const startedAt = performance.now();
  if (whole > 0) await client.query(`SELECT drop_chunks('eventos_rastreamento', $1::timestamptz)`, [until]);
  else await client.query('DELETE FROM eventos_rastreamento WHERE data_evento < $1', [until]);
  const removal_ms = performance.now() - startedAt;
  const wal = (await walPosition(client)) - before;
  await client.query('ROLLBACK');
  return { removal_ms, removal_wal_mib: wal / 1_048_576 };
}

async function walPosition(client: Client): Promise<number> {
  const { rows } = await client.query<{ bytes: number }>(
    `SELECT (pg_current_wal_insert_lsn() - '0/0')::float8 AS bytes`,
  );
  return rows[0]?.bytes ?? NaN;
}
