import { withClient } from '@rastreio/database';
import { measureLatencies, measureReference } from './latency';
import { loadParcels } from './load';
import { measuredQueries } from './queries';
import { report, type SizeResult } from './report';
import { makeDatabase, startServer, type KpiServer } from './server';
import { compressOldChunks, readSizes } from './sizes';
import { measureWriteCost } from './writeCost';

export interface KpiOptions {
  readonly parcels: readonly number[];
  readonly runs: number;
  /** Batches of the write path; 0 leaves it out. */
  readonly batches: number;
  readonly adminUrl?: string;
}

/**
 * Measures every query of the real-time dashboard and of the KPIs at several sizes, the original's queries beside them, what is on disk,
 * and what the derived tables cost the writer.
 */
export async function benchKpis(options: KpiOptions): Promise<Record<string, unknown>> {
  const server = await startServer(options.adminUrl);
  try {
    const write = options.batches === 0 ? undefined : await measureWriteCost(server, options.batches);
    const sizes: SizeResult[] = [];
    // The smallest first: a ratio is that of the largest to it.
    let result: Record<string, unknown> = {};
    for (const parcels of [...options.parcels].sort((a, b) => a - b)) {
      sizes.push(await measureSize(server, parcels, options.runs));
      const reported = report(measuredQueries(new Date(), 1), sizes, write);
      process.stderr.write(`\n${reported.text}\n\n`);
      ({ result } = reported);
    }
    // The URL may hold a password, and options are printed.
    return { adminUrl: undefined, server: await versionOf(server), ...result };
  } finally {
    await server.stop();
  }
}

async function measureSize(server: KpiServer, parcels: number, runs: number): Promise<SizeResult> {
  const progress = (text: string) => void process.stderr.write(`${parcels}: ${text}\n`);
  const database = await makeDatabase(server, `bench_kpis_${parcels}`);
  try {
    const started = performance.now();
    await loadParcels({ ownerUrl: database.ownerUrl, parcels, until: new Date(), progress });
    const load_s = (performance.now() - started) / 1000;
    progress(`loaded after ${Math.round(load_s)} s; measuring`);
    const measure = () => measureLatencies(database.readerUrl, measuredQueries(new Date(), parcels), runs);
    const latencies = await measure();
    const reference = await measureReference(database.ownerUrl);
    const bytes = await readSizes(database.ownerUrl, server.timescaledb);
    const events = await countEvents(database.ownerUrl);
    const compressedBytes = await compressOldChunks(database.ownerUrl, progress);
    return {
      ...{ parcels, events, load_s, latencies, reference },
      bytes: { ...bytes, ...(compressedBytes === undefined ? {} : { events_compressed: compressedBytes }) },
      compressed: compressedBytes === undefined ? undefined : await measure(),
    };
  } finally {
    await database.drop();
  }
}

async function countEvents(ownerUrl: string): Promise<number> {
  return withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<{ events: number }>(
      'SELECT sum(eventos)::float8 AS events FROM resumo_historico',
    );
    return rows[0]?.events ?? NaN;
  });
}

async function versionOf({ adminUrl, provider }: KpiServer): Promise<string> {
  return withClient(adminUrl, async (client) => {
    const { rows } = await client.query<{ version: string }>(`
      SELECT 'PostgreSQL ' || current_setting('server_version')
        || coalesce(', TimescaleDB ' || (SELECT default_version FROM pg_available_extensions WHERE name = 'timescaledb')
           || coalesce(' (' || current_setting('timescaledb.license', true) || ')', ''), '') AS version`);
    return rows[0]?.version ?? provider;
  });
}
