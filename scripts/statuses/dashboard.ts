import { STATUS_CATALOGUE } from '@rastreio/contract';
import {
  asList,
  asObject,
  asText,
  isObject,
  type Json,
  type JsonObject,
} from '../../packages/grafana/src/json';

/** Statuses on one line of a VALUES list. */
const A_LINE = 4;
const LITERAL = String.raw`\('(?:[^']|'')+', \d+, (?:true|false)\)`;
const RANKS = new RegExp(
  String.raw`\(VALUES ${LITERAL}(?:,\s*${LITERAL})*\) AS catalogo \(status, ordem, terminal\)`,
  'g',
);
const STATUSES: ReadonlySet<string> = new Set(STATUS_CATALOGUE.map(({ status }) => status));

/** The value with the catalogue's statuses in its value mappings, in its colored lines and in its lists of ranks. */
export function withStatuses(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll(RANKS, ranks);
  if (Array.isArray(value)) return withLines(value as readonly Json[]).map(withStatuses);
  if (!isObject(value)) return value;
  if (isMapping(value)) return { ...value, options: mapping() };
  return Object.fromEntries(Object.entries(value).map(([key, below]) => [key, withStatuses(below)]));
}

/** A value mapping that has a status; others map figures and words. */
function isMapping({ type, options }: JsonObject): boolean {
  return type === 'value' && Object.keys(asObject(options)).some((text) => STATUSES.has(text));
}

function mapping(): JsonObject {
  return Object.fromEntries(STATUS_CATALOGUE.map(({ status, color }, index) => [status, { color, index }]));
}

/** Overrides that do no more than color the line of a status are made anew, where the first of them stood. */
function withLines(list: readonly Json[]): readonly Json[] {
  const first = list.findIndex(isLine);
  if (first < 0) return list;
  const others = (part: readonly Json[]) => part.filter((item) => !isLine(item));
  return [...others(list.slice(0, first)), ...STATUS_CATALOGUE.map(line), ...others(list.slice(first))];
}

function isLine(override: Json): boolean {
  const { matcher, properties } = asObject(override);
  const { id, options } = asObject(matcher);
  const [color, ...more] = asList(properties).map((property) => asText(asObject(property).id));
  return id === 'byName' && STATUSES.has(asText(options)) && color === 'color' && more.length === 0;
}

function line({ status, color }: { status: string; color: string }): JsonObject {
  return {
    matcher: { id: 'byName', options: status },
    properties: [{ id: 'color', value: { fixedColor: color, mode: 'fixed' } }],
  };
}

function ranks(): string {
  const rows = STATUS_CATALOGUE.map(
    ({ status, rank, terminal }) => `('${status.replaceAll("'", "''")}', ${rank}, ${terminal})`,
  );
  const lines = rows.flatMap((_, at) => (at % A_LINE === 0 ? [rows.slice(at, at + A_LINE).join(', ')] : []));
  return `(VALUES ${lines.join(',\n    ')}) AS catalogo (status, ordem, terminal)`;
}
