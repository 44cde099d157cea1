// Shows G12 of docs/guarantees.md.
import fc from 'fast-check';
import { makeBed, type Bed } from '@rastreio/testing/bed';
import { contentsOf } from '@rastreio/testing/contents';
import { anyCorrectedHistory, keyOf, remainingReports } from '@rastreio/testing/corrections';
import { tableDifferences, unaccounted } from '@rastreio/testing/differences';
import { SERVERS } from '@rastreio/testing/servers';
import { Client } from 'pg';
import { LOCKS } from '../connect/locks';
import { inTransaction } from '../connect/transaction';
import type { NumberedReceived } from './batch';
import { exchangeEvents } from './exchangeEvents';
import { retainEvents } from '../index';

const CUTOFFS = ['2026-01-04', '2026-02-03', '2026-02-06', '2026-03-05'];

describe.each(SERVERS)('on $name', (server) => {
  /** Events are written and exchanged. */
  let exchanged: Bed;
  /** Only those that are left and put in are written. */
  let spared: Bed;
  beforeAll(async () => {
    exchanged = await makeBed(server);
    spared = await makeBed(server);
  });
  afterAll(async () => {
    await exchanged.close();
    await spared.close();
  });
  const clear = async () => {
    await exchanged.clear();
    await spared.clear();
  };
  const exchange = (out: readonly NumberedReceived[], put: readonly NumberedReceived[]) =>
    inTransaction(exchanged.owner, 'BEGIN', () => exchangeEvents(exchanged.owner, { out, put }));

  test('after any exchange all is as if only what is left and put in had come', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyCorrectedHistory,
        anyCorrectedHistory,
        fc.array(fc.nat({ max: 30 }), { maxLength: 15 }),
        async ({ messages, batches }, { messages: others }, picks) => {
          await clear();
          for (const batch of batches) await exchanged.write(batch);
          const events = messages.filter(({ correcao }) => correcao === undefined);
          const out = picks.flatMap((i) => events[i] ?? []);
          const put = others.filter(({ correcao }) => correcao === undefined);
          const keys = new Set(out.map(keyOf));
          expect(await exchange(out, put)).toBe(keys.size);
          expect(await tableDifferences(exchanged.owner)).toEqual([]);
          expect(await unaccounted(exchanged.owner)).toBe(0);
          const left = messages.filter(
            (message) => message.correcao !== undefined || !keys.has(keyOf(message)),
          );
          await spared.write(remainingReports([...left, ...put]));
          expect(await contentsOf(exchanged.owner)).toEqual(await contentsOf(spared.owner));
          // The next batch goes on from there.
          await exchanged.write(put);
          expect(await contentsOf(exchanged.owner)).toEqual(await contentsOf(spared.owner));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('tables stay true where older events are removed, before and after corrections', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyCorrectedHistory,
        anyCorrectedHistory,
        fc.constantFrom(...CUTOFFS),
        async (first, second, cutoff) => {
          await clear();
          for (const batch of first.batches) await exchanged.write(batch);
          const age = `${Math.floor((Date.now() - Date.parse(cutoff)) / 1000)} seconds`;
          const horizon = (await retainEvents(exchanged.owner, { olderThan: age })).horizon ?? '';
          expect(await tableDifferences(exchanged.owner)).toEqual([]);
          for (const batch of second.batches) {
            await exchanged.write(batch.filter(({ data_atualizacao }) => data_atualizacao >= horizon));
            expect(await tableDifferences(exchanged.owner)).toEqual([]);
          }
          const { rows } = await exchanged.owner.query(
            `SELECT FROM correcoes WHERE data_evento < (SELECT removidos_ate FROM retencao)
             UNION ALL SELECT FROM eventos_corrigidos WHERE data_evento < (SELECT removidos_ate FROM retencao)`,
          );
          expect(rows).toEqual([]);
          expect(await unaccounted(exchanged.owner)).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('corrections are forgotten while no batch is written, and by the next run where one is cut off before', async () => {
    await clear();
    const [lost, kept] = [event('EXTRAVIADO', '2026-01-02'), event('POSTADO', '2026-03-10')];
    await exchanged.write([lost, kept, { ...lost, correcao: 'mesmo' }, event('EM TRÂNSITO', '2026-01-03')]);
    const retain = (client: Client) => retainEvents(client, { olderThan: '1 day' });
    const left = async () => {
      const { rows } = await exchanged.owner.query<{ left: string }>(
        `SELECT concat_ws(' ', (SELECT count(*) FROM eventos_rastreamento), (SELECT count(*) FROM correcoes),
                               (SELECT count(*) FROM eventos_corrigidos)) AS left`,
      );
      return rows[0]?.left;
    };
    const batch = await exchanged.pool.connect();
    const cutOff = new Client({ connectionString: exchanged.database.ownerUrl });
    cutOff.on('error', () => undefined);
    await cutOff.connect();
    try {
      await batch.query(`BEGIN; SELECT pg_advisory_xact_lock_shared(${LOCKS.corrections})`);
      const retaining = expect(retain(cutOff)).rejects.toThrow();
      await untilWaiting(exchanged.owner);
      // The first chunk's events are gone.
      expect(await left()).toBe('1 1 1');
      await exchanged.owner.query(
        `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND objid = ${LOCKS.corrections}
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      await retaining;
      expect(await left()).toBe('1 1 1');
      expect(await unaccounted(exchanged.owner)).toBe(0);
      await batch.query('COMMIT');
    } finally {
      batch.release();
      await cutOff.end().catch(() => undefined);
    }
    await retain(exchanged.owner);
    expect(await left()).toBe('0 0 0');
    expect(await unaccounted(exchanged.owner)).toBe(0);
    expect(await tableDifferences(exchanged.owner)).toEqual([]);
  });

  test('what is from before the horizon is refused by name', async () => {
    await clear();
    await exchanged.owner.query(`UPDATE retencao SET horizonte = '2026-02-01 00:00Z'`);
    const old: NumberedReceived = {
      ...{ id_pacote: 7, origem: 'Natal', destino: 'Acre', status_rastreamento: 'POSTADO' },
      ...{ data_atualizacao: '2026-01-31T23:00:00.000000Z', recebido_em: 0 },
    };
    await expect(exchange([old], [])).rejects.toMatchObject({
      code: '22023',
      message: expect.stringMatching(
        /^the event of 2026-01-31 .* of package 7 is from before .*; leave it out$/,
      ) as string,
    });
  });
});

function event(status_rastreamento: string, day: string): NumberedReceived {
  return {
    ...{ id_pacote: 7, origem: 'Natal', destino: 'Acre', status_rastreamento, recebido_em: 0 },
    data_atualizacao: `${day}T10:00:00.000000Z`,
  };
}

/** Until somebody waits for the lock of corrections. */
async function untilWaiting(owner: Client): Promise<void> {
  for (;;) {
    const { rows } = await owner.query(
      `SELECT FROM pg_locks JOIN pg_database d ON d.oid = database
       WHERE NOT granted AND locktype = 'advisory' AND objid = ${LOCKS.corrections} AND datname = current_database()`,
    );
    if (rows.length > 0) return;
  }
}
