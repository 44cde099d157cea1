import type { Client } from 'pg';

/** A way to lay out columnar chunks; null: rows, as they are without compression. */
export interface Layout {
  readonly name: string;
  readonly settings: { readonly segmentBy: string; readonly orderBy: string } | null;
}

/** The last one is the project's, see sql/migrations/0001_base.sql. */
export const LAYOUTS: readonly Layout[] = [
  { name: 'rows', settings: null },
  { name: 'by time', settings: { segmentBy: '', orderBy: 'data_evento' } },
  {
    name: 'by status, then package',
    settings: { segmentBy: 'status_rastreamento', orderBy: 'id_pacote, data_evento' },
  },
  { name: 'by package', settings: { segmentBy: '', orderBy: 'id_pacote, data_evento' } },
  {
    name: 'by package, whole key (ours)',
    settings: { segmentBy: '', orderBy: 'id_pacote, data_evento, status_rastreamento' },
  },
];

/** Rewrites all chunks in the layout. */
export async function layOut(client: Client, { settings }: Layout): Promise<void> {
  await client.query(
    `SELECT decompress_chunk(c, if_compressed => true) FROM show_chunks('eventos_rastreamento') AS c`,
  );
  if (settings !== null) {
    await client.query(`
      ALTER TABLE eventos_rastreamento SET (
        timescaledb.compress,
        timescaledb.compress_segmentby = '${settings.segmentBy}',
        timescaledb.compress_orderby = '${settings.orderBy}')`);
    await client.query(`SELECT compress_chunk(c) FROM show_chunks('eventos_rastreamento') AS c`);
  }
  await client.query('VACUUM (FULL, ANALYZE) eventos_rastreamento');
}

/** Size of the events with their indexes, in MiB. */
export async function sizeOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ mib: number }>(
    `SELECT hypertable_size('eventos_rastreamento')::float8 / 1048576 AS mib`,
  );
  return rows[0]?.mib ?? NaN;
}
