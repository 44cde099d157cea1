// Shows G1, G3 of docs/guarantees.md.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDecoder } from '@rastreio/contract';
import { prepareConnection, withClient, writeBatch, type Batch } from '@rastreio/database';
import {
  DAY_MS,
  GroundTruth,
  JSON_FORMAT,
  NO_FAULTS,
  withFaults,
  worldEvents,
  writeTruth,
  type Message,
} from '@rastreio/simulator';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';
import { verify } from './verify';

const START = Date.parse('2026-09-01T00:00:00Z');
const RATES = {
  ...NO_FAULTS,
  dup: 0.05,
  late: 0.1,
  malformed: 0.03,
  unknown: 0.03,
  naive: 0.02,
  future: 0.02,
  conflict: 0.05,
  clock: 0.05,
};
const world = { seed: 11, startMs: START, postingIntervalMs: 600_000, maxParcels: 400, incidents: [] };
const messages = [...withFaults(worldEvents(world), RATES, world.seed)];

let dir: string;
let file: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-verify-'));
  file = path.join(dir, 'truth.ndjson');
  const truth = new GroundTruth();
  for (const message of messages) truth.add(message, JSON_FORMAT.text(message), message.rejection);
  await writeTruth(file, truth, { seed: world.seed });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** As the consumer does: decode, then write; here out of order and in uneven batches. */
async function writeAll(url: string, all: readonly Message[]): Promise<void> {
  const decode = createDecoder({ now: () => START + 365 * DAY_MS, maxFutureSkewMs: DAY_MS });
  const recebido_em = Date.now();
  await withClient(url, async (client) => {
    await prepareConnection(client);
    for (let at = 0; at < all.length; at += 701) {
      const events: Batch['events'][number][] = [];
      const rejected: Batch['rejected'][number][] = [];
      for (const message of all.slice(at, at + 701)) {
        const value = Buffer.from(JSON_FORMAT.text(message));
        const result = decode(value);
        if (result.ok) events.push({ ...result.event, recebido_em });
        else {
          const { reason, field, detail } = result.rejections[0];
          const place = {
            topic: 't',
            partition: 0,
            offset: String(messages.indexOf(message)),
            key: null,
            headers: {},
          };
          rejected.push({ ...place, value, reason, field, detail, recebido_em });
        }
      }
      await writeBatch(client, { topic: 't', partition: 0, events, rejected });
    }
  });
}

const rejectedAgain = (valor: string) => `
  INSERT INTO eventos_rejeitados (topico, particao, deslocamento, valor, motivo, campo, detalhe, recebido_em)
  SELECT topico, particao, deslocamento + 1000000, ${valor}, motivo, campo, detalhe, recebido_em
  FROM eventos_rejeitados ORDER BY deslocamento LIMIT 1`;
const REJECTED_AGAIN = rejectedAgain('valor');

