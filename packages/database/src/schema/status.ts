import { readSchemaState, type SchemaState } from './state';
import { readTimeZone } from './timeZone';
import type { ClientBase } from 'pg';

/** Old chunks of events that are stored by column. */
export interface Columnstore {
  /** Age at which a chunk is compressed, as PostgreSQL writes an interval; null where no policy does it. */
  readonly after: string | null;
  readonly chunks: number;
  readonly compressed: number;
  /** Size of the compressed chunks before and after, with their indexes. */
  readonly rowBytes: number;
  readonly columnBytes: number;
}

/** Whether the server has room for the locks of queries that look into every chunk of events. */
export interface LockRoom {
  readonly chunks: number;
  /** By several such queries at once, as a dashboard asks them. */
  readonly needed: number;
  /** What the server's lock table holds for sure. */
  readonly room: number;
  /** `max_locks_per_transaction` as it is, and as it would have to be. */
  readonly setting: number;
  readonly wanted: number;
}

/** What a database has, for `npm run db:status`. */
export interface DatabaseStatus extends SchemaState {
  readonly server: string;
  /** Null on plain PostgreSQL. */
  readonly timescaledb: { readonly version: string; readonly license: string } | null;
  readonly hypertables: readonly string[];
  /** Width of a chunk of events, as PostgreSQL writes an interval; null without hypertables. */
  readonly chunkInterval: string | null;
  /** Null where the edition cannot or where it is off. */
  readonly columnstore: Columnstore | null;
  /** Null without hypertables. */
  readonly locks: LockRoom | null;
  /** Where days begin and end, an IANA name; null while the migration that stores it is pending. */
  readonly timeZone: string | null;
  /** ISO 8601; events before it are removed and refused. Null where nothing was removed. */
  readonly horizon: string | null;
  readonly parcels: number;
  readonly rejected: number;
}

/** Reads it; the counts are 0 before the first migration. */
export async function readStatus(client: Pick<ClientBase, 'query'>): Promise<DatabaseStatus> {
  const schema = await readSchemaState(client);
  const { rows } = await client.query<{ server: string; version: string | null; license: string | null }>(
    `SELECT current_setting('server_version') AS server,
            (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb') AS version,
            current_setting('timescaledb.license', true) AS license`,
  );
  const [facts] = rows;
  const timescaledb =
    typeof facts?.version !== 'string'
      ? null
      : { version: facts.version, license: facts.license ?? 'unknown' };
  const chunks = timescaledb === null ? NO_CHUNKS : await readChunks(client);
  const counts = (await hasCounts(client))
    ? await readCounts(client)
    : { parcels: 0, rejected: 0, horizon: null };
  return {
    ...schema,
    server: facts?.server ?? '',
    timescaledb,
    timeZone: await readTimeZone(client),
    ...chunks,
    ...counts,
  };
}

type Counts = Pick<DatabaseStatus, 'parcels' | 'rejected' | 'horizon'>;

async function hasCounts(client: Pick<ClientBase, 'query'>): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('public.indicadores_entrega') IS NOT NULL AS there`,
  );
  return rows[0]?.there === true;
}

async function readCounts(client: Pick<ClientBase, 'query'>): Promise<Counts> {
  const { rows } = await client.query<Counts>(
    `SELECT (SELECT total_pacotes::float8 FROM indicadores_entrega) AS parcels,
            (SELECT count(*)::float8 FROM eventos_rejeitados) AS rejected`,
  );
  return { ...(rows[0] ?? { parcels: 0, rejected: 0 }), horizon: await readHorizon(client) };
}

/** Null as well while the migration that makes the table is pending. */
async function readHorizon(client: Pick<ClientBase, 'query'>): Promise<string | null> {
  const { rows: found } = await client.query(
    `SELECT FROM pg_class WHERE oid = to_regclass('public.retencao')`,
  );
  if (found.length === 0) return null;
  const { rows } = await client.query<{ horizonte: Date }>(
    `SELECT horizonte FROM retencao WHERE horizonte > '-infinity'`,
  );
  return rows[0]?.horizonte.toISOString() ?? null;
}

type Chunks = Pick<DatabaseStatus, 'hypertables' | 'chunkInterval' | 'columnstore' | 'locks'>;

const NO_CHUNKS: Chunks = { hypertables: [], chunkInterval: null, columnstore: null, locks: null };

/** A chunk's table and each of its indexes is locked. */
const LOCKS_PER_CHUNK = 3;
/** Queries that a dashboard asks at the same time. */
const QUERIES_AT_ONCE = 6;

async function readChunks(client: Pick<ClientBase, 'query'>): Promise<Chunks> {
  const { rows } = await client.query<{ name: string; interval: string; columnar: boolean }>(
    `SELECT h.hypertable_name AS name, d.time_interval::text AS interval, h.compression_enabled AS columnar
     FROM timescaledb_information.hypertables h
     JOIN timescaledb_information.dimensions d USING (hypertable_schema, hypertable_name)
     WHERE d.dimension_number = 1 ORDER BY 1`,
  );
  const events = rows.find(({ name }) => name === 'eventos_rastreamento');
  return {
    hypertables: rows.map(({ name }) => name),
    chunkInterval: events?.interval ?? null,
    columnstore: events?.columnar === true ? await readColumnstore(client) : null,
    locks: events === undefined ? null : await readLockRoom(client),
  };
}

async function readColumnstore(client: Pick<ClientBase, 'query'>): Promise<Columnstore | null> {
  const { rows } = await client.query<Columnstore>(
    `SELECT (SELECT config ->> 'compress_after' FROM timescaledb_information.jobs
             WHERE hypertable_name = 'eventos_rastreamento' AND config ? 'compress_after' LIMIT 1) AS after,
            coalesce(sum(total_chunks), 0)::float8 AS chunks,
            coalesce(sum(number_compressed_chunks), 0)::float8 AS compressed,
            coalesce(sum(before_compression_total_bytes), 0)::float8 AS "rowBytes",
            coalesce(sum(after_compression_total_bytes), 0)::float8 AS "columnBytes"
     FROM hypertable_compression_stats('eventos_rastreamento')`,
  );
  return rows[0] ?? null;
}

async function readLockRoom(client: Pick<ClientBase, 'query'>): Promise<LockRoom> {
  const { rows } = await client.query<{ chunks: number; setting: number; backends: number }>(
    `SELECT (SELECT count(*)::int FROM timescaledb_information.chunks WHERE hypertable_name = 'eventos_rastreamento') AS chunks,
            current_setting('max_locks_per_transaction')::int AS setting,
            current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int AS backends`,
  );
  const { chunks = 0, setting = 0, backends = 1 } = rows[0] ?? {};
  return lockRoom(chunks, setting, backends);
}

/**
 * The lock table has room for `max_locks_per_transaction` times (`max_connections` + `max_prepared_transactions`) objects:
 * https://www.postgresql.org/docs/17/runtime-config-locks.html.
 */
export function lockRoom(chunks: number, setting: number, backends: number): LockRoom {
  const needed = QUERIES_AT_ONCE * LOCKS_PER_CHUNK * chunks;
  const wanted = Math.ceil(needed / backends / 64) * 64;
  return { chunks, needed, room: setting * backends, setting, wanted: Math.max(wanted, setting) };
}
