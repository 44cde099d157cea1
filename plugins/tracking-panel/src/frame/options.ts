import { type Field, FieldType, type SelectFieldConfigSettings } from '@grafana/data';
import { t } from '@grafana/i18n';
import { gathersOthers } from '../pie/options';
import { STATUS_TYPES } from '../statuses/long';
import { type Builder, hasCards, hasPie } from '../shared/editor';
import { DEFAULT_OPTIONS, type TrackingOptions } from '../types';

const isLong = (options: TrackingOptions) => options.data.format !== 'wide';

/** Which parts there are. */
export function addParts(builder: Builder): void {
  const category = [t('options.category-parts', 'Parts')];
  builder
    .addBooleanSwitch({
      path: 'show.pie',
      name: t('options.show-pie', 'Pie'),
      category,
      defaultValue: DEFAULT_OPTIONS.show.pie,
    })
    .addBooleanSwitch({
      path: 'show.cards',
      name: t('options.show-cards', 'KPI cards'),
      category,
      defaultValue: DEFAULT_OPTIONS.show.cards,
    })
    .addBooleanSwitch({
      path: 'show.table',
      name: t('options.show-table', 'Status table'),
      category,
      defaultValue: DEFAULT_OPTIONS.show.table,
    });
}

/** Where statuses and durations are in the data. */
export function addData(builder: Builder): void {
  const category = [t('options.category-data', 'Data')];
  builder
    .addRadio({
      path: 'data.format',
      name: t('options.format', 'Statuses are in'),
      description: t(
        'options.format-description',
        'Rows: a field of statuses and a count. Columns: a number per status, in one row or as series.'
      ),
      category,
      defaultValue: DEFAULT_OPTIONS.data.format,
      settings: {
        options: [
          { value: 'auto', label: t('options.format-auto', 'Auto') },
          { value: 'long', label: t('options.format-long', 'Rows') },
          { value: 'wide', label: t('options.format-wide', 'Columns') },
        ],
      },
    })
    .addFieldNamePicker({
      path: 'data.statusField',
      name: t('options.status-field', 'Status field'),
      description: t(
        'options.status-field-description',
        'Empty: status_rastreamento or status, else the first text, else yes or no, else a number beside the count.'
      ),
      category,
      showIf: isLong,
      settings: {
        filter: (field: Field) => STATUS_TYPES.includes(field.type),
      },
    })
    .addFieldNamePicker({
      path: 'data.valueField',
      name: t('options.value-field', 'Count field'),
      description: t(
        'options.value-field-description',
        'Empty: total_pacotes, total or count, else the first number.'
      ),
      category,
      showIf: isLong,
      settings: { filter: (field: Field) => field.type === FieldType.number },
    })
    .addMultiSelect<string, SelectFieldConfigSettings<string>>({
      path: 'data.durationFields',
      name: t('options.duration-fields', 'Duration fields'),
      description: t(
        'options.duration-fields-description',
        'Numbers in seconds to be shown in the format for durations.'
      ),
      category,
      // The builder types the default of a multi-select as one value.
      defaultValue: DEFAULT_OPTIONS.data.durationFields as unknown as string,
      showIf: hasCards,
      settings: {
        options: [],
        getOptions: async ({ data }) => {
          const names = data
            .flatMap(({ fields }) => fields.filter(({ type }) => type === FieldType.number))
            .map(({ name }) => name);
          return [...new Set(names)].map((value) => ({ value, label: value }));
        },
      },
    });
}

/** When the data are called old. */
export function addStale(builder: Builder): void {
  builder.addNumberInput({
    path: 'stale.afterSeconds',
    name: t('options.stale-after', 'Old after seconds'),
    description: t(
      'options.stale-after-description',
      'Without new data for this long, a badge tells their age. 0: only when a query has failed.'
    ),
    category: [t('options.category-stale', 'Old data')],
    defaultValue: DEFAULT_OPTIONS.stale.afterSeconds,
    settings: { min: 0, integer: true },
  });
}

/** Every text that a user may write himself. */
export function addTitles(builder: Builder): void {
  const category = [t('options.category-titles', 'Titles')];
  const rows: Array<[keyof TrackingOptions['titles'], string, ((options: TrackingOptions) => boolean)?]> = [
    ['pieHeading', t('options.title-pie-heading', 'Heading of the pie'), hasPie],
    ['pie', t('options.title-pie', 'Title of the pie'), hasPie],
    ['meanHeading', t('options.title-mean-heading', 'Heading of the mean delivery time'), hasCards],
    ['mean', t('options.title-mean', 'Label of the mean delivery time'), hasCards],
    ['totalHeading', t('options.title-total-heading', 'Heading of the total'), hasCards],
    ['total', t('options.title-total', 'Label of the total'), hasCards],
    ['table', t('options.title-table', 'Heading of the table'), (options) => options.show.table],
    ['others', t('options.title-others', 'Name of the gathered statuses'), gathersOthers],
    ['empty', t('options.title-empty', 'Text while there are no data')],
    ['unknown', t('options.title-unknown', 'Text of a card without a value'), hasCards],
  ];
  for (const [key, name, showIf] of rows) {
    builder.addTextInput({
      path: `titles.${key}`,
      name,
      category,
      defaultValue: DEFAULT_OPTIONS.titles[key],
      showIf,
    });
  }
}
