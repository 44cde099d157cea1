import { asList, asObject, asText, isObject, type Json, type JsonObject } from '../json';

/** The values that a variable has, and whether it may have several; `raw` is a text that takes the place of all values as it stands. */
export type Values =
  { readonly list: readonly string[]; readonly several?: boolean } | { readonly raw: string };

const ALL = '$__all';

/** What a variable's value is when its dashboard is opened, as far as its definition says; `options` are what its query gave. */
export function valueOf(variable: JsonObject, options: readonly string[]): Values {
  const values = chosenOf(variable, options);
  return 'list' in values && mayHaveSeveral(variable) ? { ...values, several: true } : values;
}

/** Whether Grafana quotes a value of this variable where it stands in SQL without a format, be it alone. */
export function mayHaveSeveral({ multi, includeAll }: JsonObject): boolean {
  return multi === true || includeAll === true;
}

function chosenOf(variable: JsonObject, options: readonly string[]): Values {
  const { type, allValue } = variable;
  const current = asObject(variable.current).value;
  const chosen = (Array.isArray(current) ? (current as readonly Json[]) : [current ?? '']).map(text);
  const choices = type === 'custom' || type === 'interval' ? customOptions(variable) : options;
  if (chosen.includes(ALL)) return asText(allValue) !== '' ? { raw: asText(allValue) } : { list: choices };
  if (chosen.some((value) => value !== '')) return { list: chosen.filter((value) => value !== '') };
  if (type === 'textbox' || type === 'constant') return { list: [asText(variable.query)] };
  if (variable.includeAll === true)
    return asText(allValue) !== '' ? { raw: asText(allValue) } : { list: choices };
  return { list: choices.slice(0, 1) };
}

/** A text with its dashboard variables filled in, in the format that each place asks for; Grafana's own (`__…`) stay. */
export function fillIn(
  value: string,
  variables: ReadonlyMap<string, Values>,
  range: { readonly from: number; readonly to: number },
): string {
  const dollarQuoted = /\$([A-Za-z_]\w*)?\$/g;
  const tags: string[] = [];
  // The tags of dollar quotes are no variables.
  const marked = value.replace(dollarQuoted, (tag, name?: string) => {
    if (name !== undefined && variables.has(name)) return tag;
    tags.push(tag);
    return `\u0001${tags.length - 1}\u0001`;
  });
  const filled = marked.replace(
    /\$\{(\w+)(?::([^}]*))?\}|\[\[(\w+)(?::([^\]]*))?\]\]|\$(\w+)/g,
    (whole, braced?: string, format?: string, bracketed?: string, otherFormat?: string, bare?: string) => {
      const name = braced ?? bracketed ?? bare ?? '';
      if (name === '__from') return String(range.from);
      if (name === '__to') return String(range.to);
      const values = variables.get(name);
      return values === undefined ? whole : formatted(values, format ?? otherFormat);
    },
  );
  return filled.replace(/\u0001(\d+)\u0001/g, (_, i: string) => tags[Number(i)] ?? '');
}

/** The same for every text of a structure. */
export function fillInAll(
  value: Json,
  variables: ReadonlyMap<string, Values>,
  range: { readonly from: number; readonly to: number },
): Json {
  if (typeof value === 'string') return fillIn(value, variables, range);
  if (Array.isArray(value)) return value.map((item: Json) => fillInAll(item, variables, range));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, fillInAll(v, variables, range)]));
}

/** @see https://grafana.com/docs/grafana/latest/visualizations/dashboards/variables/variable-syntax/ */
function formatted(values: Values, format: string | undefined): string {
  if ('raw' in values) return values.raw;
  const { list } = values;
  const only = list.length === 1 ? list[0] : undefined;
  const quoted = (mark: string) =>
    list.map((v) => `${mark}${v.replaceAll(mark, mark === "'" ? "''" : '\\"')}${mark}`).join(',');
  switch (format ?? '') {
    case 'json':
      return JSON.stringify(only ?? list);
    case 'csv':
    case 'raw':
      return list.join(',');
    case 'sqlstring':
    case 'singlequote':
      return quoted("'");
    case 'doublequote':
      return quoted('"');
    case 'pipe':
    case 'regex':
      return only ?? `(${list.join('|')})`;
    case 'text':
      return list.join(' + ');
    case 'queryparam':
    case 'percentencode':
      return encodeURIComponent(list.join(','));
    default:
      // What the PostgreSQL data source does by itself: quotes, but for the value of a variable that has one only.
      return values.several === true || only === undefined ? quoted("'") : only.replaceAll("'", "''");
  }
}

/** `a, b : Name, c` and their like. */
function customOptions({ query, options }: JsonObject): readonly string[] {
  const listed = asText(query)
    .split(/(?<!\\),/)
    .map((item) => item.split(' : ').at(-1)?.trim() ?? '')
    .filter((item) => item !== '');
  return listed.length > 0 ? listed : asList(options).map((option) => text(asObject(option).value ?? ''));
}

function text(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
