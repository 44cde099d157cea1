import { FieldColorModeId, FieldConfigProperty, PanelPlugin } from '@grafana/data';
import { TrackingPanel } from './components/TrackingPanel';
import { PLUGIN_ID } from './constants';
import { adoptOptions, migrateOptions, needsMigration } from './migrations';
import { addOptions } from './options';
import { suggestionsSupplier } from './suggestions';
import { type TrackingOptions } from './types';

export const plugin = new PanelPlugin<TrackingOptions>(TrackingPanel)
  .useFieldConfig({
    standardOptions: {
      // Cards are drawn in the text's colour until somebody chooses thresholds or a colour for them.
      [FieldConfigProperty.Color]: {
        defaultValue: { mode: FieldColorModeId.Fixed, fixedColor: 'text' },
        settings: { byValueSupport: true },
      },
    },
  })
  .setPanelOptions(addOptions)
  .setMigrationHandler(migrateOptions, needsMigration)
  .setPanelChangeHandler(adoptOptions)
  .setSuggestionsSupplier(suggestionsSupplier(PLUGIN_ID));
