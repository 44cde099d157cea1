import { freshDatabase, SERVERS } from '@rastreio/testing/servers';
import { LOCK_KNOWN } from './mergeParcels';
import { withClient } from '../connect/provision';
import { prepareConnection } from './writeEvents';

const PARCELS = 60_000;
const IN_BATCH = 20_000;

const FILL = `
  INSERT INTO pacotes (id_pacote, origem, destino, data_inicio, status_atual, data_status, ordem_status)
  SELECT i, 'Natal', 'Paraíba', '2026-01-01Z', 'POSTADO', '2026-01-01Z', 10 FROM generate_series(1, ${PARCELS}) AS i`;
const STAGE = `
  INSERT INTO pg_temp.lote_pacotes (id_pacote, origem, destino, data_inicio, status_atual, data_status, ordem_status)
  SELECT i, 'Natal', 'Paraíba', '2026-01-02Z', 'EM TRÂNSITO', '2026-01-02Z', 20 FROM generate_series(1, ${PARCELS}, ${PARCELS / IN_BATCH}) AS i`;

describe.each(SERVERS)('on $name', (server) => {
  test('the look at a large batch’s parcels takes them from the index one by one, in order, and never reads the whole table', async () => {
    const database = await freshDatabase(server);
    try {
      await withClient(database.ownerUrl, async (client) => {
        await client.query(FILL);
        await client.query('VACUUM ANALYZE pacotes');
      });
      const plan = await withClient(database.writerUrl, async (client) => {
        await prepareConnection(client);
        await client.query('BEGIN');
        await client.query(STAGE);
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(
          `EXPLAIN (ANALYZE, TIMING OFF) ${LOCK_KNOWN}`,
        );
        return rows.map((row) => row['QUERY PLAN']).join('\n');
      });
      expect(plan).toMatch(new RegExp(`^Nested Loop .*rows=${IN_BATCH} `));
      expect(plan).toContain('LockRows');
      expect(plan).toMatch(/Index Scan using pacotes_pkey on pacotes .*loops=20000/);
      expect(plan).not.toMatch(/Seq Scan on pacotes/);
    } finally {
      await database.drop();
    }
  });
});
