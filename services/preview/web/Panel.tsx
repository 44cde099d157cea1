import {
  LoadingState,
  PluginContextProvider,
  type AbsoluteTimeRange,
  type DashboardCursorSync,
  type EventBus,
  type PanelPlugin,
  type PluginMeta,
  type TimeRange,
} from '@grafana/data';
import {
  ErrorBoundaryAlert,
  LoadingPlaceholder,
  PanelChrome,
  PanelContextProvider,
  type PanelContext,
} from '@grafana/ui';
import React, { useEffect, useMemo, useState } from 'react';
import { interpolate, type VariableValues } from './interpolate';
import type { PanelModel } from './model';
import { panelPlugin } from './panels';
import { replaceVariables } from './services';
import { usePanelData } from './usePanelData';

interface PanelFrameProps {
  readonly panel: PanelModel;
  readonly range: TimeRange;
  readonly variables: VariableValues;
  readonly width: number;
  readonly height: number;
  /** What the panels of the dashboard tell each other by. */
  readonly eventBus: EventBus;
  readonly sync: DashboardCursorSync;
  readonly onRange: (range: AbsoluteTimeRange) => void;
}

/** One panel of a dashboard: loads its plugin, then draws it. An error stays inside. */
export function Panel(props: PanelFrameProps) {
  const { panel, width, height } = props;
  const [plugin, setPlugin] = useState<PanelPlugin>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    panelPlugin(panel.type).then(setPlugin, (error: Error) => setProblem(error.message));
  }, [panel.type]);
  if (plugin !== undefined) return <LoadedPanel {...props} plugin={plugin} />;
  return (
    <PanelChrome title={panel.title} width={width} height={height}>
      {() => (problem === undefined ? <LoadingPlaceholder text="" /> : <p role="alert">{problem}</p>)}
    </PanelChrome>
  );
}

function LoadedPanel({
  panel,
  plugin,
  range,
  variables,
  width,
  height,
  eventBus: dashboardBus,
  sync,
  onRange,
}: PanelFrameProps & { plugin: PanelPlugin }) {
  const { data, options, fieldConfig } = usePanelData(panel, plugin, range, variables, width);
  const eventBus = useMemo(
    () => dashboardBus.newScopedBus(`panel-${panel.id}`, { onlyLocal: false }),
    [dashboardBus, panel.id],
  );
  const context = useMemo<PanelContext>(
    () => ({ eventsScope: 'global', eventBus, sync: () => sync }),
    [eventBus, sync],
  );
  const meta = useMemo(
    () => ({ id: panel.type, name: panel.type, type: 'panel' }) as unknown as PluginMeta,
    [panel.type],
  );
  const Component = plugin.panel;
  if (Component === null) return null;
  const title = interpolate(panel.title, variables);
  return (
    <div data-panel-state={data.state}>
      <PanelChrome
        title={title}
        description={panel.description}
        width={width}
        height={height}
        loadingState={data.state}
        statusMessage={
          data.state === LoadingState.Error ? data.errors?.map((e) => e.message).join('\n') : undefined
        }
        displayMode={panel.transparent === true ? 'transparent' : 'default'}
      >
        {(innerWidth, innerHeight) => (
          <ErrorBoundaryAlert dependencies={[data, options]}>
            <PluginContextProvider meta={meta}>
              <PanelContextProvider value={context}>
                <Component
                  id={panel.id}
                  data={data}
                  title={title}
                  timeRange={range}
                  timeZone="browser"
                  options={options}
                  fieldConfig={fieldConfig}
                  transparent={panel.transparent === true}
                  width={innerWidth}
                  height={innerHeight}
                  renderCounter={0}
                  eventBus={eventBus}
                  replaceVariables={(text, scoped) => replaceVariables(text, variables, scoped)}
                  onOptionsChange={() => undefined}
                  onFieldConfigChange={() => undefined}
                  onChangeTimeRange={onRange}
                />
              </PanelContextProvider>
            </PluginContextProvider>
          </ErrorBoundaryAlert>
        )}
      </PanelChrome>
    </div>
  );
}
