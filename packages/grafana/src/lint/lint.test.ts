import path from 'node:path';
import { parse } from 'yaml';
import { Checkout, DASHBOARD, NOTIFY, PANEL, RULES } from '../../test/checkout';
import { dashboardText } from '../dashboardForm';
import { asList, asObject, type Json, type JsonObject } from '../json';
import { panelsOf, type LintContext } from './context';
import { fixForm, lint, readLintContext, type Proven } from '.';

const GOOD: JsonObject = {
  ...DASHBOARD,
  templating: { list: [{ name: 'origem', type: 'query', query: 'SELECT origem FROM origens' }] },
  links: [{ title: 'Torre', url: '/d/torre' }],
  panels: [
    {
      ...PANEL,
      description: 'Pacotes de cada origem, desde o início.',
      targets: [
        {
          refId: 'A',
          rawSql: "SELECT total_pacotes FROM indicadores_em(now(), escolhidos($origem), '{}')",
        },
      ],
    },
  ],
};

const PROVEN: Proven = {
  title: '',
  fires: { words: 'it happens', told_after_seconds: 60, instances: 1 },
  nearly: { words: 'it nearly happens', worst: 0.9, fired: false },
  normal: { days: 28, worlds: 5, worst: 0.5, false_alarms: 0 },
};

interface Planted {
  readonly proven?: Proven;
  readonly dashboards?: readonly JsonObject[];
  readonly file?: string;
  readonly text?: string;
  readonly rules?: string;
  readonly notify?: string;
}

function context({
  dashboards = [GOOD],
  file = 'torre.json',
  text,
  rules = RULES,
  notify = NOTIFY,
  proven = PROVEN,
}: Planted): LintContext {
  const views = ['ultimo_recebimento', 'origens', 'indicadores_entrega'];
  return {
    dashboards: dashboards.map((dashboard, i) => ({
      file: i === 0 ? `dashboards/${file}` : `dashboards/outro-${i}.json`,
      text: text ?? dashboardText(dashboard),
      dashboard,
      panels: panelsOf(dashboard),
    })),
    alerting: [
      ['regras.yaml', rules],
      ['notificacao.yaml', notify],
    ].map(([name = '', yaml = '']) => ({ file: name, text: yaml, content: asObject(parse(yaml) as Json) })),
    schema: { tables: new Set(['pacotes', 'eventos_rastreamento', 'limites']), views: new Set(views) },
    dataSources: new Map([['rastreio-timescaledb', 'grafana-postgresql-datasource']]),
    proofs: { 'rastreio-silencio': proven, 'rastreio-pausa': PROVEN },
  };
}

const panel = (change: JsonObject): Planted => ({
  dashboards: [{ ...GOOD, panels: [{ ...asObject(asList(GOOD.panels)[0]), ...change }] }],
});
const sql = (rawSql: string): Planted => panel({ targets: [{ refId: 'A', rawSql }] });
const EMPTY = { noValue: 'Nada, ou o banco não respondeu.' };
const USED = " WHERE o = '$origem'";
const line = (name: string, fixedColor: string): JsonObject => ({
  defaults: { unit: 'none', ...EMPTY },
  overrides: [
    {
      matcher: { id: 'byName', options: name },
      properties: [{ id: 'color', value: { mode: 'fixed', fixedColor } }],
    },
  ],
});

test('nothing is wrong with the good ones', async () => {
  expect(await lint(context({}))).toEqual([]);
});

test('a line of a chart may have the color of its status', async () => {
  expect(await lint(context(panel({ fieldConfig: line('ENTREGUE', '#08906A') })))).toEqual([]);
});

test('limits of our panel’s cards have the unit of their card', async () => {
  const rawSql = 'SELECT total_pacotes, total_pacotes_aviso FROM indicadores_entrega';
  const targets = [{ refId: 'A', rawSql }, ...asList(asObject(asList(GOOD.panels)[0]).targets)];
  const overrides = [
    { matcher: { id: 'byName', options: 'total_pacotes' }, properties: [{ id: 'unit', value: 'none' }] },
  ];
  const card = {
    type: 'rastreio-tracking-panel',
    targets,
    fieldConfig: { defaults: { ...EMPTY }, overrides },
  };
  expect(await lint(context(panel(card)))).toEqual([]);
  const other = { ...card, type: 'table' };
  expect(await lint(context(panel(other)))).toMatchObject([{ rule: 'unit' }]);
});

