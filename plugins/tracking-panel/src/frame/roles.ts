import { type DataFrame } from '@grafana/data';
import { type KpiFrames, looksLikeKpis } from '../cards/kpiFields';
import { findStatuses, type StatusRole } from '../statuses/role';
import { type TrackingOptions } from '../types';

/** What each frame is for. See DATA.md. */
export interface Roles extends KpiFrames {
  status?: StatusRole;
}

/** Finds the frame of statuses and the frames of KPI cards. */
export function findRoles(
  series: DataFrame[],
  options: TrackingOptions['data'],
  previousQuery: string
): Roles {
  const isPrevious = ({ refId }: DataFrame) => previousQuery !== '' && refId === previousQuery;
  const current = series.filter((frame) => !isPrevious(frame));
  const status = findStatuses(current, options);
  return {
    status,
    kpis: current.filter((frame) => frame !== status?.frame && looksLikeKpis(frame)),
    current,
    previous: series.filter(isPrevious),
  };
}
