import { STATUS_CATALOGUE } from '@rastreio/contract';
import { withClient } from '@rastreio/database';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';

describe.each(MATRIX)('on $name', (server) => {
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
        OR dia_local(inicio_do_dia(d) - interval '1 microsecond') <> d - 1`);
    expect(wrong).toEqual([]);
    expect(await rowsOf('SELECT fuso()')).toEqual([{ fuso: 'America/Sao_Paulo' }]);
  });

  test('the whole days of a range and its two ends, each times its sign, are the range', async () => {
    // Around the beginning and the end of summer time, and around now: what ends now or later is cut otherwise.
    const anchors = `VALUES (timestamptz '2018-11-04 03:00Z'), ('2018-02-18 02:00Z'), (now())`;
    const instants = `
      SELECT i + make_interval(hours => h) + u * interval '1 microsecond' FROM (${anchors}) AS a (i), generate_series(-40, 40, 8) AS h,
        generate_series(-1, 1) AS u
      UNION SELECT inicio_do_dia(dia_local(i) + d) + u * interval '1 microsecond' FROM (${anchors}) AS a (i), generate_series(-1, 1) AS d,
        generate_series(-1, 1) AS u
      UNION VALUES (timestamptz '-infinity'), ('infinity')`;
    const rows = await rowsOf(`
      WITH instants (t) AS MATERIALIZED (${instants}),
      ranges AS MATERIALIZED (SELECT a.t AS de, b.t AS ate FROM instants a, instants b),
      cut AS MATERIALIZED (SELECT * FROM ranges, cortes_do_periodo(de, ate)),
      ends AS MATERIALIZED (
        SELECT de, ate, array_agg(inicio) AS inicios, array_agg(fim) AS fins, array_agg(sinal) AS sinais
        FROM ranges LEFT JOIN LATERAL pontas_do_periodo(de, ate) ON true GROUP BY de, ate
      ),
      judged AS (
        SELECT de, ate, i.t, (de <= i.t AND i.t <= ate)::int AS inside,
          (dia_local(t) >= dia_local(de) AND dia_local(t) <= dia_local(ate)
            AND (dia_local(t) > dia_local(de) OR primeiro) AND (dia_local(t) < dia_local(ate) OR ultimo))::int
          + coalesce(sinais[1] * (t >= inicios[1] AND t < fins[1])::int, 0)
          + coalesce(sinais[2] * (t >= inicios[2] AND t < fins[2])::int, 0) AS counted
        FROM cut JOIN ends USING (de, ate), instants i WHERE isfinite(i.t)
      )
      SELECT count(*)::int AS judged, count(*) FILTER (WHERE inside <> counted)::int AS wrong, sum(inside)::int AS inside FROM judged`);
    expect(rows[0]).toMatchObject({ wrong: 0 });
    expect(rows[0]?.judged).toBeGreaterThan(1_000_000);
    expect(rows[0]?.inside).toBeGreaterThan(100_000);
  });

  test('a range is cut where less is to be read', async () => {
    const cuts = await rowsOf(
      `SELECT n, primeiro, ultimo FROM (VALUES
         (1, timestamptz '2026-03-02 06:00-03', timestamptz '2026-03-09 18:00-03'),
         (2, '2026-03-02 18:00-03', '2026-03-09 06:00-03'),
         (3, '2026-03-02 00:00-03', now()),
         (4, '2026-03-02 06:00-03', '2026-03-02 07:00-03'),
         (5, '2026-03-02 01:00-03', '2026-03-02 23:00-03')) AS r (n, de, ate), cortes_do_periodo(de, ate) ORDER BY n`,
    );
    expect(cuts.map(({ primeiro, ultimo }) => [primeiro, ultimo])).toEqual([
      [true, true],
      [false, false],
      [true, true],
      [false, false],
      [true, true],
    ]);
  });

  test('a parcel is open exactly when the contract says that its status is not the last', async () => {
    const statuses = [...STATUS_CATALOGUE, { status: 'ROUBADO', rank: 0, terminal: false }];
    await rowsOf(
      `INSERT INTO pacotes (id_pacote, origem, destino, status_atual, data_status, ordem_status, data_inicio)
       SELECT k, 'Natal', 'Paraíba', s, now(), o, now() FROM unnest($1::text[], $2::smallint[]) WITH ORDINALITY AS u (s, o, k)`,
      [statuses.map(({ status }) => status), statuses.map(({ rank }) => rank)],
    );
    const rows = await rowsOf(
      'SELECT status_atual, aberto, ordem_final(ordem_status) AS final FROM pacotes ORDER BY id_pacote',
    );
    expect(rows).toEqual(
      statuses.map(({ status, terminal }) => ({ status_atual: status, aberto: !terminal, final: terminal })),
    );
  });
});
