import { createValidator, DEFAULT_RULES } from '@rastreio/contract';
import {
  createWriterPool,
  findTableDifferences,
  migrate,
  withClient,
  withPoolClient,
  writeBatch,
  type ReceivedEvent,
} from '@rastreio/database';
import { worldEvents, postingIntervalForCount } from '@rastreio/simulator';
import { freshDatabase, SERVERS } from '@rastreio/testing/servers';

const QUIET = { info: () => undefined, warn: () => undefined };
const SEED = 14;
const START = Date.UTC(2026, 8, 1);
const END = Date.UTC(2026, 8, 11);
const EVENTS = 6_000;
const BATCH = 200;
/** The last migration before the summaries by lane got numbers for lanes. */
const BEFORE_LANES = 13;

describe.each(SERVERS)('on $name', (server) => {
  test('figures of an older schema are taken over while a consumer goes on writing', async () => {
    const database = await freshDatabase(server, BEFORE_LANES);
    const pool = createWriterPool({
      databaseUrl: database.writerUrl,
      connections: 2,
      applicationName: 'test',
    });
    try {
      const batches = simulated();
      const write = async (partition: number, from: number, to: number) => {
        for (const events of batches.slice(from, to)) {
          const batch = { topico: 't', particao: partition, events, rejected: [] };
          await withPoolClient(pool, (client) => writeBatch(client, batch));
        }
      };
      const [third, half] = [Math.floor(batches.length / 3), Math.floor(batches.length / 2)];
      await write(0, 0, third);
      const [applied] = await Promise.all([
        migrate({ databaseUrl: database.ownerUrl, log: QUIET }),
        write(0, third, half),
        write(1, half, batches.length),
      ]);
      expect(applied).toContain('0014_rotas');

      await withClient(database.ownerUrl, async (client) => {
        expect(await findTableDifferences(client)).toEqual([]);
        const { rows } = await client.query<{ lanes: number; deliveries: number; delivered: number }>(
          `SELECT (SELECT count(*)::int FROM rotas) AS lanes, (SELECT sum(entregas)::int FROM resumo_baldes_rota) AS deliveries,
                  (SELECT count(*)::int FROM pacotes WHERE data_entrega IS NOT NULL) AS delivered`,
        );
        expect(rows[0]?.lanes).toBeGreaterThan(50);
        expect(rows[0]?.deliveries).toBe(rows[0]?.delivered);
      });
    } finally {
      await pool.end();
      await database.drop();
    }
  });
});

/** Batches of what the simulator's world reports, as the consumer would have them. */
function simulated(): ReceivedEvent[][] {
  const validate = createValidator({ ...DEFAULT_RULES, now: () => END });
  const world = worldEvents({
    seed: SEED,
    startMs: START,
    postingIntervalMs: postingIntervalForCount(SEED, EVENTS, START, END),
    maxPackages: Infinity,
    incidents: [],
  });
  const batches: ReceivedEvent[][] = [];
  for (let written = 0; written < EVENTS;) {
    const batch: ReceivedEvent[] = [];
    while (batch.length < BATCH) {
      const next = world.next();
      if (next.done === true) throw new Error(`the simulated world ended after ${written} events`);
      const result = validate(next.value.event);
      if (!result.ok) throw new Error(JSON.stringify(result.rejections));
      batch.push({ ...result.event, recebido_em: END });
    }
    batches.push(batch);
    written += batch.length;
  }
  return batches;
}
