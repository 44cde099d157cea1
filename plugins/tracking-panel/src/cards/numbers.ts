import { type DataFrame, type Field, FieldType, reduceField, sortDataFrame } from '@grafana/data';
import { parseInterval } from './duration';

/** Names of the mean delivery time, whose type is unknown while it is NULL in every row. */
export const MEAN_NAMES = [
  'tempo_medio_segundos',
  'tempo_medio_de_entrega',
  'tempo_medio_entrega',
  'tempo_medio',
];

const isMissing = (value: unknown) => value === null || value === undefined;

/** Whether the field holds PostgreSQL intervals as text (what `AVG(ts - ts)` gives): all of its values that are not null. */
export function isInterval(field: Field): boolean {
  if (field.type !== FieldType.string) {
    return false;
  }
  const texts = field.values.filter((value: unknown) => !isMissing(value));
  return texts.length > 0 && texts.every((text: unknown) => parseInterval(String(text)) !== undefined);
}

/** Whether a card can be made of the field: a number, an interval, or the mean of nothing. */
export function isNumeric(field: Field): boolean {
  return (
    field.type === FieldType.number ||
    isInterval(field) ||
    (MEAN_NAMES.includes(field.name.toLowerCase()) && field.values.every(isMissing))
  );
}

/** The field's rows as numbers (intervals in seconds), null where there is none. */
export function numbersOf(field: Field): Array<number | null> {
  return Array.from<unknown, number | null>(field.values, toNumber);
}

function toNumber(value: unknown): number | null {
  if (isMissing(value)) {
    return null;
  }
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string'
        ? (parseInterval(value) ?? Number.NaN)
        : Number(value);
  return Number.isNaN(number) ? null : number;
}

/** One number of all rows by a reducer of @grafana/data; NaN where there is none. One row is its own answer. */
export function reduceNumbers(values: Array<number | null>, calculation: string): number {
  if (values.length <= 1) {
    return values[0] ?? Number.NaN;
  }
  if (calculation === 'lastNotNull' || calculation === 'firstNotNull') {
    // Grafana's own way makes all statistics of all values for any of them.
    const step = calculation === 'lastNotNull' ? -1 : 1;
    let index = step < 0 ? values.length - 1 : 0;
    while (values[index] === null) {
      index += step;
    }
    return values[index] ?? Number.NaN;
  }
  const field: Field = { name: 'value', type: FieldType.number, config: {}, values };
  const result: unknown = reduceField({ field, reducers: [calculation] })[calculation];
  return typeof result === 'number' ? result : Number.NaN;
}

/** The field of a series' instants, if the frame has one. */
export const timeField = (frame: DataFrame): Field | undefined =>
  frame.fields.find(({ type }) => type === FieldType.time);

/**
 * The frame in the order of its time field, whatever the query's order; frames without one, and those that have that
 * order, are left as they are.
 */
export function inTimeOrder(frame: DataFrame): DataFrame {
  const index = frame.fields.findIndex(({ type }) => type === FieldType.time);
  const field = frame.fields[index];
  return !field || isAscending(field.values) ? frame : sortDataFrame(frame, index);
}

function isAscending(values: readonly unknown[]): boolean {
  let before = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (typeof value !== 'number' || value < before) {
      return false;
    }
    before = value;
  }
  return true;
}

/** Least and greatest of these numbers, infinite the wrong way round for none. */
export function rangeOf(values: ReadonlyArray<number | null>): { min: number; max: number; count: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let count = 0;
  for (const value of values) {
    if (value !== null) {
      min = Math.min(min, value);
      max = Math.max(max, value);
      count += 1;
    }
  }
  return { min, max, count };
}
