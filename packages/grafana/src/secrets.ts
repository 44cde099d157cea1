import { createHash } from 'node:crypto';
import { asObject, isObject, type Json, type JsonObject } from './json';
import type { Unit } from './units';

/** What Grafana shows in place of a secret. */
export const REDACTED = '[REDACTED]';
/** Settings of contact points that hold a secret, or an address that is one. */
const SECRET = /url|pass|token|secret|key|credential|authorization|webhook/i;
const CONCEALED = 'oculto:';

/** A unit whose secrets are names that only tell whether two of them are equal: for comparing, remembering and showing. */
export function concealed(unit: Unit, salt: string): Unit {
  if (unit.kind !== 'contactPoint') return unit;
  const settings = conceal(asObject(unit.content.settings), salt, false);
  return { ...unit, content: { ...unit.content, settings } };
}

/** A concealed content in which what Grafana hides is taken to be what was applied last. */
export function revealed(content: JsonObject, applied: Json | undefined): JsonObject {
  return asObject(reveal(content, applied));
}

/** Whether a text stands for a secret. */
export function isSecret(value: Json | undefined): boolean {
  return typeof value === 'string' && (value.startsWith(CONCEALED) || value === REDACTED);
}

function conceal(value: Json, salt: string, secret: boolean): Json {
  if (typeof value === 'string')
    return secret && value !== REDACTED
      ? CONCEALED + createHash('sha256').update(`${salt}${value}`).digest('hex').slice(0, 32)
      : value;
  if (Array.isArray(value)) return value.map((item: Json) => conceal(item, salt, secret));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, v]) => [key, conceal(v, salt, secret || SECRET.test(key))]),
  );
}

function reveal(value: Json, applied: Json | undefined): Json {
  if (value === REDACTED) return applied ?? value;
  if (Array.isArray(value))
    return value.map((item: Json, i) =>
      reveal(item, Array.isArray(applied) ? (applied[i] as Json) : undefined),
    );
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, v]) => [key, reveal(v, isObject(applied) ? applied[key] : undefined)]),
  );
}
