// Shows G8 of docs/guarantees.md.
import { createValidator, DEFAULT_RULES } from '@rastreio/contract';
import {
  assertSchema,
  createWriterPool,
  findTableDifferences,
  migrate,
  withClient,
  withPoolClient,
  writeBatch,
  type Batch,
  type ReceivedEvent,
} from '@rastreio/database';
import { worldEvents, postingIntervalForCount } from '@rastreio/simulator';
import { again } from '@rastreio/testing/again';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';
import { dumpSchema } from '../../scripts/schema/dump';
import { asFormerWriter, formerDatabase, FormerWriterRefused } from './former';

const QUIET = { info: () => undefined, warn: () => undefined };
const SEED = 14;
const START = Date.UTC(2026, 8, 1);
const END = Date.UTC(2026, 8, 11);
const EVENTS = 6_000;
const BATCH = 200;
/** Figures of all kinds that do not depend on the hour of the test and that the former version had. */
const FIGURES = `
  SELECT jsonb_build_object(
    'status', (SELECT jsonb_agg(s ORDER BY s.status_rastreamento) FROM status_dos_pacotes s),
    'deliveries', (SELECT to_jsonb(i) - ARRAY['taxa_no_prazo_final', 'taxa_tentativa_no_prazo'] FROM indicadores_entrega i),
    'lanes', (SELECT jsonb_agg(to_jsonb(r) - ARRAY['taxa_no_prazo_final', 'taxa_tentativa_no_prazo'] ORDER BY r.rota) FROM entregas_por_rota('2026-09-02 07:00Z', '2026-09-09 19:00Z') r),
    'history', (SELECT jsonb_agg(h) FROM historico_de_status('2026-09-02', '2026-09-09', '1 day') h),
    'stays', (SELECT jsonb_agg(p ORDER BY p.status_rastreamento) FROM permanencia_no_periodo('2026-09-02', '2026-09-09') p),
    'cohorts', (SELECT jsonb_agg(to_jsonb(c) - 'taxa_no_prazo' ORDER BY c.dia) FROM coortes_no_periodo('2026-09-01', '2026-09-11') c),
    'delay', (SELECT to_jsonb(a) FROM atraso_no_periodo('2026-09-01', '2026-09-12') a)) AS figures`;

const BATCHES = simulated();
const [THIRD, HALF] = [Math.floor(BATCHES.length / 3), Math.floor(BATCHES.length / 2)];

test('a whole former schema becomes the one that a fresh database has', async () => {
  const [server] = SERVERS;
  if (server === undefined) throw new Error('no server');
  const [upgraded, fresh] = [await formerDatabase(server), await freshDatabase(server)];
  try {
    expect(await migrate({ databaseUrl: upgraded.ownerUrl, log: QUIET })).toEqual([
      ...['0001_base', '0002_alertas', '0003_limites_provados', '0004_registros', '0005_fora_de_ordem'],
      ...['0006_desconhecidos', '0007_transportadoras', '0008_correcoes', '0009_promessas'],
      ...[
        '0010_palavras',
        '0011_lugares',
        '0013_numeros_juntados',
        '0014_desempenho',
        '0015_indices',
        '0016_trancas',
      ],
      'functions',
    ]);
    await withClient(upgraded.writerUrl, assertSchema);
    expect(await migrate({ databaseUrl: upgraded.ownerUrl, log: QUIET })).toEqual([]);
    expect(await dumpSchema(upgraded.adminUrl)).toBe(await dumpSchema(fresh.adminUrl));
    expect(await seedsOf(upgraded)).toEqual(await seedsOf(fresh));
  } finally {
    await upgraded.drop();
    await fresh.drop();
  }
});

