import { FieldColorModeId, FieldConfigProperty, PanelPlugin } from '@grafana/data';
import { TrackingPanel } from './frame/TrackingPanel';
import { type TrackingFieldConfig } from './cards/types';
import { DEFAULT_FIELD_COLOR, PLUGIN_ID } from './constants';
import { addFieldConfig } from './cards/fieldConfig';
import { adoptOptions, migrateOptions, needsMigration } from './migrations';
import { addOptions } from './options';
import { suggestionsSupplier } from './suggestions';
import { type TrackingOptions } from './types';

export const plugin = new PanelPlugin<TrackingOptions, TrackingFieldConfig>(TrackingPanel)
  .useFieldConfig({
    standardOptions: {
      // Cards are drawn in the text's color until somebody chooses thresholds or a color for them.
      [FieldConfigProperty.Color]: {
        defaultValue: { mode: FieldColorModeId.Fixed, fixedColor: DEFAULT_FIELD_COLOR },
        settings: { byValueSupport: true },
      },
    },
    useCustomConfig: addFieldConfig,
  })
  .setPanelOptions(addOptions)
  .setMigrationHandler(migrateOptions, needsMigration)
  .setPanelChangeHandler(adoptOptions)
  .setSuggestionsSupplier(suggestionsSupplier(PLUGIN_ID));
