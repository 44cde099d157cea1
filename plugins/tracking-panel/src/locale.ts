import { type AgeUnit } from './stale/age';

let language = 'en-US';

/** Tells {@link formatPercent} the viewer's language, which `initPluginTranslations` found out. Called once, on load. */
export function setNumberLanguage(resolved: string): void {
  language = resolved;
}

/** An age in the viewer's language, such as "3 min" or "2 h". */
export function formatAge({ value, unit }: { value: number; unit: AgeUnit }): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
}

/** A percentage in the viewer's language with a fixed number of decimals: "51.7", in Portuguese "51,7". No sign. */
export function formatPercentNumber(percent: number, decimals: number): string {
  return new Intl.NumberFormat(language, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(percent);
}

/** {@link formatPercentNumber} with the sign. */
export function formatPercent(percent: number, decimals: number): string {
  return `${formatPercentNumber(percent, decimals)}%`;
}
