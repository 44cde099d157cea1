// Shows G3 of docs/guarantees.md.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { Client, type Pool } from 'pg';
import { CLEAR, WITHOUT_JIT } from '@rastreio/testing/statements';
import { storedStates } from '@rastreio/testing/storedStates';
import { again } from '@rastreio/testing/again';
import { tableDifferences } from '@rastreio/testing/differences';
import { anyBatches } from '@rastreio/testing/events';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';
import type { BatchCounts, PlainReceived, RejectedMessage } from './batch';
import { createWriterPool } from './writerPool';
import { withClient } from '../connect/provision';
import { describeStatus } from '../schema/describeStatus';
import { readStatus } from '../schema/status';
import { reduceParcels } from './parcelState';
import { writeBatch } from './writeBatch';

const REFERENCE = path.resolve(__dirname, '../../../../sql/reference');
const reference = (name: string) => readFileSync(path.join(REFERENCE, name), 'utf8').trim().replace(/;$/, '');
const RANK = (status: string) =>
  `coalesce((SELECT ordem FROM catalogo_status c WHERE c.status = ${status}), 0)`;
// An unknown status does not count where the latest known one before it is final.
const COUNTING = `(
  SELECT e.* FROM eventos_rastreamento e
  WHERE ${RANK('e.status_rastreamento')} > 0 OR NOT coalesce((
    SELECT c.terminal FROM eventos_rastreamento k JOIN catalogo_status c ON c.status = k.status_rastreamento
    WHERE k.id_pacote = e.id_pacote AND k.data_evento < e.data_evento ORDER BY k.data_evento DESC, c.ordem DESC LIMIT 1), false)
)`;
// The original's query does not say which of two events at one instant is the latest; the catalogue's rank does, then the text. And it knows
// no catalogue, so that it is asked for the events that count.
const LATEST_STATUS = reference('status_atual.sql')
  .replace('FROM eventos_rastreamento', `FROM ${COUNTING} AS e`)
  .replace(
    'ORDER BY data_evento DESC',
    `ORDER BY data_evento DESC, ${RANK('status_rastreamento')} DESC, status_rastreamento COLLATE "C" DESC`,
  );

