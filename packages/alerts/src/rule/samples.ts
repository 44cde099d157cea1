import type { Evaluation } from '../state/machine';
import { EvaluationError } from './evaluationError';
import { combine } from './math';
import { reduce } from './reduce';
import type { RuleQuery, Source } from './rule';

/** A query's answer as PostgreSQL sends it: texts. */
export interface Answer {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Type numbers of pg_type.dat: what Grafana takes as numbers, as times, and as neither number, time nor text. */
const NUMBERS: ReadonlySet<number> = new Set([20, 21, 23, 700, 701, 1700]);
const TIMES: ReadonlySet<number> = new Set([1082, 1114, 1184]);
const OTHERS: ReadonlySet<number> = new Set([16]);

type Kind = 'number' | 'time' | 'text' | 'other';

/** What a query or expression gives: one number or series for each set of labels, by their key. Undefined: no rows. */
type Values = readonly (readonly [key: string, value: number | null | readonly (number | null)[]])[];

/**
 * What a rule's expressions make of its queries' answers, with one number per set of labels. A query without rows is no data of the
 * whole, whatever the others gave.
 *
 * @param answers of each of {@link queriesOf}
 * @throws EvaluationError where Grafana's evaluation would be an error
 */
export function evaluate(source: Source, answers: ReadonlyMap<RuleQuery, Answer>): Evaluation {
  if ([...answers.values()].some(({ rows }) => rows.length === 0)) return { kind: 'no data' };
  const found = valuesOf(source, answers).map(([key, value]): readonly [string, number | null] => {
    if (typeof value === 'object' && value !== null)
      throw new EvaluationError(
        'a series cannot be compared with a limit; put a reduce expression before it',
      );
    return [key, value];
  });
  const byKey = new Map(found);
  if (byKey.size < found.length)
    throw new EvaluationError('two rows have the same labels; the text columns must tell rows apart');
  return byKey.size === 0 ? { kind: 'no data' } : { kind: 'rows', rows: byKey };
}

function valuesOf(source: Source, answers: ReadonlyMap<RuleQuery, Answer>): Values {
  switch (source.kind) {
    case 'query':
      return ofAnswer(source, answers.get(source) ?? { fields: [], rows: [] });
    case 'reduce':
      return valuesOf(source.of, answers).flatMap(([key, value]): Values => {
        if (typeof value === 'object' && value !== null) return [[key, reduce(source.reduction, value)]];
        // A number is reduced already; only what becomes of a missing one is asked.
        const { mode, replaceWith } = source.reduction;
        if (mode === 'strict' || (value !== null && Number.isFinite(value))) return [[key, value]];
        return mode === 'drop' ? [] : [[key, replaceWith]];
      });
    case 'math': {
      const side = (of: Source | number): Values =>
        typeof of === 'number' ? [['{}', of]] : valuesOf(of, answers);
      return combine(source.operator, side(source.left), side(source.right));
    }
  }
}

function ofAnswer({ format }: RuleQuery, { fields, rows }: Answer): Values {
  const kinds = fields.map(({ dataTypeID }) => kindOf(dataTypeID));
  const isSeries = kinds.includes('time');
  if (format === 'time_series' && !isSeries)
    throw new EvaluationError('a query in the format time series needs a column with a time');
  return isSeries ? ofSeries(fields, kinds, rows, format) : ofTable(fields, kinds, rows);
}

function ofTable(
  fields: Answer['fields'],
  kinds: readonly Kind[],
  rows: Answer['rows'],
): readonly [string, number][] {
  const numbers = kinds.filter((kind) => kind === 'number').length;
  if (numbers !== 1 || kinds.includes('other'))
    throw new EvaluationError(
      `a table needs exactly one column of numbers and else texts; this one has ${fields
        .map(({ name }, i) => `${name} (${kinds[i]})`)
        .join(', ')}`,
    );
  const at = kinds.indexOf('number');
  return rows.map((row) => [labelsKey(fields, kinds, row), toNumber(row[at])]);
}

/** Series by their labels, points in order; where a series has no point at an instant that others have, there is none: null. */
function ofSeries(
  fields: Answer['fields'],
  kinds: readonly Kind[],
  rows: Answer['rows'],
  format: 'table' | 'time_series',
): readonly [string, readonly (number | null)[]][] {
  const texts = kinds.filter((kind) => kind === 'text').length;
  const numbers = kinds.flatMap((kind, i) => (kind === 'number' ? [i] : []));
  if (texts > 0 && format === 'table')
    throw new EvaluationError('a table with a time and texts is no series; use the format time series');
  if (numbers.length !== 1)
    throw new EvaluationError(`series need one column of numbers; this answer has ${numbers.length}`);
  const [value = 0] = numbers;
  const time = kinds.indexOf('time');
  // Grafana makes a column "metric" that stands alone the name of the series, not a label.
  const isMetric =
    fields.length === 3 && fields.some(({ name }, i) => kinds[i] === 'text' && name === 'metric');
  const instants = new Map<string, number>();
  const series = new Map<string, Map<number, number>>();
  let last = -Infinity;
  for (const row of rows) {
    const text = row[time] ?? '';
    const at = Date.parse(text);
    if (at < last) throw new EvaluationError('a series must be in the order of time; add ORDER BY 1');
    last = at;
    const place = instants.get(text) ?? instants.size;
    instants.set(text, place);
    const key = isMetric ? `metric ${row[kinds.indexOf('text')] ?? ''}` : labelsKey(fields, kinds, row);
    const points = series.get(key) ?? new Map<number, number>();
    series.set(key, points.set(place, toNumber(row[value])));
  }
  return [...series].map(([key, points]) => [
    isMetric ? '{}' : key,
    Array.from({ length: instants.size }, (_, place) => points.get(place) ?? null),
  ]);
}

/** The key of a set of labels: JSON with its names in order. A text column that is null is an empty label. */
function labelsKey(
  fields: Answer['fields'],
  kinds: readonly Kind[],
  row: readonly (string | null)[],
): string {
  const labels = fields.flatMap(({ name }, i) =>
    kinds[i] === 'text' ? [[name, row[i] ?? ''] as const] : [],
  );
  labels.sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return JSON.stringify(Object.fromEntries(labels));
}

function toNumber(text: string | null | undefined): number {
  return text === null || text === undefined ? NaN : Number(text);
}

function kindOf(type: number): Kind {
  if (NUMBERS.has(type)) return 'number';
  if (TIMES.has(type)) return 'time';
  return OTHERS.has(type) ? 'other' : 'text';
}
