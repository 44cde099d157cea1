import { OperatorError } from '@rastreio/runtime';
import { answers } from '../run';
import { debianProgram } from './debianTimescaledb';

/** That of our servers. */
const MAJOR = 17;

/**
 * The command line of one of PostgreSQL's programs for clients (pg_dump, psql, ...), of version 17: the one on PATH or in its usual place,
 * else that of the Debian packages that the TimescaleDB server comes from, which sees no files of ours: give it what it reads on stdin.
 *
 * @throws OperatorError when there is none
 */
export async function pgProgram(name: string): Promise<readonly [string, ...string[]]> {
  for (const program of [name, `/usr/lib/postgresql/${MAJOR}/bin/${name}`]) {
    const version = await answers(program, ['--version']);
    if (version?.includes(`(PostgreSQL) ${MAJOR}.`) === true) return [program];
  }
  const debian = await debianProgram(name);
  if (debian !== null) return debian;
  throw new OperatorError(`No ${name} of PostgreSQL ${MAJOR} is here; put one on PATH.`);
}
