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
 * What one evaluation may take: so an endless recursion ends, and a payload made to swell does not fill the memory. The time is wide, since it
 * passes on a busy machine too.
 */
const LIMITS = { timeout: 10_000, stack: 500, sequence: 1_000_000 } as const;

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
  compiled.registerFunction('eval', () => {
    throw new ExpressionError('$eval is switched off; write what it would evaluate into the profile');
  });
  return {
    text,
    async evaluate(input, bindings) {
      try {
        return (await compiled.evaluate(input, { ...bindings })) as unknown;
      } catch (error) {
        throw explained(error, text);
      }
    },
  };
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
