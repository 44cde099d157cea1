import { escapeIdentifier, type Client } from 'pg';
import { ROLES } from './roles';

/** `transaction_timeout` came with PostgreSQL 17. */
const TRANSACTION_TIMEOUT_SINCE = 170_000;

/**
 * Settings of the roles that Grafana uses, so that they hold for whatever connects as them. Whoever opens a dashboard can send SQL of
 * their own, and Grafana hands the same connection to the next one: a transaction left open there would freeze now(), or fail every
 * query, for as long as it lasts.
 */
const SETTINGS = {
  default_transaction_read_only: 'on',
  /** A panel that takes longer is wrong, and must not hold the database up. */
  statement_timeout: '15s',
  idle_in_transaction_session_timeout: '5s',
  /** Figures by lane over a month group some 400,000 rows of a big network; with PostgreSQL's own 4 MB they would sort on disk. */
  work_mem: '16MB',
  /** Compiling a query takes longer than any of these run. */
  jit: 'off',
} as const;

/** Longer than a statement, also where every refresh of a dashboard keeps the transaction from being idle. */
const TRANSACTION_TIMEOUT = '20s';

/** Of one connection; the largest of our own queries needs a tenth. Only a superuser, or who was granted it, may set it. */
const TEMP_FILE_LIMIT = '256MB';

/** Of all connections of one of these roles; Grafana opens 10 and 5. The others are left to who writes. */
const CONNECTIONS = 40;

/**
 * Sets what the roles of Grafana may take of the server, and nothing else: a role may give itself other settings, which last until here.
 *
 * @param client may alter the roles
 */
export async function limitReaders(client: Client, database: string): Promise<void> {
  const { rows } = await client.query<{ version: number; temp_files: boolean }>(
    `SELECT current_setting('server_version_num')::int AS version,
            has_parameter_privilege(current_user, 'temp_file_limit', 'SET') AS temp_files`,
  );
  const [server] = rows;
  const settings = {
    ...SETTINGS,
    ...(server !== undefined && server.version >= TRANSACTION_TIMEOUT_SINCE
      ? { transaction_timeout: TRANSACTION_TIMEOUT }
      : {}),
    ...(server?.temp_files === true ? { temp_file_limit: TEMP_FILE_LIMIT } : {}),
  };
  // At once, so that no connection begins without its limits.
  await client.query('BEGIN');
  for (const role of [ROLES.reader, ROLES.alerts]) {
    await client.query(`ALTER ROLE ${role} CONNECTION LIMIT ${CONNECTIONS}`);
    await client.query(`ALTER ROLE ${role} RESET ALL`);
    await client.query(`ALTER ROLE ${role} IN DATABASE ${escapeIdentifier(database)} RESET ALL`);
    for (const [name, value] of Object.entries(settings))
      await client.query(`ALTER ROLE ${role} SET ${name} = '${value}'`);
  }
  await client.query('COMMIT');
}
