import {
  LoadingState,
  PluginContextProvider,
  renderMarkdown,
  type AbsoluteTimeRange,
  type DashboardCursorSync,
  type EventBus,
  type PanelData,
  type PanelPlugin,
  type PluginMeta,
} from '@grafana/data';
import {
  ErrorBoundaryAlert,
  LoadingPlaceholder,
  PanelChrome,
  PanelContextProvider,
  type PanelContext as ChromeContext,
} from '@grafana/ui';
import React, { useEffect, useMemo, useState } from 'react';
import { PanelLinks } from './PanelLinks';
import { AgeBadge, errorText, PanelState, type Look } from './PanelState';
import type { PanelModel } from './model';
import { drawsWithoutData, keepsItsData, panelPlugin } from './panels';
import { useLastData } from './useLastData';
import { usePanelData, type PanelContext } from './usePanelData';
import { interpolate, type Format } from './variables/interpolate';

interface PanelFrameProps {
  readonly panel: PanelModel;
  readonly context: PanelContext;
  readonly width: number;
  readonly height: number;
  /** What the panels of the dashboard tell each other by. */
  readonly eventBus: EventBus;
  readonly sync: DashboardCursorSync;
  readonly onRange: (range: AbsoluteTimeRange) => void;
}

/** One panel of a dashboard: loads its plugin, then draws it. An error stays inside. */
export function Panel(props: PanelFrameProps) {
  const { panel, context, width, height } = props;
  const [plugin, setPlugin] = useState<PanelPlugin>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    panelPlugin(panel.type).then(setPlugin, (error: Error) => setProblem(error.message));
  }, [panel.type]);
  if (plugin !== undefined) return <LoadedPanel {...props} plugin={plugin} />;
  return (
    <PanelChrome title={interpolate(panel.title, context.scope, {}, 'text')} width={width} height={height}>
      {() => (problem === undefined ? <LoadingPlaceholder text="" /> : <p role="alert">{problem}</p>)}
    </PanelChrome>
  );
}

function LoadedPanel({
  panel,
  plugin,
  context,
  width,
  height,
  eventBus: dashboardBus,
  sync,
  onRange,
}: PanelFrameProps & { plugin: PanelPlugin }) {
  const { scope } = context;
  const view = usePanelData(panel, plugin, context, width);
  const { options, fieldConfig, unavailable } = view;
  const last = useLastData(view.data);
  const { data, outlivedSince } = keepsItsData(panel.type)
    ? { ...last, data: view.data, outlivedSince: undefined }
    : last;
  const eventBus = useMemo(
    () => dashboardBus.newScopedBus(`panel-${panel.id}`, { onlyLocal: false }),
    [dashboardBus, panel.id],
  );
  const chromeContext = useMemo<ChromeContext>(
    () => ({ eventsScope: 'global', eventBus, sync: () => sync }),
    [eventBus, sync],
  );
  const meta = useMemo(
    () => ({ id: panel.type, name: panel.type, type: 'panel' }) as unknown as PluginMeta,
    [panel.type],
  );
  const Component = plugin.panel;
  if (Component === null) return null;
  const title = interpolate(panel.title, scope, {}, 'text');
  const look = lookOf(panel, data, unavailable);
  return (
    <div data-panel-state={data.state}>
      <PanelChrome
        title={title}
        description={
          panel.description ? () => renderMarkdown(interpolate(panel.description ?? '', scope)) : undefined
        }
        width={width}
        height={height}
        loadingState={data.state}
        statusMessage={data.state === LoadingState.Error ? errorText(data) : undefined}
        displayMode={panel.transparent === true ? 'transparent' : 'default'}
        titleItems={
          <>
            <PanelLinks links={panel.links ?? []} scope={scope} />
            {outlivedSince !== undefined && <AgeBadge receivedAt={outlivedSince} />}
          </>
        }
      >
        {(innerWidth, innerHeight) =>
          look !== undefined ? (
            <PanelState look={look} text={textOf(look, data, fieldConfig.defaults.noValue, unavailable)} />
          ) : (
            <ErrorBoundaryAlert dependencies={[data, options]}>
              <PluginContextProvider meta={meta}>
                <PanelContextProvider value={chromeContext}>
                  <Component
                    id={panel.id}
                    data={data}
                    title={title}
                    timeRange={context.range}
                    timeZone={scope.timeZone}
                    options={options}
                    fieldConfig={fieldConfig}
                    transparent={panel.transparent === true}
                    width={innerWidth}
                    height={innerHeight}
                    renderCounter={0}
                    eventBus={eventBus}
                    replaceVariables={(text, scoped, format) =>
                      interpolate(text, scope, scoped, format as Format | undefined)
                    }
                    onOptionsChange={() => undefined}
                    onFieldConfigChange={() => undefined}
                    onChangeTimeRange={onRange}
                  />
                </PanelContextProvider>
              </PluginContextProvider>
            </ErrorBoundaryAlert>
          )
        }
      </PanelChrome>
    </div>
  );
}

/** What stands instead of the panel; undefined where it has something to draw, or says by itself that it has not. */
function lookOf(panel: PanelModel, data: PanelData, unavailable: readonly string[]): Look | undefined {
  if (drawsWithoutData(panel.type)) return undefined;
  const hasRows = data.series.some(({ length }) => length > 0);
  if (unavailable.length > 0 && !hasRows) return 'unavailable';
  if (keepsItsData(panel.type) || hasRows) return undefined;
  if (data.state === LoadingState.Error) return 'error';
  return data.state === LoadingState.Loading && data.series.length === 0 ? 'loading' : 'empty';
}

function textOf(
  look: Look,
  data: PanelData,
  noValue: string | undefined,
  unavailable: readonly string[],
): string {
  if (look === 'unavailable') return unavailable.join(' ');
  return look === 'error' ? errorText(data) : noValue || 'Sem dados';
}
