import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { CONNECTION_DEFAULTS } from './pool';
import { scramVerifier } from './scram';

export const ROLES = {
  owner: 'rastreio_owner',
  writer: 'rastreio_writer',
  reader: 'grafana_reader',
} as const;

/** A panel that takes longer than this is wrong, and must not hold the database up. */
const READER_STATEMENT_TIMEOUT = '15s';

/** Figures by lane over a month group some 400,000 rows of a big network; with PostgreSQL's own 4 MB they would sort on disk. */
const READER_WORK_MEM = '16MB';

export interface ProvisionOptions {
  /** A superuser, or a role with CREATEROLE and CREATEDB where the extension is there already. Any database of the server. */
  readonly adminUrl: string;
  readonly database: string;
  readonly ownerPassword: string;
  readonly writerPassword: string;
  readonly readerPassword: string;
  /** Whether to install the TimescaleDB extension. */
  readonly timescaledb: boolean;
}

/** Makes the roles, the database and the extension. Run again, it only sets the passwords. */
export async function provision(options: ProvisionOptions): Promise<void> {
  await withClient(options.adminUrl, async (client) => {
    await ensureRole(client, ROLES.owner, options.ownerPassword);
    await ensureRole(client, ROLES.writer, options.writerPassword);
    await ensureRole(client, ROLES.reader, options.readerPassword);
    // Settings of the role, so that they hold for whatever connects as it.
    await client.query(`ALTER ROLE ${ROLES.reader} SET statement_timeout = '${READER_STATEMENT_TIMEOUT}'`);
    await client.query(`ALTER ROLE ${ROLES.reader} SET default_transaction_read_only = on`);
    // Compiling a query takes longer than any of these run.
    for (const role of Object.values(ROLES)) await client.query(`ALTER ROLE ${role} SET jit = off`);
    await client.query(`ALTER ROLE ${ROLES.reader} SET work_mem = '${READER_WORK_MEM}'`);
    await ensureDatabase(client, options.database, ROLES.owner);
  });
  await withClient(inDatabase(options.adminUrl, options.database), async (client) => {
    if (options.timescaledb) await client.query('CREATE EXTENSION IF NOT EXISTS timescaledb');
    // CREATE for the migrations; TEMPORARY for the staging tables of the writer. Nobody else gets in.
    await client.query(`ALTER SCHEMA public OWNER TO ${ROLES.owner}`);
    const database = escapeIdentifier(options.database);
    await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
    await client.query(`GRANT CONNECT, TEMPORARY ON DATABASE ${database} TO ${ROLES.writer}`);
    await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${ROLES.reader}`);
    await client.query(CLOSE_BACK_DOORS);
  });
}

/**
 * What PostgreSQL lets every role do whatever its rights on tables: store large objects, and take the locks that writers wait for.
 * Where the administrator is no superuser the server only warns.
 */
const CLOSE_BACK_DOORS = `
  DO $$
  DECLARE
    f regprocedure;
  BEGIN
    FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
      AND (proname ~ '^pg_(try_)?advisory_' OR proname IN ('lo_create', 'lo_creat', 'lo_from_bytea'))
    LOOP
      EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
      IF f::text ~ 'advisory' THEN
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO ${ROLES.owner}, ${ROLES.writer}', f);
      END IF;
    END LOOP;
  END
  $$`;

/** Makes a database if the server does not have it; tells whether it did. */
export async function ensureDatabase(client: Client, database: string, owner: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
  if (rowCount !== 0) return false;
  await client.query(
    `CREATE DATABASE ${escapeIdentifier(database)} OWNER ${escapeIdentifier(owner)} ENCODING 'UTF8' TEMPLATE template0`,
  );
  return true;
}

/** The same server and user, another database. */
export function inDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.toString();
}

/** The same server and database, another user. */
export function asRole(url: string, role: string, password: string): string {
  const changed = new URL(url);
  changed.username = encodeURIComponent(role);
  changed.password = encodeURIComponent(password);
  return changed.toString();
}

/** Connects, runs, and always closes the connection. */
export async function withClient<T>(databaseUrl: string, run: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    ...CONNECTION_DEFAULTS,
    connectionString: databaseUrl,
    application_name: 'rastreio-admin',
  });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

async function ensureRole(client: Client, role: string, password: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  // Utility statements take no parameters. The server logs one that fails, so the password itself is not in it.
  const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
  await client.query(
    `${verb} ROLE ${escapeIdentifier(role)} WITH LOGIN PASSWORD ${escapeLiteral(scramVerifier(password))}`,
  );
}
