import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { STATUS_CATALOGUE } from '@rastreio/contract';
import { importFile } from '@rastreio/csv';
import { withClient } from '@rastreio/database';
import { parse } from 'yaml';
import { expandMacros } from '../services/preview/src/macros';
import { freshDatabase, SERVERS, type TestDatabase } from './support/servers';

interface Target {
  refId: string;
  rawSql: string;
  format: string;
  datasource: { type: string; uid: string };
}
interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets: Target[];
  fieldConfig: {
    defaults: { noValue?: string; unit?: string };
    overrides: { matcher: { options: string }; properties: { id: string; value: unknown }[] }[];
  };
  options: { titles?: { empty?: string } };
}
interface Dashboard {
  uid: string;
  title: string;
  schemaVersion: number;
  refresh: string;
  panels: Panel[];
  links: { url: string }[];
  templating: { list: { name: string; type: string; query: string; current: { value: string } }[] };
}
interface Rule {
  uid: string;
  condition: string;
  dashboardUid: string;
  panelId: number;
  noDataState: string;
  execErrState: string;
  annotations: Record<string, string>;
  data: {
    refId: string;
    datasourceUid: string;
    model: { type?: string; rawSql?: string; expression?: string };
  }[];
}

const ROOT = path.resolve(__dirname, '..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const files = readdirSync(path.join(ROOT, 'dashboards')).filter((file) => file.endsWith('.json'));
const dashboards = files.map((file) => JSON.parse(read(`dashboards/${file}`)) as Dashboard);
const sources = (
  parse(read('provisioning/datasources/rastreio.yaml')) as {
    datasources: { uid: string; type: string; jsonData: { timescaledb?: boolean; database?: string } }[];
  }
).datasources;
const rules = (
  parse(read('provisioning/alerting/regras.yaml')) as { groups: { folder: string; rules: Rule[] }[] }
).groups;
const context = { fromMs: Date.now() - 3_600_000, toMs: Date.now(), intervalMs: 60_000 };

/** The data source of a target, through the dashboard's variable if it names one. */
function sourceOf(dashboard: Dashboard, { datasource }: Target) {
  const name = /^\$\{(\w+)\}$/.exec(datasource.uid)?.[1];
  const uid =
    name === undefined
      ? datasource.uid
      : dashboard.templating.list.find((v) => v.name === name)?.current.value;
  return sources.find((source) => source.uid === uid);
}

test('uids and titles are unique, and the seed’s titles are kept', () => {
  expect(new Set(dashboards.map((d) => d.uid)).size).toBe(dashboards.length);
  expect(dashboards.map((d) => d.title)).toEqual(
    expect.arrayContaining([
      'Dashboard de Monitoramento de Entregas',
      'Dashboard de Monitoramento de Entregas (Real-Time)',
    ]),
  );
  expect(dashboards.find((d) => d.uid === 'entregas-tempo-real')?.refresh).toBe('5s');
});

describe.each(dashboards.map((d) => [d.uid, d] as const))('%s', (_uid, dashboard) => {
  test('is Classic JSON that a file provider can load', () => {
    expect(dashboard.schemaVersion).toBe(41);
    expect(dashboard).not.toHaveProperty('__inputs');
    expect(dashboard).not.toHaveProperty('id');
    expect(new Set(dashboard.panels.map((p) => p.id)).size).toBe(dashboard.panels.length);
    const uids = dashboards.map((d) => d.uid);
    for (const { url } of dashboard.links) expect(uids).toContain(url.replace('/d/', ''));
  });

  test('every panel says what it shows and why it may be empty, and fits the grid without overlap', () => {
    const cells = new Set<string>();
    for (const panel of dashboard.panels) {
      expect(panel.description?.length).toBeGreaterThan(30);
      expect(panel.fieldConfig.defaults.noValue ?? panel.options.titles?.empty).toBeTruthy();
      const { x, y, w, h } = panel.gridPos;
      expect(x + w).toBeLessThanOrEqual(24);
      for (let i = x; i < x + w; i++)
        for (let j = y; j < y + h; j++) {
          expect(cells).not.toContain(`${i}/${j}`);
          cells.add(`${i}/${j}`);
        }
    }
  });

  test('every query names a provisioned data source', () => {
    for (const target of dashboard.panels.flatMap((p) => p.targets))
      expect(sourceOf(dashboard, target)?.type).toBe(target.datasource.type);
  });

  test('statuses have the catalogue’s colours wherever they are shown', () => {
    const colours = Object.fromEntries(STATUS_CATALOGUE.map((s) => [s.status, s.colour]));
    const mapped = dashboard.panels
      .flatMap((p) => p.fieldConfig.overrides)
      .filter((o) => o.matcher.options === 'status_rastreamento');
    expect(mapped.length).toBeGreaterThan(0);
    for (const { properties } of mapped) {
      const [mapping] = properties.find((p) => p.id === 'mappings')?.value as {
        options: Record<string, { color: string }>;
      }[];
      expect(
        Object.fromEntries(
          Object.entries(mapping?.options ?? {}).map(([status, { color }]) => [status, color]),
        ),
      ).toEqual(colours);
    }
  });
});

describe('alert rules', () => {
  const all = rules.flatMap((g) => g.rules);
  test('share the dashboards’ folder and point at a panel that exists', () => {
    expect(new Set(rules.map((g) => g.folder))).toEqual(new Set(['Rastreio']));
    expect(new Set(all.map((r) => r.uid)).size).toBe(all.length);
    for (const rule of all) {
      expect(rule.uid.length).toBeLessThanOrEqual(40);
      const panel = dashboards
        .find((d) => d.uid === rule.dashboardUid)
        ?.panels.find((p) => p.id === rule.panelId);
      expect(panel).toBeDefined();
      expect(['OK', 'NoData', 'Alerting', 'KeepLast']).toContain(rule.noDataState);
      expect(['OK', 'Error', 'Alerting', 'KeepLast']).toContain(rule.execErrState);
      expect(Object.keys(rule.annotations)).toEqual(
        expect.arrayContaining(['summary', 'description', 'runbook_url']),
      );
      const refs = rule.data.map((d) => d.refId);
      expect(refs).toContain(rule.condition);
      for (const { datasourceUid, model } of rule.data) {
        if (datasourceUid === '__expr__') expect(refs).toContain(model.expression);
        else expect(sources.map((s) => s.uid)).toContain(datasourceUid);
      }
    }
  });
});

describe.each(SERVERS)('queries on $name', (server) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase(server);
    await importFile({ databaseUrl: database.writerUrl, file: path.join(ROOT, 'fixtures/rastreamento.csv') });
    await withClient(database.adminUrl, (c) =>
      c.query(`UPDATE ingestao SET topico = 'eventos_rastreamento'`),
    );
  });
  afterAll(() => database.drop());
  const query = async (sql: string, timescaledb: boolean) =>
    withClient(database.readerUrl, async (c) => {
      const { rows, fields } = await c.query<Record<string, unknown>>(
        expandMacros(sql, { ...context, timescaledb }).sql,
      );
      return { rows, names: fields.map((f) => f.name) };
    });

  test('every panel’s SQL runs as grafana_reader', async () => {
    for (const dashboard of dashboards) {
      for (const target of dashboard.panels.flatMap((p) => p.targets)) {
        const { names } = await query(
          target.rawSql,
          sourceOf(dashboard, target)?.jsonData.timescaledb ?? false,
        );
        if (target.format === 'time_series') expect(names).toContain('time');
      }
    }
  });

  test('the overview panels of both dashboards give the seed’s figures', async () => {
    for (const dashboard of dashboards) {
      const [statuses, figures] = dashboard.panels[0]?.targets ?? [];
      const counts = (await query(statuses?.rawSql ?? '', false)).rows;
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
      expect((await query(figures?.rawSql ?? '', false)).rows[0]?.tempo_medio_segundos).toBe(
        2 * 86_400 + 8 * 3600 + 42 * 60,
      );
    }
  });

  test('every alert’s SQL gives one number per row, the other columns being labels', async () => {
    for (const { data } of rules.flatMap((g) => g.rules)) {
      for (const { model } of data.filter((d) => d.model.rawSql !== undefined)) {
        const { rows } = await query(model.rawSql ?? '', true);
        for (const row of rows)
          expect(Object.values(row).filter((v) => typeof v === 'number')).toHaveLength(1);
      }
    }
  });

  test('the silence rule fires after the limit and not before', async () => {
    const rule = rules.flatMap((g) => g.rules).find((r) => r.uid === 'rastreio-silencio');
    const sql = rule?.data[0]?.model.rawSql ?? '';
    const times = async () => Number((await query(sql, true)).rows[0]?.vezes_o_limite);
    expect(await times()).toBeLessThan(1);
    await withClient(database.adminUrl, (c) =>
      c.query(`UPDATE ingestao SET recebido_ate = now() - interval '11 minutes'`),
    );
    expect(await times()).toBeGreaterThan(1);
    await withClient(database.adminUrl, (c) => c.query('DELETE FROM ingestao'));
    expect(await times()).toBeGreaterThan(1);
  });
});
