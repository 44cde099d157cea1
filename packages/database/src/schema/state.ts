import { EXIT, OperatorError } from '@rastreio/runtime';
import type { ClientBase } from 'pg';
import { assertCatalogue } from './catalogue';
import { assertGeneration } from './generation';
import { readFormer, readFunctionSet, readMigrations, sqlDir } from './files';

type Queryable = Pick<ClientBase, 'query'>;

/**
 * How the views, functions and triggers of a database stand to those of this checkout.
 * - `current`: they are the same.
 * - `newer`: they were, and another version has applied its own since. Programs of this one go on.
 * - `differs`: the database never had those of this checkout.
 * - `never`: nothing was ever applied.
 */
type FunctionsState = 'current' | 'newer' | 'differs' | 'never';

export interface SchemaState {
  readonly applied: readonly string[];
  /** What db:migrate would apply: migrations, and `functions` where their state is `differs` or `never`. */
  readonly pending: readonly string[];
  /** Migrations that the database has and this checkout does not: it was migrated by a newer version. */
  readonly unknown: readonly string[];
  readonly functions: FunctionsState;
  /** ISO 8601; null where nothing was ever applied. */
  readonly functionsAppliedAt: string | null;
  /** Migrations of the version before 0.1.0 that the database lacks, where it has some of them; null where it has none. */
  readonly formerLacks: readonly string[] | null;
}

/** Compares what is applied to a database with what this checkout has. */
export async function readSchemaState(client: Queryable, sql = sqlDir()): Promise<SchemaState> {
  const [former, migrations, set] = await Promise.all([
    readFormer(),
    readMigrations(sql),
    readFunctionSet(sql),
  ]);
  const files = migrations.map(({ name }) => name);
  const names = await readNames(client);
  const applied = names.filter((name) => !former.migrations.includes(name));
  const sets = await readSets(client);
  const functions = functionsState(sets, set.sha256);
  return {
    applied,
    pending: [
      ...files.filter((name) => !applied.includes(name)),
      ...(functions === 'differs' || functions === 'never' ? ['functions'] : []),
    ],
    unknown: applied.filter((name) => !files.includes(name)),
    functions,
    functionsAppliedAt: sets.at(-1)?.aplicadas_em.toISOString() ?? null,
    formerLacks:
      applied.length === names.length ? null : former.migrations.filter((name) => !names.includes(name)),
  };
}

/** @throws OperatorError (exit code 78) when the database lacks something of this checkout, is for newer writers, or ranks statuses otherwise */
export async function assertSchema(client: Queryable): Promise<void> {
  const { pending } = await readSchemaState(client);
  if (pending.length > 0)
    throw new OperatorError(
      `The database lacks ${pending.join(', ')}; run "npm run db:migrate" and start again.`,
      EXIT.config,
    );
  await assertWriter(client);
  await assertCatalogue(client);
}

/** @throws OperatorError (exit code 78) when the database was migrated for newer writers; it must have its first migration */
export async function assertWriter(client: Queryable): Promise<void> {
  const { rows } = await client.query<{ escritor_minimo: number }>(
    'SELECT escritor_minimo FROM versao_do_esquema',
  );
  assertGeneration(rows[0]?.escritor_minimo ?? Infinity);
}

interface AppliedSet {
  readonly sha256: string;
  readonly aplicadas_em: Date;
}

function functionsState(sets: readonly AppliedSet[], ours: string): FunctionsState {
  if (sets.length === 0) return 'never';
  if (sets.at(-1)?.sha256 === ours) return 'current';
  return sets.some(({ sha256 }) => sha256 === ours) ? 'newer' : 'differs';
}

async function readNames(client: Queryable): Promise<readonly string[]> {
  if (!(await hasTable(client, 'migracoes'))) return [];
  const { rows } = await client.query<{ name: string }>('SELECT name FROM migracoes ORDER BY id');
  return rows.map(({ name }) => name);
}

async function readSets(client: Queryable): Promise<readonly AppliedSet[]> {
  if (!(await hasTable(client, 'funcoes_aplicadas'))) return [];
  const { rows } = await client.query<AppliedSet>(
    'SELECT sha256, aplicadas_em FROM funcoes_aplicadas ORDER BY id',
  );
  return rows;
}

async function hasTable(client: Queryable, name: string): Promise<boolean> {
  const { rows } = await client.query<{ exists: boolean }>('SELECT to_regclass($1) IS NOT NULL AS exists', [
    `public.${name}`,
  ]);
  return rows[0]?.exists === true;
}
