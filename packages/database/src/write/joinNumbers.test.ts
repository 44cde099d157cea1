// Shows G11 of docs/guarantees.md, for parcels whose number is said after their tracking number.
import { again } from '@rastreio/testing/again';
import { makeBed, type Bed } from '@rastreio/testing/bed';
import { contentsOf } from '@rastreio/testing/contents';
import { anyCorrectedHistory, remainingReports } from '@rastreio/testing/corrections';
import { tableDifferences, unaccounted } from '@rastreio/testing/differences';
import { splitAt } from '@rastreio/testing/events';
import { SERVERS } from '@rastreio/testing/servers';
import fc from 'fast-check';
import type { NumberedReceived, ReceivedEvent } from './batch';
import { writeBatch } from './writeBatch';

/** Of a parcel: the sender's number, and one tracking number or two. */
const NAMES: Record<number, readonly string[]> = { 1: ['A1', 'B2'], 2: ['C3'], 4: ['D4'] };
const CARRIER = 'CORREIOS';

/** Histories in which every message says how it names its parcel: by number, by tracking number, or by both; one at least by both. */
const anyNamedHistory = anyCorrectedHistory.chain(({ messages }) => {
  const positive = messages.map((m) => ({ ...m, id_pacote: Math.abs(m.id_pacote) === 3 ? 4 : m.id_pacote }));
  const whole = positive.map((m) => ({ ...m, transportadora: CARRIER }));
  return fc
    .record({
      ways: fc.array(fc.constantFrom('number', 'code', 'code', 'code', 'code', 'both'), {
        minLength: whole.length,
        maxLength: whole.length,
      }),
      which: fc.array(fc.nat({ max: 1 }), { minLength: whole.length, maxLength: whole.length }),
    })
    .chain(({ ways, which }) => {
      const named = whole.map((m, i) => name(m, ways[i] ?? 'both', which[i] ?? 0));
      const bound = [...new Map(whole.map((m) => [m.id_pacote, m])).values()].flatMap((m) =>
        namesOf(m).map((_, i) => name(m, 'both', i)),
      );
      const all = [...named, ...bound];
      return fc
        .record({
          order: fc.shuffledSubarray([...all, ...named], { minLength: named.length }),
          rest: fc.shuffledSubarray(all, { minLength: all.length }),
          cuts: fc.array(fc.nat({ max: 3 * all.length }), { maxLength: 7 }),
        })
        .map(({ order, rest, cuts }) => ({ whole, batches: splitAt([...order, ...rest], cuts) }));
    });
});

function namesOf({ id_pacote }: NumberedReceived): readonly string[] {
  return NAMES[id_pacote] ?? [];
}

function name(message: NumberedReceived, way: string, which: number): ReceivedEvent {
  const names = namesOf(message);
  const codigo = names[which % names.length] as string;
  const { id_pacote: _, ...unnamed } = message;
  if (way === 'number') return message;
  return way === 'code' ? { ...unnamed, codigo } : { ...message, codigo };
}

