import { type DataFrame, type DisplayValue, type GrafanaTheme2 } from '@grafana/data';
import { type TrackingOptions } from '../types';
import { buildCards, type Card } from './cards';
import { buildCentre } from './centre';
import { createGrouping } from './grouping';
import { findMissing, type Missing } from './missing';
import { findRoles } from './roles';
import { buildSlices, type SliceSet } from './slices';

/** What the data allow to draw. */
export type TrackingModel =
  /** Nothing arrived yet: no frame, only frames without rows, or statuses that count no package. */
  | { kind: 'empty' }
  /** Rows arrived, but what the panel is to show cannot be found in them. */
  | { kind: 'unusable'; wanted: 'statuses' | 'kpis' }
  | {
      kind: 'ready';
      statuses: SliceSet | undefined;
      cards: Card[];
      /** For the donut's hole, where the options ask for a KPI there. */
      centre: DisplayValue | undefined;
      missing: Missing[];
    };

/**
 * Frames (after overrides) to the one model that every part of the panel draws. Pure; who builds one after the other
 * saves time with a `group` of its own.
 */
export function buildModel(
  series: DataFrame[],
  options: TrackingOptions,
  theme: GrafanaTheme2,
  group = createGrouping()
): TrackingModel {
  const roles = findRoles(series, options.data, options.cards.previousQuery);
  const statuses = roles.status && buildSlices(roles.status, roles.current, options, theme, group);
  const cards = buildCards(roles, statuses, options, theme);
  if (statuses ? statuses.extremes.every(({ value }) => value === 0) : series.every((frame) => frame.length === 0)) {
    return { kind: 'empty' };
  }
  const { show } = options;
  const asks = { statuses: show.pie || show.table, kpis: show.cards };
  const draws = (asks.statuses && statuses !== undefined) || (asks.kpis && cards.length > 0);
  if (!draws && (asks.statuses || asks.kpis)) {
    return { kind: 'unusable', wanted: asks.statuses ? 'statuses' : 'kpis' };
  }
  return {
    kind: 'ready',
    statuses,
    cards,
    centre: buildCentre(roles, options, theme),
    missing: findMissing(series, options),
  };
}
