import {
  applyFieldOverrides,
  getPanelOptionsWithDefaults,
  LoadingState,
  transformDataFrame,
  type DataFrame,
  type FieldConfigSource,
  type PanelData,
  type PanelPlugin,
  type TimeRange,
} from '@grafana/data';
import { useTheme2 } from '@grafana/ui';
import { useEffect, useMemo, useState } from 'react';
import { firstValueFrom } from 'rxjs';
import { runQueries } from './api';
import type { DataSourceModel, PanelModel } from './model';
import { buildQueries } from './queries';
import { interpolate, type Format, type Scope } from './variables/interpolate';

interface Answer {
  readonly state: LoadingState;
  readonly frames: DataFrame[];
  readonly errors: { refId?: string; message: string }[];
  readonly unavailable: readonly string[];
}

export interface PanelView {
  readonly data: PanelData;
  readonly options: unknown;
  readonly fieldConfig: FieldConfigSource;
  /** Why the panel cannot be drawn here, though nothing is wrong. */
  readonly unavailable: readonly string[];
}

/** What a panel is drawn with. */
export interface PanelContext {
  readonly range: TimeRange;
  readonly scope: Scope;
  readonly sources: readonly DataSourceModel[];
}

const FIRST: Answer = { state: LoadingState.Loading, frames: [], errors: [], unavailable: [] };

/** Runs a panel's queries at each change of range or variables; while they run, the old frames stay. */
function useAnswer(panel: PanelModel, { range, scope, sources }: PanelContext, width: number): Answer {
  const [answer, setAnswer] = useState<Answer>(FIRST);
  const known = width > 0;
  useEffect(() => {
    if (!known) return;
    const queries = buildQueries(panel, scope, sources, range, width);
    if (queries.length === 0) return setAnswer({ ...FIRST, state: LoadingState.Done });
    const cancel = new AbortController();
    setAnswer((old) => ({ ...old, state: LoadingState.Loading }));
    runQueries(queries, { from: range.from.valueOf(), to: range.to.valueOf() }, cancel.signal)
      .then(async ({ frames, errors, unavailable }) => {
        const context = { interpolate: (text: string) => interpolate(text, scope) };
        const transformed = await firstValueFrom(
          transformDataFrame(panel.transformations ?? [], frames, context),
        );
        if (cancel.signal.aborted) return;
        const state = errors.length > 0 ? LoadingState.Error : LoadingState.Done;
        setAnswer({ state, frames: transformed, errors, unavailable });
      })
      .catch((error: Error) => {
        // The server itself does not answer: as where its database does not, there are no frames.
        if (!cancel.signal.aborted)
          setAnswer({
            state: LoadingState.Error,
            frames: [],
            errors: [{ message: error.message }],
            unavailable: [],
          });
      });
    return () => cancel.abort();
    // Width alone asks for nothing new: it only guesses the interval.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- see above
  }, [panel, range, scope, sources, known]);
  return answer;
}

/** What Grafana hands to a panel: defaults filled in, field options and overrides applied. */
export function usePanelData(
  panel: PanelModel,
  plugin: PanelPlugin,
  context: PanelContext,
  width: number,
): PanelView {
  const theme = useTheme2();
  const { range, scope } = context;
  const answer = useAnswer(panel, context, width);
  const { options, fieldConfig } = useMemo(
    () =>
      getPanelOptionsWithDefaults({
        plugin,
        currentOptions: panel.options ?? {},
        currentFieldConfig: panel.fieldConfig ?? { defaults: {}, overrides: [] },
        isAfterPluginChange: false,
      }),
    [plugin, panel],
  );
  const series = useMemo(
    () =>
      applyFieldOverrides({
        data: answer.frames,
        fieldConfig,
        fieldConfigRegistry: plugin.fieldConfigRegistry,
        replaceVariables: (text, scoped, format) =>
          interpolate(text, scope, scoped, format as Format | undefined),
        theme,
        timeZone: scope.timeZone,
      }),
    [answer.frames, fieldConfig, plugin, theme, scope],
  );
  const data = useMemo<PanelData>(
    () => ({
      state: answer.state,
      series,
      timeRange: range,
      structureRev: series.length,
      ...(answer.errors.length > 0 ? { errors: answer.errors, error: answer.errors[0] } : {}),
    }),
    [answer, series, range],
  );
  return { data, options, fieldConfig, unavailable: answer.unavailable };
}
