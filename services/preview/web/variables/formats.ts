import type { Value } from './types';

/** What a format may ask of the variable whose value it writes. */
export interface Formatted {
  readonly name: string;
  /** The value as people read it. */
  readonly text: () => string;
  /** The choice as the address has it: `var-name=a&var-name=b`; undefined where it is in no address. */
  readonly url?: () => string;
}

type Formatter = (value: Value, args: readonly string[], variable: Formatted) => string;

const each = (value: Value, write: (one: string) => string): string =>
  typeof value === 'string' ? write(value) : value.map(write).join(',');
const joined =
  (mark: string): Formatter =>
  (value) =>
    typeof value === 'string' ? value : value.join(mark);
const braced = (value: Value) => (typeof value === 'string' ? value : `{${value.join(',')}}`);
const strict = (text: string) =>
  text.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** Encoded for a part of an address, with what `encodeURIComponent` leaves. */
const percentEncode = (text: string): string => strict(encodeURIComponent(text));

/** Parameters as Grafana writes them in an address: some marks stay readable. */
export function toUrlParams(parameters: readonly (readonly [string, string])[]): string {
  const encode = (text: string) =>
    percentEncode(text)
      .replace(/%40/g, '@')
      .replace(/%3A/gi, ':')
      .replace(/%24/g, '$')
      .replace(/%2C/gi, ',')
      .replace(/%3B/gi, ';');
  return parameters.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
}

const sqlEscaped = (text: string) => text.replaceAll("'", "''").replaceAll('"', '\\"');
const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const regexEscaped = (text: string) => text.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&');

/**
 * Formats of `${name:format}` as Grafana's dashboards (scenes) write them, its oddities included: `json` leaves a single
 * text bare, `sqlstring` escapes `"` though PostgreSQL does not.
 * https://grafana.com/docs/grafana/latest/dashboards/variables/variable-syntax/
 */
export const FORMATS: Readonly<Record<string, Formatter>> = {
  raw: (value) => String(value),
  csv: joined(','),
  pipe: joined('|'),
  join: (value, [mark = ',']) => joined(mark)(value, [], { name: '', text: () => '' }),
  json: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  singlequote: (value) => each(value, (one) => `'${one.replaceAll("'", "\\'")}'`),
  doublequote: (value) => each(value, (one) => `"${one.replaceAll('"', '\\"')}"`),
  sqlstring: (value) => each(value, (one) => `'${sqlEscaped(one)}'`),
  glob: (value) => (typeof value !== 'string' && value.length > 1 ? braced(value) : String(value)),
  regex: (value) => {
    const list = [value].flat().map(regexEscaped);
    return list.length === 1 ? (list[0] ?? '') : `(${list.join('|')})`;
  },
  html: (value) =>
    [value]
      .flat()
      .join(', ')
      .replace(/[&<>"']/g, (char) => HTML[char] ?? char),
  percentencode: (value) => percentEncode(braced(value)),
  uriencode: (value) => strict(encodeURI(braced(value))),
  distributed: (value, _args, { name }) =>
    typeof value === 'string' ? value : value.map((one, i) => (i === 0 ? one : `${name}=${one}`)).join(','),
  text: (_value, _args, { text }) => text(),
  queryparam: (value, _args, { name, url }) =>
    url === undefined
      ? [value]
          .flat()
          .map((one) => `var-${name}=${percentEncode(one)}`)
          .join('&')
      : url(),
  date: (value, args) => formatDate(Number(value), args),
};

/** Epoch milliseconds as `date`, `date:iso`, `date:seconds` or `date:ms` want them. */
function formatDate(ms: number, args: readonly string[]): string {
  if (Number.isNaN(ms)) return 'NaN';
  const [form = 'iso'] = args;
  if (form === 'ms') return String(ms);
  if (form === 'seconds') return String(Math.round(ms / 1000));
  return form === 'iso' ? new Date(ms).toISOString() : formatMoment(ms, args.join(':'));
}

let momentFormat: ((ms: number, pattern: string) => string) | undefined;

/** Gives `date:YYYY-MM` the library that knows such patterns; called once by the page. */
export function provideDateFormat(format: (ms: number, pattern: string) => string): void {
  momentFormat = format;
}

function formatMoment(ms: number, pattern: string): string {
  if (momentFormat === undefined)
    throw new Error(`nothing formats the date pattern ${pattern}: see provideDateFormat`);
  return momentFormat(ms, pattern);
}
