import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { withClient } from '@rastreio/database';
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
