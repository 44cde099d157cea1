import { type AgeUnit } from './stale/age';

let language = 'en-US';

/** Tells {@link formatPercent} the viewer's language, which `initPluginTranslations` found out. Called once, on load. */
export function setNumberLanguage(resolved: string): void {
  language = resolved;
}

/** The viewer's language as a BCP 47 tag. */
export const viewerLanguage = () => language;

/** Mark between whole and fraction in the viewer's language. */
export function decimalMark(): string {
  return new Intl.NumberFormat(language).formatToParts(0.5).find(({ type }) => type === 'decimal')?.value ?? '.';
}

/** Making a number format takes fifty times as long as using it. */
const formats = new Map<string, Intl.NumberFormat>();

/** An age in the viewer's language, such as "3 min" or "2 h". */
export function formatAge({ value, unit }: { value: number; unit: AgeUnit }): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
}

/** A percentage in the viewer's language with a fixed number of decimals: "51.7", in Portuguese "51,7". No sign. */
export function formatPercentNumber(percent: number, decimals: number): string {
  const key = `${language} ${decimals}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    formats.set(key, format);
  }
  return format.format(percent);
}

/** {@link formatPercentNumber} with the sign. */
export function formatPercent(percent: number, decimals: number): string {
  return `${formatPercentNumber(percent, decimals)}%`;
}
