import { type DataFrame } from '@grafana/data';
import { findLong } from './long';
import { type StatusFields } from './options';
import { type StatusRole } from './roleTypes';
import { findWide } from './wide';

/**
 * Finds the statuses, by the options first and by guess else. `isWanted`: whether statuses are to be drawn; for cards
 * alone, numbers and labels that may be anything are taken for figures.
 */
export function findStatuses(
  series: DataFrame[],
  options: StatusFields,
  isWanted = true
): StatusRole | undefined {
  if (options.format === 'wide') {
    return findWide(series, 'any');
  }
  const named = findLong(series, options, 'named');
  if (named || options.format === 'long') {
    return named;
  }
  return (
    (isWanted ? findWide(series, 'labelled') : undefined) ??
    findLong(series, options, 'text') ??
    findWide(series, 'known') ??
    (isWanted ? findLong(series, options, 'numbers') : undefined)
  );
}
