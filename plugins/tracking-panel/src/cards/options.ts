import { fieldReducers, type SelectFieldConfigSettings } from '@grafana/data';
import { t } from '@grafana/i18n';
import { type DurationFormat } from './types';
import { isNumeric } from './numbers';
import { DEFAULT_OPTIONS, type TrackingOptions } from '../types';
import { type Builder, fieldChoices, hasCards } from '../shared/editor';

const defaults = DEFAULT_OPTIONS.cards;
const hasChanges = (options: TrackingOptions) => hasCards(options) && options.cards.compareWith.length > 0;
const showsPercent = (options: TrackingOptions) =>
  hasChanges(options) && options.cards.changeShown !== 'value';

/** Reducers whose result is in the unit of the field. */
const CALCULATIONS = [
  'lastNotNull',
  'last',
  'firstNotNull',
  'first',
  'min',
  'max',
  'mean',
  'median',
  'p90',
  'p95',
  'p99',
  'sum',
  'range',
  'diff',
];

export const durationChoices = (): Array<{ value: DurationFormat; label: string }> => [
  { value: 'pt', label: t('options.duration-pt', '2 dias, 08:42:00 (Portuguese)') },
  { value: 'long', label: t('options.duration-long', "2 days, 08:42:00 (viewer's language)") },
  { value: 'short', label: t('options.duration-short', '2 d 8 h') },
  { value: 'iso', label: t('options.duration-iso', 'P2DT8H42M (ISO 8601)') },
];

/** Everything about KPI cards but their titles. */
export function addCards(builder: Builder): void {
  addValues(builder);
  addChanges(builder);
  addLook(builder);
}

function addValues(builder: Builder): void {
  const category = [t('options.category-cards', 'KPI cards')];
  builder
    .addMultiSelect<string, SelectFieldConfigSettings<string>>({
      path: 'cards.fields',
      name: t('options.card-fields', 'Fields'),
      description: t(
        'options.card-fields-description',
        'Empty: every number of the frames beside the status frame.'
      ),
      category,
      // The builder types the default of a multi-select as one value.
      defaultValue: defaults.fields as unknown as string,
      showIf: hasCards,
      settings: { options: [], getOptions: async ({ data }) => fieldChoices(data, isNumeric) },
    })
    .addSelect<string, SelectFieldConfigSettings<string>>({
      path: 'cards.calculation',
      name: t('options.card-calculation', 'Calculation'),
      description: t(
        'options.card-calculation-description',
        'Makes one number of a field with several rows.'
      ),
      category,
      defaultValue: defaults.calculation,
      showIf: hasCards,
      settings: {
        options: CALCULATIONS.flatMap((id) => {
          const reducer = fieldReducers.getIfExists(id);
          return reducer ? [{ value: id, label: reducer.name, description: reducer.description }] : [];
        }),
      },
    })
    .addSelect({
      path: 'cards.durationFormat',
      name: t('options.duration-format', 'Durations'),
      category,
      defaultValue: defaults.durationFormat,
      showIf: hasCards,
      settings: { options: durationChoices() },
    });
}

function addChanges(builder: Builder): void {
  const category = [t('options.category-changes', 'Changes on KPI cards')];
  builder
    .addMultiSelect<string, SelectFieldConfigSettings<string>>({
      path: 'cards.compareWith',
      name: t('options.compare-with', 'Compare with'),
      description: t(
        'options.compare-with-description',
        'Shown where the data have it: columns named like the value plus _anterior or _meta, the query below, or the series.'
      ),
      category,
      // The builder types the default of a multi-select as one value.
      defaultValue: defaults.compareWith as unknown as string,
      showIf: hasCards,
      settings: {
        options: [
          { value: 'previous', label: t('options.compare-previous', 'Previous period') },
          { value: 'target', label: t('options.compare-target', 'Target') },
          { value: 'first', label: t('options.compare-first', 'First value of the series') },
        ],
      },
    })
    .addSelect<string, SelectFieldConfigSettings<string>>({
      path: 'cards.previousQuery',
      name: t('options.previous-query', 'Query of the previous period'),
      description: t(
        'options.previous-query-description',
        'Has the same column names; no cards are made of it.'
      ),
      category,
      defaultValue: defaults.previousQuery,
      showIf: (options) => hasCards(options) && options.cards.compareWith.includes('previous'),
      settings: {
        options: [],
        getOptions: async ({ data }) => [
          { value: '', label: t('options.none', 'None') },
          ...[...new Set(data.flatMap(({ refId }) => refId ?? []))].map((value) => ({ value, label: value })),
        ],
      },
    })
    .addRadio({
      path: 'cards.changeShown',
      name: t('options.change-shown', 'Show change as'),
      category,
      defaultValue: defaults.changeShown,
      showIf: hasChanges,
      settings: {
        options: [
          { value: 'percent', label: t('options.label-percent', 'Percent') },
          { value: 'value', label: t('options.change-value', 'Own unit') },
          { value: 'both', label: t('options.change-both', 'Both') },
        ],
      },
    })
    .addSliderInput({
      path: 'cards.changeDecimals',
      name: t('options.change-decimals', 'Decimals of changes in percent'),
      category,
      defaultValue: defaults.changeDecimals,
      showIf: showsPercent,
      settings: { min: 0, max: 3, step: 1 },
    });
}

function addLook(builder: Builder): void {
  const category = [t('options.category-cards', 'KPI cards')];
  builder
    .addRadio({
      path: 'cards.colour',
      name: t('options.card-color', 'Color'),
      description: t(
        'options.card-color-description',
        'What the color of the value (standard options, thresholds, mappings) paints.'
      ),
      category,
      defaultValue: defaults.colour,
      showIf: hasCards,
      settings: {
        options: [
          { value: 'none', label: t('options.card-color-none', 'Nothing') },
          { value: 'value', label: t('options.card-color-value', 'Value') },
          { value: 'background', label: t('options.card-color-background', 'Background') },
        ],
      },
    })
    .addBooleanSwitch({
      path: 'cards.sparkline',
      name: t('options.card-sparkline', 'Sparkline'),
      description: t('options.card-sparkline-description', 'For frames with a time field.'),
      category,
      defaultValue: defaults.sparkline,
      showIf: hasCards,
    })
    .addRadio({
      path: 'cards.align',
      name: t('options.card-align', 'Alignment'),
      category,
      defaultValue: defaults.align,
      showIf: hasCards,
      settings: {
        options: [
          { value: 'auto', label: t('options.align-left', 'Left') },
          { value: 'center', label: t('options.align-center', 'Center') },
        ],
      },
    })
    .addSliderInput({
      path: 'cards.minWidth',
      name: t('options.card-min-width', 'Least width'),
      description: t('options.card-min-width-description', 'Decides how many cards stand side by side.'),
      category,
      defaultValue: defaults.minWidth,
      showIf: hasCards,
      settings: { min: 100, max: 600, step: 20 },
    })
    .addNumberInput({
      path: 'cards.titleSize',
      name: t('options.card-title-size', 'Size of labels'),
      category,
      showIf: hasCards,
      settings: { placeholder: t('options.auto', 'Auto'), integer: true, min: 8, max: 100 },
    })
    .addNumberInput({
      path: 'cards.valueSize',
      name: t('options.card-value-size', 'Size of values'),
      category,
      showIf: hasCards,
      settings: { placeholder: t('options.auto', 'Auto'), integer: true, min: 8, max: 300 },
    });
}
