import { type DataFrame, formatLabels } from '@grafana/data';
import { type KpiField } from './kpiFields';

/** Whether a query brings this number several times, told apart by labels or by the names of its frames. */
export function isOneOfSeveral({ frame, field }: KpiField, series: DataFrame[]): boolean {
  const labels = formatLabels(field.labels ?? {});
  return series.some(
    (other) =>
      other.refId === frame.refId &&
      other.fields.some(
        (twin) =>
          twin !== field &&
          twin.name === field.name &&
          (formatLabels(twin.labels ?? {}) !== labels || (other.name ?? '') !== (frame.name ?? ''))
      )
  );
}

/**
 * Titles that name one field each: those that are the same get what tells their fields apart in brackets, the labels, the
 * frame's name or the query, and where nothing does, a number.
 */
export function tellApart(titles: readonly string[], fields: readonly KpiField[]): string[] {
  const ways: Array<(kpi: KpiField) => string | undefined> = [
    ({ field }) => formatLabels(field.labels ?? {}),
    ({ frame }) => frame.name,
    ({ frame }) => frame.refId,
  ];
  return titles.map((title, index) => {
    const alike = fields.filter((_, other) => titles[other] === title);
    const own = fields[index];
    if (alike.length < 2 || !own) {
      return title;
    }
    const way = ways.find((of) => alike.every(of) && new Set(alike.map(of)).size === alike.length);
    return `${title} (${way?.(own) ?? alike.indexOf(own) + 1})`;
  });
}
