import { STATUS_CATALOGUE } from '@rastreio/contract';
import { withClient } from '@rastreio/database';
import { freshDatabase, SERVERS, type TestDatabase } from '../support/servers';

describe.each(SERVERS)('on $name', (server) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase(server);
  });
  afterAll(() => database.drop());
  const rowsOf = (sql: string, values: unknown[] = []) =>
    withClient(database.ownerUrl, async (c) => (await c.query<Record<string, unknown>>(sql, values)).rows);

  test('local days follow each other without a gap, through thirty years of changing clocks', async () => {
    // In Brazil summer time began at midnight, so that some days had no 00:00 and others had an hour twice.
    const wrong = await rowsOf(`
      SELECT d FROM (SELECT d::date AS d FROM generate_series(timestamp '2000-01-01', '2030-12-31', '1 day') AS d) AS days
      WHERE dia_local(inicio_do_dia(d)) <> d
        OR dia_local(inicio_do_dia(d) - interval '1 microsecond') <> d - 1
        OR proximo_dia(inicio_do_dia(d)) <> d
        OR proximo_dia(inicio_do_dia(d) + interval '1 microsecond') <> d + 1`);
    expect(wrong).toEqual([]);
    expect(await rowsOf('SELECT fuso()')).toEqual([{ fuso: 'America/Sao_Paulo' }]);
  });

  test('a package is open exactly when the contract says that its status is not the last', async () => {
    const statuses = [...STATUS_CATALOGUE, { status: 'ROUBADO', rank: 0, terminal: false }];
    await rowsOf(
      `INSERT INTO pacotes (id_pacote, origem, destino, status_atual, data_status, ordem_status, data_inicio)
       SELECT k, 'Natal', 'Paraíba', s, now(), o, now() FROM unnest($1::text[], $2::smallint[]) WITH ORDINALITY AS u (s, o, k)`,
      [statuses.map(({ status }) => status), statuses.map(({ rank }) => rank)],
    );
    const rows = await rowsOf('SELECT status_atual, aberto FROM pacotes ORDER BY id_pacote');
    expect(rows).toEqual(
      statuses.map(({ status, terminal }) => ({ status_atual: status, aberto: !terminal })),
    );
  });
});
