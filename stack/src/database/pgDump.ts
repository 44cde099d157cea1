import { run } from '../run';
import { pgProgram } from './pgProgram';

/**
 * Runs pg_dump of version 17, since those of others would write the same schema in other words, on a database.
 *
 * @returns what it printed
 * @throws OperatorError when there is none, or with its own message when it fails
 */
export async function pgDump(databaseUrl: string, args: readonly string[]): Promise<string> {
  const url = new URL(databaseUrl);
  // Arguments can be read by everybody on the machine, the environment cannot.
  const env = { ...process.env, PGPASSWORD: decodeURIComponent(url.password) };
  url.password = '';
  const [command, ...before] = await pgProgram('pg_dump');
  return run(command, [...before, ...args, url.toString()], { env });
}
