import { type DataFrame } from '@grafana/data';
import { type KpiFrames, looksLikeKpis } from '../cards/kpiFields';
import { findStatuses } from '../statuses/role';
import { type StatusRole } from '../statuses/roleTypes';
import { type TrackingOptions } from '../types';

/** What each frame is for. See DATA.md. */
export interface Roles extends KpiFrames {
  status?: StatusRole;
}

/** Finds the frames of statuses, those of KPI cards, and those that are only compared with. */
export function findRoles(
  series: DataFrame[],
  { data, cards, show }: Pick<TrackingOptions, 'data' | 'cards' | 'show'>
): Roles {
  const isPrevious = ({ refId, meta }: DataFrame) =>
    (cards.previousQuery !== '' && refId === cards.previousQuery) ||
    // Grafana's time comparison asks each query a second time, for an earlier range.
    meta?.timeCompare?.isTimeShiftQuery === true;
  const current = series.filter((frame) => !isPrevious(frame));
  const status = findStatuses(current, data, show.pie || show.table);
  return {
    status,
    kpis: current.filter((frame) => !status?.frames.includes(frame) && looksLikeKpis(frame)),
    current,
    previous: series.filter(isPrevious),
  };
}
