import path from 'node:path';
import { asRole, inDatabase, migrate, provision, ROLES } from '@rastreio/database';
import { REPO_ROOT } from '../paths';
import type { Secrets } from '../secrets';
import { BATCH_DATABASE, DATABASE } from '../services';
import { provisionBatch } from './batch';
import type { RunningDatabase } from './types';

/** Makes our database and that of the batch page where they are missing, and brings their tables up to date. Safe at every start. */
export async function prepareDatabases(database: RunningDatabase, secrets: Secrets): Promise<void> {
  const { adminUrl, timescaledb, ownServer } = database;
  await provision({
    adminUrl,
    database: DATABASE,
    ownerPassword: secrets.owner,
    writerPassword: secrets.writer,
    readerPassword: secrets.reader,
    timescaledb,
    ownServer,
  });
  await migrate({
    databaseUrl: ownerUrlOf(database, secrets),
    log: { info: () => undefined, warn: () => undefined },
  });
  await provisionBatch({
    adminUrl,
    database: BATCH_DATABASE,
    csvFile: path.join(REPO_ROOT, 'fixtures', 'rastreamento.csv'),
  });
}

/** Our database as rastreio_owner. */
export function ownerUrlOf({ adminUrl }: Pick<RunningDatabase, 'adminUrl'>, { owner }: Secrets): string {
  return asRole(inDatabase(adminUrl, DATABASE), ROLES.owner, owner);
}

/** The address alone, for a file that others may read. */
export function withoutUser(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  [url.username, url.password] = ['', ''];
  return url.toString();
}
