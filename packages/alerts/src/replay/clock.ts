import { sessionOptions } from '@rastreio/database';
import { escapeLiteral, type ClientBase } from 'pg';

/** Functions of PostgreSQL that tell the time and are moved. */
const CLOCKS = ['now', 'transaction_timestamp', 'statement_timestamp', 'clock_timestamp'] as const;

const SETTING = 'rastreio.agora';

/** Where names are looked for in a database with {@link MOVED_CLOCK}: before pg_catalog. */
export const MOVED_CLOCK_PATH = 'public, sombra, pg_catalog';
/** What a connection to it begins with. */
export const MOVED_CLOCK_SESSION = sessionOptions(MOVED_CLOCK_PATH);

/**
 * SQL for a database that is still empty, as a superuser: found before pg_catalog's, these functions are what every view, function and
 * statement made there afterwards means by now(). A session says what time it is with {@link moveClock}.
 */
export const MOVED_CLOCK = `
  CREATE SCHEMA sombra;
  ${CLOCKS.map(
    (name) =>
      `CREATE FUNCTION sombra.${name}() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE RETURN current_setting('${SETTING}')::timestamptz;`,
  ).join('\n  ')}
  GRANT USAGE ON SCHEMA sombra TO PUBLIC`;

/** What a database with {@link MOVED_CLOCK}, and a copy of one, needs beside: settings belong to a database's name, not to what is in it. */
export const MOVED_CLOCK_SETTINGS = `
  DO $$
  BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path = ${MOVED_CLOCK_PATH}', current_database());
    EXECUTE format('ALTER DATABASE %I SET ${SETTING} = ''2000-01-01 00:00:00+00''', current_database());
  END
  $$`;

/** Sets the time of a session in a database with {@link MOVED_CLOCK}. */
export async function moveClock(client: ClientBase, epochMs: number): Promise<void> {
  await client.query(`SET ${SETTING} = ${escapeLiteral(new Date(epochMs).toISOString())}`);
}
