import { asList, asObject, asText, isObject, type Json, type JsonObject } from './json';
import { unitId, type Unit, type Units } from './units';

/**
 * The contact points, mute timings and templates, by {@link unitId}, that our rules and policies need: those that they name, and the
 * templates that these use. Everything else of these kinds in an organisation belongs to somebody else.
 */
export function referenced(units: Units): ReadonlySet<string> {
  const all = [...units.values()];
  const ours = all.filter(({ kind }) => kind === 'rule' || kind === 'policies');
  const routes = ours.flatMap(({ kind, content }) =>
    kind === 'policies' ? [content] : [asObject(content.notification_settings)],
  );
  const names = routes.flatMap(namesOf);
  const receivers = new Set(names.flatMap(({ receiver }) => receiver));
  const timings = new Set(names.flatMap(({ timings }) => timings));
  const points = all.filter(
    ({ kind, content }) => kind === 'contactPoint' && receivers.has(asText(content.name)),
  );
  return new Set([
    ...points.map(unitId),
    ...all.filter(({ kind, key }) => kind === 'muteTiming' && timings.has(key)).map(unitId),
    ...usedTemplates(
      all,
      points.flatMap(({ content }) => textsOf(content.settings ?? null)),
    ).map(unitId),
  ]);
}

interface Names {
  readonly receiver: readonly string[];
  readonly timings: readonly string[];
}

function namesOf(route: JsonObject): readonly Names[] {
  const timings = [...asList(route.mute_time_intervals), ...asList(route.active_time_intervals)].map(asText);
  const receiver = asText(route.receiver) === '' ? [] : [asText(route.receiver)];
  return [{ receiver, timings }, ...asList(route.routes).flatMap((below) => namesOf(asObject(below)))];
}

/** Templates that define what the texts use, and those that these use. */
function usedTemplates(all: readonly Unit[], texts: readonly string[]): readonly Unit[] {
  const templates = all.filter(({ kind }) => kind === 'template');
  const used = new Set<Unit>();
  const look = (text: string): void => {
    for (const [, name] of text.matchAll(/\{\{-?\s*(?:template|block)\s+"([^"]+)"/g)) {
      const found = templates.find(({ content }) => asText(content.template).includes(`define "${name}"`));
      if (found === undefined || used.has(found)) continue;
      used.add(found);
      look(asText(found.content.template));
    }
  };
  texts.forEach(look);
  return [...used];
}

function textsOf(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(textsOf);
  return isObject(value) ? Object.values(value).flatMap(textsOf) : [];
}
