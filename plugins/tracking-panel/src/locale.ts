let language = 'en-US';

/** Tells {@link formatPercent} the viewer's language, which `initPluginTranslations` found out. Called once, on load. */
export function setNumberLanguage(resolved: string): void {
  language = resolved;
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
