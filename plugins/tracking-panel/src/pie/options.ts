import { type Field, FieldType, type SelectFieldConfigSettings } from '@grafana/data';
import { t } from '@grafana/i18n';
import { MOST_STATUSES } from '../statuses/others';
import { DEFAULT_OPTIONS, type TrackingOptions } from '../types';
import { type Builder, hasPie, hasStatuses } from '../shared/editor';

const isDonut = (options: TrackingOptions) => options.show.pie && options.pie.type === 'donut';
const hasLabels = (options: TrackingOptions) => options.show.pie && options.pie.labels.length > 0;

/** Whether pie and legend may have a slice that gathers others. */
export const gathersOthers = ({ show, others }: TrackingOptions): boolean =>
  show.pie && (others.top > 0 || others.minShare > 0);

/** Form, order, labels and looks of the pie. */
export function addPie(builder: Builder): void {
  const category = [t('options.category-pie', 'Pie')];
  builder
    .addRadio({
      path: 'pie.type',
      name: t('options.pie-type', 'Type'),
      category,
      defaultValue: DEFAULT_OPTIONS.pie.type,
      showIf: hasPie,
      settings: {
        options: [
          { value: 'pie', label: t('options.pie-type-pie', 'Pie') },
          { value: 'donut', label: t('options.pie-type-donut', 'Donut') },
        ],
      },
    })
    .addSliderInput({
      path: 'pie.donutThickness',
      name: t('options.donut-thickness', 'Thickness of the ring'),
      description: t('options.donut-thickness-description', 'In percent of the radius.'),
      category,
      defaultValue: DEFAULT_OPTIONS.pie.donutThickness,
      showIf: isDonut,
      settings: { min: 5, max: 95, step: 1 },
    })
    .addSelect({
      path: 'pie.centre',
      name: t('options.centre', 'In the hole'),
      category,
      defaultValue: DEFAULT_OPTIONS.pie.centre,
      showIf: isDonut,
      settings: {
        options: [
          { value: 'none', label: t('options.centre-none', 'Nothing') },
          { value: 'total', label: t('options.centre-total', 'Total') },
          { value: 'selected', label: t('options.centre-selected', 'Status pointed at, else total') },
          { value: 'kpi', label: t('options.centre-kpi', 'KPI') },
        ],
      },
    })
    .addFieldNamePicker({
      path: 'pie.centreField',
      name: t('options.centre-field', 'Field of the KPI'),
      description: t('options.centre-field-description', 'Its first value is shown, as on a card.'),
      category,
      showIf: (options) => isDonut(options) && options.pie.centre === 'kpi',
      settings: {
        filter: (field: Field) => field.type === FieldType.number || field.type === FieldType.string,
      },
    })
    .addSelect({
      path: 'pie.sort',
      name: t('options.sort', 'Order of statuses'),
      category,
      defaultValue: DEFAULT_OPTIONS.pie.sort,
      showIf: hasStatuses,
      settings: {
        options: [
          { value: 'valueDesc', label: t('options.sort-value-desc', 'Most packages first') },
          { value: 'valueAsc', label: t('options.sort-value-asc', 'Fewest packages first') },
          { value: 'name', label: t('options.sort-name', 'By name') },
          { value: 'query', label: t('options.sort-query', 'As the query gives them') },
        ],
      },
    })
    .addMultiSelect<string, SelectFieldConfigSettings<string>>({
      path: 'pie.labels',
      name: t('options.labels', 'Labels'),
      category,
      // The builder types the default of a multi-select as one value.
      defaultValue: DEFAULT_OPTIONS.pie.labels as unknown as string,
      showIf: hasPie,
      settings: {
        options: [
          { value: 'name', label: t('options.label-name', 'Name') },
          { value: 'value', label: t('options.label-value', 'Value') },
          { value: 'percent', label: t('options.label-percent', 'Percent') },
        ],
      },
    })
    .addRadio({
      path: 'pie.labelPlacement',
      name: t('options.label-placement', 'Place of labels'),
      description: t(
        'options.label-placement-description',
        'Auto: outside where the slice is too small. Labels without room are left out, of the smallest slices first.'
      ),
      category,
      defaultValue: DEFAULT_OPTIONS.pie.labelPlacement,
      showIf: hasLabels,
      settings: {
        options: [
          { value: 'inside', label: t('options.label-inside', 'Inside') },
          { value: 'outside', label: t('options.label-outside', 'Outside') },
          { value: 'auto', label: t('options.label-auto', 'Auto') },
        ],
      },
    })
    .addSliderInput({
      path: 'pie.labelSize',
      name: t('options.label-size', 'Size of labels'),
      category,
      defaultValue: DEFAULT_OPTIONS.pie.labelSize,
      showIf: hasLabels,
      settings: { min: 8, max: 32, step: 1 },
    })
    .addSliderInput({
      path: 'pie.percentDecimals',
      name: t('options.percent-decimals', 'Decimals of percents'),
      description: t('options.percent-decimals-description', 'Rounded so that all percents sum to 100.'),
      category,
      defaultValue: DEFAULT_OPTIONS.pie.percentDecimals,
      showIf: hasStatuses,
      settings: { min: 0, max: 3, step: 1 },
    })
    .addBooleanSwitch({
      path: 'pie.patterns',
      name: t('options.patterns', 'Patterns'),
      description: t('options.patterns-description', 'Tells statuses apart by more than their color.'),
      category,
      defaultValue: DEFAULT_OPTIONS.pie.patterns,
      showIf: hasPie,
    });
}

/** What is gathered in one slice. */
export function addOthers(builder: Builder): void {
  const category = [t('options.category-others', 'Small statuses')];
  builder
    .addNumberInput({
      path: 'others.top',
      name: t('options.others-top', 'Largest statuses to keep'),
      description: t(
        'options.others-top-description',
        'Pie and legend gather the others in one slice. 0: as many as there are, 100 at most.'
      ),
      category,
      defaultValue: DEFAULT_OPTIONS.others.top,
      showIf: hasPie,
      settings: { min: 0, max: MOST_STATUSES, integer: true },
    })
    .addNumberInput({
      path: 'others.minShare',
      name: t('options.others-min-share', 'Least share to keep (%)'),
      description: t(
        'options.others-min-share-description',
        'Smaller ones are gathered, for their slices could hardly be seen. 0: keep all.'
      ),
      category,
      defaultValue: DEFAULT_OPTIONS.others.minShare,
      showIf: hasPie,
      settings: { min: 0, max: 100 },
    });
}
