import { EXIT, OperatorError } from '@rastreio/runtime';
import type { ClientBase } from 'pg';
import { ROLES } from '../connect/roles';
import type { FunctionSet, SqlFile } from './files';
import { dropObjects, foreignDependents, foreignGrants, listObjects } from './objects';

/**
 * Drops what the set before made and makes the set: a view cannot be replaced in place by one with other columns. To be called within the
 * transaction that keeps batches out. Rights that somebody gave to roles of his own are given again.
 *
 * @param owned what the set before made
 * @throws OperatorError (78) when something that is not of the set would go with it, before anything is dropped
 */
export async function applyFunctions(
  client: ClientBase,
  { files, sha256 }: FunctionSet,
  owned: readonly string[],
): Promise<void> {
  assertNothingForeign(await foreignDependents(client, owned));
  const grants = await foreignGrants(client, owned, Object.values(ROLES));
  await dropObjects(client, owned);
  const others = await listObjects(client);
  for (const file of files) await runFile(client, 'functions', file);
  const made = (await listObjects(client)).filter((name) => !others.includes(name));
  for (const { name, statement } of grants) if (made.includes(name)) await client.query(statement);
  await client.query('INSERT INTO funcoes_aplicadas (sha256, objetos) VALUES ($1, $2)', [sha256, made]);
}

/** Runs a file of SQL. @throws the database's error, which then says which file it was */
export async function runFile(client: ClientBase, folder: string, { name, sql }: SqlFile): Promise<void> {
  try {
    await client.query(sql);
  } catch (error) {
    if (error instanceof Error) error.message = `sql/${folder}/${name}.sql: ${error.message}`;
    throw error;
  }
}

function assertNothingForeign(names: readonly string[]): void {
  if (names.length === 0) return;
  throw new OperatorError(
    `Views and functions of this schema are made anew, and these of yours rest on them: ${names.join(', ')}. Keep their definitions ` +
      '(for example pg_dump --schema-only), drop them, run "npm run db:migrate", and make them again. Nothing was changed.',
    EXIT.config,
  );
}
