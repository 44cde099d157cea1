import { isObject, same, type Json, type JsonObject } from './json';
import { isSecret } from './secrets';

/** One place in which two contents differ. */
export interface Difference {
  /** For a person: `painel "Total" > título`. */
  readonly path: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** The path of what only a newer form of a dashboard holds. */
export const BEYOND_CLASSIC = 'além do formato clássico';
const SHOWN = 60;
/** Keys that say nothing to a reader of the screen. */
const SILENT = ['templating', 'list', 'fieldConfig', 'defaults', 'model', 'spec'];
const WORDS: Readonly<Record<string, string>> = {
  title: 'título',
  description: 'descrição',
  gridPos: 'posição',
  options: 'opções',
  unit: 'unidade',
  rawSql: 'SQL',
  links: 'links',
  tags: 'etiquetas',
  refresh: 'atualização',
  time: 'período',
  type: 'tipo',
  datasource: 'fonte de dados',
  thresholds: 'limites',
  mappings: 'mapeamentos',
  overrides: 'exceções',
  transformations: 'transformações',
  noValue: 'texto sem dados',
  decimals: 'casas decimais',
  color: 'cor',
  legend: 'legenda',
  labels: 'rótulos',
  annotations: 'anotações',
  interval: 'intervalo',
  group: 'grupo',
  for: 'espera',
  keepFiringFor: 'mantém por',
  condition: 'condição',
  isPaused: 'pausada',
  noDataState: 'estado sem dados',
  execErrState: 'estado com erro',
  conditions: 'condições',
  receiver: 'destinatário',
  routes: 'políticas',
  settings: 'ajustes',
  name: 'nome',
  template: 'texto',
  beyondClassic: BEYOND_CLASSIC,
};
/** Lists whose items have a name of their own: how the key is found, and the word for an item. */
const NAMED: Readonly<Record<string, { key: (item: JsonObject) => Json | undefined; word: string }>> = {
  panels: { key: (item) => item.id, word: 'painel' },
  targets: { key: (item) => item.refId, word: 'consulta' },
  data: { key: (item) => item.refId, word: 'consulta' },
  list: { key: (item) => item.name, word: 'variável' },
  links: { key: (item) => item.title, word: 'link' },
  overrides: { key: (item) => (isObject(item.matcher) ? item.matcher.options : undefined), word: 'campo' },
  properties: { key: (item) => item.id, word: '' },
};

/** Where two contents differ, deepest places first named: `painel "Total" > título`. */
export function differences(before: Json | undefined, after: Json | undefined): readonly Difference[] {
  return compare(before, after, [], '');
}

/** A difference in one line: `painel "Total" > título: "a" → "b"`. */
export function describeDifference({ path, before, after }: Difference): string {
  const where = path === '' ? '' : `${path}: `;
  if (isSecret(before) || isSecret(after)) return `${where}outro valor (não mostrado)`;
  if (typeof before === 'string' && typeof after === 'string') {
    const [a, b] = excerpt(before, after);
    return `${where}"${a}" → "${b}"`;
  }
  if (before === undefined) return `${where}novo${shown(after)}`;
  if (after === undefined) return `${where}removido${shown(before)}`;
  return `${where}${text(before)} → ${text(after)}`;
}

function compare(
  before: Json | undefined,
  after: Json | undefined,
  path: readonly string[],
  key: string,
): readonly Difference[] {
  if (same(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((k) => compare(before[k], after[k], [...path, ...wordOf(k, path.at(-1))], k));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const found = compareLists(before as Json[], after as Json[], path, key);
    if (found !== undefined) return found;
  }
  return [{ path: path.join(' > '), before, after }];
}

/** Item by item where the items have names or there are as many of them; undefined where the lists are best shown as wholes. */
function compareLists(
  before: readonly Json[],
  after: readonly Json[],
  path: readonly string[],
  key: string,
): readonly Difference[] | undefined {
  const naming = NAMED[key];
  const all = [...before, ...after];
  if (naming !== undefined && all.every((item) => isObject(item) && naming.key(item) !== undefined)) {
    const keyed = (list: readonly Json[]) =>
      new Map((list as readonly JsonObject[]).map((item) => [JSON.stringify(naming.key(item)), item]));
    const [a, b] = [keyed(before), keyed(after)];
    const found = [...new Set([...a.keys(), ...b.keys()])].flatMap((name) => {
      const item = b.get(name) ?? a.get(name) ?? {};
      const label = [naming.word, itemName(key, item, name)].filter(Boolean).join(' ');
      return compare(
        a.get(name),
        b.get(name),
        [...path.slice(0, keepsPath(key) ? undefined : -1), label],
        '',
      );
    });
    return found.length > 0 ? found : [{ path: [...path, 'ordem'].join(' > '), before: null, after: null }];
  }
  if (before.length !== after.length || !all.every(isObject)) return undefined;
  return before.flatMap((item, i) => compare(item, after[i], [...path, String(i + 1)], ''));
}

/** A list under a silent key has put no word on the path that its items' word could replace. */
function keepsPath(key: string): boolean {
  return SILENT.includes(key);
}

function itemName(key: string, item: JsonObject, name: string): string {
  if (key === 'panels' && typeof item.title === 'string' && item.title !== '') return `"${item.title}"`;
  if (key === 'targets' || key === 'data' || key === 'properties') return String(JSON.parse(name));
  return name;
}

function wordOf(key: string, above: string | undefined): readonly string[] {
  if (SILENT.includes(key) && !(key === 'list' && above === undefined)) return [];
  return [WORDS[key] ?? key];
}

function shown(value: Json | undefined): string {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return `: ${value.join(', ')}`;
  return isObject(value) || Array.isArray(value) ? '' : ` ${text(value)}`;
}

function text(value: Json | undefined): string {
  return shorten(value === undefined ? '-' : JSON.stringify(value));
}

/** Of two texts the part around where they part ways. */
function excerpt(before: string, after: string): readonly [string, string] {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  const from = Math.max(0, start - SHOWN / 3);
  const cut = (whole: string) => shorten(`${from > 0 ? '…' : ''}${whole.slice(from)}`.replace(/\s+/g, ' '));
  return [cut(before), cut(after)];
}

function shorten(whole: string): string {
  const characters = Array.from(whole);
  return characters.length > SHOWN ? `${characters.slice(0, SHOWN - 1).join('')}…` : whole;
}
