// Shows G12 of docs/guarantees.md.
import fc from 'fast-check';
import type { PoolClient } from 'pg';
import { again } from '@rastreio/testing/again';
import { makeBed, type Bed } from '@rastreio/testing/bed';
import { contentsOf } from '@rastreio/testing/contents';
import { anyCorrectedHistory, keyOf, remainingReports } from '@rastreio/testing/corrections';
import { tableDifferences, unaccounted } from '@rastreio/testing/differences';
import { SERVERS } from '@rastreio/testing/servers';
import type { NumberedReceived } from './batch';
import { writeCorrected } from './writeCorrected';
import { writeEvents } from './writeEvents';

describe.each(SERVERS)('on $name', (server) => {
  /** Gets all messages. */
  let corrected: Bed;
  /** Gets only the reports of the events that are left. */
  let spared: Bed;
  beforeAll(async () => {
    corrected = await makeBed(server);
    spared = await makeBed(server);
  });
  afterAll(async () => {
    await corrected.close();
    await spared.close();
  });
  const clear = async () => {
    await corrected.clear();
    await spared.clear();
  };

  async function expectUndone(messages: readonly NumberedReceived[], outsideOfBatches = 0): Promise<void> {
    expect(await tableDifferences(corrected.owner)).toEqual([]);
    expect(await unaccounted(corrected.owner)).toBe(outsideOfBatches);
    await spared.write(remainingReports(messages));
    expect(await contentsOf(corrected.owner)).toEqual(await contentsOf(spared.owner));
    expect(await tableDifferences(spared.owner)).toEqual([]);
  }

  test('whatever is taken back leaves no trace in state and figures, in any order, repetition and split', async () => {
    await fc.assert(
      fc.asyncProperty(anyCorrectedHistory, async ({ messages, batches }) => {
        await clear();
        let inserted = 0;
        for (const batch of batches) {
          const counts = await corrected.write(batch);
          expect(counts.consumed).toBe(counts.inserted + counts.duplicate);
          inserted += counts.inserted;
          expect(await tableDifferences(corrected.owner)).toEqual([]);
        }
        expect(inserted).toBe(distinct(messages));
        await expectUndone(messages);
      }),
      { numRuns: 60 },
    );
  });

  test('two who write the same parcels at once end in the same state', async () => {
    await fc.assert(
      fc.asyncProperty(anyCorrectedHistory, async ({ messages, batches }) => {
        await clear();
        const written = await Promise.allSettled(batches.map((batch) => again(() => corrected.write(batch))));
        expect(written.filter(({ status }) => status === 'rejected')).toEqual([]);
        await expectUndone(messages);
      }),
      { numRuns: 20 },
    );
  });

  test('what is taken back is kept whole, comes back when another event was meant, and is shown', async () => {
    await clear();
    const posted = event('POSTADO', 1, { local: 'CTE Natal' });
    const lost = event('EXTRAVIADO', 3, { local: 'CDD Acre', descricao: 'Objeto extraviado' });
    await corrected.write([posted, lost]);
    // EST of Correios: takes back the event just before it.
    await corrected.write([{ ...event('CORRIGIDO', 4), correcao: 'anterior' }]);
    expect(await statusesOf(corrected)).toEqual(['POSTADO']);
    expect(await takenBack()).toMatchObject([
      { status_rastreamento: 'EXTRAVIADO', local: 'CDD Acre', descricao: 'Objeto extraviado' },
    ]);
    // This one came late and is the one just before.
    await corrected.write([event('ENTREGUE', 3, {}, 30)]);
    expect(await statusesOf(corrected)).toEqual(['POSTADO', 'EXTRAVIADO']);
    expect(await takenBack()).toMatchObject([{ status_rastreamento: 'ENTREGUE' }]);
    await expectUndone([posted, lost]);
  });

  test('a parcel of which nothing is left has no row, before and after its event came', async () => {
    await clear();
    const delivered = event('ENTREGUE', 2);
    expect(await corrected.write([{ ...delivered, correcao: 'mesmo' }])).toMatchObject({ inserted: 1 });
    expect(await corrected.write([delivered, delivered])).toMatchObject({ inserted: 1, duplicate: 1 });
    expect(await corrected.write([{ ...delivered, correcao: 'mesmo' }])).toMatchObject({ duplicate: 1 });
    expect((await corrected.owner.query('SELECT FROM pacotes')).rows).toEqual([]);
    await expectUndone([]);
  });

  test('a batch that ends before its commit has taken nothing back', async () => {
    await clear();
    const events = [event('POSTADO', 1), event('ENTREGUE', 2)];
    await corrected.write(events);
    const before = await contentsOf(corrected.owner);
    const killed = corrected.write(
      [{ ...event('ENTREGUE', 2), correcao: 'mesmo' }, event('EM TRÂNSITO', 1)],
      () => {
        throw new RangeError('killed');
      },
    );
    await expect(killed).rejects.toThrow('killed');
    await corrected.pool.query('SELECT 1');
    expect(await contentsOf(corrected.owner)).toEqual(before);
    expect((await corrected.owner.query('SELECT FROM correcoes')).rows).toEqual([]);
    await expectUndone(events);
  });

  test('a correction of a parcel that nobody knows waits for those under way, and others wait for it', async () => {
    await clear();
    const client = await corrected.pool.connect();
    try {
      await client.query('BEGIN; SELECT pg_advisory_xact_lock_shared(762006)');
      const writing = corrected.write([{ ...event('ENTREGUE', 2), correcao: 'mesmo' }]);
      let done = false;
      void writing.then(() => (done = true));
      await waiting(1);
      expect(done).toBe(false);
      await client.query('COMMIT');
      expect(await writing).toMatchObject({ inserted: 1 });
    } finally {
      client.release();
    }
  });

  test('a batch that takes events back does not wait for batches of other parcels', async () => {
    await clear();
    const events = [event('POSTADO', 1), event('ENTREGUE', 2)];
    await corrected.write(events);
    const other = { ...event('POSTADO', 1), id_pacote: 8 };
    const correction = { ...event('ENTREGUE', 2), correcao: 'mesmo' as const };
    await inTransaction(async (client) => {
      await writeEvents(client, [other], { provenNew: true });
      expect(await corrected.write([correction])).toMatchObject({ inserted: 1 });
    });
    await expectUndone([...events, correction, other], 1);
  });

  // Each of them has looked for corrections before there was one, and writes after it was committed.
  test.each([
    ['the event that is taken back', event('ENTREGUE', 2)],
    ['an event after it', event('DEVOLVIDO', 3)],
    ['one before it', event('EM TRÂNSITO', 1, {}, 30)],
  ])('a batch that waits for the first correction of its parcel sees it: %s', async (_, late) => {
    for (const known of [[event('POSTADO', 1), event('ENTREGUE', 2)], [event('ENTREGUE', 2)]]) {
      await clear();
      await corrected.write(known);
      const correction = { ...event('ENTREGUE', 2), correcao: 'mesmo' as const };
      const writing = await inTransaction(async (client) => {
        await writeCorrected(client, [correction], false);
        const started = corrected.write([late]);
        started.catch(() => undefined);
        await waiting(1, 'transactionid');
        return { started };
      });
      const isKnown = known.some((other) => keyOf(other) === keyOf(late));
      expect(await writing.started).toMatchObject({ inserted: isKnown ? 0 : 1 });
      await expectUndone([...known, correction, late], 1);
    }
  });

  test('two who write to a parcel that has corrections and no row write one after the other', async () => {
    await clear();
    const wrong = event('EXTRAVIADO', 1);
    const messages = [wrong, { ...wrong, correcao: 'mesmo' as const }];
    await corrected.write(messages);
    const writing = await inTransaction(async (client) => {
      await writeCorrected(client, [event('POSTADO', 2)], false);
      const started = corrected.write([event('EM TRÂNSITO', 3)]);
      await waiting(1, 'transactionid');
      return { started };
    });
    expect(await writing.started).toMatchObject({ inserted: 1 });
    await expectUndone([...messages, event('POSTADO', 2), event('EM TRÂNSITO', 3)], 1);
  });

  /** As a batch's; committed when `work` is done. */
  const inTransaction = async <T>(work: (client: PoolClient) => Promise<T>): Promise<T> => {
    const client = await corrected.pool.connect();
    try {
      await client.query('BEGIN; SELECT pg_advisory_xact_lock_shared(762006)');
      const done = await work(client);
      await client.query('COMMIT');
      return done;
    } finally {
      client.release();
    }
  };
  const statusesOf = async ({ owner }: Bed) =>
    (
      await owner.query<{ s: string }>(
        'SELECT status_rastreamento AS s FROM eventos_rastreamento ORDER BY data_evento',
      )
    ).rows.map(({ s }) => s);
  const takenBack = async () =>
    (await corrected.owner.query('SELECT * FROM eventos_corrigidos_recentes')).rows as object[];
  const waiting = async (count: number, kind = 'advisory') => {
    for (;;) {
      const { rows } = await corrected.owner.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_locks l JOIN pg_stat_activity a USING (pid)
         WHERE NOT granted AND locktype = $1 AND datname = current_database()`,
        [kind],
      );
      if (rows[0]?.n === count) return;
    }
  };
});

function event(
  status_rastreamento: string,
  hour: number,
  details: Partial<NumberedReceived> = {},
  minute = 0,
): NumberedReceived {
  return {
    ...{ id_pacote: 7, origem: 'Natal', destino: 'Acre', status_rastreamento },
    data_atualizacao: new Date(Date.UTC(2026, 0, 1, hour, minute)).toISOString().replace('Z', '000Z'),
    recebido_em: Date.UTC(2026, 10, 1),
    ...details,
  };
}

/** How many messages count as inserted: events and corrections, each once. */
function distinct(messages: readonly NumberedReceived[]): number {
  return new Set(messages.map((message) => `${message.correcao ?? ''} ${keyOf(message)}`)).size;
}
