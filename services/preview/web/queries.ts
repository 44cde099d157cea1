import { rangeUtil, type TimeRange } from '@grafana/data';
import type { Query } from './api';
import type { DataSourceModel, PanelModel, TargetModel } from './model';
import { asSql, interpolate, type Format, type Scope } from './variables/interpolate';

/** Least steps of data sources that name none, as Grafana's plugins have them. */
const LEAST_STEP: Readonly<Record<string, string>> = {
  'grafana-postgresql-datasource': '1m',
  prometheus: '15s',
};

/** PromQL matches several values by a regular expression. */
const asPromQl: Format = (value) => {
  const escaped = (one: unknown) => String(one).replace(/[\\^$*+?.()|[\]{}]/g, '\\\\$&');
  return Array.isArray(value) ? `(${value.map(escaped).join('|')})` : value;
};

/**
 * The queries of a panel with everything filled in. The step is the range by the panel's points, rounded, and never less
 * than the panel's, else the data source's, least step.
 */
export function buildQueries(
  panel: PanelModel,
  scope: Scope,
  sources: readonly DataSourceModel[],
  range: TimeRange,
  width: number,
): Query[] {
  return (panel.targets ?? [])
    .filter(({ hide }) => hide !== true)
    .map((target) => {
      const source = sourceOf(target, panel, scope, sources);
      const least = interpolate(panel.interval ?? '', scope).replace(/^>/, '');
      const { interval, intervalMs } = rangeUtil.calculateInterval(
        range,
        panel.maxDataPoints ?? Math.max(100, Math.round(width)),
        least || (source?.timeInterval ?? LEAST_STEP[source?.type ?? '']),
      );
      const scoped = {
        __interval: { text: interval, value: interval },
        __interval_ms: { text: String(intervalMs), value: intervalMs },
      };
      const { datasource: _datasource, ...rest } = target;
      return {
        ...rest,
        datasource: { uid: source?.uid ?? uidOf(target, panel, scope) },
        rawSql: interpolate(target.rawSql ?? '', scope, scoped, asSql),
        ...(target.expr === undefined ? {} : { expr: interpolate(target.expr, scope, scoped, asPromQl) }),
        intervalMs,
      };
    });
}

const uidOf = (target: TargetModel, panel: PanelModel, scope: Scope): string =>
  interpolate(target.datasource?.uid ?? panel.datasource?.uid ?? '', scope);

function sourceOf(
  target: TargetModel,
  panel: PanelModel,
  scope: Scope,
  sources: readonly DataSourceModel[],
): DataSourceModel | undefined {
  const uid = uidOf(target, panel, scope);
  return uid === ''
    ? sources.find(({ isDefault }) => isDefault)
    : sources.find((source) => source.uid === uid);
}
