import { type CardOptions, DEFAULT_CARD_OPTIONS } from './cards/types';
import {
  DEFAULT_PART_OPTIONS,
  DEFAULT_STALE_OPTIONS,
  DEFAULT_TITLES,
  type PartOptions,
  type StaleOptions,
  type TitleOptions,
} from './frame/types';
import { DEFAULT_SELECTION_OPTIONS, type SelectionOptions } from './interaction/types';
import {
  DEFAULT_LEGEND_OPTIONS,
  DEFAULT_PIE_OPTIONS,
  DEFAULT_TOOLTIP_OPTIONS,
  type LegendOptions,
  type PieOptions,
  type TooltipOptions,
} from './pie/types';
import { DEFAULT_NUMBER_OPTIONS, type NumberOptions } from './shared/locale';
import { DEFAULT_OTHERS_OPTIONS, type OthersOptions, type StatusFields } from './statuses/options';
import { DEFAULT_TABLE_OPTIONS, type TableOptions } from './table/types';

/** What a dashboard stores for this panel. Paths are part of the saved dashboards: rename only with a migration. */
export interface TrackingOptions {
  show: PartOptions;
  data: StatusFields & {
    /** Names of fields in seconds to be shown as durations. */
    durationFields: string[];
  };
  numbers: NumberOptions;
  pie: PieOptions;
  others: OthersOptions;
  legend: LegendOptions;
  tooltip: TooltipOptions;
  cards: CardOptions;
  table: TableOptions;
  selection: SelectionOptions;
  stale: StaleOptions;
  titles: TitleOptions;
}

/** The options of a new panel. */
export const DEFAULT_OPTIONS: TrackingOptions = {
  show: DEFAULT_PART_OPTIONS,
  data: { format: 'auto', durationFields: [] },
  numbers: DEFAULT_NUMBER_OPTIONS,
  pie: DEFAULT_PIE_OPTIONS,
  others: DEFAULT_OTHERS_OPTIONS,
  legend: DEFAULT_LEGEND_OPTIONS,
  tooltip: DEFAULT_TOOLTIP_OPTIONS,
  cards: DEFAULT_CARD_OPTIONS,
  table: DEFAULT_TABLE_OPTIONS,
  selection: DEFAULT_SELECTION_OPTIONS,
  stale: DEFAULT_STALE_OPTIONS,
  titles: DEFAULT_TITLES,
};
