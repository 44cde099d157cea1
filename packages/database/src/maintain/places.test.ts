// Shows G14 of docs/guarantees.md.
import { makeBed, type Bed } from '@rastreio/testing/bed';
import { contentsOf } from '@rastreio/testing/contents';
import { tableDifferences } from '@rastreio/testing/differences';
import { SERVERS } from '@rastreio/testing/servers';
import fc from 'fast-check';
import type { ReceivedEvent } from '../write/batch';
import { countSpellings, listPlaces, mergePlaces, setRegion, undoPlace } from './places';
import { rebuildTables } from './rebuildTables';
import { verifyTables } from './verifyTables';

describe.each(SERVERS)('on $name', (server) => {
  let bed: Bed;
  beforeAll(async () => {
    bed = await makeBed(server, 4);
  });
  afterAll(async () => {
    await bed.close();
  });

  test.each([
    ['São Paulo', 'SAO PAULO/'],
    ['SÃO PAULO', 'SAO PAULO/'],
    ['Sao  Paulo/SP', 'SAO PAULO/SP'],
    ['  são\u00a0paulo - sp ', 'SAO PAULO/SP'],
    ['São Paulo-SP', 'SAO PAULO/SP'],
    ['São Paulo, SP', 'SAO PAULO/SP'],
    ['São Paulo,SP,Brasil', 'SAO PAULO/SP'],
    ['SAO PAULO, SP, BR', 'SAO PAULO/SP'],
    ['São Paulo (SP)', 'SAO PAULO/SP'],
    ['São Paulo/BR', 'SAO PAULO/'],
    ['Sa\u0303o Pa\u200bulo\u202f/ SP', 'SAO PAULO/SP'],
    ['ＳＡＯ　ＰＡＵＬＯ', 'SAO PAULO/'],
    ['Weißenfels', 'WEISSENFELS/'],
    ['WEISSENFELS', 'WEISSENFELS/'],
    ['Diyarbakır', 'DIYARBAKIR/'],
    ['İstanbul', 'ISTANBUL/'],
    ['Tromsø', 'TROMSO/'],
    ['Łódź', 'LODZ/'],
    ['Þórshöfn', 'THORSHOFN/'],
    ['Córdoba/ARG', 'CORDOBA/ARG'],
    ['Lisboa / PT', 'LISBOA/PT'],
    ['Santa Bárbara d’Oeste', "SANTA BARBARA D'OESTE/"],
    ["Santa Barbara D'Oeste - SP", "SANTA BARBARA D'OESTE/SP"],
    ['Embu‑Guaçu', 'EMBU-GUACU/'],
    // A code that is no state is part of the name, unless a slash stands before it.
    ['Praça da Sé', 'PRACA DA SE/'],
    ['Vila-XY', 'VILA-XY/'],
    ['Setor (ZZ)', 'SETOR (ZZ)/'],
    ['SP', 'SP/'],
    ['/SP', '/SP/'],
    ['A/B/C', 'A/B/C/'],
    ['Paraíba', 'PARAIBA/'],
    // Of these nothing is left, and so they stay what they are.
    ['\u0301', '\u0301/'],
    ['---', '---/'],
    ['🚚', '🚚/'],
    ['(não informado)', '(NAO INFORMADO)/'],
  ])('%j is folded to %j', async (text, folded) => {
    expect((await bed.owner.query<{ d: string }>('SELECT dobra_lugar($1) AS d', [text])).rows).toEqual([
      { d: folded },
    ]);
  });

  test('what is folded once more stays as it is, and case and outer spaces never matter', async () => {
    const anyText = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => text.isWellFormed() && !text.includes('\0') && /[a-z]/i.test(text.normalize('NFKD')));
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const { rows } = await bed.owner.query<{ a: string; b: string; c: string }>(
          `SELECT dobra_lugar($1) AS a, dobra_lugar('  ' || $1 || ' ') AS b, dobra_lugar(regexp_replace(dobra_lugar($1), '/$', '')) AS c`,
          [text],
        );
        expect(rows[0]?.b).toBe(rows[0]?.a);
        expect(rows[0]?.c).toBe(rows[0]?.a);
      }),
      { numRuns: 200 },
    );
  });

  /** Names that no other test has, so that nothing is known of them. */
  let made = 0;
  const name = (text: string) =>
    `${text} ${String.fromCharCode(...[...String(made)].map((d) => 65 + Number(d)))}Z`;

  test('which spellings are one place depends neither on order nor on batches nor on who else writes', async () => {
    const forms = [
      (n: string) => n,
      (n: string) => n.toUpperCase(),
      (n: string) => `${n}/PI`,
      (n: string) => `${n.toLowerCase()} - pi`,
      (n: string) => `${n} (SC)`,
    ];
    const anySpelled = fc.array(fc.record({ form: fc.nat({ max: 4 }), other: fc.boolean() }), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(anySpelled, fc.boolean(), async (spelled, atOnce) => {
        made++;
        const [one, other] = [name('Bom Jesus'), name('Crato')];
        const spellings = spelled.map((s) => (forms[s.form] ?? String)(s.other ? other : one));
        const batches = spellings.map((spelling, i) => [event(i + 1, spelling)]);
        if (atOnce) await Promise.all(batches.map((batch) => bed.write(batch)));
        else for (const batch of batches) await bed.write(batch);
        const places = (await listPlaces(bed.owner)).filter(({ grafias }) =>
          grafias.some((g) => spellings.includes(g)),
        );
        const expected = new Map<string, Set<string>>();
        for (const [i, { form, other: isOther }] of spelled.entries()) {
          const regions = new Set(
            spelled.filter((s) => s.other === isOther && s.form > 1).map((s) => (s.form === 4 ? 'SC' : 'PI')),
          );
          const own = form === 4 ? 'SC' : form > 1 ? 'PI' : regions.size === 1 ? [...regions][0] : null;
          const key = `${isOther}/${own}`;
          expected.set(key, (expected.get(key) ?? new Set()).add(spellings[i] ?? ''));
        }
        const sorted = (lists: readonly (readonly string[])[]) =>
          lists.map((list) => list.toSorted().join('|')).toSorted();
        expect(sorted(places.map(({ grafias }) => grafias))).toEqual(
          sorted([...expected.values()].map((set) => [...set])),
        );
        expect(await tableDifferences(bed.owner)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('writers with the same new spellings at once wait for each other and make one place', async () => {
    made++;
    const place = name('Sobral');
    const spellings = [place, place.toUpperCase(), `${place}/CE`];
    const counts = await Promise.all(
      [1, 2, 3, 4].map((n) => bed.write(spellings.map((spelling, i) => event(100 + 10 * n + i, spelling)))),
    );
    expect(counts.map(({ inserted }) => inserted)).toEqual([3, 3, 3, 3]);
    const places = (await listPlaces(bed.owner)).filter(({ grafias }) => grafias.includes(place));
    expect(places).toMatchObject([{ regiao: 'CE', grafias: spellings.toSorted() }]);
  });

  test('a batch that ends before its commit has told nothing, and the next one of its connection tells it', async () => {
    made++;
    const place = name('Icó');
    const killed = bed.write([event(200, place)], () => {
      throw new RangeError('killed');
    });
    await expect(killed).rejects.toThrow('killed');
    expect((await listPlaces(bed.owner)).filter(({ lugar }) => lugar === place)).toEqual([]);
    await Promise.all([1, 2, 3, 4].map((n) => bed.write([event(200 + n, place)])));
    expect((await listPlaces(bed.owner)).filter(({ lugar }) => lugar === place)).toHaveLength(1);
    expect(await tableDifferences(bed.owner)).toEqual([]);
  });

  test('deliveries are judged by the promise of their lane, whatever becomes one lane or two', async () => {
    made++;
    await bed.clear();
    const place = name('Bom Jesus');
    await bed.owner.query(`INSERT INTO prazos VALUES ($1, 'Natal', '1 day')`, [`${place}/PI`]);
    const onTime = async () =>
      (
        await bed.owner.query<{ n: number }>(
          'SELECT coalesce(sum(no_prazo), 0)::int AS n FROM resumo_entregas_rota',
        )
      ).rows[0]?.n;
    // After two days: in time by the default of ten days, late by the lane's.
    await bed.write([event(1, place), event(1, place, 'ENTREGUE', 50)]);
    expect(await onTime()).toBe(0);
    expect(await tableDifferences(bed.owner)).toEqual([]);
    // Now it is not known which of the two is meant.
    await bed.write([event(2, `${place}/SC`)]);
    expect(await onTime()).toBe(1);
    expect(await tableDifferences(bed.owner)).toEqual([]);
    await mergePlaces(bed.owner, place, `${place}/PI`);
    expect(await onTime()).toBe(0);
    expect(await tableDifferences(bed.owner)).toEqual([]);
    await undoPlace(bed.owner, place);
    expect(await onTime()).toBe(1);
    await bed.owner.query(`DELETE FROM prazos WHERE origem <> '*'`);
    expect(await tableDifferences(bed.owner)).toEqual([]);
  });

  test('what is said of a place is taken back exactly, also where it was said of several spellings and over another', async () => {
    made++;
    await bed.clear();
    const [a, b, c] = [name('Alta'), name('Baixa'), name('Média')];
    await bed.owner.query(`INSERT INTO prazos VALUES ($1, 'Natal', '1 day'), ($2, 'Natal', '3 days')`, [
      a,
      b,
    ]);
    for (const [i, spelling] of [a, a.toUpperCase(), b, `${b}/RN`, `${b} - RN`, c].entries())
      await bed.write([event(i + 1, spelling), event(i + 1, spelling, 'ENTREGUE', 50)]);
    await countSpellings(bed.owner);
    const seen = async () => ({
      places: await listPlaces(bed.owner),
      contents: await contentsOf(bed.owner),
      lanes: (
        await bed.owner.query(`SELECT * FROM entregas_por_rota('2026-01-01', '2026-02-01') ORDER BY rota`)
      ).rows as unknown[],
      regions: (
        await bed.owner.query(
          `SELECT * FROM entregas_por_rota('2026-01-01', '2026-02-01', 'região') ORDER BY rota`,
        )
      ).rows as unknown[],
    });
    const before = await seen();
    expect(await setRegion(bed.owner, a.toLowerCase(), 'pb')).toMatchObject({
      changed: 1,
      place: { regiao: 'PB' },
    });
    expect(await setRegion(bed.owner, a, 'PB')).toMatchObject({ changed: 0 });
    const between = await seen();
    expect(between.regions).not.toEqual(before.regions);
    expect(await mergePlaces(bed.owner, b, a)).toMatchObject({ changed: 2, place: { regiao: 'PB' } });
    expect(await tableDifferences(bed.owner)).toEqual([]);
    const merged = await seen();
    expect(merged.lanes).toHaveLength(2);
    // All of it by the shorter promise.
    expect(merged.lanes).toContainEqual(expect.objectContaining({ entregas: '5', taxa_no_prazo: 0 }));
    await expect(mergePlaces(bed.owner, `${a}/PB`, `${b}/RN`)).resolves.toMatchObject({ changed: 0 });
    expect(await undoPlace(bed.owner, `${b}/RN`)).toMatchObject({ changed: 2, place: { regiao: 'RN' } });
    expect(await seen()).toEqual(between);
    expect(await undoPlace(bed.owner, a)).toMatchObject({ changed: 1, place: { regiao: null } });
    expect(await seen()).toEqual(before);
    expect(await tableDifferences(bed.owner)).toEqual([]);
    await expect(undoPlace(bed.owner, a)).rejects.toThrow(/^Nothing was said of "Alta/);
    await expect(setRegion(bed.owner, 'Nenhures', 'SP')).rejects.toThrow(
      /^No place is spelled "Nenhures"\. .*places list/,
    );
    await expect(setRegion(bed.owner, a, 'S/P')).rejects.toMatchObject({ exitCode: 2 });
    await bed.owner.query(`DELETE FROM prazos WHERE origem <> '*'`);
  });

  test('a place that nobody said is no lane and no origin, and its packages count by the default promise', async () => {
    await bed.clear();
    const coded = (n: number, fields: object, status = 'POSTADO', hour = 0): ReceivedEvent => ({
      ...{ transportadora: 'CORREIOS', codigo: `X${n}`, status_rastreamento: status },
      ...{ data_atualizacao: at(hour), recebido_em: Date.UTC(2026, 0, 20), ...fields },
    });
    await bed.owner.query(`INSERT INTO prazos VALUES ('(não informado)', 'Natal', '1 hour')`);
    await bed.write([
      coded(1, { destino: 'Natal' }),
      coded(1, {}, 'ENTREGUE', 50),
      coded(2, {}),
      coded(2, {}, 'ENTREGUE', 50),
    ]);
    const { rows } = await bed.owner.query<Record<string, unknown>>(
      `SELECT (SELECT count(*)::int FROM origens) AS origens, (SELECT array_agg(destino) FROM destinos) AS destinos,
              (SELECT count(*)::int FROM entregas_por_rota('2026-01-01', '2026-02-01')) AS rotas,
              (SELECT entregas::int FROM entregas_no_periodo('2026-01-01', '2026-02-01')) AS entregas,
              (SELECT taxa_no_prazo FROM entregas_no_periodo('2026-01-01', '2026-02-01')) AS no_prazo`,
    );
    expect(rows).toEqual([{ origens: 0, destinos: ['Natal'], rotas: 0, entregas: 2, no_prazo: 1 }]);
    await bed.owner.query(`DELETE FROM prazos WHERE origem <> '*'`);
  });

  test('a place that only an event from before the dictionary says is noted when the parcel comes to have it', async () => {
    await bed.clear();
    const [first, second] = [event(1, 'Rebuild de antes'), event(1, 'Rebuild de outrora', 'EM TRÂNSITO', 5)];
    await bed.write([first, second]);
    await bed.owner.query(`DELETE FROM grafias WHERE grafia = 'Rebuild de outrora'`);
    await bed.write([{ ...first, correcao: 'mesmo' }]);
    const { rows } = await bed.owner.query(
      `SELECT origem, EXISTS (SELECT FROM grafias WHERE grafia = origem) AS noted FROM pacotes`,
    );
    expect(rows).toEqual([{ origem: 'Rebuild de outrora', noted: true }]);
    expect(await tableDifferences(bed.owner)).toEqual([]);
  });

  test.each([
    [`DELETE FROM grafias WHERE grafia = 'Rebuild/PB'`],
    [`UPDATE grafias SET id_lugar = 9999 WHERE grafia = 'REBUILD'`],
    [`UPDATE grafias SET chave = 'X/', nome = 'X' WHERE grafia = 'Rebuild/PB'`],
    [`UPDATE grafias SET lugar = 'Natal' WHERE grafia = 'Rebuild/PB'`],
    [`UPDATE prazos_julgados SET prazo = '9 days' WHERE origem = 'REBUILD'`],
    [`DELETE FROM prazos_julgados WHERE origem = 'REBUILD'`],
  ])('db:verify finds and db:rebuild repairs %s', async (corrupt) => {
    await bed.clear();
    await bed.owner.query(`INSERT INTO prazos VALUES ('rebuild', 'Natal', '1 day') ON CONFLICT DO NOTHING`);
    for (const [i, spelling] of ['Rebuild/PB', 'REBUILD'].entries())
      await bed.write([event(i + 1, spelling), event(i + 1, spelling, 'ENTREGUE', 50)]);
    expect(await tableDifferences(bed.owner)).toEqual([]);
    await bed.owner.query(corrupt);
    const found = (await verifyTables(bed.owner)).filter(({ differences }) => differences > 0);
    expect(found.map(({ table }) => table)).toContain('grafias');
    const { places, left } = await rebuildTables(bed.database.ownerUrl);
    expect(places).toBeGreaterThan(0);
    expect((left ?? []).filter(({ differences }) => differences > 0)).toEqual([]);
    await bed.owner.query(`DELETE FROM prazos WHERE origem <> '*'`);
  });
});

function at(hour: number): string {
  return new Date(Date.UTC(2026, 0, 5, hour)).toISOString().replace('Z', '000Z');
}

function event(id_pacote: number, origem: string, status_rastreamento = 'POSTADO', hour = 0): ReceivedEvent {
  return {
    ...{ id_pacote, origem, destino: 'Natal', status_rastreamento },
    ...{ data_atualizacao: at(hour), recebido_em: Date.UTC(2026, 0, 20) },
  };
}
