import { migrate, sessionOptions, withClient } from '@rastreio/database';
import type { Client } from 'pg';
import { emptyDatabase, type TestDatabase, type TestServer } from '@rastreio/testing/servers';

const SEARCH_PATH = 'public, sombra, pg_catalog';

// Found before pg_catalog's, so that every view, function and statement of this database means this now().
const SHADOW = `
  CREATE SCHEMA sombra;
  CREATE TABLE sombra.agora (instante timestamptz NOT NULL);
  INSERT INTO sombra.agora VALUES (pg_catalog.now());
  CREATE FUNCTION sombra.now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS 'SELECT instante FROM sombra.agora';
  GRANT USAGE ON SCHEMA sombra TO PUBLIC;
  GRANT SELECT ON sombra.agora TO PUBLIC;
  GRANT UPDATE ON sombra.agora TO rastreio_owner;
  DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = ${SEARCH_PATH}', current_database()); END $$`;

/** A migrated database whose now() is what {@link travelTo} says. */
export async function databaseWithOwnTime(server: TestServer): Promise<TestDatabase> {
  const database = await emptyDatabase(server);
  await withClient(database.adminUrl, (client) => client.query(SHADOW));
  await migrate({
    databaseUrl: database.ownerUrl,
    searchPath: SEARCH_PATH,
    log: { info: () => undefined, warn: () => undefined },
  });
  // Our programs set the search path of their sessions themselves; what a URL says goes before that.
  const writerUrl = new URL(database.writerUrl);
  writerUrl.searchParams.set('options', sessionOptions(SEARCH_PATH));
  return { ...database, writerUrl: writerUrl.toString() };
}

/** Sets the time of a {@link databaseWithOwnTime}, as its owner, for all sessions. */
export async function travelTo(owner: Client, epochMs: number): Promise<void> {
  await owner.query('UPDATE sombra.agora SET instante = $1', [new Date(epochMs)]);
}
