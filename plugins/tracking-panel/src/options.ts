import { type Field, FieldType, type PanelOptionsEditorBuilder, type SelectFieldConfigSettings } from '@grafana/data';
import { t } from '@grafana/i18n';
import { addSelection, addStale } from './options/interaction';
import { DEFAULT_OPTIONS, type TrackingOptions } from './types';

type Builder = PanelOptionsEditorBuilder<TrackingOptions>;

const hasPie = (options: TrackingOptions) => options.show.pie;
const hasLegend = (options: TrackingOptions) => options.show.pie && options.legend.show;
const hasCards = (options: TrackingOptions) => options.show.cards;
const hasStatuses = (options: TrackingOptions) => options.show.pie || options.show.table;
const isLong = (options: TrackingOptions) => options.data.format !== 'wide';

/** Puts every option of the panel into Grafana's editor, grouped; those without effect stay hidden. */
export function addOptions(builder: Builder): void {
  addParts(builder);
  addData(builder);
  addPie(builder);
  addLegend(builder);
  addCards(builder);
  addSelection(builder);
  addStale(builder);
  addTitles(builder);
}

function addParts(builder: Builder): void {
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

function addData(builder: Builder): void {
  const category = [t('options.category-data', 'Data')];
  builder
    .addRadio({
      path: 'data.format',
      name: t('options.format', 'Statuses are in'),
      description: t(
        'options.format-description',
        'Rows: a text field and a count. Columns: one row with a number per status.'
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
        'Empty: status_rastreamento or status, else the first text field.'
      ),
      category,
      showIf: isLong,
      settings: {
        filter: (field: Field) => field.type === FieldType.string || field.type === FieldType.enum,
      },
    })
    .addFieldNamePicker({
      path: 'data.valueField',
      name: t('options.value-field', 'Count field'),
      description: t('options.value-field-description', 'Empty: total_pacotes, total or count, else the first number.'),
      category,
      showIf: isLong,
      settings: { filter: (field: Field) => field.type === FieldType.number },
    })
    .addMultiSelect<string, SelectFieldConfigSettings<string>>({
      path: 'data.durationFields',
      name: t('options.duration-fields', 'Duration fields'),
      description: t('options.duration-fields-description', 'Numbers in seconds to be shown as "2 dias, 08:42:00".'),
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

function addPie(builder: Builder): void {
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
        ],
      },
    })
    .addMultiSelect<string, SelectFieldConfigSettings<string>>({
      path: 'pie.labels',
      name: t('options.labels', 'Labels'),
      description: t('options.labels-description', 'Written on a slice where they fit.'),
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
    .addSliderInput({
      path: 'pie.percentDecimals',
      name: t('options.percent-decimals', 'Decimals of percents'),
      description: t('options.percent-decimals-description', 'Rounded so that all percents sum to 100.'),
      category,
      defaultValue: DEFAULT_OPTIONS.pie.percentDecimals,
      showIf: hasStatuses,
      settings: { min: 0, max: 3, step: 1 },
    });
}

function addLegend(builder: Builder): void {
  const category = [t('options.category-legend', 'Legend')];
  builder
    .addBooleanSwitch({
      path: 'legend.show',
      name: t('options.legend-show', 'Show'),
      category,
      defaultValue: DEFAULT_OPTIONS.legend.show,
      showIf: hasPie,
    })
    .addRadio({
      path: 'legend.mode',
      name: t('options.legend-mode', 'Mode'),
      category,
      defaultValue: DEFAULT_OPTIONS.legend.mode,
      showIf: hasLegend,
      settings: {
        options: [
          { value: 'list', label: t('options.legend-list', 'List') },
          { value: 'table', label: t('options.legend-table', 'Table') },
        ],
      },
    })
    .addRadio({
      path: 'legend.placement',
      name: t('options.legend-placement', 'Placement'),
      description: t(
        'options.legend-placement-description',
        'Goes to the bottom where the right side has no room for its numbers.'
      ),
      category,
      defaultValue: DEFAULT_OPTIONS.legend.placement,
      showIf: hasLegend,
      settings: {
        options: [
          { value: 'bottom', label: t('options.legend-bottom', 'Bottom') },
          { value: 'right', label: t('options.legend-right', 'Right') },
        ],
      },
    })
    .addMultiSelect<string, SelectFieldConfigSettings<string>>({
      path: 'legend.values',
      name: t('options.legend-values', 'Values'),
      category,
      // The builder types the default of a multi-select as one value.
      defaultValue: DEFAULT_OPTIONS.legend.values as unknown as string,
      showIf: hasLegend,
      settings: {
        options: [
          { value: 'value', label: t('options.label-value', 'Value') },
          { value: 'percent', label: t('options.label-percent', 'Percent') },
        ],
      },
    });
}

function addCards(builder: Builder): void {
  builder.addRadio({
    path: 'cards.colour',
    name: t('options.card-colour', 'Color'),
    description: t(
      'options.card-colour-description',
      'What the color of the value (standard options, thresholds, mappings) paints.'
    ),
    category: [t('options.category-cards', 'KPI cards')],
    defaultValue: DEFAULT_OPTIONS.cards.colour,
    showIf: hasCards,
    settings: {
      options: [
        { value: 'none', label: t('options.card-colour-none', 'Nothing') },
        { value: 'value', label: t('options.card-colour-value', 'Value') },
        { value: 'background', label: t('options.card-colour-background', 'Background') },
      ],
    },
  });
}

function addTitles(builder: Builder): void {
  const category = [t('options.category-titles', 'Titles')];
  const rows: Array<[keyof TrackingOptions['titles'], string, ((options: TrackingOptions) => boolean)?]> = [
    ['pieHeading', t('options.title-pie-heading', 'Heading of the pie'), hasPie],
    ['pie', t('options.title-pie', 'Title of the pie'), hasPie],
    ['meanHeading', t('options.title-mean-heading', 'Heading of the mean delivery time'), hasCards],
    ['mean', t('options.title-mean', 'Label of the mean delivery time'), hasCards],
    ['totalHeading', t('options.title-total-heading', 'Heading of the total'), hasCards],
    ['total', t('options.title-total', 'Label of the total'), hasCards],
    ['table', t('options.title-table', 'Heading of the table'), (options) => options.show.table],
    ['empty', t('options.title-empty', 'Text while there are no data')],
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
