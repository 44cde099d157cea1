import { emptyDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';
import { describeStatus } from './describeStatus';
import { migrate } from './migrate';
import { withClient } from '../connect/provision';
import { readStatus } from './status';

const log = { info: () => undefined, warn: () => undefined };

describe.each(MATRIX)('time zone on $name', (server) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await emptyDatabase(server);
  });
  afterAll(() => database.drop());

  const migrated = (timeZone?: string) => migrate({ databaseUrl: database.ownerUrl, timeZone, log });
  const status = () => withClient(database.ownerUrl, readStatus);

  test('a name that the server does not know is refused before anything is changed', async () => {
    for (const name of ['Lisboa', 'UTC+3', '', "'; DROP TABLE pacotes; --"])
      await expect(migrated(name)).rejects.toThrow(`--time-zone: "${name}" is no time zone`);
    const { applied, timeZone } = await status();
    expect([applied.length, timeZone]).toEqual([0, null]);
  });

  test('days are those of the zone that the first migration was given', async () => {
    await migrated('Asia/Tokyo');
    expect(await status()).toMatchObject({ timeZone: 'Asia/Tokyo', pending: [] });
    expect(describeStatus(await status())).toMatch(/^Days of +Asia\/Tokyo$/m);
    const { rows } = await withClient(database.readerUrl, (client) =>
      client.query(
        `SELECT dia_local('2026-11-25 15:30Z')::text AS dia, inicio_do_dia('2026-11-26') = '2026-11-25 15:00Z' AS inicio`,
      ),
    );
    expect(rows).toEqual([{ dia: '2026-11-26', inicio: true }]);
  });

  test('the zone cannot be changed later, and need not be said again', async () => {
    await expect(migrated('America/Sao_Paulo')).rejects.toThrow(
      'this database counts its days in Asia/Tokyo, and what it has added up by day cannot be cut anew in America/Sao_Paulo',
    );
    expect(await migrated('asia/tokyo')).toEqual([]);
    expect(await migrated()).toEqual([]);
    expect((await status()).timeZone).toBe('Asia/Tokyo');
  });
});
