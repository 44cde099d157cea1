import type { DataSourceModel, VariableModel } from './model';
import { runQueries } from './api';
import { interpolate, type VariableValue, type VariableValues } from './interpolate';
import { choice } from './useDashboard';

export interface VariableOption {
  readonly text: string;
  readonly value: string;
}

/** A dashboard variable with what can be chosen and what is. */
export interface Variable {
  readonly model: VariableModel;
  readonly options: readonly VariableOption[];
  readonly selected: readonly string[];
}

const ALL = '$__all';

/** Loads every variable's options, in order, since a query may use the variables before it. */
export async function loadVariables(
  models: readonly VariableModel[],
  fromUrl: ReadonlyMap<string, readonly string[]>,
  sources: readonly DataSourceModel[],
  range: { from: number; to: number },
): Promise<Variable[]> {
  const loaded: Variable[] = [];
  for (const model of models) {
    const options = await optionsOf(model, sources, range, valuesOf(loaded));
    const all = model.includeAll === true ? [{ text: 'All', value: ALL }] : [];
    const current = [model.current?.value ?? []].flat();
    const wanted =
      fromUrl.get(model.name) ?? (current.length > 0 ? current : options.slice(0, 1).map((o) => o.value));
    loaded.push({ model, options: [...all, ...options], selected: wanted });
  }
  return loaded;
}

/** The values by name, for interpolation; "All" stands for every option. */
export function valuesOf(variables: readonly Variable[]): VariableValues {
  return new Map(variables.map((variable) => [variable.model.name, valueOf(variable)]));
}

/** The choices as the address writes them, by parameter. */
export function parametersOf(variables: readonly Variable[]): Record<string, string[]> {
  return Object.fromEntries(variables.map(({ model, selected }) => [`var-${model.name}`, [...selected]]));
}

function valueOf({ model, options, selected }: Variable): VariableValue {
  const multi = model.multi === true || model.includeAll === true;
  const values = selected.includes(ALL) ? options.map((o) => o.value).filter((v) => v !== ALL) : selected;
  return choice(
    values,
    multi && (values.length !== 1 || model.multi === true),
    (value) => options.find((o) => o.value === value)?.text ?? value,
  );
}

async function optionsOf(
  model: VariableModel,
  sources: readonly DataSourceModel[],
  range: { from: number; to: number },
  known: VariableValues,
): Promise<VariableOption[]> {
  const text =
    typeof model.query === 'string' ? model.query : (model.query?.rawSql ?? model.definition ?? '');
  if (model.type === 'datasource')
    return sources.filter((s) => s.type === text).map((s) => ({ text: s.name, value: s.uid }));
  if (model.type !== 'query') return splitCustom(text);
  const query = {
    refId: 'variable',
    format: 'table',
    rawSql: interpolate(text, known, 'sql'),
    datasource: { uid: interpolate(model.datasource?.uid ?? '', known) },
  };
  const { frames, errors } = await runQueries([query], range, 60_000, new AbortController().signal);
  if (errors[0] !== undefined) throw new Error(`variable ${model.name}: ${errors[0].message}`);
  const fields = frames[0]?.fields ?? [];
  const values = fields.find((f) => f.name === '__value') ?? fields[0];
  const texts = fields.find((f) => f.name === '__text') ?? values;
  return (values?.values ?? []).map((value: unknown, i: number) => ({
    value: String(value),
    text: String(texts?.values[i] ?? value),
  }));
}

/** Custom options: `a, b` or `Text : value, Other : value2`. */
function splitCustom(text: string): VariableOption[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [label = '', value] = part.split(' : ');
      return { text: label, value: value ?? label };
    });
}
