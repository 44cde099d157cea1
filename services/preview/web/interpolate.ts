/** A template variable's current choice. */
export interface VariableValue {
  readonly text: string | readonly string[];
  readonly value: string | readonly string[];
}

export type VariableValues = ReadonlyMap<string, VariableValue>;

const list = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value;
const sqlString = (value: string) => `'${value.replaceAll("'", "''")}'`;

/** Formats of `${name:format}`: https://grafana.com/docs/grafana/latest/dashboards/variables/variable-syntax/ */
const FORMATS: Readonly<Record<string, (variable: VariableValue) => string>> = {
  csv: ({ value }) => list(value).join(','),
  doublequote: ({ value }) =>
    list(value)
      .map((v) => `"${v.replaceAll('"', '\\"')}"`)
      .join(','),
  json: ({ value }) => JSON.stringify(value),
  pipe: ({ value }) => list(value).join('|'),
  raw: ({ value }) => list(value).join(','),
  singlequote: ({ value }) =>
    list(value)
      .map((v) => `'${v.replaceAll("'", "\\'")}'`)
      .join(','),
  sqlstring: ({ value }) => list(value).map(sqlString).join(','),
  text: ({ text }) => list(text).join(' + '),
  queryparam: ({ value }) =>
    list(value)
      .map((v) => encodeURIComponent(v))
      .join('&'),
};

/**
 * Replaces `$name`, `${name}`, `${name:format}` and `[[name]]` by the variables' values. Unknown names and SQL macros
 * (`$__timeFilter` and the like) stay as they are.
 *
 * @param defaultFormat how a value without a format is written; Grafana's SQL data sources quote several values at once
 */
export function interpolate(
  text: string,
  variables: VariableValues,
  defaultFormat: 'raw' | 'sql' = 'raw',
): string {
  return text.replace(
    /\$\{(\w+)(?::(\w+))?\}|\$(\w+)|\[\[(\w+)(?::(\w+))?\]\]/g,
    (match, braced?: string, format?: string, bare?: string, old?: string, oldFormat?: string) => {
      const variable = variables.get(braced ?? bare ?? old ?? '');
      if (variable === undefined) return match;
      const formatter = FORMATS[format ?? oldFormat ?? ''];
      if (formatter !== undefined) return formatter(variable);
      if (defaultFormat === 'sql' && typeof variable.value !== 'string')
        return variable.value.map(sqlString).join(',');
      return list(variable.value).join(',');
    },
  );
}
