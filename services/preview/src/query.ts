import { CONNECTION_DEFAULTS, surviveDisconnects } from '@rastreio/database';
import { Pool, type QueryArrayResult } from 'pg';
import { z } from 'zod';
import { POSTGRES_TYPE, type DataSource } from './dataSources';
import { RAW_TYPES, toTableFrame, toTimeSeriesFrame, type FrameJson } from './frames';
import { expandMacros } from './macros';

/** The body of `POST /api/ds/query`, as Grafana's browser side sends it. */
export const queryRequestSchema = z.object({
  from: z.coerce.number(),
  to: z.coerce.number(),
  queries: z
    .array(
      z.object({
        refId: z.string(),
        datasource: z.object({ uid: z.string() }),
        rawSql: z.string().default(''),
        format: z.enum(['table', 'time_series']).default('table'),
        intervalMs: z.number().min(1).default(60_000),
      }),
    )
    .max(50),
});

export type QueryRequest = z.infer<typeof queryRequestSchema>;

export interface QueryResult {
  readonly status: number;
  readonly error?: string;
  readonly frames: readonly FrameJson[];
}

export interface QueryRunner {
  readonly run: (request: QueryRequest) => Promise<Record<string, QueryResult>>;
  /** Null when every database answers, else one sentence. */
  readonly notReady: () => Promise<string | null>;
  readonly close: () => Promise<void>;
}

const CONNECTIONS = 4;
const STATEMENT_TIMEOUT_MS = 15_000;

/** Runs queries on the PostgreSQL data sources, each in a read-only transaction of its role. */
export function createQueryRunner(sources: readonly DataSource[]): QueryRunner {
  const pools = new Map(
    sources
      .filter((s) => s.type === POSTGRES_TYPE)
      .map((source) => [source.uid, { source, pool: createPool(source) }]),
  );

  async function runOne(
    query: QueryRequest['queries'][number],
    range: { fromMs: number; toMs: number },
  ): Promise<QueryResult> {
    const known = pools.get(query.datasource.uid);
    if (known === undefined) {
      const listed = sources.some(({ uid }) => uid === query.datasource.uid);
      const error = listed
        ? 'The preview queries SQL data sources only; run Grafana to see this panel.'
        : `There is no data source "${query.datasource.uid}"; see provisioning/datasources.`;
      return { status: 400, error, frames: [] };
    }
    try {
      const context = {
        ...range,
        intervalMs: query.intervalMs,
        timescaledb: known.source.jsonData.timescaledb ?? false,
      };
      const { sql, fill } = expandMacros(query.rawSql, context);
      const result = await readOnly(known.pool, sql);
      const frame =
        query.format === 'time_series'
          ? toTimeSeriesFrame(query.refId, result, sql, fill, range)
          : toTableFrame(query.refId, result, sql);
      return { status: 200, frames: [frame] };
    } catch (error) {
      return { status: 500, error: error instanceof Error ? error.message : String(error), frames: [] };
    }
  }

  return {
    async run({ from, to, queries }) {
      const range = { fromMs: from, toMs: to };
      return Object.fromEntries(
        await Promise.all(queries.map(async (query) => [query.refId, await runOne(query, range)] as const)),
      );
    },
    async notReady() {
      for (const { source, pool } of pools.values()) {
        const reason = await pool.query('SELECT 1').then(
          () => null,
          (error: Error) => error.message,
        );
        if (reason !== null) return `data source ${source.name} does not answer: ${reason}`;
      }
      return null;
    },
    close: async () => void (await Promise.all([...pools.values()].map(({ pool }) => pool.end()))),
  };
}

function createPool(source: DataSource): Pool {
  const [host = 'localhost', port = '5432'] = source.url.split(':');
  const pool = new Pool({
    ...CONNECTION_DEFAULTS,
    host,
    port: Number(port),
    user: source.user,
    password: source.secureJsonData.password ?? '',
    database: source.jsonData.database ?? '',
    max: CONNECTIONS,
    application_name: 'rastreio-preview',
    statement_timeout: STATEMENT_TIMEOUT_MS,
    options: '-c TimeZone=UTC',
  });
  return surviveDisconnects(pool);
}

async function readOnly(pool: Pool, sql: string): Promise<QueryArrayResult<(string | null)[]>> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN READ ONLY');
    // The extended protocol takes one statement only, so a query cannot end the transaction it runs in.
    const result = await client.query<(string | null)[]>({
      text: sql,
      values: [],
      rowMode: 'array',
      types: RAW_TYPES,
      queryMode: 'extended',
    } as never);
    return result;
  } finally {
    await client.query('ROLLBACK').catch((error: Error) => (broken = error));
    client.release(broken);
  }
}
