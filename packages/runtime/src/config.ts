import type { z } from 'zod';
import { EXIT, OperatorError } from './exitCodes';
import { redact, SECRET_NAME } from './secrets';

/**
 * Reads settings from the environment through a zod schema whose keys are the variables' names.
 * An empty variable counts as unset, as compose files produce them.
 *
 * @throws OperatorError (exit code 78) that lists every wrong setting at once
 */
export function loadConfig<Schema extends z.ZodObject>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
): z.infer<Schema> {
  const set = Object.fromEntries(
    Object.keys(schema.shape).map((name) => [name, env[name] === '' ? undefined : env[name]]),
  );
  const result = schema.safeParse(set);
  if (result.success) return result.data;
  throw wrongSettings(
    result.error.issues.map(({ path, message }) => {
      const name = String(path[0]);
      return { name, value: set[name], message };
    }),
  );
}

/** A setting that cannot be used, and what would be valid. */
export interface WrongSetting {
  readonly name: string;
  readonly value: string | undefined;
  readonly message: string;
}

/** The error (exit code 78) that tells of all of them at once, without the values of secrets. */
export function wrongSettings(problems: readonly WrongSetting[]): OperatorError {
  const lines = problems.map(({ name, value, message }) => `  ${name}=${shown(name, value)}: ${message}`);
  return new OperatorError(
    `Wrong settings; correct them in the environment and start again:\n${lines.join('\n')}`,
    EXIT.config,
  );
}

/** A key or certificate itself where the path of its file belongs. */
const PEM = /-----BEGIN/;

function shown(name: string, value: string | undefined): string {
  if (value === undefined) return '(not set)';
  return SECRET_NAME.test(name) || /DATABASE_URL$/.test(name) || PEM.test(value) ? '(hidden)' : redact(value);
}
