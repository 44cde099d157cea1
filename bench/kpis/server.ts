import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { asRole, inDatabase, migrate, provision, ROLES, withClient } from '@rastreio/database';
import { startDatabase } from '@rastreio/stack';
import { cleanUpWhenInterrupted, endWithUs } from '../interrupt';
import { benchPorts } from '../support';

/** A database server, started for the benchmark or one that runs already. */
export interface KpiServer {
  readonly adminUrl: string;
  readonly timescaledb: boolean;
  /** In words. */
  readonly provider: string;
  readonly stop: () => Promise<void>;
}

/** A migrated database of its own. */
export interface KpiDatabase {
  readonly name: string;
  readonly ownerUrl: string;
  readonly writerUrl: string;
  readonly readerUrl: string;
  readonly drop: () => Promise<void>;
}

const PASSWORDS = { ownerPassword: 'owner', writerPassword: 'writer', readerPassword: 'reader' };
const QUIET = { info: () => undefined, warn: () => undefined };

/** Starts the best database that this machine can have, or attaches to the one at `adminUrl`, which is left running. */
export async function startServer(adminUrl?: string): Promise<KpiServer> {
  const dir = await mkdtemp(path.join(tmpdir(), 'rastreio-bench-'));
  // As root, the database runs as another user, who has to get in.
  await chmod(dir, 0o711);
  cleanUpWhenInterrupted(dir);
  const remove = () => rm(dir, { recursive: true, force: true });
  try {
    const [port = 0] = await benchPorts(1);
    const log = { info: (text: unknown) => void process.stderr.write(`database: ${String(text)}\n`) };
    const database = endWithUs(
      await startDatabase({ provider: 'auto', dir, port, log, databaseUrl: adminUrl }),
    );
    log.info(database.provider);
    return {
      adminUrl: database.adminUrl,
      timescaledb: database.timescaledb,
      provider: database.provider,
      stop: async () => {
        await database.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Makes a database with the project's schema; one of that name is dropped. */
export async function makeDatabase(
  { adminUrl, timescaledb }: Pick<KpiServer, 'adminUrl' | 'timescaledb'>,
  name: string,
): Promise<KpiDatabase> {
  const drop = () =>
    withClient(adminUrl, async (client) => {
      await client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    });
  await drop();
  await provision({ adminUrl, database: name, timescaledb, ...PASSWORDS });
  const url = inDatabase(adminUrl, name);
  const ownerUrl = asRole(url, ROLES.owner, PASSWORDS.ownerPassword);
  await migrate({ databaseUrl: ownerUrl, log: QUIET });
  return {
    name,
    ownerUrl,
    writerUrl: asRole(url, ROLES.writer, PASSWORDS.writerPassword),
    readerUrl: asRole(url, ROLES.reader, PASSWORDS.readerPassword),
    drop,
  };
}
