import { Checkout, DASHBOARD, ENV, NOTIFY, PANEL, RULES } from '../test/checkout';
import { StandIn } from '../test/standIn';
import { applyToGrafana, type ApplyOptions, type ApplyResult } from './apply';
import { applyReport } from './applyReport';
import { asList, asObject, type JsonObject } from './json';

let grafana: StandIn;
let checkout: Checkout;
let url: string;

beforeEach(async () => {
  grafana = new StandIn();
  checkout = new Checkout();
  url = await grafana.start();
});
afterEach(async () => {
  checkout.remove();
  await grafana.stop();
});

const apply = (options: Partial<ApplyOptions> = {}): Promise<ApplyResult> =>
  applyToGrafana({
    url,
    auth: { user: 'admin', password: grafana.password },
    env: ENV,
    folders: checkout.folders,
    ...options,
  });
const retitled = (dashboard: JsonObject, title: string): JsonObject => ({
  ...dashboard,
  panels: [{ ...PANEL, title }],
});
const panelTitle = (): unknown =>
  asObject(asList(grafana.dashboards.get('torre')?.dashboard.panels)[0]).title;

describe('apply, against a stand-in for Grafana’s API', () => {
  test('brings everything, and a second time writes nothing', async () => {
    const first = await apply();
    expect(first.created).toHaveLength(8);
    expect(grafana.dashboards.get('torre')).toMatchObject({ version: 1, folderUid: 'rastreio' });
    expect(grafana.points.get('rastreio-webhook')).toMatchObject({
      settings: { url: ENV.ALERT_WEBHOOK_URL },
    });
    expect(grafana.rules.get('rastreio-silencio')).toMatchObject({
      labels: { rota: '{{ $labels.rota }}' },
      annotations: { summary: 'Nada desde {{ $values.A }}', __dashboardUid__: 'torre', __panelId__: '1' },
    });
    expect(grafana.tree.receiver).toBe('rastreio-webhook');
    grafana.writes.length = 0;
    const second = await apply();
    expect(grafana.writes).toEqual([]);
    expect(applyReport(second)).toBe('nothing changed; 8 units are as in the files\n');
  });

  test('Grafana’s own panels get the version that its screen would add; no file holds it', async () => {
    const rows = { type: 'row', title: 'Mais', panels: [{ ...PANEL, id: 3, type: 'timeseries' }] };
    const foreign = { ...PANEL, id: 2, type: 'acme-clock-panel', pluginVersion: '2.1.0' };
    checkout.writeDashboard('torre.json', {
      ...DASHBOARD,
      panels: [{ ...PANEL, type: 'table', pluginVersion: '11.0.0' }, foreign, rows],
    });
    await apply();
    expect(grafana.dashboards.get('torre')?.dashboard.panels).toMatchObject([
      { pluginVersion: '12.4.10' },
      { pluginVersion: '2.1.0' },
      { type: 'row', panels: [{ pluginVersion: '12.4.10' }] },
    ]);
    expect(await apply()).toMatchObject({ updated: [], kept: [] });
  });

  test('waits for a Grafana that is starting', async () => {
    grafana.startingFor = 2;
    expect((await apply()).created).toHaveLength(8);
    grafana.startingFor = 1e6;
    await expect(apply({ waitMs: 600 })).rejects.toThrow(/not ready after 1 s: \/api\/health answers 503/);
  });

  test('a wrong password is named, and not shown', async () => {
    const auth = { user: 'admin', password: 'outra' };
    await expect(apply({ auth })).rejects.toThrow(/does not know this user, password or token/);
    await expect(apply({ auth })).rejects.not.toThrow(/outra/);
  });

  test('what the files changed is updated where the screen is as it was applied', async () => {
    await apply();
    checkout.writeDashboard('torre.json', retitled(DASHBOARD, 'Todos'));
    checkout.writeAlerting('regras.yaml', RULES.replace('title: Pausada', 'title: Em pausa'));
    expect(await apply()).toMatchObject({ updated: ['dashboard/torre', 'rule/rastreio-pausa'], kept: [] });
    expect(panelTitle()).toBe('Todos');
    expect(grafana.rules.get('rastreio-pausa')).toMatchObject({ title: 'Em pausa' });
  });

  test('what was edited on the screen is kept and told, and the rest of the group is updated', async () => {
    await apply();
    grafana.editDashboard('torre', (d) => retitled(d, 'Tudo'));
    grafana.editRule('rastreio-silencio', (rule) => ({ ...rule, for: '5m' }));
    checkout.writeDashboard('torre.json', { ...DASHBOARD, description: 'nova' });
    checkout.writeAlerting('regras.yaml', RULES.replace('title: Pausada', 'title: Em pausa'));
    const result = await apply();
    expect(result.updated).toEqual(['rule/rastreio-pausa']);
    expect(applyReport(result)).toContain(
      'kept: dashboard "Torre de controle" (torre): edited on the screen, and changed in the files\n    painel "Tudo" > título: "Total" → "Tudo"\n',
    );
    expect(applyReport(result)).toContain(
      'kept: regra "Nenhum evento novo" (rastreio-silencio): edited on the screen\n    espera: "0s" → "5m"\n',
    );
    expect(panelTitle()).toBe('Tudo');
    expect(grafana.rules.get('rastreio-silencio')?.for).toBe('5m');
    // Still known as edited the next time, until a pull or --force.
    expect((await apply()).kept).toHaveLength(2);
    const forced = await apply({ force: true });
    expect(forced).toMatchObject({ updated: ['dashboard/torre', 'rule/rastreio-silencio'], kept: [] });
    expect(panelTitle()).toBe('Total');
  });

  test('what left the files is removed, unless it was edited on the screen', async () => {
    checkout.writeDashboard('outro.json', { ...DASHBOARD, uid: 'outro', title: 'Outro' });
    await apply();
    grafana.editDashboard('outro', (d) => retitled(d, 'Meu'));
    checkout.removeDashboard('outro.json');
    checkout.removeDashboard('torre.json');
    checkout.writeAlerting('regras.yaml', RULES.slice(0, RULES.indexOf('      - uid: rastreio-pausa')));
    const result = await apply();
    expect(result.removed).toEqual(['dashboard/torre', 'rule/rastreio-pausa']);
    expect(result.kept).toMatchObject([{ unit: { key: 'outro' }, reason: 'removed' }]);
    expect([...grafana.rules.keys()]).toEqual(['rastreio-silencio']);
    expect([...grafana.dashboards.keys()]).not.toContain('torre');
  });

  test('all rules of a group may move to another group', async () => {
    await apply();
    checkout.writeAlerting('regras.yaml', RULES.replace('name: rastreio\n', 'name: prazos\n'));
    expect((await apply()).kept).toEqual([]);
    expect([...grafana.rules.values()].map(({ ruleGroup }) => ruleGroup)).toEqual(['prazos', 'prazos']);
    expect((await apply()).updated).toEqual([]);
  });

  test('a new rule that the form can show simply opens so; what somebody chose later stays', async () => {
    const simple = (condition: string, settings = '') =>
      RULES.replace(
        /          - refId: C[^]*?params: \[1\] } }\]\n/,
        `          - refId: B
            datasourceUid: __expr__
            model: { type: reduce, expression: A, reducer: last${settings} }
          - refId: C
            datasourceUid: __expr__
            model: { type: threshold, expression: B, conditions: [{ evaluator: { type: gt, params: [1] }${condition} }] }
`,
      );
    for (const [text, opens] of [
      [RULES, []],
      [simple(', unloadEvaluator: { type: lt, params: [0.5] }'), []],
      [simple('', ', settings: { mode: dropNN }'), []],
      [simple(''), ['rastreio-silencio']],
    ] as const) {
      grafana.rules.clear();
      checkout.writeAlerting('regras.yaml', text);
      await apply({ force: true });
      expect(grafana.simple).toEqual(opens);
    }
    checkout.writeAlerting('regras.yaml', simple('').replace('title: Pausada', 'title: Em pausa'));
    await apply();
    expect(grafana.simple).toEqual(['rastreio-silencio']);
  });

  test('a variable pauses a rule', async () => {
    checkout.writeAlerting('regras.yaml', RULES.replace('isPaused: true', 'isPaused: $SEM'));
    for (const [value, paused] of [
      ['true', true],
      ['false', false],
      ['', false],
    ] as const) {
      await apply({ env: { ...ENV, SEM: value } });
      expect(grafana.rules.get('rastreio-pausa')?.isPaused).toBe(paused);
    }
    // Not set: what Grafana has stays.
    grafana.rules.set('rastreio-pausa', { ...grafana.rules.get('rastreio-pausa'), isPaused: true });
    await apply({ env: ENV });
    expect(grafana.rules.get('rastreio-pausa')?.isPaused).toBe(true);
  });

  test('what was deleted on the screen stays deleted until --force', async () => {
    await apply();
    grafana.dashboards.delete('torre');
    expect((await apply()).kept).toMatchObject([{ unit: { key: 'torre' }, reason: 'deleted' }]);
    expect((await apply({ force: true })).created).toEqual(['dashboard/torre']);
  });

  test('what others made is not touched: dashboards, rules in our groups, contact points, policies', async () => {
    const route = { receiver: 'deles', object_matchers: [['time', '=', 'deles']] };
    grafana.tree = { receiver: 'deles', group_by: ['alertname'], routes: [route] };
    grafana.points.set('deles', {
      uid: 'deles',
      name: 'deles',
      type: 'email',
      settings: { addresses: 'a@b' },
    });
    grafana.dashboards.set('deles', {
      dashboard: { uid: 'deles', title: 'Deles' },
      version: 4,
      folderUid: 'x',
    });
    await apply();
    const ours = { object_matchers: [['grafana_folder', '=', 'Rastreio']], receiver: 'rastreio-webhook' };
    expect(grafana.tree).toMatchObject({ receiver: 'deles', routes: [ours, route] });
    grafana.rules.set('deles', { ...grafana.rules.get('rastreio-pausa'), uid: 'deles', title: 'Deles' });
    checkout.writeAlerting('regras.yaml', RULES.replace('title: Pausada', 'title: Em pausa'));
    checkout.writeAlerting('notificacao.yaml', NOTIFY.replace('group_wait: 60s', 'group_wait: 2m'));
    expect(await apply()).toMatchObject({ updated: ['policies/', 'rule/rastreio-pausa'], kept: [] });
    expect(grafana.tree).toMatchObject({ receiver: 'deles', routes: [{ ...ours, group_wait: '2m' }, route] });
    checkout.writeAlerting('notificacao.yaml', 'apiVersion: 1\n');
    await apply();
    expect(grafana.tree).toEqual({ receiver: 'deles', group_by: ['alertname'], routes: [route] });
    expect([...grafana.points.keys()]).toEqual(['deles']);
    expect(grafana.dashboards.get('deles')?.version).toBe(4);
    expect(grafana.rules.get('deles')?.title).toBe('Deles');
  });

  test('a dashboard that was moved on the screen stays where it is', async () => {
    await apply();
    const saved = grafana.dashboards.get('torre')!;
    grafana.dashboards.set('torre', { ...saved, folderUid: 'outra-pasta' });
    checkout.writeDashboard('torre.json', retitled(DASHBOARD, 'Todos'));
    await apply();
    expect(grafana.dashboards.get('torre')).toMatchObject({ folderUid: 'outra-pasta' });
    expect(panelTitle()).toBe('Todos');
  });

  test('an apply that breaks in the middle is taken up again, not taken for an edit', async () => {
    await apply();
    checkout.writeDashboard('torre.json', retitled(DASHBOARD, 'Todos'));
    checkout.writeAlerting('regras.yaml', RULES.replace('title: Pausada', 'title: Em pausa'));
    const group = 'PUT /api/v1/provisioning/folder/rastreio/rule-groups/rastreio';
    grafana.failing.add(group);
    await expect(apply()).rejects.toThrow(/answered 500: broken on purpose/);
    grafana.failing.delete(group);
    checkout.writeDashboard('torre.json', retitled(DASHBOARD, 'De novo'));
    expect(await apply()).toMatchObject({ updated: ['dashboard/torre', 'rule/rastreio-pausa'], kept: [] });
  });

  test('a save on the screen between reading and writing is not overwritten', async () => {
    await apply();
    checkout.writeDashboard('torre.json', retitled(DASHBOARD, 'Todos'));
    grafana.beforeSave = ({ uid }) => {
      if (uid !== 'torre') return;
      grafana.beforeSave = () => undefined;
      grafana.editDashboard('torre', (d) => retitled(d, 'Da tela'));
    };
    await expect(apply()).rejects.toThrow(/answered 412: the dashboard has been changed by someone else/);
    expect(panelTitle()).toBe('Da tela');
    expect((await apply()).kept).toMatchObject([{ unit: { key: 'torre' }, reason: 'both' }]);
  });

  test('secrets: none is remembered in clear, a variable that is not set leaves Grafana’s value, a changed one is written', async () => {
    await expect(apply({ env: {} })).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('ALERT_WEBHOOK_URL') as unknown,
    });
    await apply();
    const state = JSON.stringify(grafana.dashboards.get('rastreio-estado'));
    expect(state).toContain('rastreio');
    const { gunzipSync } = await import('node:zlib');
    const packed = /"query":"([^"]+)"/.exec(state)?.[1] ?? '';
    const content = gunzipSync(Buffer.from(packed, 'base64')).toString();
    expect(content).toContain('oculto:');
    expect(content).not.toContain('segredo');
    expect(await apply({ env: {} })).toMatchObject({ updated: [], kept: [] });
    const other = { ALERT_WEBHOOK_URL: 'http://127.0.0.1:9/outro' };
    expect((await apply({ env: other })).updated).toEqual(['contactPoint/rastreio-webhook']);
    grafana.points.set('rastreio-webhook', {
      ...grafana.points.get('rastreio-webhook'),
      settings: { url: 'http://da-tela', httpMethod: 'POST' },
    });
    const report = applyReport(await apply({ env: other }));
    expect(report).toContain('ajustes > url: outro valor (não mostrado)');
    expect(report).not.toMatch(/da-tela|outro"/);
  });

  test('a dry run tells and writes nothing', async () => {
    const result = await apply({ dryRun: true });
    expect(applyReport(result)).toContain('would be created: dashboard/torre');
    expect(grafana.writes).toEqual([]);
  });
});
