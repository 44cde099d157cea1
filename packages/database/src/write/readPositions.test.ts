// Shows G2 of docs/guarantees.md.
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';
import type { Pool } from 'pg';
import { withPoolClient } from '../connect/pool';
import { WentBackError } from '../connect/sqlstate';
import type { ReadPosition } from './batch';
import { readPositions } from './readPositions';
import { writeBatch } from './writeBatch';
import { createWriterPool } from './writerPool';

const TOPIC = 'eventos_rastreamento';
const [OURS, OTHER] = ['cluster-a', 'cluster-b'];

describe.each(MATRIX)('$name', (server) => {
  let database: TestDatabase;
  let pool: Pool;
  beforeAll(async () => {
    database = await freshDatabase(server);
    pool = createWriterPool({ databaseUrl: database.writerUrl, connections: 1, applicationName: 'test' });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  let parcel = 0;
  const write = (partition: number, position?: Omit<ReadPosition, 'removed'>) =>
    withPoolClient(pool, (client) =>
      writeBatch(client, {
        topic: TOPIC,
        partition,
        events: [
          {
            id_pacote: ++parcel,
            origem: 'Natal',
            destino: 'Acre',
            status_rastreamento: 'POSTADO',
            data_atualizacao: '2026-01-01T00:00:00.000000Z',
            recebido_em: Date.UTC(2026, 0, 1),
          },
        ],
        rejected: [],
        ...(position === undefined ? {} : { position: { ...position, removed: null } }),
      }),
    );
  const parcels = async () =>
    (await pool.query<{ n: number }>('SELECT count(*)::int AS n FROM pacotes')).rows[0]?.n;

  test('how far a cluster is written: its own note, nothing, or not known', async () => {
    await write(0, { cluster: OURS, next: '10' });
    await write(1, { cluster: OTHER, next: '20' });
    // As a version without notes left it.
    await write(2);
    expect(await readPositions(pool, TOPIC, OURS, [0, 1, 2, 3])).toEqual(
      new Map([
        [0, 10n],
        [1, 0n],
        [2, null],
        [3, 0n],
      ]),
    );
  });

  test('a batch that comes after what the database does not have is not written', async () => {
    const before = await parcels();
    const position = { cluster: OURS, after: '11', next: '30' };
    await expect(write(0, position)).rejects.toThrow(WentBackError);
    await expect(write(0, position)).rejects.toThrow(/up to offset 10, and up to 11 /);
    // Neither where nothing is known of the partition.
    await expect(write(4, position)).rejects.toThrow(/up to offset 0, and up to 11 /);
    expect(await parcels()).toBe(before);
    expect(await readPositions(pool, TOPIC, OURS, [0])).toEqual(new Map([[0, 10n]]));
    await write(0, { ...position, after: '10' });
    // Read again from further back; and each cluster has a note of its own, also after a change to another and back.
    await write(0, { cluster: OURS, after: '5', next: '8' });
    await expect(write(0, { cluster: OTHER, after: '99', next: '100' })).rejects.toThrow(
      /up to offset 0, and up to 99 /,
    );
    await write(0, { cluster: OTHER, after: '0', next: '100' });
    expect(await readPositions(pool, TOPIC, OTHER, [0])).toEqual(new Map([[0, 100n]]));
    expect(await readPositions(pool, TOPIC, OURS, [0])).toEqual(new Map([[0, 30n]]));
    await write(0, { cluster: OURS, after: '30', next: '31' });
  });
});
