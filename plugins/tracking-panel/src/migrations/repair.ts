import { DEFAULT_OPTIONS } from '../types';
import { CHOICES } from './choices';

export type Loose = { [key: string]: unknown };

export const isGroup = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Options as far as they can be used: groups that are missing stay missing (Grafana fills in the defaults), and what
 * has another type than its default or is no known choice goes, so that its default comes instead. A single text where
 * a list is expected becomes a list of one. What this version does not know stays, for a newer one may. Pure.
 */
export function repairOptions(options: unknown): Loose {
  const loose = isGroup(options) ? options : {};
  return Object.fromEntries(
    Object.entries(loose).flatMap(([name, group]): Array<[string, unknown]> => {
      const defaults = (DEFAULT_OPTIONS as unknown as Loose)[name];
      if (!isGroup(defaults)) {
        return [[name, group]];
      }
      return isGroup(group) ? [[name, repairGroup(name, group, defaults)]] : [];
    })
  );
}

function repairGroup(name: string, group: Loose, defaults: Loose): Loose {
  return Object.fromEntries(
    Object.entries(group).flatMap(([key, value]): Array<[string, unknown]> => {
      if (!(key in defaults)) {
        return value === null ? [] : [[key, value]];
      }
      const repaired = repairValue(value, defaults[key], CHOICES[`${name}.${key}`]);
      return repaired === undefined ? [] : [[key, repaired]];
    })
  );
}

function repairValue(value: unknown, fallback: unknown, choices: readonly string[] | undefined): unknown {
  const isChoice = (item: unknown) => typeof item === 'string' && (choices?.includes(item) ?? true);
  if (Array.isArray(fallback)) {
    const list: unknown[] = typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
    const usable = list.filter(isChoice);
    // An empty list is a wish, one that lost all it had is not.
    return usable.length > 0 || (Array.isArray(value) && value.length === 0) ? usable : undefined;
  }
  if (isGroup(fallback)) {
    return isGroup(value) ? value : undefined;
  }
  if (typeof value !== typeof fallback || (typeof value === 'number' && !Number.isFinite(value))) {
    return undefined;
  }
  return choices && !isChoice(value) ? undefined : value;
}
