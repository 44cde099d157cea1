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
import { interpolate, type VariableValues } from './interpolate';
import type { PanelModel } from './model';
import { replaceVariables } from './services';

interface Answer {
  readonly state: LoadingState;
  readonly frames: DataFrame[];
  readonly errors: { refId?: string; message: string }[];
}

interface PanelView {
  readonly data: PanelData;
  readonly options: unknown;
  readonly fieldConfig: FieldConfigSource;
}

const FIRST: Answer = { state: LoadingState.Loading, frames: [], errors: [] };
const MIN_INTERVAL_MS = 1000;

/** Runs a panel's queries at each change of range or variables; while they run, the old frames stay. */
function useAnswer(panel: PanelModel, range: TimeRange, variables: VariableValues, width: number): Answer {
  const [answer, setAnswer] = useState<Answer>(FIRST);
  const known = width > 0;
  const queries = useMemo(
    () =>
      (panel.targets ?? [])
        .filter((target) => target.hide !== true)
        .map((target) => ({
          ...target,
          rawSql: interpolate(target.rawSql ?? '', variables, 'sql'),
          datasource: { uid: interpolate(target.datasource?.uid ?? '', variables) },
        })),
    [panel, variables],
  );
  useEffect(() => {
    if (!known) return;
    if (queries.length === 0) return setAnswer({ ...FIRST, state: LoadingState.Done });
    const cancel = new AbortController();
    const span = { from: range.from.valueOf(), to: range.to.valueOf() };
    const intervalMs = Math.max(MIN_INTERVAL_MS, Math.round((span.to - span.from) / Math.max(100, width)));
    setAnswer((old) => ({ ...old, state: LoadingState.Loading }));
    runQueries(queries, span, intervalMs, cancel.signal)
      .then(async ({ frames, errors }) => {
        const context = { interpolate: (text: string) => interpolate(text, variables) };
        const transformed = await firstValueFrom(
          transformDataFrame(panel.transformations ?? [], frames, context),
        );
        if (cancel.signal.aborted) return;
        setAnswer({
          state: errors.length > 0 ? LoadingState.Error : LoadingState.Done,
          frames: transformed,
          errors,
        });
      })
      .catch((error: Error) => {
        if (!cancel.signal.aborted)
          setAnswer((old) => ({ ...old, state: LoadingState.Error, errors: [{ message: error.message }] }));
      });
    return () => cancel.abort();
    // Width alone asks for nothing new: it only guesses the interval.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- see above
  }, [queries, range, panel, variables, known]);
  return answer;
}

/** What Grafana hands to a panel: defaults filled in, field options and overrides applied. */
export function usePanelData(
  panel: PanelModel,
  plugin: PanelPlugin,
  range: TimeRange,
  variables: VariableValues,
  width: number,
): PanelView {
  const theme = useTheme2();
  const answer = useAnswer(panel, range, variables, width);
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
        replaceVariables: (text, scoped) => replaceVariables(text, variables, scoped),
        theme,
        timeZone: 'browser',
      }),
    [answer.frames, fieldConfig, plugin, theme, variables],
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
  return { data, options, fieldConfig };
}
