import { projectDatabase, startServers } from '../servers';
import { bundleServices, startService, type RunningService } from '../services';
import { alignedTable, benchPorts, rounded, rounds, type Figures } from '../support';
import { postSteadily, shapeOf, type Load } from './load';
import { watchRows } from './watch';

export interface FreshnessOptions {
  readonly rounds: number;
  /** Length of each measurement. */
  readonly seconds: number;
  /** Events per second. */
  readonly rates: readonly number[];
}

interface Pipeline {
  readonly url: string;
  readonly databaseUrl: string;
}

/** Not measured: compiles the code of all parts and fills the caches. */
const WARM_UP = { rate: 1000, seconds: 5 };

/**
 * Measures how long an event takes from the moment it is to be posted to the HTTP source until its row can be read: the source, a
 * broker, one consumer and a database, each a process of its own, with default settings, on this machine together with the load.
 */
export async function benchFreshness(options: FreshnessOptions): Promise<Record<string, unknown>> {
  await bundleServices();
  const servers = await startServers();
  const services: RunningService[] = [];
  try {
    const database = await projectDatabase(servers, 'bench_freshness');
    const [port = 0] = await benchPorts(1);
    const env = {
      KAFKA_BROKERS: servers.brokers,
      DATABASE_URL: database.writerUrl,
      HTTP_PORT: String(port),
    };
    const { dir } = servers;
    services.push(await startService({ name: 'consumer', service: 'consumer', dir, env }));
    services.push(await startService({ name: 'http', service: 'rastreio', args: ['http'], dir, env }));
    for (const service of services) await service.ready();
    const pipeline = { url: `http://127.0.0.1:${port}`, databaseUrl: database.ownerUrl };
    let nextId = 1;
    const take = (load: Pick<Load, 'rate' | 'seconds'>): Load => {
      const firstId = nextId;
      nextId += shapeOf(load).events;
      return { ...load, firstId };
    };
    await run(pipeline, take(WARM_UP));
    const figures = await rounds(
      options.rounds,
      Object.fromEntries(
        options.rates.map((rate) => [
          `${rate} events/s`,
          async () => named(rate, await run(pipeline, take({ rate, seconds: options.seconds }))),
        ]),
      ),
    );
    const rates = Object.fromEntries(options.rates.map((rate) => [rate, unnamed(rate, figures)]));
    process.stderr.write(tableOf(rates));
    return {
      events_per_request: Object.fromEntries(
        options.rates.map((rate) => [rate, shapeOf({ rate, seconds: options.seconds }).size]),
      ),
      rates,
    };
  } finally {
    for (const service of services.reverse()) await service.stop();
    await servers.stop();
  }
}

/** Sends and watches at the same time; every event counts. Milliseconds. */
async function run({ url, databaseUrl }: Pipeline, load: Load): Promise<Figures> {
  const { events } = shapeOf(load);
  const failed = new AbortController();
  const watching = watchRows(databaseUrl, load.firstId, events, failed.signal);
  const [seen, sent] = await Promise.all([
    watching,
    postSteadily(url, load).catch(async (error: unknown) => {
      failed.abort();
      // The reason is the request's; the watcher only has to be gone before the servers go.
      await watching.catch(() => undefined);
      throw error;
    }),
  ]);
  const freshMs = seen.atMs.map((at, i) => at - (sent.dueMs[i] ?? NaN));
  const fresh = percentiles(freshMs, [50, 95, 99]);
  const [accepted99] = percentiles(sent.acceptedMs, [99]);
  const [late99] = percentiles(sent.lateMs, [99]);
  const [gap99] = percentiles(Float64Array.from(seen.gapsMs), [99]);
  return {
    p50_ms: fresh[0] ?? NaN,
    p95_ms: fresh[1] ?? NaN,
    p99_ms: fresh[2] ?? NaN,
    accepted_p99_ms: accepted99 ?? NaN,
    // How far the figures can be wrong: the load generator's delay, which is in them, and the time between two looks.
    sent_late_p99_ms: late99 ?? NaN,
    look_gap_p99_ms: gap99 ?? NaN,
  };
}

/** Exact: all values are there, so no histogram is needed. */
function percentiles(values: Float64Array, wanted: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  return wanted.map((p) => sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? NaN);
}

function named(rate: number, figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${rate}:${name}`, value]));
}

function unnamed(rate: number, figures: Figures): Figures {
  const own = Object.entries(figures).filter(([name]) => name.startsWith(`${rate}:`));
  return rounded(Object.fromEntries(own.map(([name, value]) => [name.slice(`${rate}:`.length), value])));
}

function tableOf(rates: Readonly<Record<string, Figures>>): string {
  const columns = Object.keys(Object.values(rates)[0] ?? {});
  const rows = Object.entries(rates).map(([rate, figures]) => [
    rate,
    ...columns.map((column) => String(figures[column] ?? '-')),
  ]);
  return `\n${alignedTable([['events/s', ...columns], ...rows])}\n`;
}
