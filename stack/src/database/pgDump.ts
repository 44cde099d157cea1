import { OperatorError } from '@rastreio/runtime';
import { answers, run } from '../run';
import { debianProgram } from './debianTimescaledb';

/** Of other versions it would write the same schema in other words. */
const MAJOR = 17;

/**
 * Runs pg_dump of version 17 on a database: the one on PATH or in its usual place, else that of the Debian packages that the TimescaleDB
 * server comes from.
 *
 * @returns what it printed
 * @throws OperatorError when there is none, or with its own message when it fails
 */
export async function pgDump(databaseUrl: string, args: readonly string[]): Promise<string> {
  const url = new URL(databaseUrl);
  // Arguments can be read by everybody on the machine, the environment cannot.
  const env = { ...process.env, PGPASSWORD: decodeURIComponent(url.password) };
  url.password = '';
  const [command, ...before] = await find();
  return run(command, [...before, ...args, url.toString()], { env });
}

async function find(): Promise<readonly [string, ...string[]]> {
  for (const program of ['pg_dump', `/usr/lib/postgresql/${MAJOR}/bin/pg_dump`]) {
    const version = await answers(program, ['--version']);
    if (version?.includes(`(PostgreSQL) ${MAJOR}.`) === true) return [program];
  }
  const debian = await debianProgram('pg_dump');
  if (debian !== null) return debian;
  throw new OperatorError(`No pg_dump of PostgreSQL ${MAJOR} is here; put one on PATH.`);
}
