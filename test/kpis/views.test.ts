// Shows G3 of docs/guarantees.md.
import { createWriterPool, withPoolClient, writeBatch, type RejectedMessage } from '@rastreio/database';
import fc from 'fast-check';
import { Client, type Pool } from 'pg';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';
import { findDifferences, type Comparison } from './comparison';
import { CARRIERS } from './definitions/carriers';
import { DELIVERIES } from './definitions/deliveries';
import { FILTERED } from './definitions/filtered';
import { FLOWS } from './definitions/flows';
import { PARCELS } from './definitions/parcels';
import { STATES } from './definitions/states';
import { anyHistory, type History } from './histories';
import { CLEAR, WITHOUT_JIT } from '@rastreio/testing/statements';

const MS_PER_DAY = 86_400_000;
const TODAY = Math.floor(Date.now() / MS_PER_DAY) * MS_PER_DAY;
const COMPARISONS: readonly Comparison[] = [
  ...DELIVERIES,
  ...STATES,
  ...FLOWS,
  ...PARCELS,
  ...FILTERED,
  ...CARRIERS,
];

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
    // The default promise is ten days.
    await owner.query(
      `INSERT INTO prazos VALUES ('Natal', 'Paraíba', '36 hours'), ('Acre', 'Rondônia', '1 day 00:00:00.000001')`,
    );
    // One event is enough to judge an hour or silence, and two deliveries a lane, else these histories never would.
    await owner.query(
      `UPDATE limites SET valor = 1 WHERE nome IN ('completude_volume', 'silencio_eventos');
       UPDATE limites SET valor = 2 WHERE nome = 'risco_minimo_entregas';
       UPDATE limites SET valor = 20 * 86400 WHERE nome = 'nunca_encerrado'`,
    );
  });
  afterAll(async () => {
    await owner.end();
    await pool.end();
    await database.drop();
  });

  async function write(batches: History['batches']): Promise<void> {
    for (const [partition, events] of batches.entries()) {
      const batch = {
        topic: `t${partition % 2}`,
        partition,
        events,
        rejected: partition === 1 ? [REJECTED] : [],
      };
      await withPoolClient(pool, (client) => writeBatch(client, batch));
    }
    // All was written just now; some of it shall be days old.
    await owner.query(`UPDATE ingestao SET minuto = minuto - particao * interval '50 hours'`);
  }

  test('every view and function equals its plain definition over the events', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory(TODAY), async (history) => {
        await owner.query(CLEAR);
        await write(history.batches);
        expect(await findDifferences(owner, COMPARISONS, history)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  test('before the first event every figure is empty, and none fails', async () => {
    await owner.query(CLEAR);
    const history = {
      periods: [{ de: '2026-01-01T00:00:00Z', ate: '2026-01-03T12:00:00Z', passo: '01:00:00' }],
      instants: ['2026-01-01T00:00:00Z'],
    };
    expect(await findDifferences(owner, COMPARISONS, history)).toEqual([]);
  });
});

const REJECTED: RejectedMessage = {
  topic: 't1',
  partition: 1,
  offset: '7',
  key: null,
  value: null,
  headers: {},
  reason: 'invalid_utf8',
  field: null,
  detail: 'the bytes are not UTF-8',
  recebido_em: TODAY,
};
