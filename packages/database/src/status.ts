import { readSchemaState, type SchemaState } from './migrate';
import type { ClientBase } from 'pg';

/** What a database has, for `npm run db:status`. */
export interface DatabaseStatus extends SchemaState {
  readonly server: string;
  /** Null on plain PostgreSQL. */
  readonly timescaledb: { readonly version: string; readonly license: string } | null;
  readonly hypertables: readonly string[];
  readonly packages: number;
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
  const hypertables =
    timescaledb === null
      ? []
      : (
          await client.query<{ name: string }>(
            'SELECT hypertable_name AS name FROM timescaledb_information.hypertables ORDER BY 1',
          )
        ).rows;
  const counts = schema.applied.length === 0 ? { packages: 0, rejected: 0 } : await readCounts(client);
  return {
    ...schema,
    server: facts?.server ?? '',
    timescaledb,
    hypertables: hypertables.map(({ name }) => name),
    ...counts,
  };
}

async function readCounts(
  client: Pick<ClientBase, 'query'>,
): Promise<{ packages: number; rejected: number }> {
  const { rows } = await client.query<{ packages: number; rejected: number }>(
    `SELECT (SELECT total_pacotes::float8 FROM indicadores_entrega) AS packages,
            (SELECT count(*)::float8 FROM eventos_rejeitados) AS rejected`,
  );
  return rows[0] ?? { packages: 0, rejected: 0 };
}
