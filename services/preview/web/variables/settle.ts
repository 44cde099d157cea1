import type { VariableModel } from '../model';
import { ALL, ALL_TEXT, type Value, type Variable, type VariableOption } from './types';

/**
 * The value of a variable once its options are known: what the address says, as it stands; else what the dashboard was
 * saved with, as far as it is among the options; else all or the first of them. The rules of Grafana's dashboards.
 */
export function settle(
  model: VariableModel,
  options: readonly VariableOption[],
  fromUrl: readonly string[] | undefined,
): Variable {
  if (fromUrl !== undefined) return { model, options, ...chosen(model, options, fromUrl) };
  const saved = [model.current?.value ?? []].flat();
  if (saved[0] === ALL && model.includeAll === true) return { model, options, ...all(model) };
  const known = saved.filter((value) => options.some((option) => option.value === value));
  if (known.length > 0) return { model, options, ...valueOf(model, options, known) };
  if (model.includeAll === true) return { model, options, ...all(model) };
  return {
    model,
    options,
    ...valueOf(
      model,
      options,
      options.slice(0, 1).map(({ value }) => value),
    ),
  };
}

/** A variable without options: the value is a text of its own. */
export function settleText(
  model: VariableModel,
  initial: string,
  fromUrl: readonly string[] | undefined,
): Variable {
  const value = fromUrl?.[0] ?? initial;
  return { model, options: [], value, text: value };
}

type Choice = Pick<Variable, 'value' | 'text'>;

const all = ({ multi }: VariableModel): Choice =>
  multi === true ? { value: [ALL], text: [ALL_TEXT] } : { value: ALL, text: ALL_TEXT };

function chosen(model: VariableModel, options: readonly VariableOption[], values: readonly string[]): Choice {
  const [first] = values;
  const meansAll = first === ALL || first === ALL_TEXT || (!!model.allValue && first === model.allValue);
  if (model.includeAll === true && meansAll) return all(model);
  // An empty parameter is an empty text, in a variable of several values too.
  if (values.length === 1 && first === '') return { value: '', text: '' };
  return valueOf(model, options, values);
}

function valueOf(
  { multi }: VariableModel,
  options: readonly VariableOption[],
  values: readonly string[],
): Choice {
  const textOf = (value: string) => options.find((option) => option.value === value)?.text ?? value;
  const one = (list: readonly string[]): Value => (multi === true ? list : (list[0] ?? ''));
  return { value: one(values), text: one(values.map(textOf)) };
}

/** What a press on options makes of a choice: "All" alone, or without "All"; nothing means all or the first. */
export function pressed(
  model: VariableModel,
  options: readonly VariableOption[],
  values: readonly string[],
): readonly string[] {
  if (values.length === 0)
    return model.includeAll === true ? [ALL] : options.slice(0, 1).map(({ value }) => value);
  return values[values.length - 1] === ALL ? [ALL] : values.filter((value) => value !== ALL);
}
