import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { importFile } from '@rastreio/csv';
import { closeDatabase, ensureDatabase, inDatabase, ROLES, withClient } from '@rastreio/database';
import { REPO_ROOT } from '../paths';

const SEED_TABLES = path.join(REPO_ROOT, 'sql', 'reference', 'desafio1.sql');

export interface ProvisionBatchOptions {
  /** A superuser on any database of the server; the roles exist already (see `provision`). */
  readonly adminUrl: string;
  readonly database: string;
  readonly csvFile: string;
}

/** Makes the database of the original's batch part, with its own tables, and loads a file into it. Run again, nothing changes. */
export async function provisionBatch({ adminUrl, database, csvFile }: ProvisionBatchOptions): Promise<void> {
  const databaseUrl = inDatabase(adminUrl, database);
  await withClient(adminUrl, (client) => ensureDatabase(client, database, ROLES.owner));
  await withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ missing: boolean }>(
      `SELECT to_regclass('public.pacotes') IS NULL AS missing`,
    );
    if (rows[0]?.missing === true) await client.query(await readFile(SEED_TABLES, 'utf8'));
    await closeDatabase(client, database, { connect: [ROLES.owner, ROLES.reader] });
    await client.query(`GRANT SELECT ON pacotes, eventos_rastreamento TO ${ROLES.reader}`);
  });
  await importFile({ databaseUrl, file: csvFile });
}
