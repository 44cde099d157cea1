import type { TimeRange } from '@grafana/data';
import { useEffect, useMemo, useState } from 'react';
import type { DashboardModel, DataSourceModel } from './model';
import { zoneOf } from './useDashboard';
import { DATA_MACROS } from './variables/dataMacros';
import type { Scope } from './variables/interpolate';
import { byName, loadVariables } from './variables/load';
import type { Variable } from './variables/types';

interface Given {
  readonly dashboard: DashboardModel | undefined;
  readonly sources: readonly DataSourceModel[] | undefined;
  readonly fromUrl: ReadonlyMap<string, readonly string[]>;
  readonly range: TimeRange;
  readonly raw: { readonly from: string; readonly to: string };
  readonly tick: number;
  /** Hears of the scope before any panel draws with it: panels ask Grafana's template service too. */
  readonly onScope: (scope: Scope) => void;
}

/** Anew whenever the time range changes. */
const ON_TIME_RANGE = 2;

/** What texts of a dashboard may name, once its variables are loaded; undefined before. */
export function useScope({
  dashboard,
  sources,
  fromUrl,
  range,
  raw,
  tick,
  onScope,
}: Given): Scope | undefined {
  const [loaded, setLoaded] = useState<{ of: DashboardModel; variables: readonly Variable[] }>();
  const models = dashboard?.templating?.list;
  const followsRange =
    models?.some(({ refresh, type }) => refresh === ON_TIME_RANGE || type === 'interval') === true;
  const hasFailed = loaded?.variables.some(({ error }) => error !== undefined) === true;
  const timeZone = zoneOf(dashboard);
  const rest = useMemo(
    () => ({
      range: { from: range.from.valueOf(), to: range.to.valueOf(), raw },
      timeZone,
      macros: DATA_MACROS,
    }),
    [range, raw, timeZone],
  );
  const rangeKey = followsRange ? `${raw.from} ${raw.to}` : undefined;
  const retry = hasFailed ? tick : undefined;
  useEffect(() => {
    if (dashboard === undefined || sources === undefined) return;
    let isCurrent = true;
    void loadVariables(models ?? [], { fromUrl, sources, range, scope: rest }).then((variables) => {
      if (!isCurrent) return;
      // The same choices as before make no panel ask again.
      setLoaded((old) =>
        old?.of === dashboard && JSON.stringify(old.variables) === JSON.stringify(variables)
          ? old
          : { of: dashboard, variables },
      );
    });
    return () => {
      isCurrent = false;
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- options are read anew when the dashboard, a choice or the range that they follow changes, and at a tick while some could not be
  }, [dashboard, sources, fromUrl, rangeKey, retry]);
  const variables = loaded?.of === dashboard ? loaded?.variables : undefined;
  return useMemo(() => {
    if (variables === undefined) return undefined;
    const scope = { ...rest, variables: byName(variables) };
    onScope(scope);
    return scope;
  }, [variables, rest, onScope]);
}