describe.each(SERVERS)('on $name', (server) => {
  let database: TestDatabase;
  let pool: Pool;
  let owner: Client;
  beforeAll(async () => {
    database = await freshDatabase(server);
    pool = createWriterPool({ databaseUrl: database.writerUrl, connections: 2, applicationName: 'test' });
    owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await owner.query(WITHOUT_JIT);
  });
  afterAll(async () => {
    await owner.end();
    await pool.end();
    await database.drop();
  });
  const asOwner = <T>(run: (client: Client) => Promise<T>) => run(owner);
  const clear = () => owner.query(CLEAR);

  async function write(
    events: readonly PlainReceived[],
    rejected: readonly RejectedMessage[] = [],
  ): Promise<BatchCounts> {
    const client = await pool.connect();
    try {
      return await writeBatch(client, { topic: 'test', partition: 0, events, rejected });
    } finally {
      client.release();
    }
  }

  test('tables, figures and counts equal the plain definition for any order, repetition and split', async () => {
    await fc.assert(
      fc.asyncProperty(anyBatches, async ({ events, batches }) => {
        await clear();
        let total = { consumed: 0, inserted: 0, duplicate: 0, rejected: 0 };
        for (const batch of batches) {
          const counts = await write(batch);
          expect(counts.consumed).toBe(counts.inserted + counts.duplicate + counts.rejected);
          total = {
            ...total,
            consumed: total.consumed + counts.consumed,
            inserted: total.inserted + counts.inserted,
          };
        }
        const keys = new Set(
          events.map((e) => `${e.id_pacote}/${e.data_atualizacao}/${e.status_rastreamento}`),
        );
        expect(total).toMatchObject({ consumed: batches.flat().length, inserted: keys.size });
        await asOwner((client) => expectExact(client, events));
      }),
      { numRuns: 150 },
    );
  });

  test('two connections writing the same parcels at once end in the same state', async () => {
    await fc.assert(
      fc.asyncProperty(anyBatches, async ({ events, batches }) => {
        await clear();
        const written = await Promise.allSettled(batches.map((batch) => again(() => write(batch))));
        // Only now, so that no batch of this run is under way in the next one.
        expect(written.filter(({ status }) => status === 'rejected')).toEqual([]);
        await asOwner((client) => expectExact(client, events));
      }),
      { numRuns: 40 },
    );
  });

  test('whoever changes pacotes, the figures stay true', async () => {
    await clear();
    await write(
      ['ENTREGUE', 'POSTADO', 'EM TRÂNSITO'].map((status, i) =>
        event(i + 1, status, '2026-01-02T00:00:00.000000Z'),
      ),
    );
    await write([event(1, 'POSTADO', '2026-01-01T00:00:00.000000Z')]);
    const figures = () =>
      asOwner(async (client) => ({
        status: (
          await client.query(
            'SELECT status_rastreamento AS s, total_pacotes::int AS n FROM status_dos_pacotes ORDER BY 1',
          )
        ).rows as object[],
        mean: (
          (await client.query('SELECT tempo_medio_segundos AS m FROM indicadores_entrega')).rows as {
            m: number;
          }[]
        )[0]?.m,
      }));
    expect((await figures()).mean).toBe(86_400);
    await asOwner((client) =>
      client.query(`UPDATE pacotes SET data_entrega = data_entrega + interval '1 day' WHERE id_pacote = 1`),
    );
    expect((await figures()).mean).toBe(2 * 86_400);
    await asOwner((client) => client.query('DELETE FROM pacotes WHERE id_pacote = 2'));
    expect((await figures()).status).toEqual([
      { s: 'EM TRÂNSITO', n: 1 },
      { s: 'ENTREGUE', n: 1 },
    ]);
    await owner.query('TRUNCATE pacotes, eventos_rastreamento');
    expect(await figures()).toEqual({ status: [], mean: null });
  });

  test('rejected messages are kept byte by byte, once', async () => {
    await clear();
    const message: RejectedMessage = {
      topic: 'eventos_rastreamento',
      partition: 3,
      offset: '9007199254740993',
      key: Buffer.from([0, 255]),
      value: Buffer.from([0x7b, 0xff, 0x00]),
      headers: { origem: "a'b" },
      reason: 'invalid_utf8',
      field: null,
      detail: 'the bytes are not UTF-8',
      recebido_em: Date.UTC(2026, 10, 1),
    };
    const tombstone = { ...message, offset: '1', key: null, value: null };
    expect(await write([], [message, tombstone])).toEqual({
      consumed: 2,
      inserted: 0,
      duplicate: 0,
      rejected: 2,
      unknown: 0,
    });
    await write([], [message]);
    const rows = await asOwner(
      async (client) =>
        (await client.query('SELECT * FROM eventos_rejeitados ORDER BY deslocamento DESC')).rows as object[],
    );
    expect(rows).toMatchObject([
      {
        deslocamento: '9007199254740993',
        chave: message.key,
        valor: message.value,
        cabecalhos: message.headers,
      },
      { deslocamento: '1', chave: null, valor: null },
    ]);
  });

  test('the reader reads and cannot write, the writer cannot falsify figures', async () => {
    const attempt = (url: string, sql: string) =>
      withClient(url, (client) => client.query(sql)).then(
        () => 'done',
        (e: { code: string }) => e.code,
      );
    expect(
      await attempt(
        database.readerUrl,
        'SELECT * FROM status_dos_pacotes, indicadores_entrega, cartas, ingestao, limites LIMIT 1',
      ),
    ).toBe('done');
    expect(await attempt(database.readerUrl, 'BEGIN READ WRITE; DELETE FROM pacotes')).toBe('42501');
    expect(await attempt(database.readerUrl, 'CREATE TABLE x ()')).toMatch(/25006|42501/);
    expect(await attempt(database.writerUrl, 'UPDATE resumo_status SET total = 0')).toBe('42501');
    expect(await attempt(database.writerUrl, 'DELETE FROM eventos_rastreamento')).toBe('42501');
  });

  test('the events are a hypertable where TimescaleDB is, and status says so', async () => {
    const status = await withClient(database.ownerUrl, readStatus);
    expect(status).toMatchObject({
      pending: [],
      unknown: [],
      hypertables: server.timescaledb ? ['eventos_rastreamento'] : [],
      chunkInterval: server.timescaledb ? '7 days' : null,
    });
    // Neither plain PostgreSQL nor the Apache edition has columnar chunks; "npm run bench -- timescale" checks those.
    if (status.timescaledb?.license === 'timescale')
      expect(status.columnstore).toMatchObject({ after: '14 days' });
    else expect(status.columnstore).toBeNull();
    expect(describeStatus(status)).toMatch(
      /^Columnstore +(on, after 14 days; 0 of|off: only the community edition)/m,
    );
    expect(status.timescaledb === null).toBe(!server.timescaledb);
    const { rows } = await asOwner((client) =>
      client.query(
        `SELECT time_bucket('300.000s', timestamptz '2026-01-01 10:07:00Z') = timestamptz '2026-01-01 10:05:00Z' AS ok`,
      ),
    );
    expect(rows).toEqual([{ ok: true }]);
  });
});

function event(id_pacote: number, status_rastreamento: string, data_atualizacao: string): PlainReceived {
  return {
    id_pacote,
    origem: 'Natal',
    destino: 'Paraíba',
    status_rastreamento,
    data_atualizacao,
    recebido_em: Date.UTC(2026, 10, 1),
  };
}

async function expectExact(client: Client, events: readonly PlainReceived[]): Promise<void> {
  expect(await storedStates(client)).toEqual(reduceParcels(events).states);
  expect(await tableDifferences(client)).toEqual([]);
  const rowsOf = async (sql: string) => (await client.query(sql)).rows as Record<string, unknown>[];
  expect(await rowsOf('SELECT * FROM status_dos_pacotes ORDER BY status_rastreamento COLLATE "C"')).toEqual(
    await rowsOf(`SELECT * FROM (${LATEST_STATUS}) AS r ORDER BY status_rastreamento COLLATE "C"`),
  );
  const [mean] = await rowsOf(
    `SELECT extract(epoch FROM tempo_medio_de_entrega)::float8 AS s FROM (${reference('tempo_medio_de_entrega.sql')}) AS r`,
  );
  const [kept] = await rowsOf('SELECT tempo_medio_segundos AS s, total_pacotes FROM indicadores_entrega');
  if (typeof mean?.s !== 'number') expect(kept?.s).toBeNull();
  // AVG over intervals rounds to microseconds.
  else expect(Math.abs(Number(kept?.s) - Number(mean.s))).toBeLessThan(2e-6);
  expect(kept?.total_pacotes).toBe(String(new Set(events.map((e) => e.id_pacote)).size));
  const orphans = await rowsOf(
    'SELECT id_pacote FROM eventos_rastreamento LEFT JOIN pacotes p USING (id_pacote) WHERE p.id_pacote IS NULL',
  );
  expect(orphans).toEqual([]);
}
