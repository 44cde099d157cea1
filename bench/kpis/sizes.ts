import { withClient } from '@rastreio/database';
import type { Client } from 'pg';

/** Bytes on disk. */
export interface Sizes {
  /** The events' rows, their indexes, and both when old chunks are compressed (undefined: the server cannot). */
  readonly events: number;
  readonly event_indexes: number;
  readonly events_compressed?: number;
  /** With indexes. */
  readonly pacotes: number;
  readonly resumos: number;
  readonly resumo_rows: number;
}

/** Chunks that still take late events, and so stay as they are. */
const UNCOMPRESSED_CHUNKS = 2;

const SIZES = `
  SELECT sum(pg_table_size(relid))::float8 AS rows, sum(pg_indexes_size(relid))::float8 AS indexes
  FROM pg_partition_tree('eventos_rastreamento')`;

const HYPERTABLE_SIZES = `
  SELECT (table_bytes + coalesce(toast_bytes, 0))::float8 AS rows, index_bytes::float8 AS indexes
  FROM hypertable_detailed_size('eventos_rastreamento')`;

const OTHERS = `
  SELECT pg_total_relation_size('pacotes')::float8 AS pacotes,
         sum(pg_total_relation_size(oid)) FILTER (WHERE relname LIKE 'resumo%')::float8 AS resumos,
         sum(reltuples) FILTER (WHERE relname LIKE 'resumo%')::float8 AS resumo_rows
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`;

/** What a loaded database takes on disk. */
export async function readSizes(ownerUrl: string, timescaledb: boolean): Promise<Sizes> {
  return withClient(ownerUrl, async (client) => {
    const events = await eventSizes(client, timescaledb);
    const { rows } = await client.query<Pick<Sizes, 'pacotes' | 'resumos' | 'resumo_rows'>>(OTHERS);
    const others = rows[0] ?? { pacotes: NaN, resumos: NaN, resumo_rows: NaN };
    return { events: events.rows, event_indexes: events.indexes, ...others };
  });
}

/**
 * Compresses all chunks of events but the newest ones, where the server's licence has it.
 *
 * @returns bytes of events and indexes afterwards, undefined where nothing was compressed
 */
export async function compressOldChunks(
  ownerUrl: string,
  progress: (text: string) => void,
): Promise<number | undefined> {
  return withClient(ownerUrl, async (client) => {
    const { rows: licence } = await client.query<{ value: string | null }>(
      `SELECT current_setting('timescaledb.license', true) AS value`,
    );
    if (licence[0]?.value !== 'timescale') return undefined;
    await client.query(`
      ALTER TABLE eventos_rastreamento SET (timescaledb.compress, timescaledb.compress_segmentby = '',
        timescaledb.compress_orderby = 'id_pacote, data_evento, status_rastreamento')`);
    const { rows: chunks } = await client.query<{ chunk: string }>(
      `SELECT format('%I.%I', chunk_schema, chunk_name) AS chunk FROM timescaledb_information.chunks
       WHERE hypertable_name = 'eventos_rastreamento' AND NOT is_compressed ORDER BY range_start DESC OFFSET $1`,
      [UNCOMPRESSED_CHUNKS],
    );
    progress(`compressing ${chunks.length} chunks`);
    for (const { chunk } of chunks) await client.query('SELECT compress_chunk($1::regclass)', [chunk]);
    await client.query('ANALYZE eventos_rastreamento');
    const { rows, indexes } = await eventSizes(client, true);
    return rows + indexes;
  });
}

async function eventSizes(client: Client, timescaledb: boolean): Promise<{ rows: number; indexes: number }> {
  const { rows } = await client.query<{ rows: number; indexes: number }>(
    timescaledb ? HYPERTABLE_SIZES : SIZES,
  );
  return rows[0] ?? { rows: NaN, indexes: NaN };
}
