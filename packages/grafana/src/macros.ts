export interface MacroContext {
  /** The dashboard's time range, epoch milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly intervalMs: number;
  /** Whether the data source is marked as TimescaleDB. */
  readonly timescaledb: boolean;
}

/** How `$__timeGroup(col, interval, fill)` asks to fill empty groups. */
export interface Fill {
  readonly intervalMs: number;
  readonly mode: 'null' | 'previous' | 'value';
  readonly value: number;
}

export interface Expanded {
  readonly sql: string;
  readonly fill: Fill | undefined;
}

/** A query that Grafana would refuse as well. */
export class MacroError extends Error {
  override readonly name = 'MacroError';
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
  y: 31_536_000_000,
};

/** As Grafana's engine finds a macro: its arguments end at the first closing parenthesis. */
const MACRO = /\$([_a-zA-Z0-9]+)\(([^)]*)\)/g;

/**
 * Expands the macros of Grafana's PostgreSQL data source as its engine does, no more leniently: arguments end at the first
 * `)` and are split at every comma, and `$name(` is a macro wherever it stands.
 * https://grafana.com/docs/grafana/latest/datasources/postgres/#macros
 *
 * @throws MacroError for an unknown macro or wrong arguments
 */
export function expandMacros(sql: string, context: MacroContext): Expanded {
  let fill: Fill | undefined;
  const { fromMs, toMs, intervalMs } = context;
  const text = sql
    .replaceAll('$__interval_ms', String(intervalMs))
    .replaceAll('$__interval', formatInterval(intervalMs))
    .replaceAll('$__unixEpochFrom()', String(seconds(fromMs)))
    .replaceAll('$__unixEpochTo()', String(seconds(toMs)));
  const expanded = text.replace(MACRO, (match, name: string, list: string) => {
    const args = list.split(',').map((arg) => arg.trim());
    if (/Group/.test(name) && args.length === 3) fill = parseFill(args);
    // Before Grafana 5.3 a group named its column itself, which a comma after it still asks for.
    const isColumn = name === '__timeGroup' && text[text.indexOf(match) + match.length] === ',';
    return expandMacro(isColumn ? '__timeGroupAlias' : name, args, context);
  });
  return { sql: expanded, fill };
}

const seconds = (ms: number) => Math.floor(ms / 1000);

function expandMacro(name: string, args: readonly string[], context: MacroContext): string {
  const column = () => args[0] || fail(`$${name} needs a column, such as $${name}(data_evento)`);
  const from = quoteTime(context.fromMs);
  const to = quoteTime(context.toMs);
  switch (name) {
    case '__time':
      return `${column()} AS "time"`;
    case '__timeEpoch':
      return `extract(epoch from ${column()}) as "time"`;
    case '__timeFilter':
      return `${column()} BETWEEN ${from} AND ${to}`;
    case '__timeFrom':
      return from;
    case '__timeTo':
      return to;
    case '__timeGroup':
      return timeGroup(column(), groupInterval(name, args), context);
    case '__timeGroupAlias':
      return `${timeGroup(column(), groupInterval(name, args), context)} AS "time"`;
    case '__unixEpochFilter':
      return `${column()} >= ${seconds(context.fromMs)} AND ${column()} <= ${seconds(context.toMs)}`;
    case '__unixEpochNanoFilter':
      return `${column()} >= ${context.fromMs}000000 AND ${column()} <= ${context.toMs}000000`;
    case '__unixEpochNanoFrom':
      return `${context.fromMs}000000`;
    case '__unixEpochNanoTo':
      return `${context.toMs}000000`;
    case '__unixEpochGroup':
      return epochGroup(column(), groupInterval(name, args));
    case '__unixEpochGroupAlias':
      return `${epochGroup(column(), groupInterval(name, args))} AS "time"`;
    default:
      return fail(`$${name}(...) is no macro of the PostgreSQL data source`);
  }
}

function timeGroup(column: string, intervalMs: number, { timescaledb }: MacroContext): string {
  const seconds = intervalMs / 1000;
  return timescaledb
    ? `time_bucket('${seconds.toFixed(3)}s',${column})`
    : `floor(extract(epoch from ${column})/${seconds})*${seconds}`;
}

function epochGroup(column: string, intervalMs: number): string {
  return `floor((${column})/${intervalMs / 1000})*${intervalMs / 1000}`;
}

function groupInterval(name: string, args: readonly string[]): number {
  const text = args[1] ?? fail(`$${name} needs an interval, such as $${name}(data_evento, '5m')`);
  return parseInterval(text);
}

/** Reads `'5m'`, `10s`, `1h` as milliseconds. @throws MacroError */
export function parseInterval(text: string): number {
  const match = /^'?(\d+(?:\.\d+)?)(ms|s|m|h|d|w|M|y)'?$/.exec(text.trim());
  const unit = UNITS[match?.[2] ?? ''];
  if (match === null || unit === undefined) return fail(`${text} is no interval; use 10s, 5m, 1h or 1d`);
  return Number(match[1]) * unit;
}

/** Milliseconds as Grafana's engine writes an interval: in the largest unit, what is left over cut off. */
export function formatInterval(ms: number): string {
  const unit = ['y', 'd', 'h', 'm', 's'].find((candidate) => ms >= (UNITS[candidate] ?? Infinity)) ?? 'ms';
  return `${Math.max(1, Math.floor(ms / (UNITS[unit] ?? 1)))}${unit}`;
}

function parseFill(args: readonly string[]): Fill {
  const text = (args[2] ?? '').trim();
  const intervalMs = parseInterval(args[1] ?? '');
  if (/^null$/i.test(text)) return { intervalMs, mode: 'null', value: 0 };
  if (/^previous$/i.test(text)) return { intervalMs, mode: 'previous', value: 0 };
  const value = Number(text);
  return Number.isNaN(value)
    ? fail(`${text} is no fill; use NULL, previous or a number`)
    : { intervalMs, mode: 'value', value };
}

function quoteTime(ms: number): string {
  return `'${new Date(ms).toISOString()}'`;
}

function fail(message: string): never {
  throw new MacroError(message);
}
