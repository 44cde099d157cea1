import { createWriterPool, withPoolClient, writeBatch } from '@rastreio/database';
import fc from 'fast-check';
import { Client, type Pool } from 'pg';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';
import { findDifferences } from './comparison';
import { COMPLETENESS } from './definitions/flows';
import { LANES } from './definitions/lanes';
import { TOWER } from './definitions/tower';
import { anyNetwork } from './networks';
import { CLEAR, WITHOUT_JIT } from '@rastreio/testing/statements';

describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  let pool: Pool;
  let owner: Client;
  beforeAll(async () => {
    database = await freshDatabase(server);
    pool = createWriterPool({ databaseUrl: database.writerUrl, connections: 1, applicationName: 'test' });
    owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await owner.query(WITHOUT_JIT);
    await owner.query(`
      INSERT INTO prazos VALUES ('Natal', 'Paraíba', '36 hours'), ('Acre', 'Rondônia', '1 day 00:00:00.000001');
      UPDATE prazos SET prazo = '60 hours' WHERE origem = '*'`);
    // A few events are enough to judge an hour or a lane, else these networks never would.
    await owner.query(
      `UPDATE limites SET valor = 1 WHERE nome IN ('risco_minimo_entregas', 'completude_volume')`,
    );
  });
  afterAll(async () => {
    await owner.end();
    await pool.end();
    await database.drop();
  });

  test('the control tower, the lanes and the hours equal their plain definitions over the events', async () => {
    await fc.assert(
      fc.asyncProperty(anyNetwork(Math.floor(Date.now() / 60_000) * 60_000), async (history) => {
        await owner.query(CLEAR);
        for (const events of history.batches) {
          const batch = { topic: 't', partition: 0, events, rejected: [] };
          await withPoolClient(pool, (client) => writeBatch(client, batch));
        }
        expect(await findDifferences(owner, [...TOWER, ...LANES, ...COMPLETENESS], history)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test('without a parcel the tower is one row that says nothing, and there is nothing else', async () => {
    await owner.query(CLEAR);
    const { rows } = await owner.query<Record<string, unknown>>('SELECT * FROM torre');
    expect(rows).toHaveLength(1);
    expect(Object.keys(rows[0] ?? {})).toHaveLength(16);
    expect(new Set(Object.values(rows[0] ?? {}))).toEqual(new Set([null]));
    expect((await owner.query('SELECT * FROM abertos_por_idade')).rows).toEqual([]);
  });

  test('an unknown list is refused with the names of those that there are', async () => {
    for (const list of ['prometidos', '', null, 'aberto; DROP TABLE pacotes'])
      await expect(owner.query('SELECT * FROM lista_da_torre($1, 10)', [list])).rejects.toMatchObject({
        code: '22023',
        message: expect.stringMatching(/no list; use one of prometidos_hoje, .*quebras_amanha$/) as string,
      });
  });

  test('a list is cut off after so many', async () => {
    await withPoolClient(pool, (client) =>
      writeBatch(client, { topic: 't', partition: 0, events: FORGOTTEN, rejected: [] }),
    );
    const rows = async (limit: number | null) =>
      (
        await owner.query<{ id_pacote: string }>('SELECT id_pacote FROM lista_da_torre($1, $2)', [
          'esquecidos',
          limit,
        ])
      ).rows;
    expect(await rows(2)).toEqual([{ id_pacote: '3' }, { id_pacote: '2' }]);
    expect(await rows(null)).toHaveLength(FORGOTTEN.length);
  });
});

const FORGOTTEN = [1, 2, 3].map((id) => ({
  ...{ id_pacote: id, origem: 'Natal', destino: 'Paraíba', status_rastreamento: 'POSTADO' },
  data_atualizacao: new Date(Date.now() - (2 + id) * 86_400_000).toISOString().replace('Z', '000Z'),
  recebido_em: Date.now(),
}));
