import fc from 'fast-check';
import { Client } from 'pg';
import { asSql } from '../../services/preview/web/variables/interpolate';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';

describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  let reader: Client;
  let owner: Client;
  beforeAll(async () => {
    database = await freshDatabase(server);
    reader = new Client({ connectionString: database.readerUrl });
    owner = new Client({ connectionString: database.ownerUrl });
    await Promise.all([reader.connect(), owner.connect()]);
  });
  afterAll(async () => {
    await Promise.all([reader.end(), owner.end()]);
    await database.drop();
  });
  const value = async (sql: string, ...values: unknown[]): Promise<unknown> =>
    (await reader.query<[unknown]>({ text: sql, values, rowMode: 'array' })).rows[0]?.[0];

  test('a choice comes back as the list that it was, whatever is in it', async () => {
    const anyText = fc
      .string({ unit: 'binary', maxLength: 12 })
      .filter((text) => !text.includes('\0') && text.isWellFormed());
    await fc.assert(
      fc.asyncProperty(fc.array(anyText, { maxLength: 5 }), async (list) => {
        const written = String(asSql(list, { multi: true }));
        expect(await value(`SELECT escolhidos(${written})`)).toEqual(list);
        // One value alone is no list where the variable is used.
        const [first = 'Natal'] = list;
        expect(await value(`SELECT escolhidos(${String(asSql(first, { multi: true }))})`)).toEqual([first]);
      }),
      { numRuns: 50 },
    );
    expect(await value(`SELECT escolhidos(VARIADIC '{}')`)).toEqual([]);
  });

  test('a panel that was edited on the screen before goes on as it was written', async () => {
    expect(await value(`SELECT escolha($v$["D'Oeste \\"norte\\"","São \\\\ Luís"]$v$)`)).toEqual([
      `D'Oeste "norte"`,
      'São \\ Luís',
    ]);
    expect(await value('SELECT escolha($1)', '[]')).toEqual([]);
    await expect(value('SELECT escolha($1)', '[1]')).rejects.toMatchObject({
      code: '22023',
      hint: 'Write escolhidos($variavel) instead.',
    });
  });

  test.each([
    ['1333', '1333'],
    [' \t00042\n', '42'],
    ['9223372036854775807', '9223372036854775807'],
    ['9223372036854775808', null],
    ['99999999999999999999', null],
    ['', null],
    ['  ', null],
    ['12a', null],
    ['1 2', null],
    ['-5', null],
    ['1.5', null],
    ['1e3', null],
    ['١٢', null],
    [null, null],
  ])('the number in %j is %s', async (text, number) => {
    expect(await value('SELECT numero_do_pacote($1)', text)).toBe(number);
  });

  test('a package is named by its tracking number, too, with or without its carrier', async () => {
    await owner.query(`
      INSERT INTO codigos VALUES ('CORREIOS', 'AA1BR', -1), ('TOTAL EXPRESS', 'AA1BR', -2), ('A/B', 'C/7', -3), ('JADLOG', '77', 77), ('X', '88', -4);
      INSERT INTO pacotes (id_pacote, origem, destino, status_atual, data_status, ordem_status, data_inicio)
      SELECT id, 'a', 'b', 'POSTADO', timestamptz '2026-01-01' - id * interval '1 day', 10, '2025-01-01'
      FROM unnest('{-1,-2,-3,-4,77,99}'::bigint[]) AS id`);
    for (const [text, number] of [
      ['AA1BR', '-2'],
      ['correios / aa1 br', '-1'],
      ['Total Express/AA1BR', '-2'],
      ['a/b/c/7', '-3'],
      ['C/7', '-3'],
      ['JADLOG/AA1BR', null],
      ['88', '-4'],
      ['77', '77'],
      ['99', '99'],
      ['-2', '-2'],
      ['-9', null],
    ])
      expect([text, await value('SELECT numero_do_pacote($1)', text)]).toEqual([text, number]);
    for (const [number, name] of [
      ['-3', 'A/B/C/7'],
      ['77', '77'],
      ['-9', '-9'],
    ])
      expect(await value('SELECT nome_do_pacote($1)', number)).toBe(name);
    await owner.query('DELETE FROM pacotes; DELETE FROM codigos');
  });

  test('the parts of a change add up to it exactly, in any order, however many lanes there are', async () => {
    const lane = fc.record({
      n0: fc.integer({ min: 0, max: 9 }),
      k0: fc.integer({ min: 0, max: 9 }),
      n1: fc.integer({ min: 0, max: 9 }),
      k1: fc.integer({ min: 0, max: 9 }),
    });
    const now = new Date();
    await fc.assert(
      fc.asyncProperty(
        fc.array(lane, { minLength: 2, maxLength: 40 }),
        fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
        async (lanes, order) => {
          await owner.query('DELETE FROM pacotes');
          await owner.query(DELIVERED, [JSON.stringify(lanes), now]);
          const { rows: parts } = await reader.query<Record<string, number>>(
            `SELECT contribuicao, contribuicao_taxa, contribuicao_mistura FROM mudanca_no_prazo($1, '1 day')`,
            [now],
          );
          const { rows: totals } = await reader.query<{
            entregas_antes: string;
            entregas: string;
            mudanca: number | null;
            taxa: number;
            taxa_antes: number;
          }>(`SELECT * FROM mudanca_total($1, '1 day')`, [now]);
          const [total] = totals;
          const [n0, n1] = [sum(lanes.map((l) => l.n0)), sum(lanes.map((l) => l.n1))];
          expect([total?.entregas_antes, total?.entregas]).toEqual([String(n0), String(n1)]);
          if (n0 === 0 || n1 === 0) {
            expect([parts, total?.mudanca]).toEqual([[], null]);
            return;
          }
          const shuffled = parts
            .map((part, i) => ({ part, key: order[i] ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ part }) => part);
          for (const list of [parts, shuffled]) {
            expect(sum(list.map((part) => part.contribuicao ?? NaN))).toBe(total?.mudanca);
            expect(
              sum(list.flatMap((part) => [part.contribuicao_taxa ?? NaN, part.contribuicao_mistura ?? NaN])),
            ).toBe(total?.mudanca);
          }
          expect((total?.taxa ?? NaN) - (total?.taxa_antes ?? NaN)).toBe(total?.mudanca);
        },
      ),
      { numRuns: 40 },
    );
  });
});

/** Of lane i in the day before the last n0 deliveries, min(k0, n0) of them on time; in the last day n1 and k1. The promise is ten days. */
const DELIVERED = `
  INSERT INTO pacotes (id_pacote, origem, destino, status_atual, data_status, ordem_status, data_inicio, data_entrega)
  SELECT row_number() OVER (), 'lugar ' || i, 'destino', 'ENTREGUE', em, 90, em - CASE WHEN no_prazo THEN interval '24 hours' ELSE interval '264 hours' END, em
  FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS l (lane, i)
  CROSS JOIN LATERAL (
    SELECT $2::timestamptz - interval '30 hours' AS em, k <= (lane->>'k0')::int AS no_prazo FROM generate_series(1, (lane->>'n0')::int) AS k
    UNION ALL
    SELECT $2::timestamptz, k <= (lane->>'k1')::int FROM generate_series(1, (lane->>'n1')::int) AS k
  ) AS d`;

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
