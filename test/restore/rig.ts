import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { asRole, inDatabase, migrate, provision, ROLES, withClient } from '@rastreio/database';
import { clusterFolder, freePorts, run, startDatabase, type RunningDatabase } from '@rastreio/stack';
import { until } from '@rastreio/testing/until';

/** A database server of one test, whose log of changes (WAL) is kept beside its data. */
export interface ArchivedServer {
  /** For what the test keeps. */
  readonly dir: string;
  readonly timescaledb: boolean;
  /** A superuser on the database `postgres`. */
  readonly adminUrl: string;
  readonly ownerUrl: string;
  readonly writerUrl: string;
  /** What the programs and the commands of the pages are told of the server. */
  readonly env: Readonly<Record<string, string>>;
  /** Stops it and takes its data away, other than the kept log; `fill` puts something else there; starts it with these settings. */
  readonly replaceData: (
    fill: (dataDir: string) => Promise<void>,
    settings: Readonly<Record<string, string>>,
  ) => Promise<void>;
  readonly remove: () => Promise<void>;
}

const DATABASE = 'rastreio';
const QUIET = { info: () => undefined, warn: () => undefined };
/** As the page has them but for the folder: from the server's own one, in which it runs these commands. */
const ARCHIVE = '../wal';
const ARCHIVING = {
  archive_mode: 'on',
  archive_command: `test ! -f ${ARCHIVE}/%f && cp %p ${ARCHIVE}/%f`,
};
export const RESTORE_COMMAND = `cp ${ARCHIVE}/%f %p`;

/** Starts a server of its own with our database in it, migrated. */
export async function startArchivedServer(): Promise<ArchivedServer> {
  const dir = await mkdtemp(path.join(tmpdir(), 'rastreio-restore-'));
  // As root, PostgreSQL runs as another user, who has to get in.
  await chmod(dir, 0o711);
  const [port = 0] = await freePorts(1);
  const start = (settings: Readonly<Record<string, string>>) =>
    startDatabase({ dir, port, provider: 'auto', settings: { ...ARCHIVING, ...settings }, log: QUIET });
  let running: RunningDatabase = await start({});
  const dataDir = await clusterFolder(dir);
  const { uid, gid } = await stat(dataDir);
  const archive = path.resolve(dataDir, ARCHIVE);
  await mkdir(archive);
  await chown(archive, uid, gid);

  const { adminUrl, timescaledb } = running;
  const password = () => randomBytes(18).toString('base64url');
  const [ownerPassword, writerPassword, readerPassword] = [password(), password(), password()];
  await provision({
    adminUrl,
    database: DATABASE,
    timescaledb,
    ownerPassword,
    writerPassword,
    readerPassword,
  });
  const ours = inDatabase(adminUrl, DATABASE);
  const ownerUrl = asRole(ours, ROLES.owner, ownerPassword);
  await migrate({ databaseUrl: ownerUrl, log: QUIET });
  return {
    dir,
    timescaledb,
    adminUrl,
    ownerUrl,
    writerUrl: asRole(ours, ROLES.writer, writerPassword),
    env: {
      PGHOST: '127.0.0.1',
      PGPORT: String(port),
      PGPASSWORD: (await readFile(path.join(dir, 'superuser-password'), 'utf8')).trim(),
      ADMIN_DATABASE_URL: adminUrl,
      RASTREIO_OWNER_PASSWORD: ownerPassword,
      RASTREIO_WRITER_PASSWORD: writerPassword,
      GRAFANA_READER_PASSWORD: readerPassword,
    },
    async replaceData(fill, settings) {
      await running.stop();
      await rename(dataDir, `${dataDir}.lost`);
      await mkdir(dataDir, { mode: 0o700 });
      await fill(dataDir);
      await run('chown', ['-R', `${uid}:${gid}`, dataDir]);
      running = await start(settings);
      await until('the server has ended its recovery', () =>
        withClient(adminUrl, async (client) => {
          const { rows } = await client.query<{ recovering: boolean }>(
            'SELECT pg_is_in_recovery() AS recovering',
          );
          return rows[0]?.recovering === false;
        }),
      );
    },
    async remove() {
      await running.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
