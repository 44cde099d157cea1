import { escapeIdentifier, type Client } from 'pg';

export interface WhoGetsIn {
  readonly connect: readonly string[];
  /** Connect and make temporary tables. */
  readonly temporary?: readonly string[];
  /** Take the locks that writers wait for. */
  readonly locks?: readonly string[];
}

/**
 * Lets these roles and the owner into a database, and nobody else, and takes from everybody what PostgreSQL lets each role do whatever its
 * rights on tables: store large objects, write to the log that is kept and copied, and take advisory locks. Where the administrator is no
 * superuser the server only warns.
 *
 * @param client connected to that database
 */
export async function closeDatabase(
  client: Client,
  name: string,
  { connect, temporary = [], locks = [] }: WhoGetsIn,
): Promise<void> {
  const database = escapeIdentifier(name);
  await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  await grant(client, `CONNECT ON DATABASE ${database}`, [...connect, ...temporary]);
  await grant(client, `TEMPORARY ON DATABASE ${database}`, temporary);
  const { rows } = await client.query<{ name: string; locks: boolean }>(`
    SELECT oid::regprocedure::text AS name, proname ~ 'advisory' AS locks FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace
      AND (proname ~ '^pg_(try_)?advisory_' OR proname IN ('lo_create', 'lo_creat', 'lo_from_bytea', 'pg_logical_emit_message'))`);
  for (const f of rows) {
    await client.query(`REVOKE EXECUTE ON FUNCTION ${f.name} FROM PUBLIC`);
    if (f.locks) await grant(client, `EXECUTE ON FUNCTION ${f.name}`, locks);
  }
}

/** Those of TimescaleDB's changing functions that change nothing: they tell sizes, fill gaps, and say how an instant is kept. */
const TELLS_ONLY =
  '(_size|_stats|_row_count)$|^(time_bucket_gapfill|locf|interpolate|show_tablespaces|time_to_internal|tsl_loaded)$';

/**
 * Takes the functions by which TimescaleDB changes something from everybody but the owner: not all of them ask who calls. In 2.19.3
 * `_timescaledb_functions.drop_chunk(...)` lets a role without any right remove a week of events, and others end the whole server.
 *
 * @param client connected to a database, as who made the extension
 */
export async function closeExtension(client: Client, owner: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT p.oid::regprocedure::text AS name
     FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
     JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid AND e.extname = 'timescaledb'
     WHERE p.provolatile = 'v' AND p.proname !~ $1`,
    [TELLS_ONLY],
  );
  if (rows.length === 0) return;
  const all = rows.map(({ name }) => name).join(', ');
  await client.query(`REVOKE EXECUTE ON ROUTINE ${all} FROM PUBLIC`);
  await client.query(`GRANT EXECUTE ON ROUTINE ${all} TO ${escapeIdentifier(owner)}`);
}

/** Closes the databases that every server has to everybody but superusers: anyone may make tables and large objects in them. */
export async function closeOtherDatabases(client: Client): Promise<void> {
  for (const name of ['postgres', 'template1'])
    await client.query(`REVOKE CONNECT, TEMPORARY ON DATABASE ${name} FROM PUBLIC`);
}

async function grant(client: Client, what: string, roles: readonly string[]): Promise<void> {
  if (roles.length > 0)
    await client.query(`GRANT ${what} TO ${roles.map((role) => escapeIdentifier(role)).join(', ')}`);
}
