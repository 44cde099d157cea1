// Shows G3, G11 of docs/guarantees.md, for events in carriers’ words.
import { again } from '@rastreio/testing/again';
import { makeBed, type Bed } from '@rastreio/testing/bed';
import { anyCarrierBatches } from '@rastreio/testing/carrierEvents';
import { tableDifferences } from '@rastreio/testing/differences';
import { joinedDetails, type Said } from '@rastreio/testing/joinedDetails';
import { SERVERS } from '@rastreio/testing/servers';
import { storedStates } from '@rastreio/testing/storedStates';
import fc from 'fast-check';
import { Client } from 'pg';
import type { NumberedReceived, ReceivedEvent } from './batch';
import { detailsText, withPromises } from './eventDetails';
import { reduceParcels } from './parcelState';
import { writeBatch } from './writeBatch';
import { prepareConnection } from './writeEvents';

const ZONE = 'America/Sao_Paulo';
const EVENT = {
  status_rastreamento: 'POSTADO',
  data_atualizacao: '2026-01-01T10:00:00.000000Z',
  recebido_em: Date.UTC(2026, 10, 1),
};
const coded = (change: Partial<ReceivedEvent> = {}): ReceivedEvent => ({
  ...EVENT,
  transportadora: 'CORREIOS',
  codigo: 'A1',
  ...change,
});

