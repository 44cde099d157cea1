import { type FieldSparkline } from '@grafana/data';

/** Points that a column of pixels keeps: its first, least, greatest and last, and a gap. */
const POINTS_PER_COLUMN = 5;

/**
 * The series with no more points than its drawing in so many columns of pixels can tell apart: of each column the first,
 * the least, the greatest and the last one, which draws the same line (M4: Jugel et al., PVLDB 7(10), 2014), and one of
 * its gaps. A series that has few points is left as it is. Its instants must ascend.
 */
export function thinOut(sparkline: FieldSparkline, columns: number): FieldSparkline {
  const { x, y } = sparkline;
  const instants: readonly number[] = x?.values ?? [];
  const values: ReadonlyArray<number | null> = y.values;
  const count = values.length;
  const from = instants[0];
  const to = instants[count - 1];
  if (
    !x ||
    columns < 1 ||
    count <= POINTS_PER_COLUMN * columns ||
    from === undefined ||
    to === undefined ||
    !(to > from)
  ) {
    return sparkline;
  }
  const columnOf = (place: number) => Math.floor((((instants[place] ?? 0) - from) / (to - from)) * columns);
  const kept: number[] = [];
  for (let start = 0; start < count;) {
    const column = columnOf(start);
    const found = { least: -1, greatest: -1, gap: -1 };
    let end = start;
    do {
      const value = values[end] ?? null;
      if (value === null) {
        found.gap = end;
      } else {
        found.least = found.least < 0 || value < (values[found.least] ?? 0) ? end : found.least;
        found.greatest = found.greatest < 0 || value > (values[found.greatest] ?? 0) ? end : found.greatest;
      }
      end += 1;
    } while (end < count && columnOf(end) === column);
    const { least, greatest, gap } = found;
    const places = [start, least, greatest, gap, end - 1].filter((place) => place >= 0).sort((a, b) => a - b);
    places.forEach((place) => kept.at(-1) !== place && kept.push(place));
    start = end;
  }
  return {
    ...sparkline,
    x: { ...x, values: kept.map((place) => instants[place]) },
    y: { ...y, values: kept.map((place) => values[place] ?? null) },
  };
}
