import { type DataFrame, FieldType, formatLabels } from '@grafana/data';
import { numberFields } from '../shared/fields';
import { statusLabel } from './names';
import { statusColor } from './palette';
import { type StatusColumn, type WideRole } from './roleTypes';

type Column = Omit<StatusColumn, 'id'>;

/**
 * Statuses in columns. Labels tell them apart where there are any (Prometheus, time series of SQL, "Partition by values"),
 * else the names of the fields or of the frames.
 *
 * @param certainty `labelled`: every number has a label named like a status field; `known`: most of the statuses are in
 * the catalogue, for a row of KPIs looks the same otherwise; `any`: whatever has numbers
 */
export function findWide(series: DataFrame[], certainty: 'labelled' | 'known' | 'any'): WideRole | undefined {
  for (const frames of candidates(series, certainty)) {
    const columns = frames.flatMap((frame) => numberFields(frame).map((field) => ({ frame, field })));
    if (columns.length === 0) {
      continue;
    }
    const ids = statusesOf(columns);
    const accepted =
      certainty === 'any' ||
      (certainty === 'labelled'
        ? columns.every(({ field }) => statusLabel(field) !== undefined)
        : knownIn(ids, columns) * 2 > columns.length);
    if (accepted) {
      return {
        kind: 'wide',
        columns: columns.map((column, index) => ({ ...column, id: ids[index] ?? column.field.name })),
        frames,
      };
    }
  }
  return undefined;
}

/** Frames that may be columns together: those of one query whose numbers have one name, and each one by itself. */
function candidates(series: DataFrame[], certainty: 'labelled' | 'known' | 'any'): DataFrame[][] {
  const sets = new Map<string | undefined, DataFrame[]>();
  for (const frame of series) {
    if (numberFields(frame).length > 0) {
      sets.set(frame.refId, [...(sets.get(frame.refId) ?? []), frame]);
    }
  }
  const isSet = (frames: DataFrame[]) =>
    frames.length > 1 &&
    new Set(frames.flatMap((frame) => numberFields(frame).map(({ name }) => name))).size === 1;
  // Several rows without a time are categories of their own, unless a label says which one they all are.
  const isAlone = (frame: DataFrame) =>
    frame.length === 1 || certainty === 'labelled' || timeOf(frame) !== undefined;
  return [...[...sets.values()].filter(isSet), ...series.filter(isAlone).map((frame) => [frame])];
}

const timeOf = (frame: DataFrame) => frame.fields.find(({ type }) => type === FieldType.time);

/** What tells the columns apart, as a status each. */
function statusesOf(columns: Column[]): string[] {
  const labels = columns.map(({ field }) => statusLabel(field));
  if (labels.every((label) => label !== undefined)) {
    return labels;
  }
  const keys = [...new Set(columns.flatMap(({ field }) => Object.keys(field.labels ?? {})))];
  const varying = keys.filter((key) => new Set(columns.map(({ field }) => field.labels?.[key])).size > 1);
  const [key] = varying;
  const ways: Array<(column: Column) => string | undefined> = [
    ({ field }) => field.name,
    ...(key !== undefined && varying.length === 1 ? [({ field }: Column) => field.labels?.[key]] : []),
    ({ frame }) => frame.name,
    ({ field }) => [field.name, formatLabels(field.labels ?? {})].filter(Boolean).join(' '),
  ];
  // Of the ways that tell all of them apart, the one that speaks of known statuses.
  const lists = ways
    .map((way) => columns.map(way))
    .filter((list): list is string[] => list.every(Boolean) && new Set(list).size === list.length);
  return lists.reduce(
    (best, list) => (knownIn(list, columns) > knownIn(best, columns) ? list : best),
    lists[0] ?? columns.map(({ field }) => field.name)
  );
}

/** How many of the columns the catalogue knows, by this status or by the name that an override gives. */
const knownIn = (ids: readonly string[], columns: readonly Column[]): number =>
  ids.filter((id, index) => statusColor(columns[index]?.field.config.displayName ?? id) !== undefined).length;

/** The count of a column with the row it is from: of a series its last value, of other rows their sum. */
export function countOf(
  { frame, field }: Column,
  toCount: (value: unknown) => number
): { value: number; row: number } {
  const values: ArrayLike<unknown> = field.values;
  const instants: ArrayLike<unknown> | undefined = timeOf(frame)?.values;
  if (!instants) {
    return { value: Array.from(values).reduce<number>((sum, value) => sum + toCount(value), 0), row: 0 };
  }
  let last = -1;
  for (let row = 0; row < values.length; row++) {
    const isSomething = values[row] !== null && values[row] !== undefined && !Number.isNaN(values[row]);
    if (isSomething && (last === -1 || Number(instants[row]) >= Number(instants[last]))) {
      last = row;
    }
  }
  return { value: last === -1 ? 0 : toCount(values[last]), row: Math.max(0, last) };
}
