/** What Grafana writes for "All" of a variable, in addresses and in the variable itself. */
export const ALL = '$__all';

/** What is known of a dashboard variable beside its value. */
export interface VariableTraits {
  /** Whether it holds several values at once. */
  isMulti: boolean;
  /** What stands for "no filter": "All" where the variable has it, else an empty text. */
  none: string;
}

/** The part of Grafana's variable model that matters here; hosts outside of dashboards know none. */
export interface VariableModel {
  name: string;
  type?: string;
  multi?: boolean;
  includeAll?: boolean;
  current?: unknown;
}

/** Reads the traits off the model. Of an unknown variable, the usual is assumed: several values, and "All". */
export function traitsOf(model: VariableModel | undefined): VariableTraits {
  return {
    isMulti: model ? model.multi === true : true,
    none: !model || model.includeAll === true ? ALL : '',
  };
}

/** Whether the model says that the variable is at "All", which its interpolated value cannot tell. */
export function isAtAll(model: VariableModel | undefined): boolean {
  const current = model?.current;
  const value: unknown =
    typeof current === 'object' && current !== null && 'value' in current ? current.value : undefined;
  return [value].flat().includes(ALL);
}

/**
 * The statuses that a variable selects. `fromAddress` are the values of its parameter in the page's address, the
 * newest there is; where it has none (undefined), `interpolated` is what Grafana makes of `${name:json}`. "All" and a
 * variable that does not exist select nothing. An empty text is the status of rows without one, beside other values and
 * where "All" says "nothing"; by itself in another variable it says "nothing", unless `isOurs`: it was written for such
 * rows.
 */
export function selectedBy(
  name: string,
  fromAddress: readonly string[] | undefined,
  interpolated: string,
  model: VariableModel | undefined,
  isOurs = false
): readonly string[] {
  const values = fromAddress ?? (isAtAll(model) ? [] : parseInterpolated(name, interpolated));
  const isNone = values.length === 1 && values[0] === '' && model?.includeAll !== true && !isOurs;
  return isNone || values.includes(ALL) ? [] : [...new Set(values)];
}

/** How {@link selectedBy}'s `interpolated` is asked for. */
export const expressionOf = (name: string) => `\${${name}:json}`;

/** Grafana writes several values as JSON, and a single one bare. */
function parseInterpolated(name: string, text: string): readonly string[] {
  if (text === expressionOf(name)) {
    return [];
  }
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed)) {
      return parsed.map(String);
    }
    return [typeof parsed === 'string' ? parsed : text];
  } catch {
    return [text];
  }
}

/** The values of the variable's parameter in a query string; undefined if it is not in there. */
export function valuesInAddress(search: string, name: string): readonly string[] | undefined {
  const parameters = new URLSearchParams(search);
  return parameters.has(parameterOf(name)) ? parameters.getAll(parameterOf(name)) : undefined;
}

/** The change to the page's address that makes the variable select `ids`. */
export function addressFor(
  name: string,
  ids: readonly string[],
  { isMulti, none }: VariableTraits
): Record<string, string | readonly string[]> {
  const value = ids.length === 0 ? none : isMulti ? ids : (ids.at(-1) ?? none);
  return { [parameterOf(name)]: value };
}

const parameterOf = (name: string) => `var-${name}`;