describe.each(MATRIX)('$name', (server) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await freshDatabase(server);
    await writeAll(db.writerUrl, [...messages].reverse());
  });
  afterAll(() => db.drop());
  const run = (options = {}) =>
    verify({ file, databaseUrl: db.ownerUrl, waitMs: 0, ignoreOthers: false, ...options });

  /** Tampers, verifies and puts everything back, so that each case stands alone. */
  async function after(sql: string, options = {}): Promise<Awaited<ReturnType<typeof verify>>> {
    const saved = [
      'pacotes',
      'eventos_rastreamento',
      'eventos_rejeitados',
      'ingestao',
      'resumo_status',
      'resumo_entregas',
    ];
    return withClient(db.adminUrl, async (client) => {
      for (const table of saved) await client.query(`CREATE TEMP TABLE s_${table} AS TABLE ${table}`);
      try {
        await client.query(sql);
        return await run(options);
      } finally {
        // Triggers off: what they would keep is put back as it was.
        await client.query('SET session_replication_role = replica');
        for (const table of saved) {
          // A generated column cannot be put back; it follows from the others.
          const { rows } = await client.query<{ list: string }>(
            `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS list FROM pg_attribute
             WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
            [`public.${table}`],
          );
          const columns = rows[0]?.list ?? '';
          await client.query(
            `DELETE FROM ${table}; INSERT INTO ${table} (${columns}) SELECT ${columns} FROM pg_temp.s_${table}`,
          );
        }
      }
    });
  }

  test('beside other parcels it waits for its own, not for as many', async () => {
    const database = await freshDatabase(server);
    try {
      // The accounts count as much as is expected, and none of it is there: as if it had been others'.
      await writeAll(database.writerUrl, messages);
      await withClient(database.adminUrl, (client) =>
        client.query(`
          DELETE FROM eventos_rastreamento; DELETE FROM pacotes; DELETE FROM eventos_rejeitados`),
      );
      const waiting = verify({
        file,
        databaseUrl: database.ownerUrl,
        waitMs: 120_000,
        ignoreOthers: true,
      });
      await writeAll(database.writerUrl, messages);
      expect(await waiting).toMatchObject({ ok: true, lost: 0, parcels: { compared: 400 } });
    } finally {
      await database.drop();
    }
  });

  test('a database that got every message agrees, in any order and repeated', async () => {
    expect(await run()).toMatchObject({ ok: true, differences: [], parcels: { compared: 400, others: 0 } });
    await writeAll(db.writerUrl, messages);
    expect(await run()).toMatchObject({ ok: true, accounts: { redelivered: messages.length } });
  });

  test.each([
    [
      'a lost event',
      'events',
      `DELETE FROM eventos_rastreamento WHERE ctid = (SELECT ctid FROM eventos_rastreamento LIMIT 1)`,
    ],
    [
      'an instant that is a microsecond off',
      'events',
      `UPDATE eventos_rastreamento SET data_evento = data_evento + interval '1 microsecond'
       WHERE (id_pacote, data_evento) = (SELECT id_pacote, data_evento FROM eventos_rastreamento ORDER BY 1, 2 LIMIT 1)`,
    ],
    [
      'a wrong status',
      'parcels',
      `UPDATE pacotes SET status_atual = 'CANCELADO' WHERE id_pacote = (SELECT id_pacote FROM pacotes WHERE status_atual = 'ENTREGUE' LIMIT 1)`,
    ],
    [
      'a missing parcel',
      'parcels',
      `DELETE FROM pacotes WHERE id_pacote = (SELECT max(id_pacote) FROM pacotes)`,
    ],
    [
      'a parcel that nobody sent',
      'parcels',
      `INSERT INTO pacotes (id_pacote, origem, destino, status_atual, data_status, ordem_status, data_inicio)
       VALUES (1, 'a', 'b', 'POSTADO', now(), 10, now())`,
    ],
    [
      'a lost rejected message',
      'rejected',
      `DELETE FROM eventos_rejeitados WHERE deslocamento = (SELECT min(deslocamento) FROM eventos_rejeitados)`,
    ],
    [
      'a rejected message with other bytes',
      'rejected',
      `UPDATE eventos_rejeitados SET valor = 'x' WHERE deslocamento = (SELECT min(deslocamento) FROM eventos_rejeitados)`,
    ],
    [
      'a wrong count',
      'kpis',
      `UPDATE resumo_status SET total = total + 1 WHERE ctid = (SELECT ctid FROM resumo_status LIMIT 1)`,
    ],
    [
      'a wrong sum of delivery times',
      'kpis',
      `UPDATE resumo_entregas SET segundos = segundos + 1000 WHERE ctid = (SELECT ctid FROM resumo_entregas WHERE dia = '-infinity' LIMIT 1)`,
    ],
    [
      'an event counted twice',
      'accounts',
      `UPDATE ingestao SET inseridos = inseridos + 1, consumidos = consumidos + 1`,
    ],
  ])('%s is found', async (_name, section, sql) => {
    const result = await after(sql);
    expect(result.ok).toBe(false);
    expect(result.different[section]).toBeGreaterThan(0);
    expect(result.differences.length).toBeGreaterThan(0);
    expect(await run()).toMatchObject({ ok: true });
  });

  test.each([
    [
      'a missing parcel with its events',
      { lost: 7, duplicated: 0, wrongStates: 1 },
      `WITH p AS (SELECT id_pacote FROM eventos_rastreamento GROUP BY 1 HAVING count(*) = 7 LIMIT 1),
       e AS (DELETE FROM eventos_rastreamento WHERE id_pacote IN (SELECT id_pacote FROM p))
       DELETE FROM pacotes WHERE id_pacote IN (SELECT id_pacote FROM p)`,
    ],
    [
      'an event that nobody sent',
      { lost: 0, duplicated: 1, wrongStates: 0 },
      `INSERT INTO eventos_rastreamento SELECT min(id_pacote), '2026-01-01', 'POSTADO' FROM pacotes`,
    ],
    [
      'an event with another content',
      { lost: 1, duplicated: 1, wrongStates: 0 },
      `UPDATE eventos_rastreamento SET status_rastreamento = 'X'
       WHERE (id_pacote, data_evento, status_rastreamento) =
             (SELECT id_pacote, data_evento, status_rastreamento FROM eventos_rastreamento ORDER BY 1, 2, 3 LIMIT 1)`,
    ],
    [
      'a lost rejected message',
      { lost: 1, duplicated: 0, wrongStates: 0 },
      `DELETE FROM eventos_rejeitados WHERE deslocamento = (SELECT min(deslocamento) FROM eventos_rejeitados)`,
    ],
    ['a rejected message twice', { lost: 0, duplicated: 1, wrongStates: 0 }, REJECTED_AGAIN],
  ])('%s is counted: %j', async (_name, counts, sql) => {
    expect(await after(sql)).toMatchObject({ ok: false, ...counts });
  });

  describe('messages that Kafka has twice', () => {
    const sent = messages.length;
    test('may be among the rejected ones as often as Kafka has them on top', async () => {
      const all = { lost: 0, duplicated: 0, wrongStates: 0 };
      const consumedAgain = `UPDATE ingestao SET consumidos = consumidos + 1, rejeitados = rejeitados + 1`;
      const again = `${REJECTED_AGAIN}; ${consumedAgain}`;
      expect(await after(again, { inKafka: sent + 1 })).toMatchObject({ ok: true, resent: 1, ...all });
      expect(await after(again, { inKafka: sent })).toMatchObject({ ok: false, duplicated: 1 });
    });

    test('excuse no rejected message that was never sent', async () => {
      const result = await after(rejectedAgain(`'x'::bytea`), { inKafka: sent + 1 });
      expect(result).toMatchObject({ ok: false, duplicated: 1 });
    });

    test('must be accounted for', async () => {
      const result = await run({ inKafka: 10 * sent });
      expect(result).toMatchObject({ ok: false, different: { accounts: 1 } });
    });

    test('fewer than were sent are a difference', async () => {
      expect(await run({ inKafka: sent - 1 })).toMatchObject({ ok: false, different: { accounts: 1 } });
    });
  });

  test('other parcels are no difference when asked to ignore them', async () => {
    await writeAll(db.writerUrl, [
      {
        ...messages[0]!,
        body: {
          id_pacote: 5,
          origem: 'a',
          destino: 'b',
          status_rastreamento: 'x',
          data_atualizacao: '2026-10-01T00:00:00Z',
        },
        rejection: null,
      },
    ]);
    expect((await run()).different.parcels).toBe(1);
    expect(await run({ ignoreOthers: true })).toMatchObject({ ok: true, parcels: { others: 1 } });
  });

  test('a file that is no ground truth, or half of one, says so', async () => {
    const wrong = path.join(dir, 'wrong.ndjson');
    await writeFile(wrong, '{"a":1}\n');
    await expect(run({ file: wrong })).rejects.toThrow(/line 1: no record of a ground-truth file/);
    await writeFile(
      wrong,
      '{"record":"header","format":"rastreio-ground-truth/1","seed":1,"messages":{},"refused_at_source":0}\n',
    );
    await expect(run({ file: wrong })).rejects.toThrow(/ends before its figures/);
    await expect(run({ file: path.join(dir, 'none') })).rejects.toThrow(/ENOENT/);
  });
});
