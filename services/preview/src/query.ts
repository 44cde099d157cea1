import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { CONNECTION_DEFAULTS, surviveDisconnects, tlsOptions } from '@rastreio/database';
import { wrongSettings, type WrongSetting } from '@rastreio/runtime';
import { Pool, Query, type FieldDef, type PoolClient } from 'pg';
import {
  BOUNDS,
  checkFill,
  createMeter,
  tooManyBytes,
  TooLargeError,
  type Bounds,
  type RowMeter,
} from './bounds';
import { POSTGRES_TYPE, type DataSource } from './dataSources';
import { RAW_TYPES, toTableFrame, toTimeSeriesFrame, type RawResult } from './frames';
import { expandMacros } from '@rastreio/grafana/macros';
import { createPrometheus, PROMETHEUS_TYPE } from './prometheus';
import type { QueryRequest, QueryResult } from './queryRequest';
import { explainError } from './sqlErrors';

export interface QueryRunner {
  readonly run: (request: QueryRequest) => Promise<Record<string, QueryResult>>;
  /** Null when every database answers, else one sentence. */
  readonly notReady: () => Promise<string | null>;
  readonly close: () => Promise<void>;
}

const CONNECTIONS = 4;
const STATEMENT_TIMEOUT_MS = 15_000;
/** Bytes on the wire for each of text that is counted, at most. */
const WIRE_FACTOR = 2;

/**
 * Runs queries on the PostgreSQL data sources, each in a read-only transaction of its role, and on Prometheus where its
 * address is set. Answers are bounded.
 */
export function createQueryRunner(sources: readonly DataSource[], bounds: Bounds = BOUNDS): QueryRunner {
  const pools = new Map(
    sources
      .filter((s) => s.type === POSTGRES_TYPE)
      .map((source) => [source.uid, { source, pool: createPool(source) }]),
  );

  const prometheus = createPrometheus(bounds);

  async function runOne(
    query: QueryRequest['queries'][number],
    range: { fromMs: number; toMs: number },
    meter: ReturnType<typeof createMeter>,
  ): Promise<QueryResult> {
    const source = sources.find(({ uid }) => uid === query.datasource.uid);
    if (source === undefined) {
      const error = `Não há fonte de dados "${query.datasource.uid}"; veja provisioning/datasources.`;
      return { status: 400, error, frames: [] };
    }
    if (source.type === PROMETHEUS_TYPE) return prometheus(source, query, range, meter.takePoints);
    const known = pools.get(source.uid);
    if (known === undefined)
      return { status: 200, unavailable: `Este painel precisa do Grafana (${source.type}).`, frames: [] };
    try {
      const context = {
        ...range,
        intervalMs: query.intervalMs,
        timescaledb: known.source.jsonData.timescaledb ?? false,
      };
      const { sql, fill } = expandMacros(query.rawSql, context);
      const isSeries = query.format === 'time_series';
      if (isSeries && fill !== undefined) checkFill(fill, range, bounds);
      const result = await readOnly(known.pool, sql, meter.ofQuery(), bounds);
      const frame = isSeries
        ? toTimeSeriesFrame(query.refId, result, sql, fill, range, meter.takePoints)
        : toTableFrame(query.refId, result, sql);
      return { status: 200, frames: [frame] };
    } catch (error) {
      return { status: 500, error: explainError(error), frames: [] };
    }
  }

  return {
    async run({ from, to, queries }) {
      const range = { fromMs: from, toMs: to };
      const meter = createMeter(bounds);
      return Object.fromEntries(
        await Promise.all(
          queries.map(async (query) => [query.refId, await runOne(query, range, meter)] as const),
        ),
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
    ssl: tlsOfSource(source),
    max: CONNECTIONS,
    application_name: 'rastreio-preview',
    statement_timeout: STATEMENT_TIMEOUT_MS,
  });
  return surviveDisconnects(pool);
}

/** @throws OperatorError (78) that names what is wrong with the files */
function tlsOfSource({ jsonData }: DataSource): false | ConnectionOptions {
  const { sslmode = '', sslRootCertFile, sslCertFile, sslKeyFile } = jsonData;
  if (sslmode === '' || sslmode === 'disable') return false;
  const problems: WrongSetting[] = [];
  const files = {
    ca: sslRootCertFile || undefined,
    cert: sslCertFile || undefined,
    key: sslKeyFile || undefined,
  };
  const names = { ca: 'sslRootCertFile', cert: 'sslCertFile', key: 'sslKeyFile' };
  const options = tlsOptions(sslmode, files, names, problems);
  if (problems.length > 0) throw wrongSettings(problems);
  return options;
}

async function readOnly(pool: Pool, sql: string, meter: RowMeter, bounds: Bounds): Promise<RawResult> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN READ ONLY');
    return await readRows(client, sql, meter, bounds);
  } catch (error) {
    // The rest of an answer that nobody wants is not to be waited for.
    if (error instanceof TooLargeError) broken = error;
    throw error;
  } finally {
    if (broken === undefined) await client.query('ROLLBACK').catch((error: Error) => (broken = error));
    client.release(broken);
  }
}

/**
 * Reads row by row: pg alone would keep an answer of any size. A row is whole only when all of it is here, so what arrives is
 * counted as well: one cell may have a gigabyte.
 */
function readRows(client: PoolClient, sql: string, meter: RowMeter, bounds: Bounds): Promise<RawResult> {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  const atStart = stream.bytesRead;
  let watch = () => undefined as void;
  return new Promise<RawResult>((resolve, reject) => {
    watch = () => {
      if (stream.bytesRead - atStart <= WIRE_FACTOR * bounds.bytes) return;
      reject(tooManyBytes(bounds));
      stream.destroy();
    };
    stream.on('data', watch);
    const rows: (string | null)[][] = [];
    let tooLarge: TooLargeError | undefined;
    // The extended protocol takes one statement only, so a query cannot end the transaction it runs in.
    const config = { text: sql, values: [], rowMode: 'array', types: RAW_TYPES, queryMode: 'extended' };
    const query = client.query(new Query<(string | null)[]>(config as never));
    query.on('row', (row) => {
      if (tooLarge !== undefined) return;
      tooLarge = meter.take(row);
      if (tooLarge === undefined) rows.push(row);
      else reject(tooLarge);
    });
    query.on('error', reject);
    query.on('end', (result: { fields?: FieldDef[] }) => resolve({ fields: result.fields ?? [], rows }));
  }).finally(() => stream.off('data', watch));
}
