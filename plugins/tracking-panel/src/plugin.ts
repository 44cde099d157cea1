import { FieldColorModeId, FieldConfigProperty, PanelPlugin } from '@grafana/data';
import { TrackingPanel } from './components/TrackingPanel';
import { DEFAULT_FIELD_COLOUR } from './constants';
import { addFieldConfig } from './fieldConfig';
import { addOptions } from './options';
import { type TrackingFieldConfig } from './cardTypes';
import { type TrackingOptions } from './types';

export const plugin = new PanelPlugin<TrackingOptions, TrackingFieldConfig>(TrackingPanel)
  .useFieldConfig({
    standardOptions: {
      // Cards are drawn in the text's colour until somebody chooses thresholds or a colour for them.
      [FieldConfigProperty.Color]: {
        defaultValue: { mode: FieldColorModeId.Fixed, fixedColor: DEFAULT_FIELD_COLOUR },
        settings: { byValueSupport: true },
      },
    },
    useCustomConfig: addFieldConfig,
  })
  .setPanelOptions(addOptions);
