import type { VariableModel } from '../model';
import type { VariableOption } from './types';

/** A column of an answer. */
export interface Column {
  readonly name: string;
  readonly values: readonly unknown[];
}

/** Custom options: `a, b`, `Text : value` and `\,` for a comma. */
export function customOptions(query: string): VariableOption[] {
  return (query.match(/(?:\\,|[^,])+/g) ?? []).map((part) => {
    const plain = part.replaceAll('\\,', ',');
    const [, text, value] = /^\s*(.+)\s:\s(.+)$/.exec(plain) ?? [];
    return text !== undefined && value !== undefined
      ? { text: text.trim(), value: value.trim() }
      : { text: plain.trim(), value: plain.trim() };
  });
}

/** The steps of an interval variable, with the one that suits the range first where that is asked for. */
export function intervalOptions(model: VariableModel): VariableOption[] {
  const steps = customOptions(queryText(model));
  return model.auto === true ? [{ text: 'auto', value: AUTO }, ...steps] : steps;
}
export const AUTO = '$__auto';

/** The text of a variable's query, whatever its form. */
export const queryText = ({ query, definition }: VariableModel): string =>
  typeof query === 'string' ? query : (query?.rawSql ?? query?.query ?? definition ?? '');

/**
 * The options of a query's answer, as Grafana's SQL data sources make them: columns `__text` and `__value`, else every cell
 * of every column; each text once, then the variable's regex and order.
 */
export function queryOptions(columns: readonly Column[], model: VariableModel): VariableOption[] {
  const named = (name: string) => columns.find((column) => column.name === name)?.values;
  const [texts, values] = [named('__text'), named('__value')];
  const all =
    texts !== undefined && values !== undefined
      ? texts.map((text, i) => ({ text: String(text), value: String(values[i]) }))
      : columns.flatMap((column) =>
          column.values.map((cell) => ({ text: String(cell), value: String(cell) })),
        );
  const seen = new Set<string>();
  const unique = all.filter(({ text }) => !seen.has(text) && seen.add(text));
  return sorted(filtered(unique, model.regex ?? ''), model.sort ?? 0);
}

/** `/pattern/flags`: what matches; a group, or groups named text and value, say what of it. */
function filtered(options: VariableOption[], regex: string): VariableOption[] {
  if (regex === '') return options;
  const [, source = regex, flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(regex) ?? [];
  const pattern = new RegExp(source, flags.replace('g', ''));
  return options.flatMap(({ text, value }) => {
    const match = pattern.exec(text);
    if (match === null) return [];
    const { text: ownText, value: ownValue } = match.groups ?? {};
    if (ownText !== undefined || ownValue !== undefined)
      return [{ text: ownText ?? ownValue ?? text, value: ownValue ?? ownText ?? value }];
    const [, group] = match;
    return [group === undefined ? { text, value } : { text: group, value: group }];
  });
}

/** Grafana's orders: 1 and 2 by text, 3 and 4 by number, 5 and 6 by text in any case, 7 and 8 as people count. */
function sorted(options: VariableOption[], sort: number): VariableOption[] {
  if (sort === 0) return options;
  const number = (text: string) => Number.parseFloat(/\d+(?:\.\d+)?/.exec(text)?.[0] ?? '-1');
  const plain = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const natural = new Intl.Collator(undefined, { sensitivity: 'accent', numeric: true });
  const compare = [
    plain,
    (a: string, b: string) => number(a) - number(b),
    (a: string, b: string) => plain(a.toLowerCase(), b.toLowerCase()),
    natural.compare,
  ][Math.ceil(sort / 2) - 1];
  if (compare === undefined) return options;
  const ascending = [...options].sort((a, b) => compare(a.text, b.text));
  return sort % 2 === 1 ? ascending : ascending.reverse();
}
