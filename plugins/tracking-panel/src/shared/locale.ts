/** `viewer`: the language that the viewer has in Grafana. */
export type NumberLocale = 'viewer' | 'pt-BR' | 'en-US';
/** `unit`: as the field's unit says; `full`: all digits, in groups, for the units none, short and locale alike. */
export type CountForm = 'unit' | 'full';

export interface NumberOptions {
  /** Of every number that the panel writes, the CSV included. */
  locale: NumberLocale;
  counts: CountForm;
}

export const DEFAULT_NUMBER_OPTIONS: NumberOptions = { locale: 'viewer', counts: 'unit' };

let language = 'en-US';

/** Tells {@link viewerLanguage} what `initPluginTranslations` found out. Called once, on load. */
export function setNumberLanguage(resolved: string): void {
  language = resolved;
}

/** The viewer's language in Grafana, as a BCP 47 tag; the browser's may be another. */
export const viewerLanguage = () => language;

/** How one locale writes numbers. */
export interface NumberFormat {
  /** BCP 47 tag. */
  readonly language: string;
  /** Mark between whole and fraction. */
  readonly decimalMark: string;
  /** With groups, and as many decimals as the number has, within these bounds. */
  readonly grouped: (value: number, leastDecimals: number, mostDecimals: number) => string;
  /** A percentage with a fixed number of decimals: "51.7", in Portuguese "51,7". No sign. */
  readonly percentNumber: (percent: number, decimals: number) => string;
  /** {@link percentNumber} with the sign. */
  readonly percent: (percent: number, decimals: number) => string;
}

const formats = new Map<string, NumberFormat>();

/** The format of a language, made once. */
export function numberFormat(of: string): NumberFormat {
  const known = formats.get(of) ?? makeFormat(of);
  formats.set(of, known);
  return known;
}

/** The format that the panel's options ask for. Every number of the panel is written in it. */
export const numberFormatOf = ({ locale }: NumberOptions): NumberFormat =>
  numberFormat(locale === 'viewer' ? language : locale);

function makeFormat(of: string): NumberFormat {
  /** Making a number format takes fifty times as long as using it. */
  const made = new Map<string, Intl.NumberFormat>();
  const grouped = (value: number, leastDecimals: number, mostDecimals: number) => {
    const key = `${leastDecimals} ${mostDecimals}`;
    let format = made.get(key);
    if (!format) {
      format = new Intl.NumberFormat(of, {
        minimumFractionDigits: leastDecimals,
        maximumFractionDigits: mostDecimals,
      });
      made.set(key, format);
    }
    return format.format(value);
  };
  const percentNumber = (percent: number, decimals: number) => grouped(percent, decimals, decimals);
  return {
    language: of,
    decimalMark:
      new Intl.NumberFormat(of).formatToParts(0.5).find(({ type }) => type === 'decimal')?.value ?? '.',
    grouped,
    percentNumber,
    percent: (percent, decimals) => `${percentNumber(percent, decimals)}%`,
  };
}
