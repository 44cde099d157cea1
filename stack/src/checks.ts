import { access, constants, mkdir } from 'node:fs/promises';
import { EXIT, OperatorError, redact } from '@rastreio/runtime';
import { DEMANDED, examine, placeOf } from './doctor';
import type { StackOptions } from './options';

/** Looks for everything that would make a start fail. @throws OperatorError (78) with all of it at once */
export async function checkPrerequisites(
  { dir, ports, databaseUrl }: Pick<StackOptions, 'dir' | 'ports' | 'databaseUrl'>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const { database: _database, ...others } = ports;
  // A server of others listens where it likes.
  const ours = databaseUrl === undefined ? ports : others;
  const found = await examine(placeOf(dir, ours, env), DEMANDED);
  const problems = [
    ...checkUrl(databaseUrl),
    ...found
      .filter(({ level }) => level === 'fail')
      .map(({ code, seen, advice }) => `${seen}: ${advice} (${code})`),
  ];
  if (problems.length > 0)
    throw new OperatorError(`Cannot start yet:\n${problems.map((p) => `  - ${p}`).join('\n')}`, EXIT.config);
}

/** Makes the stack's folder where it is missing. @throws OperatorError (78) when nothing can be kept there */
export async function makeStackFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
    await access(dir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new OperatorError(
      `--dir ${dir}: ${(error as Error).message}; give a folder that you may write into`,
      EXIT.config,
    );
  }
}

function checkUrl(databaseUrl: string | undefined): string[] {
  if (databaseUrl === undefined) return [];
  const protocol = URL.canParse(databaseUrl) ? new URL(databaseUrl).protocol : '';
  return protocol === 'postgresql:' || protocol === 'postgres:'
    ? []
    : [
        `--database-url "${redact(databaseUrl)}" is no address of a PostgreSQL: use postgresql://user:password@host:5432/postgres`,
      ];
}
