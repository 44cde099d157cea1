// Shows G3 of docs/guarantees.md.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createWriterPool,
  findTableDifferences,
  withPoolClient,
  writeBatch,
  type ReceivedEvent,
} from '@rastreio/database';
import fc from 'fast-check';
import { Client, type Pool } from 'pg';
import { again } from '@rastreio/testing/again';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';
import { findDifferences } from './comparison';
import { DELIVERIES } from './definitions/deliveries';
import { anyHistory } from './histories';
import { CLEAR, WITHOUT_JIT } from '@rastreio/testing/statements';

const MS_PER_DAY = 86_400_000;
const TODAY = Math.floor(Date.now() / MS_PER_DAY) * MS_PER_DAY;
const RESET = `DELETE FROM prazos; INSERT INTO prazos VALUES ('*', '*', '10 days')`;
const ALL_TIME = {
  periods: [{ de: '2000-01-01T00:00:00Z', ate: '2100-01-01T00:00:00Z', passo: '24:00:00' }],
  instants: [],
};

/** Edits as an operator would type them: one lane, the default, several at once, all of them away. */
const anyEdit = fc.oneof(
  fc
    .record({
      lane: fc.constantFrom(`'Natal', 'Paraíba'`, `'Acre', 'Rondônia'`, `'*', '*'`),
      hours: fc.constantFrom(1, 24, 25, 48, 240, 720),
    })
    .map(
      ({ lane, hours }) =>
        `INSERT INTO prazos VALUES (${lane}, '${hours} hours') ON CONFLICT (origem, destino) DO UPDATE SET prazo = excluded.prazo`,
    ),
  fc.constantFrom(
    `UPDATE prazos SET prazo = prazo * 2`,
    `UPDATE prazos SET origem = 'Acre', destino = 'Rondônia' WHERE (origem, destino) = ('Natal', 'Paraíba') AND NOT EXISTS (SELECT FROM prazos WHERE origem = 'Acre')`,
    `DELETE FROM prazos WHERE origem = 'Natal'`,
    `DELETE FROM prazos WHERE origem = '*'`,
    `WITH gone AS (DELETE FROM prazos WHERE origem = 'Acre' RETURNING prazo)
     INSERT INTO prazos SELECT 'Natal', 'Rondônia', prazo FROM gone ON CONFLICT DO NOTHING`,
    `BEGIN; DELETE FROM prazos; ROLLBACK`,
    'TRUNCATE prazos',
  ),
);

describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  let pool: Pool;
  let owner: Client;
  beforeAll(async () => {
    database = await freshDatabase(server);
    pool = createWriterPool({ databaseUrl: database.writerUrl, connections: 2, applicationName: 'test' });
    owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await owner.query(WITHOUT_JIT);
  });
  beforeEach(() => owner.query(`${CLEAR}; ${RESET}`));
  afterAll(async () => {
    await owner.end();
    await pool.end();
    await database.drop();
  });
  const write = (events: readonly ReceivedEvent[]) =>
    withPoolClient(pool, (client) => writeBatch(client, { topic: 't', partition: 0, events, rejected: [] }));
  const problems = async () => [
    ...(await findDifferences(owner, DELIVERIES, ALL_TIME)),
    ...(await findTableDifferences(owner)),
  ];

  test('whatever is edited between batches, all deliveries are judged by the promises of now', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyHistory(TODAY),
        fc.array(anyEdit, { minLength: 1, maxLength: 5 }),
        async ({ batches }, edits) => {
          await owner.query(`${CLEAR}; ${RESET}`);
          for (let i = 0; i < Math.max(batches.length, edits.length); i++) {
            await write(batches[i] ?? []);
            await owner.query(edits[i] ?? 'SELECT 1');
          }
          expect(await problems()).toEqual([]);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('promises that change while two writers are at work judge every delivery', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyHistory(TODAY),
        fc.array(anyEdit, { minLength: 4, maxLength: 8 }),
        async ({ batches }, edits) => {
          await owner.query(`${CLEAR}; ${RESET}`);
          const done = await Promise.allSettled([
            ...[0, 1].map(async (half) => {
              for (const batch of batches.filter((_, i) => i % 2 === half)) await again(() => write(batch));
            }),
            (async () => {
              for (const edit of edits) await again(() => owner.query(edit));
            })(),
          ]);
          expect(done.filter(({ status }) => status === 'rejected')).toEqual([]);
          expect(await problems()).toEqual([]);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('a batch waits for an edit that is not committed, and is judged by it', async () => {
    const at = (hour: number, status_rastreamento: string): ReceivedEvent => ({
      ...{ id_pacote: 1, origem: 'Natal', destino: 'Paraíba', status_rastreamento },
      data_atualizacao: `2026-01-01T${String(hour).padStart(2, '0')}:00:00.000000Z`,
      recebido_em: TODAY,
    });
    const onTime = async () =>
      (await owner.query<{ t: number }>('SELECT taxa_no_prazo AS t FROM indicadores_entrega')).rows[0]?.t;
    await owner.query(`BEGIN; UPDATE prazos SET prazo = '1 hour'`);
    let done = false;
    const writing = write([at(0, 'POSTADO'), at(5, 'ENTREGUE')]).then(() => (done = true));
    await sleep(200);
    expect(done).toBe(false);
    await owner.query('COMMIT');
    await writing;
    expect(await onTime()).toBe(0);
    await owner.query(`UPDATE prazos SET prazo = '5 hours'`);
    expect(await onTime()).toBe(1);
    await owner.query(`DELETE FROM prazos`);
    // Without any promise nothing is within one.
    expect(await onTime()).toBe(0);
    expect(await problems()).toEqual([]);
  });

  test('an edit that could not see the batches it waited for is refused', async () => {
    await owner.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    const edit = owner.query(`UPDATE prazos SET prazo = '1 hour'`);
    await expect(edit).rejects.toMatchObject({
      code: '25001',
      message: expect.stringContaining('READ COMMITTED') as string,
    });
    await owner.query('ROLLBACK');
  });

  test.each([
    [`INSERT INTO prazos VALUES ('Natal', 'Paraíba', '1 month')`, 'prazo_em_dias_e_horas'],
    [`INSERT INTO prazos VALUES ('Natal', 'Paraíba', '0 hours')`, 'prazo_em_dias_e_horas'],
    [`INSERT INTO prazos VALUES ('Natal', '*', '1 day')`, 'rota_inteira'],
  ])('%s is refused', async (sql, constraint) => {
    await expect(owner.query(sql)).rejects.toMatchObject({ constraint });
  });
});
