import { type DataFrame, FieldType, getFieldDisplayName } from '@grafana/data';
import { type TrackingOptions } from '../types';
import { findNamed, isNamed } from '../shared/fields';
import { STATUS_TYPES } from '../statuses/long';
import { isNumeric } from '../cards/numbers';

/** Something that an option names and the data do not have. */
export interface Missing {
  what: 'statusField' | 'countField' | 'cardField' | 'previousQuery';
  /** The name in the option. */
  name: string;
  /** What there is instead: names of fields of the right type, or of queries. */
  available: string[];
}

/** What the options ask for in vain. Parts that are not shown ask for nothing. */
export function findMissing(series: DataFrame[], options: TrackingOptions): Missing[] {
  const { data, cards, show } = options;
  const found: Missing[] = [];
  const names = (types: readonly FieldType[]) =>
    series.flatMap((frame) =>
      frame.fields
        .filter(({ type }) => types.includes(type))
        .map((field) => getFieldDisplayName(field, frame, series))
    );
  const miss = (what: Missing['what'], name: string, available: string[]) =>
    found.push({ what, name, available: [...new Set(available)] });
  if ((show.pie || show.table) && data.format !== 'wide') {
    if (data.statusField && !findNamed(series, data.statusField, STATUS_TYPES)) {
      const texts = names([FieldType.string, FieldType.enum]);
      miss('statusField', data.statusField, texts.length > 0 ? texts : names(STATUS_TYPES));
    }
    if (data.valueField && !findNamed(series, data.valueField, [FieldType.number])) {
      miss('countField', data.valueField, names([FieldType.number]));
    }
  }
  if (show.cards) {
    for (const name of cards.fields) {
      if (
        !series.some((frame) => frame.fields.some((f) => isNumeric(f) && isNamed(f, frame, series, name)))
      ) {
        miss('cardField', name, names([FieldType.number]));
      }
    }
    if (cards.previousQuery && !series.some(({ refId }) => refId === cards.previousQuery)) {
      miss(
        'previousQuery',
        cards.previousQuery,
        series.flatMap(({ refId }) => refId ?? [])
      );
    }
  }
  return found;
}
