import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';
import { CONNECTION_DEFAULTS } from './pool';

const ROOT = path.resolve(__dirname, '../../../..');

/** Settings with which the same statement reads or writes something else. */
const ODD = {
  datestyle: 'SQL, DMY',
  intervalstyle: 'iso_8601',
  timezone: 'Asia/Kathmandu',
  extra_float_digits: '-15',
  bytea_output: 'escape',
  standard_conforming_strings: 'off',
  search_path: 'pg_catalog',
  default_transaction_isolation: 'serializable',
  default_transaction_deferrable: 'on',
  transform_null_equals: 'on',
  array_nulls: 'off',
  quote_all_identifiers: 'on',
  lc_messages: 'C',
  lc_numeric: 'C',
  lc_monetary: 'C',
};

const VALUES = `
  SELECT timestamptz '2026-02-03 04:05:06.789+00' AS instant, (timestamptz '2026-02-03 04:05:06.789+00')::text AS text,
         interval '1 day 02:03:04'::text AS interval, 0.1::float8 + 0.2::float8 AS number, '\\x00ff'::bytea AS bytes,
         'a\\b' AS backslash, '{a,NULL}'::text[] AS list, (SELECT count(*)::int FROM limites) > 0 AS found,
         (SELECT NULL::int = NULL) AS nothing, current_setting('transaction_isolation') AS isolation,
         date_trunc('day', timestamptz '2026-02-03 23:30:00+00')::text AS day`;

describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  beforeAll(async () => (database = await freshDatabase(server)));
  afterAll(() => database.drop());

  const read = async (connectionString: string) => {
    const client = new Client({ ...CONNECTION_DEFAULTS, connectionString });
    await client.connect();
    try {
      return (await client.query(VALUES)).rows as unknown[];
    } finally {
      await client.end();
    }
  };
  const asSuperuser = async (...statements: readonly string[]) => {
    const client = new Client({ connectionString: database.adminUrl });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };

  test.each(['database', 'role in the database'])(
    'what the %s is set to changes nothing of what is read',
    async (whose) => {
      const name = new URL(database.adminUrl).pathname.slice(1);
      const target =
        whose === 'database' ? `DATABASE "${name}"` : `ROLE rastreio_writer IN DATABASE "${name}"`;
      const plain = await read(database.writerUrl);
      expect(plain).toMatchObject([
        { text: '2026-02-03 04:05:06.789+00', found: true, isolation: 'read committed' },
      ]);
      await asSuperuser(
        ...Object.entries(ODD).map(
          ([setting, value]) =>
            `ALTER ${target} SET ${setting} = ${setting === 'search_path' ? value : `'${value}'`}`,
        ),
      );
      // It does set something: a connection that is not ours reads otherwise.
      const foreign = new Client({ connectionString: database.writerUrl });
      await foreign.connect();
      expect((await foreign.query(`SELECT now()::text AS now`)).rows).not.toMatchObject([
        { now: expect.stringMatching(/^\d{4}-/) as string },
      ]);
      await foreign.end();
      expect(await read(database.writerUrl)).toEqual(plain);
      await asSuperuser(`ALTER ${target} RESET ALL`);
    },
  );
});

test('every connection of a program begins with these settings', () => {
  const sources = ['packages', 'services', 'cli', 'stack'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /^(?!.*(node_modules|dist)).*(?<!\.test)\.ts$/.test(file))
      .map((file) => path.join(folder, file)),
  );
  const connecting = sources.flatMap((file) => {
    const text = readFileSync(path.join(ROOT, file), 'utf8');
    if (!/from 'pg'/.test(text)) return [];
    return [...text.matchAll(/new (?:Client|Pool)\(([^;]*?)\);/gs)].map((match) => ({
      file,
      options: match[1],
    }));
  });
  expect(connecting.length).toBeGreaterThan(5);
  expect(
    connecting.filter(({ options }) => !/connectTo\(|\.\.\.CONNECTION_DEFAULTS/.test(options ?? '')),
  ).toEqual([]);
});
