import type { Json, JsonObject } from './json';

/** The folder that holds everything of ours. Links and rules may name it, so it never changes. */
export const FOLDER = { uid: 'rastreio', title: 'Rastreio' } as const;

export const KINDS = [
  'contactPoint',
  'muteTiming',
  'template',
  'policies',
  'dashboard',
  'group',
  'rule',
] as const;
export type Kind = (typeof KINDS)[number];

/**
 * The smallest thing that is compared and kept or written as a whole. Its content is in the form of the files, in which defaults and
 * what Grafana adds by itself are left out, so that equal contents mean the same thing wherever they come from.
 */
export interface Unit {
  readonly kind: Kind;
  /** Unique within its kind: a uid, else a name. */
  readonly key: string;
  readonly content: JsonObject;
}

/** Units by {@link unitId}. */
export type Units = ReadonlyMap<string, Unit>;

/** One name for kind and key. */
export function unitId({ kind, key }: Pick<Unit, 'kind' | 'key'>): string {
  return `${kind}/${key}`;
}

/** A map of units; of two with the same name the later one counts. */
export function toUnits(units: readonly Unit[]): Map<string, Unit> {
  return new Map(units.map((unit) => [unitId(unit), unit]));
}

const WORDS: Readonly<Record<Kind, string>> = {
  contactPoint: 'ponto de contato',
  muteTiming: 'silêncio',
  template: 'modelo de mensagem',
  policies: 'políticas de notificação',
  dashboard: 'dashboard',
  group: 'grupo de regras',
  rule: 'regra',
};

/** A unit for a person: `dashboard "Torre de controle" (torre)`. */
export function describeUnit({ kind, key }: Pick<Unit, 'kind' | 'key'>, content?: Json): string {
  if (kind === 'policies') return WORDS.policies;
  const { title, name } = (content ?? {}) as { title?: unknown; name?: unknown };
  const shown = [title, name].find((text): text is string => typeof text === 'string');
  if (shown === undefined || shown === key) return `${WORDS[kind]} "${key}"`;
  return `${WORDS[kind]} "${shown}" (${key})`;
}