describe.each(SERVERS)('on $name', (server) => {
  /** Gets each message with the names that it says. */
  let joined: Bed;
  /** Gets every event that is left with its sender's number. */
  let plain: Bed;
  beforeAll(async () => {
    joined = await makeBed(server, 4);
    plain = await makeBed(server);
  });
  afterAll(async () => {
    await joined.close();
    await plain.close();
  });
  const clear = async () => {
    await joined.clear();
    await joined.owner.query('TRUNCATE codigos, numeros_juntados');
    await plain.clear();
  };
  const numbers = async () =>
    (
      await joined.owner.query<{ codigo: string; id: number }>(
        'SELECT codigo, id_pacote::int AS id FROM codigos ORDER BY 1',
      )
    ).rows;

  async function expectOne(whole: readonly NumberedReceived[]): Promise<void> {
    expect(await tableDifferences(joined.owner)).toEqual([]);
    expect(await unaccounted(joined.owner)).toBe(0);
    await plain.write(remainingReports(whole));
    expect(await contentsOf(joined.owner)).toEqual(await contentsOf(plain.owner));
    for (const { codigo, id } of await numbers()) expect(NAMES[id]).toContain(codigo);
    const { rows } = await joined.owner.query(
      `SELECT id_pacote FROM pacotes WHERE id_pacote < 0 UNION ALL SELECT id_pacote FROM correcoes WHERE id_pacote < 0
       UNION ALL SELECT id_pacote FROM eventos_corrigidos WHERE id_pacote < 0`,
    );
    expect(rows).toEqual([]);
  }

  test('a parcel has one number, and all of it, whichever name came first', async () => {
    await fc.assert(
      fc.asyncProperty(anyNamedHistory, async ({ whole, batches }) => {
        await clear();
        for (const batch of batches) {
          await joined.write(batch);
          expect(await tableDifferences(joined.owner)).toEqual([]);
        }
        await expectOne(whole);
        // The whole topic again.
        for (const batch of batches) expect(await joined.write(batch)).toMatchObject({ inserted: 0 });
        await joined.owner.query('SELECT 1');
        expect(await tableDifferences(joined.owner)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('so it has when all batches are written at once', async () => {
    await fc.assert(
      fc.asyncProperty(anyNamedHistory, async ({ whole, batches }) => {
        await clear();
        const written = await Promise.allSettled(batches.map((batch) => again(() => joined.write(batch))));
        expect(written.filter(({ status }) => status === 'rejected')).toEqual([]);
        await expectOne(whole);
      }),
      { numRuns: 25 },
    );
  });

  const event = (change: Partial<ReceivedEvent>): ReceivedEvent => ({
    status_rastreamento: 'POSTADO',
    data_atualizacao: '2026-01-01T10:00:00.000000Z',
    recebido_em: Date.UTC(2026, 10, 1),
    transportadora: CARRIER,
    codigo: 'A1',
    ...change,
  });
  const saying = (id_pacote: number, change: Partial<ReceivedEvent> = {}) =>
    event({ id_pacote, origem: 'Natal', destino: 'Acre', status_rastreamento: 'ENTREGUE', ...change });

  test('a batch that ends before its commit has joined nothing, and the link with the given number finds the parcel', async () => {
    await clear();
    await joined.write([event({})]);
    const [given] = await numbers();
    const before = await contentsOf(joined.owner);
    await expect(
      joined.write([saying(1)], () => {
        throw new RangeError('killed');
      }),
    ).rejects.toThrow('killed');
    expect(await numbers()).toEqual([given]);
    expect(await contentsOf(joined.owner)).toEqual(before);
    await joined.write([saying(1)]);
    expect(await numbers()).toEqual([{ codigo: 'A1', id: 1 }]);
    const { rows } = await joined.owner.query('SELECT numero_do_pacote($1)::int AS id', [String(given?.id)]);
    expect(rows).toEqual([{ id: 1 }]);
  });

  test('a connection that remembers the given number learns that another one joined it', async () => {
    await clear();
    const [remembering, joining] = [await joined.pool.connect(), await joined.pool.connect()];
    try {
      const write = (client: typeof joining, ...events: ReceivedEvent[]) =>
        writeBatch(client, { topic: 'test', partition: 0, events, rejected: [] });
      await write(remembering, event({}));
      await write(remembering, event({ data_atualizacao: '2026-01-02T10:00:00.000000Z' }));
      await write(joining, saying(1));
      await write(remembering, event({ data_atualizacao: '2026-01-03T10:00:00.000000Z' }));
    } finally {
      remembering.release();
      joining.release();
    }
    const { rows } = await joined.owner.query(
      'SELECT id_pacote::int AS id, count(*)::int AS n FROM eventos_rastreamento GROUP BY 1',
    );
    expect(rows).toEqual([{ id: 1, n: 4 }]);
  });

  /** Another writer joins the number of A1 to 1 and commits once the batch waits for it. @returns what became of the batch */
  const whileJoining = async (...events: ReceivedEvent[]) => {
    const [given] = await numbers();
    const client = await joined.pool.connect();
    try {
      await client.query('BEGIN; SELECT pg_advisory_xact_lock_shared(762006)');
      await client.query('SELECT junta_numeros($1, $2, false)', [[given?.id], [1]]);
      const writing = joined.write(events);
      writing.catch(() => undefined);
      for (let waits = 0; waits === 0;) {
        const { rows } = await joined.owner.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM pg_locks l JOIN pg_stat_activity USING (pid)
           WHERE NOT granted AND locktype = 'transactionid' AND datname = current_database()`,
        );
        waits = rows[0]?.n ?? 0;
      }
      await client.query('COMMIT');
      return await writing;
    } finally {
      client.release();
    }
  };
  const storedUnder = async () =>
    (
      await joined.owner.query<{ id: number; n: number }>(
        'SELECT id_pacote::int AS id, count(*)::int AS n FROM eventos_rastreamento GROUP BY 1 ORDER BY 1',
      )
    ).rows;

  test.each([
    ['by its tracking number', { codigo: 'A1' }],
    ['by its number, of which nothing was known', { id_pacote: 1, origem: 'Natal', destino: 'Acre' }],
    ['by both', { id_pacote: 1, codigo: 'A1' }],
  ])('a batch that names a parcel %s while its numbers are joined ends with the others', async (_, named) => {
    await clear();
    await joined.write([event({})]);
    const { codigo: _code, ...unnamed } = event({ data_atualizacao: '2026-01-02T10:00:00.000000Z' });
    expect(await whileJoining({ ...unnamed, ...named })).toMatchObject({ inserted: 1 });
    expect(await storedUnder()).toEqual([{ id: 1, n: 2 }]);
    expect(await tableDifferences(joined.owner)).toEqual([]);
    expect(await unaccounted(joined.owner)).toBe(0);
  });

  test('a batch that joins numbers does not wait for batches of other parcels', async () => {
    await clear();
    await joined.write([event({})]);
    const client = await joined.pool.connect();
    try {
      await client.query('BEGIN; SELECT pg_advisory_xact_lock_shared(762006)');
      expect(await joined.write([saying(1)])).toMatchObject({ inserted: 1 });
      await client.query('COMMIT');
    } finally {
      client.release();
    }
    expect(await storedUnder()).toEqual([{ id: 1, n: 2 }]);
  });

  test('numbers of a batch are joined some hundreds at once, for others wait meanwhile', async () => {
    await clear();
    const codes = Array.from({ length: 700 }, (_, i) => `M${i}`);
    await joined.write(codes.map((codigo) => event({ codigo })));
    const client = await joined.pool.connect();
    const sent = jest.spyOn(client, 'query');
    try {
      const events = codes.map((codigo, i) => saying(1000 + i, { codigo }));
      await writeBatch(client, { topic: 'test', partition: 0, events, rejected: [] });
      expect(sent.mock.calls.filter(([sql]) => String(sql).includes('junta_numeros'))).toHaveLength(2);
    } finally {
      sent.mockRestore();
      client.release();
    }
    const { rows } = await joined.owner.query(
      'SELECT min(id_pacote)::int AS first, count(*)::int AS n, sum(eventos)::int AS events FROM (SELECT id_pacote, count(*) AS eventos FROM eventos_rastreamento GROUP BY 1) AS p',
    );
    expect(rows).toEqual([{ first: 1000, n: 700, events: 1400 }]);
    expect(await tableDifferences(joined.owner)).toEqual([]);
    expect(await unaccounted(joined.owner)).toBe(0);
  });

  test('a second number for a tracking number is a contradiction, and what is from before the horizon cannot move', async () => {
    await clear();
    await joined.write([event({})]);
    await joined.write([saying(1)]);
    await expect(joined.write([saying(2)])).rejects.toThrow(
      'is that of parcel 1, and here the event says id_pacote 2',
    );
    await joined.write([event({ codigo: 'C3' })]);
    await joined.owner.query(`UPDATE retencao SET horizonte = '2026-01-02'`);
    await expect(
      joined.write([saying(2, { codigo: 'C3', data_atualizacao: '2026-01-03T10:00:00.000000Z' })]),
    ).rejects.toMatchObject({
      code: '22023',
      message: expect.stringMatching(
        /tracking number CORREIOS\/C3 has events from before the horizon.*without id_pacote/,
      ) as string,
    });
  });
});
