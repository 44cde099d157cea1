import { prepareConnection, withClient, writeEvents, type PlainReceived } from '@rastreio/database';
import { simulatedEvents } from '../../test/support/simulatedEvents';
import { makeDatabase, startServer } from '../kpis/server';
import { cpuOfEndedChildren } from '../processes';
import { rounded, runScript } from '../support';

export interface BacktestOptions {
  readonly parcels: number;
  readonly days: number;
  readonly rules: readonly string[];
}

/** A rule on accounts, one on lanes, one on risk. */
export const DEFAULT_RULES = ['rastreio-silencio', 'rastreio-tempo-medio-rota', 'rastreio-em-risco'];

const DAY_MS = 86_400_000;
const BATCH = 20_000;
const SEED = 3;

/** What a consumer that never sleeps would have counted of these events. */
const ADD_ACCOUNTS = `
  INSERT INTO ingestao AS i (minuto, topico, particao, consumidos, inseridos, duplicados, rejeitados, recebido_ate)
  SELECT date_trunc('minute', to_timestamp(r / 1000)), 'eventos_rastreamento', 0, count(*), count(*), 0, 0, max(to_timestamp(r / 1000))
  FROM unnest($1::float8[]) AS r GROUP BY 1
  ON CONFLICT (minuto, topico, particao) DO UPDATE SET
    consumidos = i.consumidos + excluded.consumidos, inseridos = i.inseridos + excluded.inseridos,
    recebido_ate = greatest(i.recebido_ate, excluded.recebido_ate)`;

/** Measures `alerts backtest` as a person runs it, from its start to its end, on a simulated network's last days. */
export async function benchBacktest({
  parcels,
  days,
  rules,
}: BacktestOptions): Promise<Record<string, unknown>> {
  const server = await startServer();
  try {
    const { ownerUrl, readerUrl } = await makeDatabase(server, 'bench_backtest');
    const events = await writeHistory(ownerUrl, parcels, days);
    const figures: Record<string, unknown> = {};
    for (const rule of rules) {
      const before = cpuOfEndedChildren();
      const args = [
        'alerts',
        'backtest',
        '--database-url',
        readerUrl,
        '--days',
        String(days),
        '--rule',
        rule,
      ];
      const result = await runScript('cli/bin/rastreio.mjs', args);
      const cpuMs = (cpuOfEndedChildren() - before) / 1000;
      const [{ evaluations } = { evaluations: NaN }] = result.rules as { evaluations: number }[];
      figures[rule] = {
        evaluations,
        ...rounded({
          seconds: Number(result.seconds),
          // Of node and of its throw-away database together.
          cpu_s: cpuMs / 1000,
          cpu_ms_per_evaluation: cpuMs / evaluations,
        }),
      };
      process.stderr.write(`${rule}: ${JSON.stringify(figures[rule])}\n`);
    }
    return { database: server.provider, events, figures };
  } finally {
    await server.stop();
  }
}

async function writeHistory(ownerUrl: string, parcels: number, days: number): Promise<number> {
  const endMs = Date.now();
  const world = { seed: SEED, startMs: endMs - days * DAY_MS, endMs, parcels };
  let written = 0;
  await withClient(ownerUrl, async (client) => {
    await prepareConnection(client);
    const write = async (events: readonly PlainReceived[]) => {
      await client.query('BEGIN');
      await writeEvents(client, events, { provenNew: true });
      await client.query(ADD_ACCOUNTS, [events.map(({ recebido_em }) => recebido_em)]);
      await client.query('COMMIT');
      written += events.length;
    };
    let batch: PlainReceived[] = [];
    for (const { atMs: _at, ...event } of simulatedEvents(world)) {
      if (event.recebido_em > endMs) break;
      batch.push(event);
      if (batch.length < BATCH) continue;
      await write(batch);
      batch = [];
    }
    await write(batch);
  });
  return written;
}
