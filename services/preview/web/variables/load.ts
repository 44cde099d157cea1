import { rangeUtil, type TimeRange } from '@grafana/data';
import { runQueries } from '../api';
import type { DataSourceModel, VariableModel } from '../model';
import { asSql, interpolate, type Scope } from './interpolate';
import { AUTO, customOptions, intervalOptions, queryOptions, queryText } from './options';
import { settle, settleText } from './settle';
import { ALL, type Variable, type VariableOption } from './types';

const VARIABLE_INTERVAL_MS = 60_000;
const AUTO_STEPS = 30;
const AUTO_LEAST = '10s';

export interface LoadContext {
  readonly fromUrl: ReadonlyMap<string, readonly string[]>;
  readonly sources: readonly DataSourceModel[];
  readonly range: TimeRange;
  /** Names that texts may use beside the variables loaded so far. */
  readonly scope: Omit<Scope, 'variables'>;
}

/**
 * Loads every variable, in order, since a query may use those before it. One whose query fails has no options, keeps the
 * value that it has, and says why: the rest of the dashboard is drawn all the same.
 */
export async function loadVariables(
  models: readonly VariableModel[],
  context: LoadContext,
): Promise<Variable[]> {
  const loaded: Variable[] = [];
  for (const model of models) {
    const known = { ...context.scope, variables: byName(loaded) };
    loaded.push(await load(model, context, known));
  }
  return loaded;
}

export const byName = (variables: readonly Variable[]): ReadonlyMap<string, Variable> =>
  new Map(variables.map((variable) => [variable.model.name, variable]));

/** The choices as the address writes them, by parameter. */
export const parametersOf = (variables: readonly Variable[]): Record<string, string[]> =>
  Object.fromEntries(
    variables.map(({ model, value, inUrl }) => [`var-${model.name}`, [inUrl ?? value].flat()]),
  );

async function load(model: VariableModel, context: LoadContext, scope: Scope): Promise<Variable> {
  const fromUrl = context.fromUrl.get(model.name);
  const text = queryText(model);
  const [current = ''] = [model.current?.value ?? ''].flat();
  switch (model.type) {
    case 'textbox':
      return settleText(model, current === '' ? text : current, fromUrl);
    case 'constant':
      return settleText(model, interpolate(text, scope), undefined);
    case 'interval':
      return loadInterval(model, context.range, fromUrl);
    case 'custom':
      return settle(model, customOptions(interpolate(text, scope)), fromUrl);
    case 'datasource':
      return settle(
        model,
        context.sources.filter((s) => s.type === text).map((s) => ({ text: s.name, value: s.uid })),
        fromUrl,
      );
    case 'query':
      return loadQuery(model, context.range, scope, fromUrl);
    default:
      return {
        ...settleText(model, current, fromUrl),
        error: `The preview has no variables of type ${model.type}; run Grafana for them.`,
      };
  }
}

function loadInterval(
  model: VariableModel,
  range: TimeRange,
  fromUrl: readonly string[] | undefined,
): Variable {
  const options = intervalOptions(model);
  const choice = settle({ ...model, multi: false, includeAll: false }, options, fromUrl);
  if (choice.value !== AUTO) return { ...choice, model };
  const { interval } = rangeUtil.calculateInterval(
    range,
    model.auto_count ?? AUTO_STEPS,
    model.auto_min ?? AUTO_LEAST,
  );
  return { model, options, value: interval, text: 'auto', inUrl: AUTO };
}

async function loadQuery(
  model: VariableModel,
  range: TimeRange,
  scope: Scope,
  fromUrl: readonly string[] | undefined,
): Promise<Variable> {
  const query = {
    refId: model.name,
    format: 'table',
    rawSql: interpolate(queryText(model), scope, {}, asSql),
    datasource: { uid: interpolate(model.datasource?.uid ?? '', scope) },
    intervalMs: VARIABLE_INTERVAL_MS,
  };
  try {
    const span = { from: range.from.valueOf(), to: range.to.valueOf() };
    const { frames, errors } = await runQueries([query], span, new AbortController().signal);
    if (errors[0] !== undefined) return withoutOptions(model, fromUrl, errors[0].message);
    return settle(model, queryOptions(frames[0]?.fields ?? [], model), fromUrl);
  } catch (error) {
    return withoutOptions(model, fromUrl, error instanceof Error ? error.message : String(error));
  }
}

/** What is chosen is the only choice. */
function withoutOptions(
  model: VariableModel,
  fromUrl: readonly string[] | undefined,
  error: string,
): Variable {
  const values = [...(fromUrl ?? [model.current?.value ?? []].flat())].filter((value) => value !== ALL);
  const options: VariableOption[] = values.map((value) => ({ text: value, value }));
  return { ...settle(model, options, fromUrl), error };
}
