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

/** Closes the databases that every server has to everybody but superusers: anyone may make tables and large objects in them. */
export async function closeOtherDatabases(client: Client): Promise<void> {
  for (const name of ['postgres', 'template1'])
    await client.query(`REVOKE CONNECT, TEMPORARY ON DATABASE ${name} FROM PUBLIC`);
}

async function grant(client: Client, what: string, roles: readonly string[]): Promise<void> {
  if (roles.length > 0)
    await client.query(`GRANT ${what} TO ${roles.map((role) => escapeIdentifier(role)).join(', ')}`);
}
