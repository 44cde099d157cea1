import { randomBytes } from 'node:crypto';
import { asRole, inDatabase, migrate, provision, ROLES, withClient } from '@rastreio/database';
import { LONG_FORM } from './form';
import { started } from './started';

export interface TestServer {
  readonly name: string;
  readonly adminUrl: string;
  readonly timescaledb: boolean;
}

export interface TestDatabase {
  readonly ownerUrl: string;
  readonly writerUrl: string;
  readonly readerUrl: string;
  /** A superuser in this database. */
  readonly adminUrl: string;
  readonly drop: () => Promise<void>;
}

/**
 * The database servers of this run: plain PostgreSQL, and last TimescaleDB where the machine has it. For tests of what differs between
 * the two: the write path, plans, hypertables, queries with time buckets, migrations.
 */
export const SERVERS = JSON.parse(started('TEST_DATABASES')) as TestServer[];

/** For all other tests: the last of them alone in `npm cit`, each of them in `npm run test:full`. */
export const MATRIX = LONG_FORM ? SERVERS : SERVERS.slice(-1);

// Roles belong to the server: every test database of a run shares these.
const PASSWORDS = { ownerPassword: 'owner', writerPassword: 'writer', readerPassword: 'reader' };
const QUIET = { info: () => undefined, warn: () => undefined };

/** A migrated database of its own for a test file. */
export async function freshDatabase(server: TestServer): Promise<TestDatabase> {
  const database = await emptyDatabase(server);
  await migrate({ databaseUrl: database.ownerUrl, log: QUIET });
  return database;
}

/** The same before the first migration. */
export async function emptyDatabase({ adminUrl, timescaledb }: TestServer): Promise<TestDatabase> {
  const database = `test_${randomBytes(6).toString('hex')}`;
  // Two test files at once would alter the same roles: PostgreSQL answers "tuple concurrently updated".
  await withClient(adminUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock(42)');
    await provision({ adminUrl, database, timescaledb, ...PASSWORDS });
  });
  const url = inDatabase(adminUrl, database);
  return {
    ownerUrl: asRole(url, ROLES.owner, PASSWORDS.ownerPassword),
    writerUrl: asRole(url, ROLES.writer, PASSWORDS.writerPassword),
    readerUrl: asRole(url, ROLES.reader, PASSWORDS.readerPassword),
    adminUrl: url,
    drop: () =>
      withClient(
        adminUrl,
        async (client) => void (await client.query(`DROP DATABASE "${database}" WITH (FORCE)`)),
      ),
  };
}
