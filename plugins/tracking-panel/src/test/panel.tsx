import {
  type DataFrame,
  EventBusSrv,
  type FieldConfigSource,
  getDefaultTimeRange,
  LoadingState,
  type PanelData,
  type PanelProps,
} from '@grafana/data';
import { PanelContextProvider, type PanelContext } from '@grafana/ui';
import { render } from '@testing-library/react';
import React from 'react';
import { TrackingPanel } from '../frame/TrackingPanel';
import { type TrackingOptions } from '../types';
import { optionsWith, ORIGINAL_FRAMES, THEME, withOverrides } from './frames';

export interface GivenPanel {
  frames?: DataFrame[];
  state?: LoadingState;
  errors?: PanelData['errors'];
  options?: TrackingOptions;
  fieldConfig?: FieldConfigSource;
  replaceVariables?: PanelProps['replaceVariables'];
  width?: number;
  height?: number;
}

/** The props that Grafana gives to the panel. */
function panelProps({
  frames = ORIGINAL_FRAMES(),
  state = LoadingState.Done,
  errors,
  options = optionsWith(),
  fieldConfig = { defaults: {}, overrides: [] },
  replaceVariables = (text) => text,
  width = 1100,
  height = 600,
}: GivenPanel = {}): PanelProps<TrackingOptions> {
  const data: PanelData = {
    state,
    errors,
    series: withOverrides(frames, fieldConfig, THEME, replaceVariables),
    timeRange: getDefaultTimeRange(),
  };
  return {
    id: 1,
    title: '',
    data,
    options,
    width,
    height,
    fieldConfig,
    eventBus: new EventBusSrv(),
    timeRange: data.timeRange,
    timeZone: 'utc',
    renderCounter: 0,
    transparent: false,
    replaceVariables,
    onOptionsChange: () => undefined,
    onFieldConfigChange: () => undefined,
    onChangeTimeRange: () => undefined,
  };
}

/** Draws the panel in a panel's context; `update` draws it again with other props. */
export function showPanel(given: GivenPanel = {}, context: Partial<PanelContext> = {}) {
  const value: PanelContext = { eventsScope: 'global', eventBus: new EventBusSrv(), ...context };
  const draw = (next: GivenPanel) => (
    <PanelContextProvider value={value}>
      <TrackingPanel {...panelProps(next)} />
    </PanelContextProvider>
  );
  const result = render(draw(given));
  return {
    ...result,
    eventBus: value.eventBus,
    update: (next: GivenPanel = {}) => result.rerender(draw(next)),
  };
}
