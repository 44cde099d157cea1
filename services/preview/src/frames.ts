import type { FieldDef } from 'pg';
import { types } from 'pg';
import { MacroError, type Fill } from '@rastreio/grafana/macros';

type FieldType = 'number' | 'time' | 'string' | 'boolean';

/** What a query answered, all cells as texts. */
export interface RawResult {
  readonly fields: readonly FieldDef[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Grafana's DataFrameJSON, as `/api/ds/query` answers it. */
export interface FrameJson {
  readonly schema: { readonly refId: string; readonly fields: readonly FieldJson[]; readonly meta?: object };
  readonly data: { readonly values: readonly unknown[][] };
}

export interface FieldJson {
  readonly name: string;
  readonly type: FieldType;
  readonly typeInfo: { readonly frame: string; readonly nullable: boolean };
  readonly labels?: Readonly<Record<string, string>>;
  readonly config?: object;
}

interface Column {
  readonly name: string;
  readonly type: FieldType;
  readonly values: unknown[];
  readonly labels?: Readonly<Record<string, string>>;
}

// Object identifiers of PostgreSQL's types, as plain numbers.
const OID: Readonly<Record<keyof typeof types.builtins, number>> = types.builtins;
const NUMBERS = new Set([OID.INT2, OID.INT4, OID.INT8, OID.FLOAT4, OID.FLOAT8, OID.NUMERIC]);
const TIMES = new Set([OID.TIMESTAMPTZ, OID.TIMESTAMP, OID.DATE]);
const FRAME_TYPES: Readonly<Record<FieldType, string>> = {
  number: 'float64',
  time: 'time.Time',
  string: 'string',
  boolean: 'bool',
};

/** All columns as texts: {@link toColumns} converts them as Grafana's data source does. */
export const RAW_TYPES = { getTypeParser: () => (text: string) => text };

/** The table form: a field per column. @throws MacroError for two columns of one name, as Grafana */
export function toTableFrame(refId: string, result: RawResult, executedSql: string): FrameJson {
  // Grafana answers no rows with no fields.
  const columns = result.rows.length === 0 ? [] : toColumns(result);
  return toFrame(refId, columns, { executedQueryString: executedSql });
}

/**
 * The time series form: one time field, ascending, and a number field per series. Text columns name the series by labels; one
 * called "metric" names it alone.
 *
 * @param takePoints told how many numbers there will be before they are made; may throw
 * @throws MacroError when there is no column "time"
 */
export function toTimeSeriesFrame(
  refId: string,
  result: RawResult,
  executedSql: string,
  fill: Fill | undefined,
  range: { fromMs: number; toMs: number },
  takePoints: (count: number) => void,
): FrameJson {
  const columns = toColumns(result);
  const time = columns.find((c) => c.name === 'time');
  if (time === undefined)
    throw new MacroError('no column "time": use $__time(column) or $__timeGroupAlias(column, interval)');
  const stamps = time.values.map(toEpochMs);
  const series = new Map<string, { column: Omit<Column, 'values'>; points: Map<number, unknown> }>();
  const texts = columns.filter((c) => c.type === 'string');
  for (const number of columns.filter((c) => c !== time && c.type === 'number')) {
    stamps.forEach((stamp, row) => {
      if (stamp === null) return;
      const column = seriesOf(number.name, texts, row);
      const key = JSON.stringify([column.name, column.labels ?? {}]);
      const known = series.get(key) ?? { column, points: new Map<number, unknown>() };
      known.points.set(stamp, number.values[row]);
      series.set(key, known);
    });
  }
  const times = [
    ...new Set(
      stamps.filter((s): s is number => s !== null).concat(fill === undefined ? [] : grid(fill, range)),
    ),
  ].sort((a, b) => a - b);
  takePoints(times.length * series.size);
  const fields = [...series.values()].map(({ column, points }) => ({
    ...column,
    values: filled(times, points, fill),
  }));
  return toFrame(refId, [{ name: 'time', type: 'time', values: times }, ...fields], {
    executedQueryString: executedSql,
    type: 'timeseries-wide',
  });
}

function seriesOf(valueName: string, texts: readonly Column[], row: number): Omit<Column, 'values'> {
  const metric = texts.find((c) => c.name === 'metric');
  const labels = Object.fromEntries(texts.filter((c) => c !== metric).map((c) => [c.name, textAt(c, row)]));
  const name = metric === undefined ? valueName : textAt(metric, row);
  return { name, type: 'number', ...(Object.keys(labels).length === 0 ? {} : { labels }) };
}

function textAt({ values }: Column, row: number): string {
  const value = values[row];
  return typeof value === 'string' ? value : '';
}

function filled(
  times: readonly number[],
  points: ReadonlyMap<number, unknown>,
  fill: Fill | undefined,
): unknown[] {
  let previous: unknown = null;
  return times.map((time) => {
    if (points.has(time)) return (previous = points.get(time) ?? null);
    if (fill?.mode === 'value') return fill.value;
    return fill?.mode === 'previous' ? previous : null;
  });
}

function grid({ intervalMs }: Fill, { fromMs, toMs }: { fromMs: number; toMs: number }): number[] {
  const times: number[] = [];
  for (let t = Math.floor(fromMs / intervalMs) * intervalMs; t <= toMs; t += intervalMs) times.push(t);
  return times;
}

function toColumns({ fields, rows }: RawResult): Column[] {
  const names = fields.map(({ name }) => name);
  const second = names.findIndex((name, i) => names.indexOf(name) < i);
  if (second >= 0)
    throw new MacroError(
      `duplicate column names are not allowed, found identical name "${names[second] ?? ''}" at column indices ${names.indexOf(names[second] ?? '')} and ${second}`,
    );
  return fields.map((field, i) => {
    const type = typeOf(field);
    return {
      name: field.name,
      type,
      values: rows.map((row) => convert(row[i] ?? null, type, field.dataTypeID)),
    };
  });
}

function typeOf({ dataTypeID }: FieldDef): FieldType {
  if (NUMBERS.has(dataTypeID)) return 'number';
  if (TIMES.has(dataTypeID)) return 'time';
  return dataTypeID === OID.BOOL ? 'boolean' : 'string';
}

function convert(text: string | null, type: FieldType, oid: number): unknown {
  if (text === null) return null;
  if (type === 'number') return Number(text);
  if (type === 'boolean') return text === 't';
  if (type !== 'time') return text;
  // The session's time zone is UTC: a timestamp without zone is read as Grafana reads it.
  const iso = text.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00');
  return Date.parse(oid === OID.TIMESTAMPTZ ? iso : oid === OID.DATE ? `${iso}T00:00:00Z` : `${iso}Z`);
}

/** A time column may also be epoch seconds, as $__timeGroup gives it without TimescaleDB. */
function toEpochMs(value: unknown): number | null {
  if (typeof value !== 'number') return null;
  return value < 1e11 ? value * 1000 : value;
}

function toFrame(refId: string, columns: readonly Column[], meta: object): FrameJson {
  return {
    schema: {
      refId,
      meta,
      fields: columns.map(({ name, type, labels }) => ({
        name,
        type,
        typeInfo: { frame: FRAME_TYPES[type], nullable: true },
        ...(labels === undefined ? {} : { labels }),
      })),
    },
    data: { values: columns.map((c) => c.values) },
  };
}
