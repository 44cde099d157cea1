import { FieldColorModeId, FieldConfigProperty, PanelPlugin } from '@grafana/data';
import { TrackingPanel } from './components/TrackingPanel';
import { addOptions } from './options';
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
  .setPanelOptions(addOptions);
