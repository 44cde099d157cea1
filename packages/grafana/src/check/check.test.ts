import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Checkout, DASHBOARD, ENV, PANEL } from '../../test/checkout';
import { StandIn } from '../../test/standIn';
import { applyToGrafana } from '../apply';
import { asObject, type Json } from '../json';
import { checkGrafana, type CheckOptions } from '.';
import { PARTS, type Row } from './row';

let grafana: StandIn;
let checkout: Checkout;
let url: string;

const frame = (...column: readonly Json[]): Json => ({ frames: [{ data: { values: [column] } }] });

beforeEach(async () => {
  grafana = new StandIn();
  checkout = new Checkout();
  url = await grafana.start();
  provision(['rastreio-timescaledb']);
  grafana.query = () => frame(1, 2);
  grafana.health.set('rastreio-silencio', { health: 'ok', state: 'inactive' });
  grafana.health.set('rastreio-pausa', { health: 'unknown', state: 'inactive' });
  await applyToGrafana(target());
});
afterEach(async () => {
  checkout.remove();
  await grafana.stop();
});

const target = () => ({
  url,
  auth: { user: 'admin', password: grafana.password },
  env: ENV,
  folders: checkout.folders,
});
const check = (options: Partial<CheckOptions> = {}): Promise<readonly Row[]> =>
  checkGrafana({
    ...target(),
    // A real browser looks at a real Grafana only.
    skip: new Set(['browser']),
    withoutDataSources: new Set(),
    allowedEmpty: new Set(),
    values: {},
    limitMs: 1000,
    waitRulesMs: 0,
    webhookHost: '127.0.0.1',
    ...options,
  });
const wrong = async (options: Partial<CheckOptions> = {}) =>
  (await check(options)).filter(({ ok }) => !ok).map(({ what, detail }) => `${what}: ${detail}`);

