// Figures by carrier beyond what test/kpis/views.test.ts compares with plain definitions: bounds, an edited promise, what was there before.
import { readFile } from 'node:fs/promises';
import { findTableDifferences, type ReceivedEvent } from '@rastreio/database';
import { makeBed, type Bed } from '@rastreio/testing/bed';
import { SERVERS } from '@rastreio/testing/servers';

const HOUR_MS = 3_600_000;
const NOW = Date.now();
const at = (hours: number) => new Date(NOW + hours * HOUR_MS).toISOString().replace('Z', '000Z');
const WEEK = [at(-7 * 24), at(0)] as const;
const STEPS = ['POSTADO', 'EM TRÂNSITO', 'EM ROTA DE ENTREGA', 'ENTREGUE'] as const;
const TABLES = [
  'resumo_entregas_transportadora',
  'resumo_baldes_transportadora',
  'resumo_postagem_transportadora',
] as const;

/** A parcel's events, one every five hours, the last one so many hours ago; each is received half an hour after it happened. */
function parcel(
  id: number,
  carrier: string | null,
  endedHoursAgo: number,
  statuses: readonly string[] = STEPS,
): ReceivedEvent[] {
  return statuses.map((status_rastreamento, i) => {
    const hours = -endedHoursAgo - 5 * (statuses.length - 1 - i);
    return {
      ...{ id_pacote: id, origem: 'Natal', destino: 'Acre', status_rastreamento },
      ...(carrier === null ? {} : { transportadora: carrier }),
      ...{ data_atualizacao: at(hours), recebido_em: NOW + (hours + 0.5) * HOUR_MS },
    };
  });
}

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
  const rowsOf = async (sql: string, values: readonly unknown[] = []) =>
    (await bed.owner.query<Record<string, unknown>>(sql, [...values])).rows;
  const scorecard = (columns: string) =>
    rowsOf(
      `SELECT transportadora, ${columns} FROM desempenho_das_transportadoras($1, $2, '{}') ORDER BY transportadora`,
      WEEK,
    );
  const contents = () =>
    Promise.all(TABLES.map((name) => rowsOf(`SELECT to_jsonb(r) AS r FROM ${name} r ORDER BY 1`)));

  test('parcels without a carrier are a row of their own, which writes nothing by carrier', async () => {
    await bed.write([...parcel(1, null, 20), ...parcel(2, null, 20, ['POSTADO', 'ENTREGUE'])]);
    expect(await contents()).toEqual([[], [], []]);
    expect(
      await scorecard('pacotes::int, entregas::int, taxa_completos, atraso_p50_segundos, abertos::int'),
    ).toEqual([
      {
        transportadora: '(não informada)',
        pacotes: 2,
        entregas: 2,
        taxa_completos: 0.5,
        atraso_p50_segundos: 1800,
        abertos: 0,
      },
    ]);
    await bed.write(parcel(3, 'JADLOG', 20, ['POSTADO', 'EM TRÂNSITO']));
    expect(await scorecard('pacotes::int, entregas::int, abertos::int')).toEqual([
      { transportadora: '(não informada)', pacotes: 2, entregas: 2, abertos: 0 },
      { transportadora: 'JADLOG', pacotes: 1, entregas: 0, abertos: 1 },
    ]);
    // Nothing is left of a carrier whose parcels say another one.
    await bed.owner.query(`UPDATE pacotes SET transportadora = NULL`);
    expect(await rowsOf('SELECT transportadora FROM transportadoras')).toEqual([
      { transportadora: '(não informada)' },
    ]);
  });

  test('an edited promise judges a carrier’s deliveries again', async () => {
    await bed.write([...parcel(1, 'JADLOG', 20), ...parcel(2, 'JADLOG', 20), ...parcel(3, null, 20)]);
    const onTime = async () => (await scorecard('taxa_no_prazo')).map((row) => row.taxa_no_prazo);
    expect(await onTime()).toEqual([1, 1]);
    await bed.owner.query(`UPDATE prazos SET prazo = '14 hours'`);
    expect(await onTime()).toEqual([0, 0]);
    expect(await findTableDifferences(bed.owner)).toEqual([]);
  });

  test('scans are looked at of the newest 200 deliveries of a carrier, and all deliveries are counted', async () => {
    // The older ones lack two scans, the newer ones none.
    await bed.write([
      ...Array.from({ length: 100 }, (_, i) =>
        parcel(1_000 + i, 'JADLOG', 60, ['POSTADO', 'ENTREGUE']),
      ).flat(),
      ...Array.from({ length: 200 }, (_, i) => parcel(2_000 + i, 'JADLOG', 20)).flat(),
    ]);
    expect(await scorecard('entregas::int, conferidos::int, taxa_completos')).toEqual([
      { transportadora: 'JADLOG', entregas: 300, conferidos: 200, taxa_completos: 1 },
    ]);
    expect(await rowsOf('SELECT * FROM leituras_faltantes($1, $2)', WEEK)).toEqual([]);
    const older = [WEEK[0], at(-50)];
    const [row] = await rowsOf(
      'SELECT faltam, count(*)::int AS n FROM leituras_faltantes($1, $2) GROUP BY 1',
      older,
    );
    expect(row).toEqual({ faltam: 'EM TRÂNSITO, EM ROTA DE ENTREGA', n: 100 });
  });

  test('what is there already when the tables come is summed by the migration', async () => {
    await bed.write([
      ...parcel(1, 'JADLOG', 20),
      ...parcel(2, 'CORREIOS', 300, ['POSTADO', 'TENTATIVA DE ENTREGA', 'ENTREGUE']),
      ...parcel(3, 'CORREIOS', 20, ['POSTADO']),
      ...parcel(4, null, 20),
    ]);
    await bed.owner.query(
      `UPDATE pacotes SET prazo_inicial = data_inicio, prazo_final = data_entrega WHERE id_pacote = 1`,
    );
    const before = await contents();
    expect(before.map((rows) => rows.length)).toEqual([2, 2, 3]);
    const migration = await readFile('sql/migrations/0014_desempenho.sql', 'utf8');
    const [, block] = /^(DO \$\$[^]*?^\$\$;)/m.exec(migration) ?? [];
    await bed.owner.query(TABLES.map((name) => `DELETE FROM ${name}`).join(';'));
    await bed.owner.query(block ?? '');
    expect(await contents()).toEqual(before);
  });
});
