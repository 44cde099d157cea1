import {
  type DataFrame,
  type DisplayValue,
  type Field,
  FieldType,
  formattedValueToString,
  getDisplayProcessor,
  type GrafanaTheme2,
} from '@grafana/data';
import { type TrackingFieldConfig } from './types';
import { numberFormatOf } from '../shared/locale';
import { type TrackingOptions } from '../types';
import { formatDuration } from './duration';
import { hasMappedText, isNamed } from '../shared/fields';
import { type KpiField } from './kpiFields';
import { localised } from '../shared/localise';
import { isInterval } from './numbers';

/** Grafana's units that mean "a length of time in seconds". */
const DURATION_UNITS = ['s', 'dtdurations'];
/** Grafana's units of shares, with what makes percent of them. */
const PERCENT_UNITS: Partial<Record<string, number>> = { percent: 1, percentunit: 100 };

/** How a card's field writes its numbers. */
export interface Formatter {
  value: (number: number) => DisplayValue;
  /** Without mappings, which are about values and not about differences. */
  plain: (number: number) => string;
  /** What makes percentage points of a difference; undefined for fields that are no shares. */
  points: number | undefined;
}

/** The format of a card's field: a duration where it is one, else its unit, in the locale of the options. */
export function formatter(
  { frame, field }: KpiField,
  isMean: boolean,
  series: DataFrame[],
  options: TrackingOptions,
  theme: GrafanaTheme2
): Formatter {
  const custom: TrackingFieldConfig = field.config.custom ?? {};
  const own = custom.duration ?? 'auto';
  const isDuration =
    own === 'auto'
      ? isMean ||
        isInterval(field) ||
        DURATION_UNITS.includes(field.config.unit ?? '') ||
        options.data.durationFields.some((chosen) => isNamed(field, frame, series, chosen))
      : own !== 'off';
  const { language } = numberFormatOf(options.numbers);
  const durationFormat = own === 'auto' || own === 'off' ? options.cards.durationFormat : own;
  const duration = (number: number) => formatDuration(number, durationFormat, language);
  // The field of an interval is a text to Grafana, and one of NULLs may be anything.
  const numeric =
    field.type === FieldType.number ? field : { ...field, type: FieldType.number, display: undefined };
  const displayOf = (of: Field) =>
    localised(getDisplayProcessor({ field: of, theme }), of, options.numbers, theme);
  const display = numeric.display ?? displayOf(numeric);
  const plain = displayOf({ ...numeric, config: { ...field.config, mappings: [], noValue: undefined } });
  return {
    points: isDuration ? undefined : PERCENT_UNITS[field.config.unit ?? ''],
    plain: (number) => (isDuration ? duration(number) : formattedValueToString(plain(number))),
    value: (number) => {
      const shown = display(Number.isNaN(number) ? null : number);
      if (Number.isNaN(number)) {
        return shown.text.trim() === '' ? { ...shown, text: options.titles.unknown } : shown;
      }
      // The text of a value mapping (the user's wish) wins over the duration's own.
      return isDuration && !hasMappedText(numeric, number, theme)
        ? { ...shown, text: duration(number), prefix: undefined, suffix: undefined }
        : shown;
    },
  };
}
