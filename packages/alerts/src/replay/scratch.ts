import { randomBytes } from 'node:crypto';
import {
  asRole,
  connectTo,
  inDatabase,
  migrate,
  prepareConnection,
  provision,
  ROLES,
  withClient,
} from '@rastreio/database';
import { Client, escapeIdentifier } from 'pg';
import { MOVED_CLOCK, MOVED_CLOCK_PATH, MOVED_CLOCK_SESSION, MOVED_CLOCK_SETTINGS } from './clock';
import type { History } from './history';

/** A database of its own in which time moves, at first empty. */
export interface Scratch {
  /** The tables' owner, which writes. */
  readonly owner: Client;
  /** The role that Grafana has: what it may not read fails here as well. Sends queries without waiting for the answers before. */
  readonly reader: Client;
  readonly close: () => Promise<void>;
  /** Makes another database of the server that is the same; nothing may be under way in this one. */
  readonly copy: (database: string) => Promise<Scratch>;
  /** Closes and removes it. */
  readonly drop: () => Promise<void>;
}

/** Spellings that the settings have and the dictionary does not, and the promises of all spellings. */
const PLACES_OF_SETTINGS = `
  SELECT setval('numeros_dos_lugares', greatest(max(id_lugar), 1)) FROM grafias;
  SELECT insere_grafias(ARRAY(SELECT grafia FROM conferencia.lugares_escritos));
  SELECT julga_de_novo('{}')`;
const QUIET = { info: () => undefined, warn: () => undefined };

/**
 * Makes a migrated database on a throw-away server, with the settings of a history, whose now() is what {@link moveClock} says.
 * Databases of one server are made one after the other, since they share roles.
 *
 * @param adminUrl a superuser of the server
 */
export async function createScratch(
  adminUrl: string,
  database: string,
  { timeZone, settings }: Pick<History, 'timeZone' | 'settings'>,
): Promise<Scratch> {
  const password = randomBytes(18).toString('base64url');
  await provision({
    adminUrl,
    database,
    timescaledb: false,
    ownerPassword: password,
    writerPassword: password,
    readerPassword: password,
  });
  const url = inDatabase(adminUrl, database);
  await withClient(url, async (client) => {
    await client.query(MOVED_CLOCK);
    await client.query(MOVED_CLOCK_SETTINGS);
  });
  await migrate({
    databaseUrl: asRole(url, ROLES.owner, password),
    timeZone,
    log: QUIET,
    searchPath: MOVED_CLOCK_PATH,
  });
  await withClient(url, async (client) => {
    // Triggers would refuse what the tables already refused or allowed once, and judge deliveries that are not there.
    await client.query('SET session_replication_role = replica');
    for (const [table, json] of Object.entries(settings)) {
      await replaceRows(client, table, json);
    }
    await client.query(PLACES_OF_SETTINGS);
  });
  return openScratch(adminUrl, database, password);
}

async function openScratch(adminUrl: string, database: string, password: string): Promise<Scratch> {
  const url = inDatabase(adminUrl, database);
  const connect = async (role: string, pipeline: boolean) => {
    const client = new Client({
      ...connectTo(asRole(url, role, password)),
      options: MOVED_CLOCK_SESSION,
      pipeline,
    });
    // Stopping the server ends its connections; whoever waits for an answer is told.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const [owner, reader] = [await connect(ROLES.owner, false), await connect(ROLES.reader, true)];
  await prepareConnection(owner);
  const close = async () => void (await Promise.allSettled([owner.end(), reader.end()]));
  const drop = async () => {
    await close();
    await withClient(adminUrl, (client) => client.query(`DROP DATABASE ${escapeIdentifier(database)}`));
  };
  return { owner, reader, close, drop, copy: (name) => copyScratch(adminUrl, database, name, password) };
}

async function copyScratch(adminUrl: string, from: string, to: string, password: string): Promise<Scratch> {
  await withClient(adminUrl, async (client) => {
    // A database with connections cannot be copied.
    await client.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1', [
      from,
    ]);
    await client.query(
      `CREATE DATABASE ${escapeIdentifier(to)} OWNER ${ROLES.owner} TEMPLATE ${escapeIdentifier(from)} STRATEGY file_copy`,
    );
  });
  await withClient(inDatabase(adminUrl, to), (client) => client.query(MOVED_CLOCK_SETTINGS));
  return openScratch(adminUrl, to, password);
}

async function replaceRows(client: Client, table: string, json: string): Promise<void> {
  const { rows } = await client.query<{ colunas: string }>(
    `SELECT string_agg(format('%I', attname), ', ' ORDER BY attnum) AS colunas FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
    [table],
  );
  const columns = rows[0]?.colunas ?? '';
  await client.query(`DELETE FROM ${table}`);
  await client.query(
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1)`,
    [json],
  );
}
