import { type DataFrame, type DisplayValue, type GrafanaTheme2 } from '@grafana/data';
import { type TrackingOptions } from '../types';
import { buildCards, type Card } from './cards';
import { buildCentre } from './centre';
import { findRoles } from './roles';
import { buildSlices, type SliceSet } from './slices';

/** What the data allow to draw. */
export type TrackingModel =
  /** Nothing arrived yet: no frame, only frames without rows, or statuses that count no package. */
  | { kind: 'empty' }
  /** Rows arrived, but neither statuses nor KPIs can be found in them. */
  | { kind: 'unusable' }
  | {
      kind: 'ready';
      statuses: SliceSet | undefined;
      cards: Card[];
      /** For the donut's hole, where the options ask for a KPI there. */
      centre: DisplayValue | undefined;
    };

/** Frames (after overrides) to the one model that every part of the panel draws. Pure. */
export function buildModel(series: DataFrame[], options: TrackingOptions, theme: GrafanaTheme2): TrackingModel {
  const roles = findRoles(series, options.data);
  const statuses = roles.status && buildSlices(roles.status, series, options, theme);
  const cards = buildCards(roles.kpis, series, statuses, options, theme);
  if (statuses ? statuses.slices.every(({ value }) => value === 0) : series.every((frame) => frame.length === 0)) {
    return { kind: 'empty' };
  }
  if (!statuses && cards.length === 0) {
    return { kind: 'unusable' };
  }
  return { kind: 'ready', statuses, cards, centre: buildCentre(series, options, theme) };
}
