import { type DataFrame, type DisplayValue, type FieldConfigSource, type GrafanaTheme2 } from '@grafana/data';
import { type TrackingOptions } from '../types';
import { buildCards, type Card } from '../cards/cards';
import { buildCentre } from './centre';
import { createGrouping } from '../statuses/grouping';
import { localiseFrames } from '../shared/localise';
import { findMissing, type Missing } from './missing';
import { findRoles, type Roles } from './roles';
import { totalOf } from '../statuses/read';
import { findStatuses } from '../statuses/role';
import { buildSlices } from '../statuses/slices';
import { type SliceSet } from '../statuses/types';

/** What the data allow to draw. */
export type TrackingModel =
  /** Nothing arrived yet: no frame, only frames without rows, or statuses that count no package and no figure beside them. */
  | { kind: 'empty' }
  /** Rows arrived, but what the panel is to show cannot be found in them. */
  | { kind: 'unusable'; wanted: 'statuses' | 'kpis' }
  | {
      kind: 'ready';
      statuses: SliceSet | undefined;
      /** Whether statuses were asked for and none counts a package yet, while the cards have something to show. */
      awaitsStatuses: boolean;
      cards: Card[];
      /** For the donut's hole, where the options ask for a KPI there. */
      centre: DisplayValue | undefined;
      missing: Missing[];
    };

/**
 * Frames (after overrides) to the one model that every part of the panel draws. Pure; who builds one after the other
 * saves time with a `group` of its own. `fieldConfig`: what is set for all fields of the panel, and by override.
 */
export function buildModel(
  series: DataFrame[],
  options: TrackingOptions,
  theme: GrafanaTheme2,
  group = createGrouping(),
  fieldConfig: FieldConfigSource = { defaults: {}, overrides: [] }
): TrackingModel {
  const { show } = options;
  const asks = { statuses: show.pie || show.table, kpis: show.cards };
  const local = localiseFrames(series, options.numbers, theme);
  const roles = findRoles(local, options);
  const found =
    roles.status && buildSlices(roles.status, roles.current, options, theme, group, fieldConfig.overrides);
  // Grafana's SQL data sources answer no rows with a frame without fields: nothing tells any more whose it is.
  const isWaiting = found
    ? found.slices.every(({ value }) => value === 0)
    : asks.statuses && roles.current.some(({ fields }) => fields.length === 0);
  // The sum of no packages is no figure: it is made of statuses that have not come.
  const statuses = isWaiting
    ? undefined
    : found && { ...found, previousTotal: totalBefore(roles, options, theme) };
  const cards = buildCards(roles, statuses, options, theme, fieldConfig.defaults);
  if (isWaiting ? !haveArrived(cards, asks) : series.every((frame) => frame.length === 0)) {
    return { kind: 'empty' };
  }
  const draws = (asks.statuses && statuses !== undefined) || (asks.kpis && cards.length > 0);
  if (!draws && (asks.statuses || asks.kpis)) {
    return { kind: 'unusable', wanted: asks.statuses ? 'statuses' : 'kpis' };
  }
  return {
    kind: 'ready',
    statuses,
    awaitsStatuses: isWaiting && asks.statuses,
    cards,
    centre: buildCentre(roles, options, theme),
    missing: findMissing(series, options),
  };
}

/** The sum of the statuses among the frames that are only compared with. */
function totalBefore(
  { previous }: Roles,
  { data }: TrackingOptions,
  theme: GrafanaTheme2
): number | undefined {
  const role = findStatuses(previous, data);
  return role && totalOf(role, theme);
}

/**
 * Whether the cards say something while no status counts a package: beside a pie or a table, a mean of nothing and a
 * total of 0 say no more than the text for "no data" does.
 */
function haveArrived(cards: Card[], asks: { statuses: boolean; kpis: boolean }): boolean {
  return (
    asks.kpis && cards.some(({ value, isUnknown }) => !asks.statuses || (!isUnknown && value.numeric !== 0))
  );
}
