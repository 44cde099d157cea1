import path from 'node:path';
import { formatTimestamp, STATUS_CATALOGUE } from '@rastreio/contract';
import { importFile } from '@rastreio/csv';
import { withClient } from '@rastreio/database';
import { DAY_MS, HOUR_MS } from '@rastreio/simulator';
import type { Value } from '../services/preview/web/variables/types';
import { DASHBOARDS, ROOT, RULE_GROUPS, SOURCES, type Dashboard } from './support/dashboardFiles';
import { filledIn, intervalOf, RANGES, ruleQueries, sqlTargets } from './support/dashboardSql';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';
import { writeReceived, writeWorld } from './support/simulatedWorld';

const FIXTURE = path.join(ROOT, 'fixtures/rastreamento.csv');
const BATCH_PAGE = 'entregas-lote';
const LIVE = 'rastreio-timescaledb';
/**
 * Empty where nothing was rejected, and where the couriers' calendar has no delivery: what a day brings depends on the weekday and the
 * hour at which this test runs. test/kpis looks into these at fixed instants.
 */
const MAY_BE_EMPTY = new Set([
  // Limits that nobody changed; lanes and origins with too few parcels to be judged; an hour in which nothing came for longer than the
  // limit silencio: test/alerts looks into these.
  'alertas/3',
  'alertas/5',
  'alertas/6',
  'alertas/7',
  // Nearly nothing of this world has a carrier: test/kpis/carriers.test.ts.
  'alertas/8',
  'alertas/9',
  'pacote/5',
  'saude-do-pipeline/8',
  'saude-do-pipeline/10',
  'torre/4',
  'torre/6',
  'entregas-tempo-real/5',
]);

const dashboard = (uid: string): Dashboard => {
  const found = DASHBOARDS.find((d) => d.uid === uid);
  if (found === undefined) throw new Error(`there is no dashboard ${uid}`);
  return found;
};
const rules = RULE_GROUPS.flatMap((g) => g.rules);

test('the dashboards are there, and the original’s titles are kept', () => {
  expect(DASHBOARDS.map((d) => d.uid).sort()).toEqual([
    'alertas',
    'entregas-lote',
    'entregas-tempo-real',
    'pacote',
    'prazos-e-rotas',
    'saude-do-pipeline',
    'torre',
    'transportadoras',
  ]);
  expect(dashboard('entregas-lote').title).toBe('Dashboard de Monitoramento de Entregas');
  expect(dashboard('entregas-tempo-real').title).toBe('Dashboard de Monitoramento de Entregas (Real-Time)');
  expect(dashboard('entregas-tempo-real').refresh).toBe('5s');
  expect(dashboard('torre').panels.length).toBeLessThanOrEqual(8);
});