test.each<[rule: string, problem: RegExp, planted: Planted]>([
  ['form', /not in the form/, { text: '{}\n' }],
  ['form', /has the key "version"/, { dashboards: [{ ...GOOD, version: 3 }] }],
  ['form', /not in the form/, { rules: RULES.replace('for: 0s', 'for:   0s') }],
  ['form', /folded text/, { rules: RULES.replace('|-', '>-') }],
  [
    'unique',
    /uid "torre" is that of dashboards\/torre\.json too/,
    { dashboards: [GOOD, { ...GOOD, title: 'B' }] },
  ],
  ['unique', /title "Torre de controle"/, { dashboards: [GOOD, { ...GOOD, uid: 'b' }] }],
  [
    'unique',
    /uid "rastreio-pausa"/,
    { rules: RULES.replace('uid: rastreio-silencio', 'uid: rastreio-pausa') },
  ],
  ['unique', /panel id 1/, { dashboards: [{ ...GOOD, panels: [...asList(GOOD.panels), ...panelAt(1, 8)] }] }],
  ['description', /no description/, panel({ description: 'Pacotes.' })],
  ['empty text', /why it is empty/, panel({ fieldConfig: { defaults: { unit: 'none' }, overrides: [] } })],
  [
    'empty text',
    /when the query failed/,
    panel({ fieldConfig: { defaults: { unit: 'none', noValue: 'Nada a fazer.' }, overrides: [] } }),
  ],
  [
    'unit',
    /"locale" follows the browser/,
    panel({ fieldConfig: { defaults: { ...EMPTY, unit: 'locale' }, overrides: [] } }),
  ],
  [
    'unit',
    /"dateTimeAsLocal" follows/,
    panel({
      fieldConfig: {
        defaults: { ...EMPTY, unit: 'none' },
        overrides: [
          {
            matcher: { id: 'byName', options: 'a' },
            properties: [{ id: 'unit', value: 'dateTimeAsLocal' }],
          },
        ],
      },
    }),
  ],
  ['unit', /column "total_pacotes"/, panel({ fieldConfig: { defaults: { ...EMPTY }, overrides: [] } })],
  [
    'unit',
    /column "idade"/,
    {
      ...panel({
        type: 'table',
        targets: [{ refId: 'A', rawSql: `SELECT rota, x AS "idade" FROM indicadores_entrega${USED}` }],
        fieldConfig: { defaults: { ...EMPTY }, overrides: [] },
      }),
    },
  ],
  ['grid', /does not fit/, panel({ gridPos: { x: 20, y: 0, w: 6, h: 4 } })],
  [
    'grid',
    /stands on painel "Total" \(1\)/,
    { dashboards: [{ ...GOOD, panels: [...asList(GOOD.panels), ...panelAt(2, 3)] }] },
  ],
  ['data source', /asks "outra"/, panel({ datasource: { type: 'prometheus', uid: 'outra' } })],
  ['views only', /reads the table "pacotes"/, sql(`SELECT total_pacotes FROM pacotes${USED}`)],
  ['views only', /"nada", which sql\/ does not make/, sql(`SELECT total_pacotes FROM nada${USED}`)],
  [
    'views only',
    /reads the table "limites"/,
    { rules: RULES.replace('FROM ultimo_recebimento', 'FROM limites') },
  ],
  [
    'views only',
    /reads "indicadores_entrega"/,
    {
      ...sql(`SELECT total_pacotes FROM indicadores_entrega${USED}`),
      file: 'entregas-lote.json',
    },
  ],
  ['select *', /all columns/, sql(`SELECT * FROM indicadores_entrega${USED}`)],
  ['variables', /defined and nowhere used/, sql('SELECT total_pacotes FROM indicadores_entrega')],
  ['variables', /used and not defined/, panel({ title: 'Total de $destino' })],
  [
    'variables',
    /sets the variable "status"/,
    { dashboards: [{ ...GOOD, links: [{ url: '/d/torre/x?var-status=a' }] }] },
  ],
  ['links', /leads to \/d\/nada/, { dashboards: [{ ...GOOD, links: [{ url: '/d/nada?from=1' }] }] }],
  ['links', /leads to \/d\/nada/, panel({ links: [{ title: 'x', url: 'd/nada' }] })],
  ['colors', /ENTREGUE in #000000/, panel({ options: mapping('ENTREGUE', '#000000') })],
  ['colors', /the color #123456/, panel({ options: mapping('ATRASADO', '#123456') })],
  ['colors', /the color #123456/, panel({ fieldConfig: line('ENTREGUE', '#123456') })],
  ['colors', /the color #08906A/, panel({ fieldConfig: line('Total', '#08906A') })],
  ['alert panel', /points at panel 9/, { rules: RULES.replace('panelId: 1', 'panelId: 9') }],
  [
    'alert policies',
    /"ninguem", which no file defines/,
    {
      notify: NOTIFY.replace('receiver: rastreio-webhook', 'receiver: ninguem'),
    },
  ],
  [
    'alert policies',
    /"rastreio-email", which no file defines/,
    {
      notify: NOTIFY.replaceAll('name: rastreio-webhook', 'name: rastreio').replace(
        'receiver: rastreio-webhook',
        'receiver: $ALERT_CONTACT',
      ),
    },
  ],
  ['templates', /lacks \{\{ end \}\} 1 times/, template('{{ define "a" }}{{ if .Alerts }}x{{ end }}')],
  ['templates', /ends nothing/, template('{{ define "a" }}{{ end }}{{ end }}{{ if .A }}{{ end }}')],
  ['templates', /braces .* near "\{\{ \.Alerts"/, template('{{ define "a" }}{{ .Alerts{{ end }}')],
  ['templates', /only \{\{- define/, template('{{- define "a" }}{{ end }}')],
  ['templates', /"a" is defined twice/, template('{{ define "a" }}{{ end }}{{ define "a" }}{{ end }}')],
  ['templates', /uses "b", which/, template('{{ define "a" }}{{ template "b" . }}{{ end }}')],
  [
    'templates',
    /uses "rastreio.assunto", which/,
    { notify: NOTIFY.replace('httpMethod: POST', `title: '{{ template "rastreio.assunto" . }}'`) },
  ],
  ['runbook', /what to do/, { rules: RULES.replace(/runbook_url: .*/, "outra: ''") }],
  ['proven', /has no test/, { rules: RULES.replace('uid: rastreio-pausa', 'uid: outra') }],
  [
    'proven',
    /does not fire when it happens/,
    { proven: { ...PROVEN, fires: { ...PROVEN.fires, told_after_seconds: null } } },
  ],
  [
    'proven',
    /fires when it nearly happens/,
    { proven: { ...PROVEN, nearly: { ...PROVEN.nearly, fired: true } } },
  ],
  [
    'proven',
    /fired 2 times in 5 worlds of 28 normal days/,
    { proven: { ...PROVEN, normal: { ...PROVEN.normal, false_alarms: 2 } } },
  ],
])('a planted fault is found: %s, %s', async (rule, problem, planted) => {
  const found = await lint(context(planted));
  expect(found).toContainEqual(
    expect.objectContaining({ rule, problem: expect.stringMatching(problem) as unknown }),
  );
  // The rule that was planted for, and no other.
  expect(new Set(found.map((finding) => finding.rule))).toEqual(new Set([rule]));
});

test('what only looks like a fault is none', async () => {
  const dashboards = [
    { ...GOOD, annotations: { list: [{ builtIn: 1, iconColor: 'rgba(0, 211, 255, 1)' }] } },
  ];
  expect(await lint(context({ dashboards }))).toEqual([]);
  expect(await lint(context(panel({ options: mapping('ENTREGUE', '#08906A') })))).toEqual([]);
  expect(await lint(context(panel({ title: 'De $__from a ${__to}', repeat: 'origem' })))).toEqual([]);
  const lote = sql('SELECT total_pacotes FROM eventos_rastreamento JOIN pacotes USING (id_pacote)');
  const portable = lote.dashboards?.map((dashboard) => ({ ...dashboard, templating: { list: [] } })) ?? [];
  expect(await lint(context({ dashboards: portable, file: 'entregas-lote.json' }))).toEqual([]);
  const override = {
    matcher: { id: 'byRegexp', options: '/total/' },
    properties: [{ id: 'unit', value: 'none' }],
  };
  const fieldConfig = { defaults: { ...EMPTY }, overrides: [override] };
  expect(await lint(context(panel({ fieldConfig })))).toEqual([]);
  const whole =
    '{{- /* if "x */ -}} {{ define "a" -}} {{ "}}" | reReplaceAll "\\\\d" "{{" }}{{ template "default.title" . }}{{- end }}';
  expect(await lint(context(template(whole)))).toEqual([]);
});

test('--fix brings files into the form of a pull and says which', async () => {
  const checkout = new Checkout();
  const file = path.join(checkout.folders.dashboards, 'torre.json');
  const dashboard = { ...GOOD, version: 3 };
  const text = JSON.stringify(dashboard);
  const planted = { ...context({}), dashboards: [{ file, text, dashboard, panels: [] }] };
  expect(await fixForm(planted)).toEqual([file]);
  expect(checkout.readDashboard('torre.json')).toBe(dashboardText(GOOD));
  checkout.remove();
});

test('the tables and views of this repository are read off sql/', async () => {
  const { schema, dataSources } = await readLintContext();
  expect([...schema.tables]).toEqual(expect.arrayContaining(['pacotes', 'eventos_rastreamento', 'limites']));
  expect([...schema.views]).toEqual(expect.arrayContaining(['status_dos_pacotes', 'indicadores_entrega']));
  expect([...schema.views].filter((view) => schema.tables.has(view))).toEqual([]);
  expect(dataSources.get('rastreio-timescaledb')).toBe('grafana-postgresql-datasource');
});

function template(text: string): Planted {
  return { notify: NOTIFY.replace(/\{\{ define .*/, () => text) };
}

function panelAt(id: number, x: number): readonly JsonObject[] {
  return [{ ...asObject(asList(GOOD.panels)[0]), id, title: 'B', gridPos: { x, y: 0, w: 6, h: 4 } }];
}

function mapping(text: string, color: string): JsonObject {
  return { mappings: [{ type: 'value', options: { [text]: { color, index: 0 } } }] };
}
