import { viewerLanguage } from '../shared/locale';

export type AgeUnit = 'second' | 'minute' | 'hour' | 'day';

const UNITS: ReadonlyArray<readonly [AgeUnit, number]> = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** An age in seconds as a whole number of its largest unit, cut off: 119 s is 1 minute. A negative age is 0 seconds. */
export function ageParts(seconds: number): { value: number; unit: AgeUnit } {
  const age = Math.max(0, Math.floor(seconds));
  const [unit, length] = UNITS.find(([, unitLength]) => age >= unitLength) ?? ['second', 1];
  return { value: Math.floor(age / length), unit };
}

/** Milliseconds until {@link ageParts} of this age says something else, at least one second. */
export function nextChange(seconds: number): number {
  const { unit } = ageParts(seconds);
  const length = UNITS.find(([known]) => known === unit)?.[1] ?? 1;
  const age = Math.max(0, seconds);
  return Math.max(1, length - (age % length)) * 1000;
}

/**
 * Milliseconds until the data become old, 0 if they are, undefined if they never will. With a failed query they are
 * old at once; else from `afterSeconds` on, where 0 means never.
 */
export function untilOld(ageSeconds: number, afterSeconds: number, failed: boolean): number | undefined {
  if (failed) {
    return 0;
  }
  return afterSeconds > 0 ? Math.max(0, afterSeconds - ageSeconds) * 1000 : undefined;
}

/** An age in the viewer's language, such as "3 min" or "2 h". */
export function formatAge({ value, unit }: { value: number; unit: AgeUnit }): string {
  return new Intl.NumberFormat(viewerLanguage(), { style: 'unit', unit, unitDisplay: 'short' }).format(value);
}
