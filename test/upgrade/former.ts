import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { withClient } from '@rastreio/database';
import type { ClientBase, QueryResult } from 'pg';
import { emptyDatabase, type TestDatabase, type TestServer } from '@rastreio/testing/servers';

/** The 25 migrations of the version before 0.1.0: made once from sql/migrations of commit e628869, each after a line with its name. */
const FORMER = gunzipSync(readFileSync(path.join(__dirname, 'former-schema.sql.gz'))).toString('utf8');
const MIGRATIONS = [...FORMER.matchAll(/^-- Migration (\w+)\n([^]*?)(?=^-- Migration |(?![^]))/gm)].map(
  ([, name = '', sql = '']) => ({ name, sql }),
);

/**
 * A database as the version before 0.1.0 left it.
 *
 * @param count so many of its migrations, from the first on; left out: all
 */
export async function formerDatabase(server: TestServer, count = MIGRATIONS.length): Promise<TestDatabase> {
  const database = await emptyDatabase(server);
  await withClient(database.ownerUrl, async (client) => {
    await client.query(
      'CREATE TABLE migracoes (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL)',
    );
    for (const { name, sql } of MIGRATIONS.slice(0, count)) {
      await client.query(`BEGIN; ${sql}; COMMIT`);
      await client.query('INSERT INTO migracoes (name, run_on) VALUES ($1, now())', [name]);
    }
  });
  return database;
}

/** The generation of that version's writer (`WRITER_GENERATION`). */
const FORMER_GENERATION = 2;

/** Its account of a batch: what later migrations brought is not in it. */
const FORMER_ACCOUNTS = `
  INSERT INTO ingestao AS i (minuto, topico, particao, consumidos, inseridos, duplicados, rejeitados, recebido_ate)
  VALUES (date_trunc('minute', now()), $1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (minuto, topico, particao) DO UPDATE SET
    consumidos = i.consumidos + excluded.consumidos, inseridos = i.inseridos + excluded.inseridos,
    duplicados = i.duplicados + excluded.duplicados, rejeitados = i.rejeitados + excluded.rejeitados,
    recebido_ate = greatest(i.recebido_ate, excluded.recebido_ate)`;

/** A database asks for newer writers than that version's. */
export class FormerWriterRefused extends Error {}

/**
 * A connection on which today's `writeBatch` writes events as that version did, and is refused as it is.
 *
 * @throws FormerWriterRefused by its queries, once the database was migrated for newer writers
 */
export function asFormerWriter(client: ClientBase): ClientBase {
  const ask = client.query.bind(client) as (...args: unknown[]) => unknown;
  const queryText = async (statement: string, values?: unknown[]): Promise<unknown> => {
    if (statement.includes('INSERT INTO ingestao')) return ask(FORMER_ACCOUNTS, values?.slice(0, 7));
    const result = await ask(statement, values);
    const [row] = ([result].flat().at(-1) as QueryResult<{ escritor_minimo?: number }>).rows;
    if ((row?.escritor_minimo ?? 0) > FORMER_GENERATION) throw new FormerWriterRefused();
    return result;
  };
  // A COPY gives a stream at once.
  const query = (statement: unknown, values?: unknown[]): unknown =>
    typeof statement === 'string' ? queryText(statement, values) : ask(statement, values);
  return new Proxy(client, {
    get: (target, name) => {
      const value: unknown = name === 'query' ? query : Reflect.get(target, name, target);
      return typeof value === 'function' && name !== 'query' ? (value.bind(target) as unknown) : value;
    },
  });
}