test('the batch page can be shared publicly, which allows no variables, and ranks statuses as the catalogue does', () => {
  const batch = dashboard(BATCH_PAGE);
  expect(batch.templating.list).toEqual([]);
  const ranks = STATUS_CATALOGUE.map(({ status, rank, terminal }) => `('${status}', ${rank}, ${terminal})`);
  const ranked = sqlTargets(batch).filter(({ sql }) => sql.includes('VALUES'));
  expect(ranked).toHaveLength(2);
  for (const { sql } of ranked) expect(sql.match(/\('[^']+', \d+, \w+\)/g)).toEqual(ranks);
});

test('alert rules say what happens without data and on errors', () => {
  expect(new Set(RULE_GROUPS.map((g) => g.folder))).toEqual(new Set(['Rastreio']));
  for (const rule of rules) {
    expect(rule.uid.length).toBeLessThanOrEqual(40);
    expect(['OK', 'NoData', 'Alerting', 'KeepLast']).toContain(rule.noDataState);
    expect(['OK', 'Error', 'Alerting', 'KeepLast']).toContain(rule.execErrState);
    const refs = rule.data.map((d) => d.refId);
    expect(refs).toContain(rule.condition);
    for (const { datasourceUid, model } of rule.data) {
      if (datasourceUid === '__expr__')
        for (const name of model.expression?.match(/[A-Z]/g) ?? ['none']) expect(refs).toContain(name);
      else expect(SOURCES.map((s) => s.uid)).toContain(datasourceUid);
    }
  }
});

describe.each(SERVERS)('queries on $name', (server) => {
  let database: TestDatabase;
  let batch: TestDatabase;
  let now = Date.now();
  beforeAll(async () => {
    database = await freshDatabase(server);
    batch = await freshDatabase(server);
    // Now: a hub that stands still, so that torre has something to say. A year ago: parcels for the long ranges.
    await writeWorld(database.writerUrl, { seed: 7, parcels: 400, days: 20, untilMs: now - 365 * DAY_MS });
    await writeWorld(database.writerUrl, {
      seed: 8,
      parcels: 1_500,
      days: 25,
      untilMs: now,
      incidents: [
        { kind: 'frozen_hub', hub: 'São Paulo', atMs: 20 * DAY_MS, forMs: 6 * DAY_MS },
        { kind: 'lost_burst', hub: 'Recife', atMs: 10 * DAY_MS },
      ],
    });
    // Delivered before it was posted.
    await writeReceived(
      database.writerUrl,
      ['ENTREGUE', 'POSTADO'].map((status_rastreamento, hours) => ({
        id_pacote: 9_000_001,
        origem: 'São Paulo',
        destino: 'Recife',
        status_rastreamento,
        data_atualizacao: formatTimestamp(now - DAY_MS + hours * HOUR_MS),
        recebido_em: now,
      })),
    );
    // Lost, says its carrier, and takes it back.
    const lost = {
      ...{
        transportadora: 'CORREIOS',
        codigo: 'AA123456785BR',
        local: 'CTE Natal',
        descricao: 'Objeto extraviado',
      },
      ...{
        status_rastreamento: 'EXTRAVIADO',
        data_atualizacao: formatTimestamp(now - HOUR_MS),
        recebido_em: now,
      },
    };
    await writeReceived(database.writerUrl, [
      { ...lost, status_rastreamento: 'POSTADO', data_atualizacao: formatTimestamp(now - DAY_MS) },
      lost,
      { ...lost, correcao: 'mesmo' },
    ]);
    // Promises that are hard to keep, so that there are late parcels and lanes that got worse.
    await withClient(database.ownerUrl, (client) => client.query(`UPDATE prazos SET prazo = '3 days'`));
    await importFile({ databaseUrl: batch.writerUrl, file: FIXTURE });
    // The minute in which the last of it was written belongs to the ranges that are looked at.
    now = Date.now();
  });
  afterAll(async () => {
    await database.drop();
    await batch.drop();
  });

  const query = async (sql: string, source: string, rangeMs: number, values?: ReadonlyMap<string, Value>) => {
    const text = filledIn(sql, source, { toMs: now, rangeMs, ...(values === undefined ? {} : { values }) });
    const url = source === 'rastreio-lote' ? batch.readerUrl : database.readerUrl;
    return withClient(url, async (client) => {
      const { rows, fields } = await client.query<Record<string, unknown>>(text);
      const points = rangeMs / intervalOf(rangeMs);
      return { rows, names: fields.map((f) => f.name), series: seriesOf(rows), points };
    });
  };

  test.each(DASHBOARDS.map((d) => [d.uid, d] as const))(
    '%s: every panel’s SQL runs as grafana_reader over an hour, a month and two years, with an answer of bounded size',
    async (uid, d) => {
      const values = await currentValues(database.readerUrl, d);
      const empty = new Set<string>();
      for (const rangeMs of Object.values(RANGES))
        for (const { panel, target, sql } of sqlTargets(d)) {
          const place = `${uid}/${panel.id}`;
          const { rows, names, series, points } = await query(sql, target.datasource.uid, rangeMs, values);
          if (target.format === 'time_series') {
            expect([place, names[0]]).toEqual([place, 'time']);
            // Grafana writes an interval in whole units, 1.9 hours as 1h: up to twice as many steps.
            expect(rows.length / series).toBeLessThanOrEqual(2 * points + 2);
          } else expect(rows.length).toBeLessThanOrEqual(1_000);
          if (rows.length === 0) empty.add(place);
          else empty.delete(place);
        }
      // The longest range comes last: it holds everything.
      expect([...empty].filter((place) => !MAY_BE_EMPTY.has(place))).toEqual([]);
    },
  );

  test('every variable’s query gives values', async () => {
    const variables = DASHBOARDS.flatMap((d) => d.templating.list).filter((v) => v.type === 'query');
    expect(variables.length).toBeGreaterThan(2);
    for (const { name, query: sql, datasource } of variables) {
      const { rows } = await query(sql, datasource?.uid ?? '', HOUR_MS);
      expect([name, rows.length > 0]).toEqual([name, true]);
    }
  });

  test('rates are those of the steps that the accounts have, however fine the chart, and 0 where nothing came', async () => {
    const rates: Readonly<Record<string, [panel: string, perSecond: number]>> = {
      'entregas-tempo-real': ['Mensagens por Minuto', 60],
      'saude-do-pipeline': ['Ritmo', 1],
    };
    const { rows: contas } = await withClient(database.readerUrl, (client) =>
      client.query<{ minuto: Date; n: number }>(
        'SELECT minuto, sum(inseridos)::float8 AS n FROM ingestao GROUP BY 1 ORDER BY 1',
      ),
    );
    expect(contas.length).toBeGreaterThan(0);
    for (const [uid, [title, unit]] of Object.entries(rates)) {
      const { sql = '' } = sqlTargets(dashboard(uid)).find(({ panel }) => panel.title === title) ?? {};
      const { rows } = await query(sql, LIVE, HOUR_MS);
      const shown = new Map(rows.map((row) => [(row.time as Date).getTime(), Number(row.Novos) / unit]));
      const told = new Map(contas.map(({ minuto, n }) => [minuto.getTime(), n / 60]));
      for (const [minute, rate] of shown) expect(rate).toBeCloseTo(told.get(minute) ?? 0, 6);
      for (const minute of told.keys()) expect([...shown.keys()]).toContain(minute);
    }
  });

  test('a choice of places narrows the real-time page, whatever characters a place has', async () => {
    const odd = `Pau d'Alho "Velho" \\ $v`;
    await withClient(database.adminUrl, (client) =>
      client.query(`UPDATE pacotes SET origem = $1 WHERE id_pacote = (SELECT min(id_pacote) FROM pacotes)`, [
        odd,
      ]),
    );
    const [statuses] = sqlTargets(dashboard('entregas-tempo-real'));
    const total = async (origins: readonly string[]) => {
      const values = new Map([['origem', origins]]);
      const { rows } = await query(statuses?.sql ?? '', LIVE, HOUR_MS, values);
      return rows.reduce((sum, row) => sum + Number(row.total_pacotes), 0);
    };
    expect(await total([odd])).toBe(1);
    expect(await total(['nowhere'])).toBe(0);
    expect(await total([odd, 'Natal'])).toBeGreaterThan(1);
  });

  test('the overview panels of both pages give the original’s figures', async () => {
    const pages = { [BATCH_PAGE]: batch.readerUrl, 'entregas-tempo-real': batch.readerUrl };
    for (const [uid, url] of Object.entries(pages)) {
      const [statuses, figures] = sqlTargets(dashboard(uid));
      const run = async (sql: string) => {
        const text = filledIn(sql, 'rastreio-lote', { toMs: now, rangeMs: HOUR_MS });
        return withClient(url, async (client) => (await client.query<Record<string, unknown>>(text)).rows);
      };
      const counts = await run(statuses?.sql ?? '');
      expect(Object.fromEntries(counts.map((r) => [r.status_rastreamento, Number(r.total_pacotes)]))).toEqual(
        {
          ENTREGUE: 15,
          'EM ROTA DE ENTREGA': 5,
          EXTRAVIADO: 5,
          CANCELADO: 2,
          'AGUARDANDO RETIRADA': 1,
          'EM TRÂNSITO': 1,
        },
      );
      expect((await run(figures?.sql ?? ''))[0]?.tempo_medio_segundos).toBe(2 * 86_400 + 8 * 3600 + 42 * 60);
    }
  });

  test('the batch page takes the higher status of two at one instant, and lists the newest parcels first', async () => {
    await withClient(batch.adminUrl, async (client) => {
      await client.query(`INSERT INTO eventos_rastreamento (id_pacote, data_evento, status_rastreamento)
        SELECT id_pacote, data_status, 'CANCELADO' FROM pacotes WHERE status_atual = 'EM ROTA DE ENTREGA' LIMIT 3`);
    });
    const [statuses, , newest] = sqlTargets(dashboard(BATCH_PAGE));
    const run = (entry = statuses) => query(entry?.sql ?? '', 'rastreio-lote', HOUR_MS);
    const counts = (await run()).rows;
    expect(Number(counts.find((r) => r.status_rastreamento === 'CANCELADO')?.total_pacotes)).toBe(5);
    const times = (await run(newest)).rows.map((r) => (r['Último evento'] as Date).getTime());
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });

  test('on the batch page too an unknown status never leaves a final one, and any other', async () => {
    const [statuses, , newest] = sqlTargets(dashboard(BATCH_PAGE));
    const count = async () =>
      Object.fromEntries(
        (await query(statuses?.sql ?? '', 'rastreio-lote', HOUR_MS)).rows.map((r) => [
          String(r.status_rastreamento),
          Number(r.total_pacotes),
        ]),
      );
    const before = await count();
    await withClient(batch.adminUrl, (client) =>
      client.query(`INSERT INTO eventos_rastreamento (id_pacote, data_evento, status_rastreamento)
        SELECT id_pacote, data_status + interval '1 year', 'ASSINATURA RECEBIDA' FROM pacotes WHERE status_atual IN ('ENTREGUE', 'EM TRÂNSITO')`),
    );
    expect(await count()).toEqual({
      ...before,
      'EM TRÂNSITO': undefined,
      'ASSINATURA RECEBIDA': before['EM TRÂNSITO'],
    });
    const { rows } = await query(newest?.sql ?? '', 'rastreio-lote', HOUR_MS);
    expect(rows.filter(({ Status }) => Status === 'ASSINATURA RECEBIDA')).toHaveLength(
      before['EM TRÂNSITO'] ?? 0,
    );
    expect(rows).toHaveLength(Object.values(before).reduce((sum, n) => sum + n, 0));
  });

  test('every alert’s SQL gives one number per row, the other columns being labels', async () => {
    for (const { sql, source } of ruleQueries()) {
      const { rows } = await query(sql, source, DAY_MS);
      for (const row of rows) expect(Object.values(row).filter((v) => typeof v === 'number')).toHaveLength(1);
    }
  });

  test('the silence rule fires after the limit and not before', async () => {
    const [value, limit] = rules.find((r) => r.uid === 'rastreio-silencio')?.data ?? [];
    const minutes = async (part = value) =>
      Number((await query(part?.model.rawSql ?? '', LIVE, DAY_MS)).rows[0]?.minutos);
    const times = async () => (await minutes()) / (await minutes(limit));
    await withClient(database.adminUrl, (c) => c.query('UPDATE ingestao SET recebido_ate = now()'));
    expect(await times()).toBeLessThan(1);
    await withClient(database.adminUrl, (c) =>
      c.query(`UPDATE ingestao SET recebido_ate = now() - interval '11 minutes'`),
    );
    expect(await times()).toBeGreaterThan(1);
    await withClient(database.adminUrl, (c) => c.query('DELETE FROM ingestao'));
    expect(await times()).toBeGreaterThan(1);
  });
});

/** Distinct lines of a chart's answer: the text columns of Grafana's long form tell them apart. */
function seriesOf(rows: readonly Record<string, unknown>[]): number {
  const metrics = new Set(rows.map((row) => row.metric));
  return Math.max(1, metrics.size);
}

/** For a text the number of some parcel; the other variables stay as they were saved. */
async function currentValues(readerUrl: string, d: Dashboard): Promise<Map<string, Value>> {
  const texts = d.templating.list.filter(({ type }) => type === 'textbox');
  const { rows } = await withClient(readerUrl, (client) =>
    client.query<{ id: string }>(
      `SELECT id_pacote AS id FROM ultimos_eventos(now() - interval '30 days', now(), '{}', '{}', '{}', 1)`,
    ),
  );
  return new Map(texts.map(({ name }) => [name, rows[0]?.id ?? '']));
}