describe.each(SERVERS)('on $name', (server) => {
  let bed: Bed;
  beforeAll(async () => {
    bed = await makeBed(server, 4);
  });
  afterAll(() => bed.close());
  const clear = async () => {
    await bed.clear();
    await bed.owner.query('TRUNCATE codigos');
  };
  const write: Bed['write'] = (...batch) => bed.write(...batch);
  /** How often other reports were joined while a batch was written: counted by a superuser, whom the server lets count. */
  const joinedIn = async (events: readonly ReceivedEvent[]): Promise<number> => {
    const admin = new Client({ connectionString: bed.database.adminUrl });
    await admin.connect();
    try {
      await prepareConnection(admin);
      await admin.query(`SET track_functions = 'pl'`);
      let counted: Promise<{ rows: { n: number }[] }> | undefined;
      const beforeCommit = () => {
        counted = admin.query<{ n: number }>(
          `SELECT coalesce(sum(calls), 0)::int AS n FROM pg_stat_xact_user_functions WHERE funcname = 'junta_relatos'
           AND pg_get_function_identity_arguments(funcid) = 'relatos evento[]'`,
        );
      };
      await writeBatch(admin, { topic: 'test', partition: 0, events, rejected: [] }, { beforeCommit });
      return (await counted)?.rows[0]?.n ?? NaN;
    } finally {
      await admin.end();
    }
  };
  const codes = async () =>
    (
      await bed.owner.query<{ name: string; id: number }>(
        `SELECT transportadora || '/' || codigo AS name, id_pacote::float8 AS id FROM codigos ORDER BY 1`,
      )
    ).rows;

  /** What is stored equals the plain definition over the events, each parcel under the number that its name has. */
  async function expectExact(events: readonly ReceivedEvent[]): Promise<void> {
    const numbers = new Map((await codes()).map(({ name, id }) => [name, id]));
    const named = new Set(events.filter(({ id_pacote }) => id_pacote === undefined).map(nameOf));
    expect(new Set(numbers.keys())).toEqual(named);
    const given = [...numbers.values()];
    expect(new Set(given).size).toBe(given.length);
    expect(given.every((id) => id < 0)).toBe(true);
    const numbered = withPromises(events, ZONE).map((event): NumberedReceived => ({
      ...event,
      id_pacote: event.id_pacote ?? numbers.get(nameOf(event)) ?? NaN,
    }));
    expect(await storedStates(bed.owner)).toEqual(reduceParcels(numbered).states);
    expect(await tableDifferences(bed.owner)).toEqual([]);
    const keyOf = (e: NumberedReceived) => `${e.id_pacote}|${e.data_atualizacao}|${e.status_rastreamento}`;
    const saying = new Map<string, Said[]>();
    for (const event of numbered)
      saying.set(keyOf(event), [...(saying.get(keyOf(event)) ?? []), JSON.parse(detailsText(event)) as Said]);
    const { rows } = await bed.owner.query<{ key: string; detalhes: unknown }>(
      `SELECT concat_ws('|', id_pacote, to_char(data_evento AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), status_rastreamento) AS key,
              coalesce(detalhes - 'relatos', jsonb_build_object('origem', origem, 'destino', destino)) AS detalhes
       FROM eventos_rastreamento JOIN pacotes USING (id_pacote)`,
    );
    expect(new Set(rows.map(({ key }) => key))).toEqual(new Set(saying.keys()));
    for (const { key, detalhes } of rows)
      expect(detalhes).toEqual(joinedDetails(saying.get(key) ?? [], key.split('|')[1] ?? ''));
  }

  test('states, figures, numbers and details equal the plain definition for any order, repetition and split', async () => {
    await fc.assert(
      fc.asyncProperty(anyCarrierBatches, async ({ events, batches }) => {
        await clear();
        for (const batch of batches) await write(batch);
        await expectExact(events);
      }),
      { numRuns: 150 },
    );
  });

  test('a second report is joined where it says something else, and a replay is not even looked at', async () => {
    await clear();
    const plain = { ...EVENT, id_pacote: 1, origem: 'Natal', destino: 'Acre' };
    const said = { ...plain, local: 'CTE Natal' };
    const later = { ...plain, data_atualizacao: '2026-01-02T10:00:00.000000Z' };
    expect(await joinedIn([plain, later])).toBe(0);
    expect(await joinedIn([plain, later])).toBe(0);
    // Of two places, each event that is written has its own; those stored before have theirs written down, or say the parcel's.
    await write([{ ...later, destino: 'Belém', data_atualizacao: '2026-01-03T10:00:00.000000Z' }]);
    expect(
      await joinedIn([
        plain,
        later,
        { ...later, destino: 'Belém', data_atualizacao: '2026-01-03T10:00:00.000000Z' },
      ]),
    ).toBe(0);
    expect(await joinedIn([said])).toBe(1);
    expect(await joinedIn([said])).toBe(0);
  });

  test('so they do when all batches are written at once', async () => {
    await fc.assert(
      fc.asyncProperty(anyCarrierBatches, async ({ events, batches }) => {
        await clear();
        const written = await Promise.allSettled(batches.map((batch) => again(() => write(batch))));
        expect(written.filter(({ status }) => status === 'rejected')).toEqual([]);
        await expectExact(events);
      }),
      { numRuns: 40 },
    );
  });

  test('a batch that comes to nothing takes the number of its parcel with it, and the next one gives another', async () => {
    await clear();
    const cut = () => {
      throw new Error('killed');
    };
    await expect(write([coded()], cut)).rejects.toThrow('killed');
    expect(await codes()).toEqual([]);
    await write([coded()]);
    await write([coded({ transportadora: 'JADLOG' }), coded()]);
    const [correios, jadlog] = await codes();
    expect([correios?.name, jadlog?.name]).toEqual(['CORREIOS/A1', 'JADLOG/A1']);
    expect(correios?.id).not.toBe(jadlog?.id);
  });

  test('an event that says both names is the number’s, and so are those that say the tracking number alone', async () => {
    await clear();
    const whole = { id_pacote: 1333, origem: 'Natal', destino: 'Paraíba' };
    await write([coded(whole), coded({ data_atualizacao: '2026-01-02T10:00:00.000000Z' })]);
    await write([coded({ data_atualizacao: '2026-01-03T10:00:00.000000Z' })]);
    expect(await codes()).toEqual([{ name: 'CORREIOS/A1', id: 1333 }]);
    expect(
      (await storedStates(bed.owner)).map(({ id_pacote, origem, data_status }) => [
        id_pacote,
        origem,
        data_status,
      ]),
    ).toEqual([[1333, 'Natal', '2026-01-03T10:00:00.000000Z']]);
    const other = write([coded({ ...whole, id_pacote: 1411 })]);
    await expect(other).rejects.toThrow(
      'the tracking number A1 of CORREIOS is that of parcel 1333, and here the event says id_pacote 1411; send the number',
    );
  });
});

const nameOf = ({ transportadora, codigo }: ReceivedEvent) => `${transportadora}/${codigo}`;
