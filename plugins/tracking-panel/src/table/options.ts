import { type SelectFieldConfigSettings } from '@grafana/data';
import { t } from '@grafana/i18n';
import { findStatuses } from '../statuses/role';
import { extraFields } from './columns';
import { DEFAULT_OPTIONS } from '../types';
import { type Builder, hasTable } from '../shared/editor';

const defaults = DEFAULT_OPTIONS.table;

/** Everything about the status table but its heading. */
export function addTable(builder: Builder): void {
  const category = [t('options.category-table', 'Status table')];
  builder
    .addMultiSelect<string, SelectFieldConfigSettings<string>>({
      path: 'table.columns',
      name: t('options.table-columns', 'Columns'),
      description: t(
        'options.table-columns-description',
        'Further fields of the status frame can be columns too.'
      ),
      category,
      // The builder types the default of a multi-select as one value.
      defaultValue: defaults.columns as unknown as string,
      showIf: hasTable,
      settings: {
        options: [],
        getOptions: async ({ data, options }) => {
          const status = findStatuses(data, options.data ?? DEFAULT_OPTIONS.data);
          return [
            { value: 'status', label: t('options.column-status', 'Status') },
            { value: 'count', label: t('options.column-count', 'Count') },
            { value: 'share', label: t('table.share', 'Share') },
            ...extraFields(status).map(({ name }) => ({ value: `field:${name}`, label: name })),
          ];
        },
      },
    })
    .addBooleanSwitch({
      path: 'table.chooseColumns',
      name: t('options.table-choose-columns', 'Viewers choose columns'),
      description: t('options.table-choose-columns-description', 'Each choice is stored for its viewer.'),
      category,
      defaultValue: defaults.chooseColumns,
      showIf: hasTable,
    })
    .addBooleanSwitch({
      path: 'table.search',
      name: t('options.table-search', 'Search'),
      category,
      defaultValue: defaults.search,
      showIf: hasTable,
    })
    .addBooleanSwitch({
      path: 'table.shareBars',
      name: t('options.table-share-bars', 'Bars of shares'),
      category,
      defaultValue: defaults.shareBars,
      showIf: hasTable,
    })
    .addBooleanSwitch({
      path: 'table.export',
      name: t('options.table-export', 'Export as CSV'),
      description: t(
        'options.table-export-description',
        'A button that saves the rows and columns that are shown.'
      ),
      category,
      defaultValue: defaults.export,
      showIf: hasTable,
    })
    .addRadio({
      path: 'table.exportText',
      name: t('options.table-export-text', 'Exported'),
      category,
      defaultValue: defaults.exportText,
      showIf: (options) => hasTable(options) && options.table.export,
      settings: {
        options: [
          { value: 'shown', label: t('options.export-shown', 'As shown') },
          { value: 'raw', label: t('options.export-raw', 'Plain values') },
        ],
      },
    });
}
