import type { z } from 'zod';
import { EXIT, OperatorError } from './exitCodes';

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
  const problems = result.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return `  ${name}=${shown(name, set[name])}: ${issue.message}`;
  });
  throw new OperatorError(
    `Wrong settings; correct them in the environment and start again:\n${problems.join('\n')}`,
    EXIT.config,
  );
}

const SECRET = /PASSWORD|SECRET|TOKEN|KEY|DATABASE_URL/;

function shown(name: string, value: string | undefined): string {
  if (value === undefined) return '(not set)';
  return SECRET.test(name) ? '(hidden)' : value;
}
