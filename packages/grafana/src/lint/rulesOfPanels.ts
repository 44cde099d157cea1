import { asList, asObject, asText, type JsonObject } from '../json';
import { panelName, type Finding, type LintContext, type LintDashboard } from './context';
import { columns } from './sql';

/** Panels that show no data of ours. */
const WITHOUT_DATA = ['row', 'text', 'news', 'dashlist', 'alertlist', 'welcome'];
/** Panels that show nothing but numbers. */
const NUMERIC = [
  'stat',
  'gauge',
  'bargauge',
  'timeseries',
  'barchart',
  'piechart',
  'heatmap',
  'histogram',
  'trend',
];
/** Words in a column's name that say that it holds a number. */
const NUMBER_WORDS =
  /(^|_| )(segundos|tempo|atraso|idade|total|totais|taxa|p50|p90|p95|p99|bytes|entregas|entregues|pacotes|parados|eventos|contribuicao|vezes|risco|media|médio|média|percentual|linhas|inseridos|duplicados|rejeitados|consumidos|diferenca)(_|$| )/i;
const OUR_PANEL = 'rastreio-tracking-panel';
/** Our own panel shows as a duration by itself what is named so, and limits and other values of a card in the card's unit. */
const OWN_UNIT = /segundos$|_(aviso|critico|anterior|meta)$/;
/** Grafana's own panels show their empty text when the query failed, too: it must not say that all is well. */
const FAILURE_WORDS = /não respondeu|sem resposta|em execução/i;
/** Units that Grafana writes as the browser's language does, and the other numbers beside them not. */
const BROWSER_UNITS = /^(locale|dateTimeAsLocal.*)$/;
const MIN_DESCRIPTION = 30;
const COLUMNS = 24;

/** Every panel says what it shows, and why it may be empty. */
export function texts({ dashboards }: LintContext): readonly Finding[] {
  return onPanels(dashboards, ({ file }, panel) => {
    const where = panelName(panel);
    const found: Finding[] = [];
    if (asText(panel.description).length < MIN_DESCRIPTION)
      found.push({
        rule: 'description',
        file,
        where,
        problem: `has no description of at least ${MIN_DESCRIPTION} characters`,
        remedy: 'say what it shows and from where',
      });
    const { noValue } = asObject(asObject(panel.fieldConfig).defaults);
    const { empty } = asObject(asObject(panel.options).titles);
    if (asText(noValue) === '' && asText(empty) === '')
      found.push({
        rule: 'empty text',
        file,
        where,
        problem: 'does not say why it is empty',
        remedy: 'set fieldConfig.defaults.noValue (tracking panel: options.titles.empty)',
      });
    else if (panel.type !== OUR_PANEL && !FAILURE_WORDS.test(asText(noValue)))
      found.push({
        rule: 'empty text',
        file,
        where,
        problem: `"${asText(noValue)}" is shown when the query failed, too`,
        remedy: 'add "ou o banco não respondeu"',
      });
    return found;
  });
}

/**
 * Numbers have a unit: panels that show nothing but numbers by default or for each of their columns, tables and others for the columns
 * whose names say that they hold a number.
 */
export function units({ dashboards }: LintContext): readonly Finding[] {
  return onPanels(dashboards, ({ file }, panel) => {
    const { defaults, overrides } = asObject(panel.fieldConfig);
    const everywhere = unitsOf(panel).filter((unit) => BROWSER_UNITS.test(unit));
    if (everywhere.length > 0)
      return everywhere.map((unit) => ({
        rule: 'unit',
        file,
        where: panelName(panel),
        problem: `"${unit}" follows the browser's language, other units do not`,
        remedy: 'use "none" for counts and "time:DD/MM/YYYY HH:mm:ss" for instants',
      }));
    if (asText(asObject(defaults).unit) !== '') return [];
    const given = columnsOf(panel);
    const numeric = NUMERIC.includes(asText(panel.type));
    const own = (column: string) => panel.type === OUR_PANEL && OWN_UNIT.test(column);
    const numbers = given.filter((column) => NUMBER_WORDS.test(column) && !own(column));
    const bare = (numeric && numbers.length === 0 ? given.filter((c) => c !== 'time') : numbers).filter(
      (column) => !hasUnit(asList(overrides).map(asObject), column),
    );
    if (numeric && given.length === 0 && asList(overrides).length === 0) bare.push('*');
    return bare.map((column) => ({
      rule: 'unit',
      file,
      where: panelName(panel),
      problem: column === '*' ? 'has no unit' : `column "${column}" has no unit`,
      remedy: 'set fieldConfig.defaults.unit, or an override with "unit" for the column',
    }));
  });
}

