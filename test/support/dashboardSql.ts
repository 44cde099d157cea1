import { DAY_MS, HOUR_MS } from '@rastreio/simulator';
import { expandMacros } from '@rastreio/grafana/macros';
import { asSql, interpolate } from '../../services/preview/web/variables/interpolate';
import type { Value } from '../../services/preview/web/variables/types';
import { DASHBOARDS, RULE_GROUPS, SOURCES, type Dashboard, type Panel, type Target } from './dashboardFiles';

/** The ranges that every dashboard has to answer for. */
export const RANGES = { '1 h': HOUR_MS, '30 d': 30 * DAY_MS, '2 y': 730 * DAY_MS } as const;
/** Width of a wide screen: Grafana asks for about as many points. */
const POINTS = 1_900;

export interface SqlTarget {
  readonly panel: Panel;
  readonly target: Target;
  readonly sql: string;
}

/** What stands for a dashboard's range and choices while a query is filled in. */
export interface Frame {
  /** The end of the range, in milliseconds since 1970. */
  readonly toMs: number;
  readonly rangeMs: number;
  /** Choices by variable; the others stand as their dashboard was saved, those of places at "All". */
  readonly values?: ReadonlyMap<string, Value>;
}

/** The SQL queries of a dashboard's panels. */
export function sqlTargets(dashboard: Dashboard): SqlTarget[] {
  return dashboard.panels.flatMap((panel) =>
    (panel.targets ?? []).flatMap((target) =>
      target.rawSql === undefined ? [] : [{ panel, target, sql: target.rawSql }],
    ),
  );
}

/** The SQL queries of the alert rules, with the uid of their data source. */
export function ruleQueries(): { readonly uid: string; readonly sql: string; readonly source: string }[] {
  return RULE_GROUPS.flatMap(({ rules }) =>
    rules.flatMap(({ uid, data }) =>
      data.flatMap(({ model: { rawSql }, datasourceUid }) =>
        rawSql === undefined ? [] : [{ uid, sql: rawSql, source: datasourceUid }],
      ),
    ),
  );
}

/** Milliseconds of a step, as Grafana asks for on a wide screen. */
export function intervalOf(rangeMs: number): number {
  return Math.max(1_000, Math.ceil(rangeMs / POINTS / 1_000) * 1_000);
}

/**
 * A query as Grafana sends it: variables and macros filled in.
 *
 * @param source uid of its data source
 */
export function filledIn(sql: string, source: string, { toMs, rangeMs, values = new Map() }: Frame): string {
  const chosen = VARIABLES.map((model) => {
    const value = values.get(model.name) ?? model.current.value;
    return [model.name, { model, options: [], value, text: value }] as const;
  });
  const range = { from: 0, to: 0, raw: { from: 'now-1h', to: 'now' } };
  const text = interpolate(
    sql,
    { variables: new Map(chosen), range, timeZone: 'UTC', macros: {} },
    {},
    asSql,
  );
  const timescaledb = SOURCES.find(({ uid }) => uid === source)?.jsonData.timescaledb ?? false;
  const intervalMs = intervalOf(rangeMs);
  return expandMacros(text, { fromMs: toMs - rangeMs, toMs, intervalMs, timescaledb }).sql;
}

const VARIABLES = DASHBOARDS.flatMap((d) => d.templating.list);
