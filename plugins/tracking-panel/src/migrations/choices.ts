import {
  type CardAlign,
  type CardColor,
  type ChangeAgainst,
  type ChangeShown,
  type DurationFormat,
} from '../cards/types';
import {
  type DonutCentre,
  type LabelPlacement,
  type LegendMode,
  type LegendPlacement,
  type LegendValue,
  type PieType,
  type SliceLabel,
  type TooltipMode,
} from '../pie/types';
import { type CountForm, type NumberLocale } from '../shared/locale';
import { type DataFormat, type SliceSort } from '../statuses/options';
import { type ExportText } from '../table/types';

/** Names every member of a union, which the compiler checks: a new one cannot be forgotten here. */
const all = <T extends string>(members: Record<T, true>): readonly T[] => Object.keys(members) as T[];

export const PIE_TYPES = all<PieType>({ pie: true, donut: true });
export const SLICE_LABELS = all<SliceLabel>({ name: true, value: true, percent: true });
export const LEGEND_VALUES = all<LegendValue>({ value: true, percent: true });
export const TOOLTIP_MODES = all<TooltipMode>({ single: true, multi: true, none: true });
export const LEGEND_PLACEMENTS = all<LegendPlacement>({ bottom: true, right: true });

/** What options with a fixed set of values may be, by their paths. */
export const CHOICES: Readonly<Record<string, readonly string[]>> = {
  'data.format': all<DataFormat>({ auto: true, long: true, wide: true }),
  'numbers.locale': all<NumberLocale>({ viewer: true, 'pt-BR': true, 'en-US': true }),
  'numbers.counts': all<CountForm>({ unit: true, full: true }),
  'pie.type': PIE_TYPES,
  'pie.sort': all<SliceSort>({ valueDesc: true, valueAsc: true, name: true, query: true }),
  'pie.labels': SLICE_LABELS,
  'pie.labelPlacement': all<LabelPlacement>({ inside: true, outside: true, auto: true }),
  'pie.centre': all<DonutCentre>({ none: true, total: true, selected: true, kpi: true }),
  'tooltip.mode': TOOLTIP_MODES,
  'legend.mode': all<LegendMode>({ list: true, table: true }),
  'legend.placement': LEGEND_PLACEMENTS,
  'legend.values': LEGEND_VALUES,
  'cards.colour': all<CardColor>({ none: true, value: true, background: true }),
  'cards.durationFormat': all<DurationFormat>({ pt: true, long: true, short: true, iso: true }),
  'cards.compareWith': all<ChangeAgainst>({ previous: true, target: true, first: true }),
  'cards.changeShown': all<ChangeShown>({ percent: true, value: true, both: true }),
  'cards.align': all<CardAlign>({ auto: true, center: true }),
  'table.exportText': all<ExportText>({ shown: true, raw: true }),
};
