import jsonata from 'jsonata';

/** A JSONata expression of a profile, ready to be evaluated. */
export interface Expression {
  readonly text: string;
  /**
   * @param input what `$` is
   * @param bindings variables by their names, without `$`
   * @returns undefined where there is no such value
   * @throws ExpressionError
   */
  readonly evaluate: (input: unknown, bindings: Readonly<Record<string, unknown>>) => Promise<unknown>;
}

/** What an expression came to nothing by. */
export class ExpressionError extends Error {}

/**
 * What one evaluation may take: so an endless recursion ends, and a payload made to swell neither fills the memory nor holds up a server, whose
 * other requests wait meanwhile. Usual ones take some milliseconds at most.
 */
const LIMITS = { timeout: 500, stack: 500, sequence: 1_000_000 } as const;

/**
 * Compiles an expression. `$eval` is taken out, so that what a payload says is never run.
 *
 * @throws ExpressionError that says what is wrong, and where in the text
 */
export function compile(text: string): Expression {
  let compiled: jsonata.Expression;
  try {
    compiled = jsonata(text, LIMITS);
  } catch (error) {
    throw explained(error, text);
  }
  const changing = NEVER_THE_SAME.find((name) => uses(compiled.ast(), name));
  if (changing !== undefined)
    throw new ExpressionError(
      `${show(text)}: $${changing} gives something else each time, so that a payload read again would become other events; use what the payload says`,
    );
  compiled.registerFunction('eval', () => {
    throw new ExpressionError('$eval is switched off; write what it would evaluate into the profile');
  });
  const path = pathOf(text);
  return {
    text,
    async evaluate(input, bindings) {
      const found = path === null ? MANY : follow(path, input, bindings);
      if (found !== MANY) return found;
      try {
        return (await compiled.evaluate(input, { ...bindings })) as unknown;
      } catch (error) {
        throw explained(error, text);
      }
    },
  };
}

/** Functions of JSONata by which the same payload would not give the same reading. */
const NEVER_THE_SAME = ['now', 'millis', 'random', 'shuffle'];

/** Whether a part of an expression is a variable or function of a name. */
function uses(part: unknown, name: string, seen = new Set<object>()): boolean {
  if (typeof part !== 'object' || part === null || seen.has(part)) return false;
  seen.add(part);
  const { type, value } = part as { readonly type?: unknown; readonly value?: unknown };
  if (type === 'variable' && value === name) return true;
  return Object.values(part).some((inner) => uses(inner, name, seen));
}

/** An expression of names alone, as most are. */
interface Path {
  /** The variable that it begins with; null: it begins with the input. */
  readonly variable: string | null;
  readonly names: readonly string[];
}

/** There is a list on the way, which JSONata has rules of its own for. */
const MANY = Symbol('many');
const PATH = /^(?:\$(parent|root|records)\.)?([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)$/;
const WORDS_OF_JSONATA = ['and', 'or', 'in', 'true', 'false', 'null', 'function'];

function pathOf(text: string): Path | null {
  const [, variable = null, names = ''] = PATH.exec(text.trim()) ?? [];
  const list = names.split('.');
  return names === '' || list.some((name) => WORDS_OF_JSONATA.includes(name))
    ? null
    : { variable, names: list };
}

/** What JSONata would find by the names, in a tenth of the time. */
function follow(
  { variable, names }: Path,
  input: unknown,
  bindings: Readonly<Record<string, unknown>>,
): unknown {
  let value = variable === null ? input : bindings[variable];
  for (const name of names) {
    if (Array.isArray(value)) return MANY;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return Array.isArray(value) ? MANY : value;
}

function explained(error: unknown, text: string): ExpressionError {
  if (error instanceof ExpressionError) return error;
  if (error instanceof RangeError) return new ExpressionError(`${show(text)}: is nested too deeply`);
  // What JSONata throws is mostly a plain object.
  const { message, position } = error as { readonly message?: string; readonly position?: number };
  const where = position === undefined ? '' : `, at character ${position} of the expression`;
  return new ExpressionError(`${show(text)}: ${(message ?? 'cannot be evaluated').slice(0, 300)}${where}`, {
    cause: error,
  });
}

function show(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
