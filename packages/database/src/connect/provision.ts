import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { connect, connectTo } from './pool';
import { closeDatabase, closeExtension, closeOtherDatabases } from './doors';
import { ROLES } from './roles';
import { limitReaders } from './readers';
import { scramVerifier } from './scram';

export interface ProvisionOptions {
  /** A superuser, or a role with CREATEROLE and CREATEDB where the extension is there already. Any database of the server. */
  readonly adminUrl: string;
  readonly database: string;
  readonly ownerPassword: string;
  readonly writerPassword: string;
  /** Of both roles that Grafana uses: the dashboards' and the alert rules'. */
  readonly readerPassword: string;
  /** Whether the server has nothing but our databases, so that its others can be closed to everybody but superusers. */
  readonly ownServer?: boolean;
  /** Whether to install the TimescaleDB extension. */
  readonly timescaledb: boolean;
}

/**
 * Makes the roles, the database and the extension. Run again, it sets passwords, rights and what the readers may take, whatever became of
 * them.
 */
export async function provision(options: ProvisionOptions): Promise<void> {
  await withClient(options.adminUrl, async (client) => {
    await ensureRole(client, ROLES.owner, options.ownerPassword);
    await ensureRole(client, ROLES.writer, options.writerPassword);
    await ensureRole(client, ROLES.reader, options.readerPassword);
    await ensureRole(client, ROLES.alerts, options.readerPassword);
    await client.query(`GRANT ${ROLES.reader} TO ${ROLES.alerts}`);
    // Compiling a query takes longer than any of these run.
    for (const role of [ROLES.owner, ROLES.writer]) await client.query(`ALTER ROLE ${role} SET jit = off`);
    if (options.ownServer === true) await closeOtherDatabases(client);
    await ensureDatabase(client, options.database, ROLES.owner);
    await limitReaders(client, options.database);
  });
  await withClient(inDatabase(options.adminUrl, options.database), async (client) => {
    if (options.timescaledb) await client.query('CREATE EXTENSION IF NOT EXISTS timescaledb');
    // The owner makes the tables; the writer's staging tables are temporary.
    await client.query(`ALTER SCHEMA public OWNER TO ${ROLES.owner}`);
    await closeDatabase(client, options.database, {
      connect: [ROLES.reader],
      temporary: [ROLES.writer],
      locks: [ROLES.owner, ROLES.writer],
    });
    await closeExtension(client, ROLES.owner);
  });
}

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
    ...connectTo(databaseUrl),
    application_name: 'rastreio-admin',
  });
  await connect(client);
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
