import type { ScopedVars } from '@grafana/data';
import { FORMATS, toUrlParams, type Formatted } from './formats';
import { ALL_TEXT, isAll, type Value, type Variable } from './types';

/** How a value is written: a format's name, or a function, as Grafana's data sources give one. */
export type Format =
  string | ((value: unknown, variable: { multi?: boolean; includeAll?: boolean }) => unknown);

/** A name that no variable has, such as `__from`; undefined where it says nothing here, and the text stays. */
export type Macro = (path: string | undefined, scoped: ScopedVars) => unknown;

/** What texts may name. */
export interface Scope {
  readonly variables: ReadonlyMap<string, Variable>;
  /** Evaluated, epoch milliseconds, and as the address has it. */
  readonly range: {
    readonly from: number;
    readonly to: number;
    readonly raw: { readonly from: string; readonly to: string };
  };
  readonly timeZone: string;
  readonly macros: Readonly<Record<string, Macro>>;
}

const VARIABLE = /\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)(?:\.([^:^}]+))?(?::([^}]+))?\}/g;

/** A finished text, which no format changes. */
class Finished {
  constructor(readonly text: string) {}
}

/**
 * Replaces `$name`, `${name}`, `${name.path:format}` and `[[name:format]]` as Grafana's dashboards do: values of the moment
 * (a data link's row, say) first, then variables, then macros. Unknown names stay as they are.
 *
 * @param format how a value without a format is written; unset: `glob`, several values in braces
 */
export function interpolate(text: string, scope: Scope, scoped: ScopedVars = {}, format?: Format): string {
  return text.replace(
    VARIABLE,
    (
      match,
      bare?: string,
      old?: string,
      oldFormat?: string,
      braced?: string,
      path?: string,
      own?: string,
    ) => {
      const name = bare ?? old ?? braced ?? '';
      return resolve(match, name, path, oldFormat ?? own ?? format, scope, scoped);
    },
  );
}

function resolve(
  match: string,
  name: string,
  path: string | undefined,
  format: Format | undefined,
  scope: Scope,
  scoped: ScopedVars,
): string {
  const local = scoped[name];
  if (local !== undefined) {
    const own: unknown = local.value;
    const value = path === undefined ? own : property(own, path);
    return write(value, format, { name, text: () => textOf(local.text ?? own) }, {});
  }
  const variable = scope.variables.get(name);
  if (variable !== undefined) return writeVariable(variable, path, format, scope);
  const value = builtIn(name, path, scope, scoped);
  return value === undefined ? match : write(value, format, { name, text: () => textOf(value) }, {});
}

function builtIn(name: string, path: string | undefined, scope: Scope, scoped: ScopedVars): unknown {
  const { range, timeZone, variables, macros } = scope;
  switch (name) {
    case '__from':
      return range.from;
    case '__to':
      return range.to;
    case '__timezone':
      return zoneName(timeZone);
    case '__url_time_range':
      return new Finished(
        toUrlParams([
          ['from', range.raw.from],
          ['to', range.raw.to],
          ['timezone', zoneName(timeZone)],
        ]),
      );
    case '__all_variables':
      return new Finished(
        [...variables.values()]
          .filter(({ value, model }) => isInUrl(model) && value !== '')
          .map(urlOf)
          .filter((part) => part !== '')
          .join('&'),
      );
    default:
      return macros[name]?.(path, scoped);
  }
}

const zoneName = (zone: string) =>
  zone === 'browser' ? Intl.DateTimeFormat().resolvedOptions().timeZone : zone;

const isInUrl = ({ type, skipUrlSync }: Variable['model']) => type !== 'constant' && skipUrlSync !== true;

/** The choice of a variable as the address has it. */
const urlOf = ({ model, value, inUrl }: Variable): string =>
  toUrlParams([inUrl ?? value].flat().map((one) => [`var-${model.name}`, one] as const));

function writeVariable(
  variable: Variable,
  path: string | undefined,
  format: Format | undefined,
  scope: Scope,
): string {
  const { model, options, value, text } = variable;
  const formatted: Formatted = {
    name: model.name,
    text: () => (isAll(variable) ? ALL_TEXT : [text].flat().join(' + ')),
    ...(isInUrl(model) ? { url: () => urlOf(variable) } : { url: () => '' }),
  };
  if (!isAll(variable)) return write(indexed(value, path), format, formatted, model);
  if (!model.allValue)
    return write(
      indexed(
        options.map((o) => o.value),
        path,
      ),
      format,
      formatted,
      model,
    );
  // An own value for "All" goes in as it is, past quoting and data sources alike; it may name other variables.
  const special = format === 'text' || format === 'percentencode' || format === 'queryparam';
  return interpolate(special ? write(model.allValue, format, formatted, model) : model.allValue, scope);
}

function indexed(value: Value, path: string | undefined): Value {
  const index = path === undefined ? Number.NaN : Number.parseInt(path, 10);
  return typeof value !== 'string' && index in value ? (value[index] ?? '') : value;
}

function write(
  value: unknown,
  format: Format | undefined,
  formatted: Formatted,
  kind: { multi?: boolean; includeAll?: boolean },
): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Finished) return value.text;
  if (typeof format === 'function') return String(format(value, kind));
  const plain: Value = Array.isArray(value) ? value.map(textOf) : textOf(value);
  const [id = 'glob', ...args] = (format ?? 'glob').split(':');
  return (FORMATS[id] ?? FORMATS.glob)?.(plain, args, formatted) ?? String(plain);
}

/** A proxy of a row's value says by itself what it is called. */
const textOf = (value: unknown): string => `${value as string}`;

/** `a.b`, `a["b c"]` and `a[0]` inside a value. */
export function property(value: unknown, path: string): unknown {
  const keys = [...path.matchAll(/[^.[\]"']+|\["([^"]*)"\]|\['([^']*)'\]/g)].map(
    ([whole, a, b]) => a ?? b ?? whole,
  );
  return keys.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined),
    value,
  );
}

/**
 * How Grafana's SQL data sources write a value that says no format: several, or one of a variable that may have several, in
 * quotes; another single one with its quotes doubled. Pass it as `format` for an SQL text.
 */
export const asSql = ((value, { multi, includeAll }) => {
  const quoted = (one: unknown) => `'${String(one).replaceAll("'", "''")}'`;
  if (Array.isArray(value)) return value.map(quoted).join(',');
  if (typeof value === 'number') return value;
  return multi === true || includeAll === true ? quoted(value) : String(value).replaceAll("'", "''");
}) satisfies Format;
