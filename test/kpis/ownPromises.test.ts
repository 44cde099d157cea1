// Parcels with a promise of their own: the examples of docs/kpis.md. test/kpis/views.test.ts compares all figures with their definitions.
import { findTableDifferences, type ReceivedEvent } from '@rastreio/database';
import { makeBed, type Bed } from '@rastreio/testing/bed';
import { SERVERS } from '@rastreio/testing/servers';
import fc from 'fast-check';

const HOUR_MS = 3_600_000;
const NOW = Date.now();
/** So many hours after now, negative ones before. */
const at = (hours: number) => new Date(NOW + hours * HOUR_MS).toISOString().replace('Z', '000Z');
const said = (
  id: number,
  hours: number,
  status_rastreamento: string,
  promised: number | null = null,
): ReceivedEvent => ({
  ...{ id_pacote: id, origem: 'Natal', destino: 'Acre', status_rastreamento },
  ...(promised === null ? {} : { prazo: at(promised) }),
  ...{ data_atualizacao: at(hours), recebido_em: NOW },
});

describe.each(SERVERS)('on $name', (server) => {
  let bed: Bed;
  beforeAll(async () => {
    bed = await makeBed(server);
  });
  beforeEach(async () => {
    await bed.clear();
    await bed.owner.query(`UPDATE prazos SET prazo = '10 days'`);
  });
  afterAll(() => bed.close());
  const write = (...events: readonly ReceivedEvent[]) => bed.write(events);
  const rowsOf = async (sql: string) => (await bed.owner.query<Record<string, unknown>>(sql)).rows;
  /** Deliveries on time: by the first promise, by the latest, and first attempts by the first promise. */
  const onTime = async () => {
    const [row] = await rowsOf(
      `SELECT sum(no_prazo)::int AS a, sum(no_prazo_final)::int AS b, sum(tentativa_no_prazo)::int AS c FROM resumo_entregas WHERE dia = '-infinity'`,
    );
    expect(await findTableDifferences(bed.owner)).toEqual([]);
    return [row?.a, row?.b, row?.c];
  };

  test('the deadline and whether an instant is within it agree, to the microsecond', async () => {
    const instant = fc
      .integer({ min: -3, max: 300 * 24 * 3_600 })
      .map((seconds) => `2026-01-01 00:00:00.000001Z + ${seconds}`);
    const anyCase = fc.record({
      instant,
      start: instant,
      own: fc.option(instant),
      promise: fc.option(fc.constantFrom('1 day', '24:00:00.000001', '10 days 05:00', '240 days')),
      exactly: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyCase, { minLength: 1, maxLength: 200 }), async (cases) => {
        const { rows } = await bed.owner.query<{ wrong: string }>(
          `SELECT count(*) AS wrong FROM (
             SELECT c.*, CASE WHEN exactly THEN coalesce(fim_do_prazo(own, start, promise), instant) ELSE instant END AS judged
             FROM (
               SELECT split_part(c.instant, ' + ', 1)::timestamptz + split_part(c.instant, ' + ', 2)::int * interval '1 second' AS instant,
                      split_part(c.start, ' + ', 1)::timestamptz + split_part(c.start, ' + ', 2)::int * interval '1 second' AS start,
                      split_part(c.own, ' + ', 1)::timestamptz + split_part(c.own, ' + ', 2)::int * interval '1 second' AS own,
                      c.promise, c.exactly
               FROM jsonb_to_recordset($1) AS c (instant text, start text, own text, promise interval, exactly boolean)
             ) AS c
           ) AS c
           WHERE dentro_do_prazo(judged, own, start, promise) IS DISTINCT FROM (judged <= fim_do_prazo(own, start, promise))
              OR dentro_do_prazo(judged + interval '1 microsecond', own, start, promise)
                 IS DISTINCT FROM (judged + interval '1 microsecond' <= fim_do_prazo(own, start, promise))`,
          [JSON.stringify(cases)],
        );
        expect(rows).toEqual([{ wrong: '0' }]);
      }),
      { numRuns: 20 },
    );
  });

  test('on time in three definitions: the first promise, the latest one, and the first attempt', async () => {
    // Kept by none, by the latest alone, by the first attempt alone, by all.
    await write(said(1, -90, 'POSTADO', -50), said(1, -40, 'ENTREGUE'));
    expect(await onTime()).toEqual([0, 0, 0]);
    await write(said(2, -90, 'POSTADO', -50), said(2, -60, 'EM TRÂNSITO', -30), said(2, -40, 'ENTREGUE'));
    expect(await onTime()).toEqual([0, 1, 0]);
    await write(said(3, -90, 'POSTADO', -50), said(3, -50, 'TENTATIVA DE ENTREGA'), said(3, -40, 'ENTREGUE'));
    expect(await onTime()).toEqual([0, 1, 1]);
    await write(said(4, -90, 'POSTADO', -50), said(4, -50, 'ENTREGUE'));
    expect(await onTime()).toEqual([1, 2, 2]);
    // Without one of its own: the lane's, in all three.
    await write(said(5, -90, 'POSTADO'), said(5, -50, 'ENTREGUE'));
    expect(await onTime()).toEqual([2, 3, 3]);
    expect(
      await rowsOf(
        `SELECT taxa_no_prazo, taxa_no_prazo_final, taxa_tentativa_no_prazo FROM indicadores_entrega`,
      ),
    ).toEqual([{ taxa_no_prazo: 0.4, taxa_no_prazo_final: 0.6, taxa_tentativa_no_prazo: 0.6 }]);
  });

  test('a promise that comes after the delivery and changes nothing else moves the figures', async () => {
    await write(said(1, -90, 'POSTADO'), said(1, -60, 'EM TRÂNSITO'), said(1, -40, 'ENTREGUE'));
    expect(await onTime()).toEqual([1, 1, 1]);
    // Events between those that are there: status, first and last event, delivery stay.
    await write(said(1, -50, 'EM TRÂNSITO', -45));
    expect(await onTime()).toEqual([0, 0, 0]);
    await write(said(1, -70, 'EM TRÂNSITO', -40));
    expect(await onTime()).toEqual([1, 0, 1]);
    await write(said(1, -45, 'EM TRÂNSITO', -30));
    expect(await onTime()).toEqual([1, 1, 1]);
  });

  test('an edited promise of the lane judges only parcels without a promise of their own', async () => {
    await write(said(1, -90, 'POSTADO', -50), said(1, -40, 'ENTREGUE'));
    await write(said(2, -90, 'POSTADO', -30), said(2, -40, 'ENTREGUE'));
    await write(said(3, -90, 'POSTADO'), said(3, -60, 'TENTATIVA DE ENTREGA'), said(3, -40, 'ENTREGUE'));
    expect(await onTime()).toEqual([2, 2, 2]);
    await bed.owner.query(`UPDATE prazos SET prazo = '40 hours'`);
    expect(await onTime()).toEqual([1, 1, 2]);
    await bed.owner.query(`INSERT INTO prazos VALUES ('Natal', 'Acre', '50 hours')`);
    expect(await onTime()).toEqual([2, 2, 2]);
    await bed.owner.query(`DELETE FROM prazos WHERE origem = 'Natal'; UPDATE prazos SET prazo = '1 hour'`);
    expect(await onTime()).toEqual([1, 1, 1]);
  });

  test('an open parcel is at risk by its own promise, whatever its lane has', async () => {
    const atRisk = async () =>
      (await rowsOf('SELECT id_pacote::int AS id FROM pacotes_em_risco ORDER BY 1')).map(({ id }) => id);
    // Of ten hours eight have passed, and seven; the lane's is 240 hours.
    await write(said(1, -8.1, 'POSTADO', 1.9), said(2, -7, 'POSTADO', 3), said(3, -100, 'POSTADO', 300));
    await write(said(4, -100, 'POSTADO'), said(5, -193, 'POSTADO'));
    expect(await atRisk()).toEqual([1, 5]);
    await bed.owner.query(`UPDATE prazos SET prazo = '100 hours'`);
    expect(await atRisk()).toEqual([1, 4, 5]);
    // Promised before it was posted.
    await write(said(6, -1, 'POSTADO', -2));
    expect(await atRisk()).toEqual([1, 4, 5, 6]);
  });

  test('a lane’s p95 counts from risco_minimo_entregas deliveries on', async () => {
    const delivered = (id: number) => [said(id, -40, 'POSTADO'), said(id, -20, 'ENTREGUE')];
    await write(said(100, -30, 'POSTADO'), said(101, -30, 'POSTADO', 1000));
    await write(...Array.from({ length: 29 }, (_, i) => delivered(i + 1)).flat());
    const figures = () =>
      rowsOf(`SELECT entregas_da_rota::int AS n, p50_da_rota_segundos > 0 AS p50, p95_da_rota_segundos > 0 AS p95,
                     (SELECT count(*)::int FROM pacotes_em_risco) AS em_risco
              FROM resumo_do_pacote(100)`);
    expect(await figures()).toEqual([{ n: 29, p50: null, p95: null, em_risco: 0 }]);
    await write(...delivered(30));
    expect(await figures()).toEqual([{ n: 30, p50: true, p95: true, em_risco: 2 }]);
  });

  test('the control tower and the parcel’s page know the parcel’s own promise, and whether it was kept', async () => {
    await write(said(1, -90, 'POSTADO', -1), said(2, -90, 'POSTADO'), said(3, -90, 'POSTADO', 1000));
    expect(await rowsOf(`SELECT id_pacote FROM lista_da_torre('atrasados_parados', NULL)`)).toEqual([
      { id_pacote: '1' },
    ]);
    await write(said(4, -90, 'POSTADO', -50), said(4, -60, 'EM TRÂNSITO', -30), said(4, -40, 'ENTREGUE'));
    const page = (id: number) =>
      rowsOf(
        `SELECT prometido_em, prazo_inicial, prazo_final, no_prazo, no_prazo_final FROM resumo_do_pacote(${id})`,
      );
    const day = (hours: number) => new Date(NOW + hours * HOUR_MS);
    const open = { no_prazo: null, no_prazo_final: null };
    expect(await page(1)).toEqual([
      {
        prometido_em: day(-1),
        prazo_inicial: day(-1),
        prazo_final: day(-1),
        no_prazo: false,
        no_prazo_final: false,
      },
    ]);
    expect(await page(2)).toEqual([
      { prometido_em: day(150), prazo_inicial: null, prazo_final: null, ...open },
    ]);
    expect(await page(3)).toEqual([
      { prometido_em: day(1000), prazo_inicial: day(1000), prazo_final: day(1000), ...open },
    ]);
    expect(await page(4)).toEqual([
      {
        prometido_em: day(-50),
        prazo_inicial: day(-50),
        prazo_final: day(-30),
        no_prazo: false,
        no_prazo_final: true,
      },
    ]);
  });
});
