import { EXIT, OperatorError } from '@rastreio/runtime';
import { isObject, type Json } from './json';

export type Env = Readonly<Record<string, string | undefined>>;

/** `$NAME`, `${NAME}`, `$__env{NAME}`; the other expanders of Grafana read files or vaults of Grafana's own machine. */
const VARIABLE = /\$__(\w+)\{([^}]*)\}|\$\{(\w+)\}|\$(\w+)/g;

/** Variables whose values must not become text of a file. */
const SECRET_NAME = /URL|PASS|TOKEN|SECRET|KEY|EMAIL|RASTREIO_/;

/** Stands for the value of a variable that is not set here; no file and no screen holds this character. */
const UNSET = '\u0000';

/**
 * Fills environment variables into a text as Grafana's file provisioning does: `$NAME`, `${NAME}` and `$__env{NAME}` are values, `$$`
 * is a dollar. Grafana takes a variable that is not set as an empty text; here the whole text becomes {@link isUnset}.
 *
 * @throws OperatorError (78) for `$__file` and `$__vault`
 */
export function interpolate(text: string, env: Env): string {
  const missing = new Set<string>();
  const parts = text.split('$$').map((part) =>
    part.replace(
      VARIABLE,
      (expression, expander?: string, argument?: string, braced?: string, bare?: string) => {
        if (expander !== undefined && expander !== 'env')
          throw new OperatorError(
            `${expression} is read on Grafana's machine only; use an environment variable`,
            EXIT.config,
          );
        const name = argument ?? braced ?? bare ?? '';
        const value = env[name];
        if (value === undefined) missing.add(name);
        return value ?? '';
      },
    ),
  );
  return missing.size > 0 ? UNSET + [...missing].join(', ') : parts.join('$');
}

/** Whether a text stands for variables that are not set here. */
function isUnset(value: Json | undefined): value is string {
  return typeof value === 'string' && value.startsWith(UNSET);
}

/** The names of the variables in a content that are not set. */
export function unsetNames(value: Json): readonly string[] {
  if (isUnset(value)) return [value.slice(UNSET.length)];
  if (Array.isArray(value)) return value.flatMap((item: Json) => unsetNames(item));
  return isObject(value) ? Object.values(value).flatMap(unsetNames) : [];
}

/** A content of the files in which what depends on variables that are not set here is taken to be what Grafana has. */
export function settle(value: Json, grafana: Json | undefined): Json {
  if (isUnset(value)) return grafana ?? value;
  if (Array.isArray(value))
    return value.map((item: Json, i) =>
      settle(item, Array.isArray(grafana) ? (grafana[i] as Json) : undefined),
    );
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, v]) => [key, settle(v, isObject(grafana) ? grafana[key] : undefined)]),
  );
}

/**
 * The same for every text of a structure; as in Grafana, a text that a variable turned into a number or a truth value becomes one.
 *
 * @throws OperatorError as {@link interpolate}
 */
export function interpolateAll(value: Json, env: Env): Json {
  if (typeof value === 'string') return typed(value, interpolate(value, env));
  if (Array.isArray(value)) return value.map((item: Json) => interpolateAll(item, env));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, interpolateAll(v, env)]));
}

/**
 * How a value of the screen is written into a file where variables are filled in: the expression that stands there, if it gives this
 * value or depends on a variable that is not set here; else the text itself, with the values of that expression's variables as variables again, so that a secret does not become text.
 */
export function toExpression(value: string, before: Json | undefined, env: Env): string {
  if (typeof before !== 'string') return escape(value);
  const now = interpolate(before, env);
  // Of a variable that is not set here nobody can say whether it is still the value.
  if (now === value || isUnset(now)) return before;
  let text = escape(value);
  for (const [, , argument, braced, bare] of before.replaceAll('$$', '').matchAll(VARIABLE)) {
    const name = argument ?? braced ?? bare;
    const part = name === undefined ? undefined : env[name];
    if (name !== undefined && SECRET_NAME.test(name) && part !== undefined && part.length >= 4)
      text = text.replaceAll(escape(part), () => `\${${name}}`);
  }
  return text;
}

function escape(text: string): string {
  return text.replaceAll('$', '$$$$');
}

function typed(before: string, after: string): Json {
  if (before === after || before.includes('$$') || isUnset(after)) return after;
  if (/^[+-]?\d+$/.test(after) && Number.isSafeInteger(Number(after))) return Number(after);
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(after)) return Number(after);
  if (/^(1|t|T|TRUE|true|True)$/.test(after)) return true;
  if (/^(0|f|F|FALSE|false|False)$/.test(after)) return false;
  return after;
}
