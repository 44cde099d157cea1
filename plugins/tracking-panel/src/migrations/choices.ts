import {
  type CardColour,
  type DataFormat,
  type LegendMode,
  type LegendPlacement,
  type LegendValue,
  type PieType,
  type SliceLabel,
  type SliceSort,
} from '../types';

/** Names every member of a union, which the compiler checks: a new one cannot be forgotten here. */
const all = <T extends string>(members: Record<T, true>): readonly T[] => Object.keys(members) as T[];

export const PIE_TYPES = all<PieType>({ pie: true, donut: true });
export const SLICE_LABELS = all<SliceLabel>({ name: true, value: true, percent: true });
export const LEGEND_VALUES = all<LegendValue>({ value: true, percent: true });
export const LEGEND_PLACEMENTS = all<LegendPlacement>({ bottom: true, right: true });

/** What options with a fixed set of values may be, by their paths. */
export const CHOICES: Readonly<Record<string, readonly string[]>> = {
  'data.format': all<DataFormat>({ auto: true, long: true, wide: true }),
  'pie.type': PIE_TYPES,
  'pie.sort': all<SliceSort>({ valueDesc: true, valueAsc: true, name: true }),
  'pie.labels': SLICE_LABELS,
  'legend.mode': all<LegendMode>({ list: true, table: true }),
  'legend.placement': LEGEND_PLACEMENTS,
  'legend.values': LEGEND_VALUES,
  'cards.colour': all<CardColour>({ none: true, value: true, background: true }),
};