/** Panels stand in the grid's 24 columns, and no two on the same place. */
export function grid({ dashboards }: LintContext): readonly Finding[] {
  return dashboards.flatMap((dashboard) => {
    const top = asList(dashboard.dashboard.panels).map(asObject);
    const folded = top.map((row) => asList(row.panels).map(asObject)).filter((panels) => panels.length > 0);
    return [top, ...folded].flatMap((panels) => overlaps(dashboard.file, panels));
  });
}

/** The data source of every query is provisioned, or is chosen by a variable. */
export function dataSources({ dashboards, dataSources: known }: LintContext): readonly Finding[] {
  return onPanels(dashboards, ({ file }, panel) =>
    asList(panel.targets)
      .map((target) => asObject(asObject(target).datasource ?? panel.datasource))
      .filter(({ uid, type }) => {
        const name = asText(uid);
        return (
          !name.includes('$') && name !== '__expr__' && name !== '-- Mixed --' && known.get(name) !== type
        );
      })
      .map(({ uid, type }) => ({
        rule: 'data source',
        file,
        where: panelName(panel),
        problem: `asks "${asText(uid)}" of type ${asText(type) || '(none)'}`,
        remedy: `use one of ${[...known].map(([name, kind]) => `${name} (${kind})`).join(', ')}`,
      })),
  );
}

function onPanels(
  dashboards: readonly LintDashboard[],
  look: (dashboard: LintDashboard, panel: JsonObject) => readonly Finding[],
): readonly Finding[] {
  return dashboards.flatMap((dashboard) =>
    dashboard.panels
      .filter(({ type }) => !WITHOUT_DATA.includes(asText(type)))
      .flatMap((panel) => look(dashboard, panel)),
  );
}

/** The columns that a panel's queries give, by the names that its transformations leave them. */
function columnsOf(panel: JsonObject): string[] {
  const renamed = asList(panel.transformations)
    .map((t) => asObject(asObject(asObject(t).options).renameByName))
    .reduce((all, names) => ({ ...all, ...names }), {});
  const given = asList(panel.targets).flatMap((target) => columns(asText(asObject(target).rawSql)));
  return [...new Set(given.map((column) => asText(renamed[column]) || column))];
}

/** Every unit that a panel names. */
function unitsOf(panel: JsonObject): string[] {
  const { defaults, overrides } = asObject(panel.fieldConfig);
  const given = asList(overrides).flatMap((override) =>
    asList(asObject(override).properties)
      .map(asObject)
      .filter(({ id }) => id === 'unit')
      .map(({ value }) => asText(value)),
  );
  return [asText(asObject(defaults).unit), ...given];
}

function hasUnit(overrides: readonly JsonObject[], column: string): boolean {
  return overrides.some(({ matcher, properties }) => {
    const sets = asList(properties).some((property) => asObject(property).id === 'unit');
    return sets && matches(asObject(matcher), column);
  });
}

function matches({ id, options }: JsonObject, column: string): boolean {
  switch (asText(id)) {
    case 'byName':
      return asText(options).toLowerCase() === column.toLowerCase();
    case 'byNames':
      return asList(asObject(options).names).includes(column);
    case 'byRegexp': {
      const [, body, flags] = /^\/(.*)\/(\w*)$/.exec(asText(options)) ?? [undefined, asText(options), ''];
      return new RegExp(body ?? '', flags).test(column);
    }
    case 'byType':
      return options === 'number';
    default:
      return asText(id) === 'byFrameRefID';
  }
}

function overlaps(file: string, panels: readonly JsonObject[]): readonly Finding[] {
  const taken = new Map<string, JsonObject>();
  return panels.flatMap((panel): readonly Finding[] => {
    const { x, y, w, h } = asObject(panel.gridPos) as unknown as Record<'x' | 'y' | 'w' | 'h', number>;
    const where = panelName(panel);
    if (![x, y, w, h].every(Number.isInteger) || x < 0 || w < 1 || h < 1 || x + w > COLUMNS)
      return [
        {
          rule: 'grid',
          file,
          where,
          problem: `does not fit into ${COLUMNS} columns`,
          remedy: 'correct its gridPos',
        },
      ];
    const others = new Set<JsonObject>();
    for (let i = x; i < x + w; i++)
      for (let j = y; j < y + h; j++) {
        const other = taken.get(`${i}/${j}`);
        if (other !== undefined) others.add(other);
        taken.set(`${i}/${j}`, panel);
      }
    return [...others].map((other) => ({
      rule: 'grid',
      file,
      where,
      problem: `stands on ${panelName(other)}`,
      remedy: 'correct the gridPos of one of them',
    }));
  });
}