describe('check, against a stand-in for Grafana’s API', () => {
  test('all is well, and nothing was changed', async () => {
    grafana.writes.length = 0;
    const rows = await check();
    expect(rows.map(({ part, ok }) => `${part} ${ok}`)).toEqual([
      'data sources true',
      'plugins true',
      'queries true',
      'rules true',
      'rules true',
      'notification true',
    ]);
    expect(grafana.writes.every((write) => /ds\/query|receivers\/test/.test(write))).toBe(true);
  });

  test('a data source that does not answer, unless it need not', async () => {
    provision(['rastreio-timescaledb', 'fora']);
    expect(await wrong()).toEqual([expect.stringMatching(/fonte de dados fora: .* connection refused/)]);
    expect(await wrong({ withoutDataSources: new Set(['fora']) })).toEqual([]);
  });

  test('a dashboard that is not there, and a plugin that is not', async () => {
    checkout.writeDashboard('outro.json', { ...DASHBOARD, uid: 'outro', title: 'Outro' });
    grafana.editDashboard('torre', (d) => ({ ...d, panels: [{ ...PANEL, type: 'falta' }] }));
    expect(await wrong()).toEqual([
      expect.stringMatching(/dashboard outro: is not in Grafana/),
      expect.stringMatching(/plugin falta: .* 404/),
    ]);
  });

  test('queries: an error, no frame, no row, too slow; a panel that may be empty', async () => {
    grafana.query = () => ({ error: 'no such table' });
    expect(await wrong()).toEqual(['painel "Total" (1) de torre: A: no such table']);
    grafana.query = () => ({ frames: [] });
    expect(await wrong()).toEqual(['painel "Total" (1) de torre: gave no frame']);
    grafana.query = () => frame();
    expect(await wrong()).toEqual([expect.stringContaining('add --allow-empty torre/1')]);
    expect(await wrong({ allowedEmpty: new Set(['torre/1']) })).toEqual([]);
    grafana.query = () => frame(1);
    expect(await wrong({ limitMs: -1 })).toEqual([expect.stringMatching(/took \d+ ms, more than -1/)]);
  });

  test('variables are asked, and what they give reaches the panels', async () => {
    const asked: string[] = [];
    grafana.query = (sql) => {
      asked.push(sql);
      return sql.includes('origens') ? frame('Acre', 'Natal') : frame(1);
    };
    const variable = { name: 'origem', type: 'query', query: 'SELECT origem FROM origens', includeAll: true };
    const rawSql = 'SELECT f(escolhidos($origem))';
    grafana.editDashboard('torre', (d) => ({
      ...d,
      templating: { list: [{ ...variable, current: { value: ['$__all'] } }] },
      panels: [{ ...PANEL, targets: [{ refId: 'A', rawSql }] }],
    }));
    expect(await wrong()).toEqual([]);
    expect(await wrong({ values: { origem: 'Recife' } })).toEqual([]);
    expect(asked).toEqual([
      'SELECT origem FROM origens',
      "SELECT f(escolhidos('Acre','Natal'))",
      'SELECT origem FROM origens',
      "SELECT f(escolhidos('Recife'))",
    ]);
  });

  test('rules: one that is not loaded, one that failed, one that was not evaluated yet is waited for', async () => {
    grafana.health.set('rastreio-silencio', { health: 'error', lastError: 'no such column' });
    expect(await wrong()).toEqual([
      expect.stringMatching(/rastreio-silencio\): health error: no such column/),
    ]);
    grafana.health.delete('rastreio-silencio');
    expect(await wrong()).toEqual([expect.stringMatching(/is not loaded/)]);
    grafana.health.set('rastreio-silencio', { health: 'unknown' });
    expect(await wrong()).toEqual([expect.stringMatching(/has not been evaluated yet/)]);
    setTimeout(() => grafana.health.set('rastreio-silencio', { health: 'ok', state: 'inactive' }), 500);
    expect(await wrong({ waitRulesMs: 30_000 })).toEqual([]);
  });

  test('a notification that does not arrive', async () => {
    expect(await wrong({ webhookHost: 'nao-existe.invalid' })).toEqual([
      expect.stringMatching(
        /ponto de contato "rastreio-webhook": nothing arrived at the check’s listener: fetch failed/,
      ),
    ]);
  });

  test('a page of notices at the webhook’s own address is where the notification is looked for', async () => {
    const kept: Json[] = [];
    let keeping = true;
    let title = {};
    const page = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (request.method === 'POST' && keeping)
          kept.unshift({ ...asObject(JSON.parse(Buffer.concat(chunks).toString()) as Json), ...title });
        response.end(JSON.stringify({ avisos: kept }));
      });
    });
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(page.address() as AddressInfo).port}/avisos`;
    const notification = {
      env: { ALERT_WEBHOOK_URL: address },
      skip: new Set(PARTS.filter((p) => p !== 'notification')),
    };
    try {
      expect(await check(notification)).toMatchObject([
        { ok: true, detail: 'arrived at the page of notices: [FIRING:1] teste' },
      ]);
      // As in the first minute of a new template.
      title = { title: '' };
      expect(await check(notification)).toMatchObject([
        { ok: false, detail: expect.stringMatching(/without a title: .*check again/) as unknown },
      ]);
      keeping = false;
      // One that an earlier check left there is not taken for this one's.
      expect(await check({ ...notification, webhookWaitMs: 300 })).toMatchObject([
        { ok: false, detail: 'nothing arrived at the page of notices: no error told' },
      ]);
    } finally {
      await new Promise((resolve) => page.close(resolve));
    }
  });
});

function provision(uids: readonly string[]): void {
  const folder = path.join(checkout.root, 'provisioning', 'datasources');
  mkdirSync(folder, { recursive: true });
  const list = uids.map((uid) => `  - uid: ${uid}\n    type: grafana-postgresql-datasource\n`).join('');
  writeFileSync(path.join(folder, 'fontes.yaml'), `datasources:\n${list}`);
}
