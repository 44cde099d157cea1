import {
  type DataFrame,
  EventBusSrv,
  getDefaultTimeRange,
  LoadingState,
  type PanelProps,
} from '@grafana/data';
import { type TrackingOptions } from '../types';
import { optionsWith } from './frames';

/** What Grafana hands to a panel whose data have arrived. `frames` after overrides. */
export function panelProps(
  frames: DataFrame[],
  { options = optionsWith(), width = 1100, height = 600 } = {}
): PanelProps<TrackingOptions> {
  const timeRange = getDefaultTimeRange();
  return {
    id: 1,
    title: '',
    data: { state: LoadingState.Done, series: frames, timeRange },
    options,
    width,
    height,
    fieldConfig: { defaults: {}, overrides: [] },
    eventBus: new EventBusSrv(),
    timeRange,
    timeZone: 'utc',
    renderCounter: 0,
    transparent: false,
    replaceVariables: (text) => text,
    onOptionsChange: () => undefined,
    onFieldConfigChange: () => undefined,
    onChangeTimeRange: () => undefined,
  };
}
