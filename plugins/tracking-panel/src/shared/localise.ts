import {
  type DataFrame,
  type DisplayProcessor,
  type DisplayValue,
  type Field,
  FieldType,
  formattedValueToString,
  getDisplayProcessor,
  getValueFormat,
  type GrafanaTheme2,
} from '@grafana/data';
import { type NumberFormat, type NumberOptions, numberFormatOf } from './locale';

/** Grafana's units that write a plain number. */
const COUNT_UNITS = ['none', 'short', 'locale'];
/** Grafana's unit that writes a number as the browser's language does. */
const BROWSER_UNIT = 'locale';
/** Units of dates, texts and codes, in which a point is no decimal mark. */
const TEXT_UNITS = /^(?:time:|dateTime|string$|hex|bool)/;
/** What Grafana makes of a number in most units: always with a point. */
const PLAIN = /^-?\d+(?:\.\d+)?$/;

/** The displays of before, of the fields that {@link localiseFrames} made. */
const ownDisplays = new WeakMap<Field, DisplayProcessor>();

/** A field's display as Grafana made it: what a number is called, where it is a name, does not depend on the viewer. */
export const ownDisplay = (field: Field): DisplayProcessor | undefined =>
  ownDisplays.get(field) ?? field.display;

/** The frames with number fields that are displayed in the locale of the options; the values stay the same objects. */
export function localiseFrames(
  series: DataFrame[],
  options: NumberOptions,
  theme: GrafanaTheme2
): DataFrame[] {
  return series.map((frame) => ({
    ...frame,
    fields: frame.fields.map((field) => {
      if (field.type !== FieldType.number || !field.display) {
        return field;
      }
      const local = { ...field, display: localised(field.display, field, options, theme) };
      ownDisplays.set(local, field.display);
      return local;
    }),
  }));
}

/**
 * A field's display in the locale of the options. Grafana's own writes most units with a decimal point for everybody, and
 * the unit "locale" in the language of the browser, so that two numbers of one panel may follow different rules. Texts of
 * value mappings, dates and other texts that are no plain number stay as they are.
 */
export function localised(
  display: DisplayProcessor,
  field: Field,
  options: NumberOptions,
  theme: GrafanaTheme2
): DisplayProcessor {
  const numbers = numberFormatOf(options);
  const { mappings, decimals } = field.config;
  const unit = field.config.unit || 'none';
  const plain = mappings?.length
    ? getDisplayProcessor({ field: { ...field, config: { ...field.config, mappings: [] } }, theme })
    : undefined;
  const isMapped = (value: unknown, shown: DisplayValue) =>
    plain !== undefined && formattedValueToString(plain(value)) !== formattedValueToString(shown);
  const isText = TEXT_UNITS.test(unit);
  const isCount = COUNT_UNITS.includes(unit);
  return (value, adjacent) => {
    const shown = display(value, adjacent);
    const { numeric } = shown;
    if (isText || !Number.isFinite(numeric) || isMapped(value, shown)) {
      return shown;
    }
    if (isCount && options.counts === 'full') {
      return { ...shown, ...wholeCount(numeric, adjacent ?? decimals, numbers) };
    }
    const text =
      unit === BROWSER_UNIT ? grouped(numeric, adjacent ?? decimals, numbers) : withMark(shown.text, numbers);
    return text === shown.text ? shown : { ...shown, text };
  };
}

/** As the unit "locale" writes it: up to three decimals unless the field says how many. */
const grouped = (value: number, decimals: number | null | undefined, numbers: NumberFormat) =>
  numbers.grouped(value, 0, decimals ?? 3);

const withMark = (text: string, { decimalMark }: NumberFormat) =>
  PLAIN.test(text) ? text.replace('.', decimalMark) : text;

/** A count with all its digits, in groups, and the decimals that Grafana would choose. */
function wholeCount(
  value: number,
  decimals: number | null | undefined,
  numbers: NumberFormat
): Pick<DisplayValue, 'text' | 'prefix' | 'suffix'> {
  const { text } = getValueFormat('none')(value, decimals);
  const shown = text.split('.')[1]?.length ?? 0;
  return { text: numbers.grouped(value, shown, shown), prefix: undefined, suffix: undefined };
}
