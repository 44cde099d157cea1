import {
  applyFieldOverrides,
  createTheme,
  EventBusSrv,
  FieldType,
  getDefaultTimeRange,
  getPanelOptionsWithDefaults,
  LoadingState,
  ThemeContext,
  toDataFrame,
  type DataFrame,
  type PanelData,
  type PanelPlugin,
} from '@grafana/data';
import { PanelContextProvider } from '@grafana/ui';
import React from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { loadPlugin } from '../../../services/preview/web/pluginLoader';
import { fillRegistries } from '../../../services/preview/web/registries';
import { provideServices, provideTranslations } from '../../../services/preview/web/services';

/** What the rows are: nine statuses over and over, or one figure over time. */
type Shape = 'repeated' | 'series';

const SIZE = { width: 1200, height: 800 };
const STATUSES = 9;
const START = Date.UTC(2026, 0, 1);
const theme = createTheme();
const eventBus = new EventBusSrv();
const context = { eventsScope: 'global', eventBus };
const timeRange = getDefaultTimeRange();

/** Rows whose figures depend on the update, in an order that stays. */
function rowsOf(shape: Shape, count: number, update: number): DataFrame {
  const numbers = Array.from({ length: count }, (_, i) => 10 * (count - i) + ((i + update) % 7));
  if (shape === 'series')
    return toDataFrame({
      refId: 'A',
      fields: [
        { name: 'time', type: FieldType.time, values: numbers.map((_, i) => START + 1000 * (i + update)) },
        { name: 'entregas', type: FieldType.number, values: numbers },
      ],
    });
  return toDataFrame({
    refId: 'A',
    fields: [
      {
        name: 'status_rastreamento',
        type: FieldType.string,
        values: numbers.map((_, i) => `ETAPA ${i % STATUSES}`),
      },
      { name: 'total_pacotes', type: FieldType.number, values: numbers },
    ],
  });
}

async function start() {
  fillRegistries();
  const range = { from: 0, to: 0, raw: { from: 'now-1h', to: 'now' } };
  provideServices(() => ({ variables: new Map(), range, timeZone: 'browser', macros: {} }));
  await provideTranslations();
  const plugin: PanelPlugin = await loadPlugin('rastreio-tracking-panel');
  const Component = plugin.panel;
  const root = createRoot(document.getElementById('root') as HTMLElement);
  const { options, fieldConfig } = getPanelOptionsWithDefaults({
    plugin,
    currentOptions: {},
    currentFieldConfig: { defaults: {}, overrides: [] },
    isAfterPluginChange: false,
  });
  let data: PanelData | undefined;
  let update = 0;

  /** What the host does at a refresh: a new frame, options of fields applied. Milliseconds. */
  const next = (shape: Shape, rows: number): number => {
    const frame = rowsOf(shape, rows, ++update);
    const startedAt = performance.now();
    const series = applyFieldOverrides({
      data: [frame],
      fieldConfig,
      fieldConfigRegistry: plugin.fieldConfigRegistry,
      replaceVariables: (text) => text,
      theme,
      timeZone: 'utc',
    });
    data = { state: LoadingState.Done, series, timeRange };
    return performance.now() - startedAt;
  };

  const render = () => {
    if (Component === null || data === undefined) throw new Error('nothing to draw');
    root.render(
      <ThemeContext.Provider value={theme}>
        <PanelContextProvider value={context}>
          <Component
            {...{
              id: 1,
              title: 'Bench',
              timeRange,
              timeZone: 'utc',
              options,
              fieldConfig,
              eventBus,
              ...SIZE,
            }}
            data={data}
            transparent={false}
            renderCounter={update}
            replaceVariables={(text) => text}
            onOptionsChange={() => undefined}
            onFieldConfigChange={() => undefined}
            onChangeTimeRange={() => undefined}
          />
        </PanelContextProvider>
      </ThemeContext.Provider>,
    );
  };

  /** Gives the panel its new data and waits until all that follows is over. Milliseconds of React's render and commit. */
  const draw = async (): Promise<number> => {
    // Chromium accounts for the script of a task's own callback, not for what a promise runs after it.
    const ms = await new Promise<number>((resolve) =>
      setTimeout(() => {
        const startedAt = performance.now();
        flushSync(render);
        resolve(performance.now() - startedAt);
      }),
    );
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    return ms;
  };
  Object.assign(window, { bench: { next, draw } });
}

void start();