describe.each(SERVERS)('on $name', (server) => {
  test('a part of the former schema is left alone, with a sentence that says how to go on', async () => {
    const database = await formerDatabase(server, 21);
    try {
      await expect(migrate({ databaseUrl: database.ownerUrl, log: QUIET })).rejects.toMatchObject({
        exitCode: 78,
        message: expect.stringMatching(
          /^The database lacks 0022_confiabilidade, .*, 0025_catalogo of the version before 0\.1\.0\. Check out commit e628869,/,
        ) as string,
      });
      await withClient(database.ownerUrl, async (client) => {
        const { rows } = await client.query('SELECT count(*)::int AS n FROM migracoes');
        expect(rows).toEqual([{ n: 21 }]);
      });
    } finally {
      await database.drop();
    }
  });

  test('figures of the former version stay the same', async () => {
    const database = await formerDatabase(server);
    const writer = writerOf(database);
    try {
      await writer.write(0, 0, THIRD);
      const before = await figures(database);
      await migrate({ databaseUrl: database.ownerUrl, log: QUIET });
      expect(await figures(database)).toEqual(before);
      await withClient(database.ownerUrl, async (client) =>
        expect(await findTableDifferences(client)).toEqual([]),
      );
    } finally {
      await writer.end();
      await database.drop();
    }
  });

  test('a consumer goes on writing during the upgrade, and nothing is lost or counted twice', async () => {
    const database = await formerDatabase(server);
    const writer = writerOf(database);
    try {
      await writer.write(0, 0, THIRD);
      const upgraded = migrate({ databaseUrl: database.ownerUrl, log: QUIET }).then(() => writer.written());
      await Promise.all([upgraded, writer.write(0, THIRD, HALF), writer.write(1, HALF, BATCHES.length)]);
      // Some batches came before it, some after it.
      expect(await upgraded).toBeGreaterThanOrEqual(THIRD);
      expect(await upgraded).toBeLessThan(BATCHES.length);
      expect(writer.isFormer()).toBe(false);

      await withClient(database.ownerUrl, async (client) => {
        expect(await findTableDifferences(client)).toEqual([]);
        const { rows } = await client.query<Record<string, number>>(
          `SELECT (SELECT count(*)::int FROM rotas) AS lanes, (SELECT sum(entregas)::int FROM resumo_baldes_rota) AS deliveries,
                  (SELECT count(*)::int FROM pacotes WHERE data_entrega IS NOT NULL) AS delivered,
                  (SELECT count(*)::int FROM eventos_rastreamento) AS events`,
        );
        expect(rows[0]?.lanes).toBeGreaterThan(50);
        expect(rows[0]?.deliveries).toBe(rows[0]?.delivered);
        expect(rows[0]?.events).toBe(BATCHES.flat().length);
      });
    } finally {
      await writer.end();
      await database.drop();
    }
  });
});

/** Rows that the schema itself brings. */
async function seedsOf({ ownerUrl }: TestDatabase): Promise<unknown[]> {
  return withClient(ownerUrl, async (client) => {
    const found: unknown[] = [];
    for (const table of [
      ...['limites', 'prazos', 'prazos_julgados', 'grafias'],
      ...['versao_do_esquema', 'retencao', 'catalogo_status'],
    ])
      found.push((await client.query<object>(`SELECT * FROM ${table} ORDER BY 1`)).rows);
    return found;
  });
}

const figures = (database: TestDatabase) =>
  withClient(database.readerUrl, async (client) => (await client.query(FIGURES)).rows as unknown[]);

/** Writes batches as consumers do, the former version's until it is refused and today's from then on, and counts those that are committed. */
function writerOf({ writerUrl: databaseUrl }: TestDatabase) {
  const pool = createWriterPool({ databaseUrl, connections: 2, applicationName: 'test' });
  let written = 0;
  let isFormer = true;
  const write = (batch: Batch) =>
    again(() =>
      withPoolClient(pool, async (client) => {
        await writeBatch(isFormer ? asFormerWriter(client) : client, batch);
      }),
    );
  return {
    write: async (partition: number, from: number, to: number) => {
      for (const events of BATCHES.slice(from, to)) {
        const batch = { topic: 't', partition, events, rejected: [] };
        await write(batch).catch(async (error: unknown) => {
          if (!(error instanceof FormerWriterRefused)) throw error;
          isFormer = false;
          await write(batch);
        });
        written++;
      }
    },
    written: () => written,
    /** Whether it is the former version's still. */
    isFormer: () => isFormer,
    end: () => pool.end(),
  };
}

/** Batches of what the simulator's world reports, as the consumer would have them. */
function simulated(): ReceivedEvent[][] {
  const validate = createValidator({ ...DEFAULT_RULES, now: () => END });
  const world = worldEvents({
    seed: SEED,
    startMs: START,
    postingIntervalMs: postingIntervalForCount(SEED, EVENTS, START, END),
    maxParcels: Infinity,
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
