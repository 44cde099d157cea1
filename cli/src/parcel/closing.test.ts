// Whatever a parcel's history is: closed it is closed, and opened again all is as if it had never been.
import { isDeepStrictEqual } from 'node:util';
import { createDecoder, eventMessage, type TrackingEvent } from '@rastreio/contract';
import { retainEvents, type ReceivedEvent } from '@rastreio/database';
import { makeBed, type Bed } from '@rastreio/testing/bed';
import { anyCarrierBatches } from '@rastreio/testing/carrierEvents';
import { contentsOf } from '@rastreio/testing/contents';
import { anyCorrectedHistory } from '@rastreio/testing/corrections';
import { tableDifferences } from '@rastreio/testing/differences';
import { SERVERS } from '@rastreio/testing/servers';
import fc from 'fast-check';
import { closingOf, reopeningOf } from './closing';
import { openParcels, storedClosings, type ClosedSelection, type OpenSelection } from './queries';
import { sendEach } from './sendEach';

const CLOSED_AT = Date.UTC(2026, 10, 1);
const decode = createDecoder();
const quiet = { onExample: () => undefined, onProgress: () => undefined };

describe.each(SERVERS)('on $name', (server) => {
  let bed: Bed;
  /** Gets the same events, and no closing. */
  let spared: Bed;
  beforeAll(async () => {
    bed = await makeBed(server);
    spared = await makeBed(server);
    // The parcels of the histories with corrections, whose events leave places out. Numbers that the database gives are behind theirs.
    await bed.owner.query(
      `INSERT INTO codigos VALUES ('CORREIOS', 'C3', -3), ('CORREIOS', 'C1', 1), ('CORREIOS', 'C2', 2); SELECT setval('numeros_dados', -100)`,
    );
  });
  afterAll(async () => {
    await bed.close();
    await spared.close();
  });

  /** As the consumer does it with what Kafka has. */
  const send = async (events: readonly TrackingEvent[]) => {
    const received = events.map((event): ReceivedEvent => {
      const decoded = decode(Buffer.from(eventMessage(event).value));
      if (!decoded.ok) throw new Error(decoded.rejections[0].detail);
      return { ...decoded.event, recebido_em: CLOSED_AT };
    });
    await bed.write(received);
  };
  const close = (selection: Partial<OpenSelection> = {}, reason = 'no scan') => {
    const all = { before: '2027-01-01T00:00:00Z', status: 'EXTRAVIADO', ...selection };
    return sendEach(openParcels(bed.owner, all), (p) => closingOf(p, all.status, reason), send, quiet);
  };
  const reopen = (selection: ClosedSelection = {}) =>
    sendEach(storedClosings(bed.owner, selection), reopeningOf, send, quiet);
  const statuses = async () => {
    const { rows } = await bed.owner.query<{ s: string }>(
      'SELECT status_atual AS s FROM pacotes ORDER BY id_pacote DESC',
    );
    return rows.map(({ s }) => s);
  };
  const contents = async () => {
    expect(await tableDifferences(bed.owner)).toEqual([]);
    return contentsOf(bed.owner);
  };
  const open = async () =>
    (await bed.owner.query<{ n: number }>('SELECT count(*)::int AS n FROM pacotes WHERE aberto')).rows[0]?.n;

  const anyBatches = fc.oneof(
    anyCarrierBatches.map(({ batches }) => batches as readonly (readonly ReceivedEvent[])[]),
    anyCorrectedHistory.map(({ batches }) => batches),
  );

  test('any history: all that was open is closed, once, and opened again nothing is left of it, also the second time', async () => {
    await fc.assert(
      fc.asyncProperty(anyBatches, async (batches) => {
        await bed.clear();
        for (const batch of batches) await bed.write(batch);
        const [before, parcels] = [await contents(), await open()];
        for (const _time of ['first', 'second']) {
          expect(await close()).toMatchObject({ parcels, unnamed: 0 });
          expect(await open()).toBe(0);
          const closed = await contents();
          expect(await close()).toMatchObject({ parcels: 0, unnamed: 0 });
          expect(await reopen()).toMatchObject({ parcels, unnamed: 0 });
          expect(await contents()).toEqual(before);
          expect(isDeepStrictEqual(closed, before)).toBe(parcels === 0);
          expect(await reopen()).toMatchObject({ parcels: 0 });
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a closing is taken back after its parcel got its sender’s number', async () => {
    await bed.clear();
    await bed.write([coded('CORREIOS', 'J70', 'POSTADO', 1)]);
    expect(await close()).toMatchObject({ parcels: 1, unnamed: 0 });
    await bed.write([event(70, 'POSTADO', 1, { transportadora: 'CORREIOS', codigo: 'J70' })]);
    expect(await statuses()).toEqual(['EXTRAVIADO']);
    expect(await reopen()).toMatchObject({ parcels: 1, unnamed: 0 });
    expect(await statuses()).toEqual(['POSTADO']);
    expect(await tableDifferences(bed.owner)).toEqual([]);
  });

  test('a later event wins, on time or late, and so does a final one of the same instant by its rank', async () => {
    await bed.clear();
    await spared.clear();
    const events = [1, 2, 3, 4].map((id) => event(id, 'EM TRÂNSITO', 5));
    const real = [
      event(1, 'AGUARDANDO RETIRADA', 9),
      event(2, 'ENTREGUE', 6),
      event(3, 'ENTREGUE', 5),
      // Before the latest one that was known: it is only history.
      event(4, 'POSTADO', 4),
    ];
    await bed.write(events);
    expect(await close()).toMatchObject({ parcels: 4, examples: ['1', '2', '3', '4'] });
    await bed.write(real);
    expect(await statuses()).toEqual(['EXTRAVIADO', 'ENTREGUE', 'ENTREGUE', 'AGUARDANDO RETIRADA']);
    expect(await tableDifferences(bed.owner)).toEqual([]);
    await reopen();
    await spared.write([...events, ...real]);
    expect(await contents()).toEqual(await contentsOf(spared.owner));
  });

  test('only the parcels that are meant are closed, and only the closings that are meant taken back', async () => {
    await bed.clear();
    await bed.write([
      event(1, 'POSTADO', 1, { transportadora: 'JADLOG' }),
      event(2, 'POSTADO', 1),
      event(3, 'POSTADO', 20, { transportadora: 'JADLOG' }),
      event(4, 'ENTREGUE', 1, { transportadora: 'JADLOG' }),
      { ...coded('CORREIOS', 'C3', 'POSTADO', 1) },
    ]);
    const before = '2026-01-10T00:00:00Z';
    expect(await close({ before, carrier: 'JADLOG' }, 'contract ended')).toMatchObject({ examples: ['1'] });
    expect((await close({ before })).examples.toSorted()).toEqual(['2', 'CORREIOS/C3']);
    expect(await statuses()).toEqual(['ENTREGUE', 'POSTADO', 'EXTRAVIADO', 'EXTRAVIADO', 'EXTRAVIADO']);
    expect(await reopen({ reason: 'another' })).toMatchObject({ parcels: 0 });
    expect(await reopen({ since: '2026-11-01T00:00:01Z' })).toMatchObject({ parcels: 0 });
    expect(await reopen({ carrier: 'CORREIOS', since: '2026-11-01T00:00:00Z' })).toMatchObject({
      examples: ['CORREIOS/C3'],
    });
    expect(await reopen({ reason: 'contract ended' })).toMatchObject({ examples: ['1'] });
    expect(await statuses()).toEqual(['ENTREGUE', 'POSTADO', 'EXTRAVIADO', 'POSTADO', 'POSTADO']);
  });

  test('a carrier’s correction "anterior" just before does not take the closing back', async () => {
    await bed.clear();
    await bed.write([
      event(1, 'POSTADO', 1),
      event(1, 'EXTRAVIADO', 3),
      event(1, 'CORRIGIDO', 4, { correcao: 'anterior' }),
    ]);
    // It counts as something that was heard.
    expect(await close({ before: '2026-01-04T00:00:00Z' })).toMatchObject({ parcels: 0 });
    const before = await contents();
    expect(await close()).toMatchObject({ parcels: 1 });
    expect(await statuses()).toEqual(['EXTRAVIADO']);
    expect(await reopen()).toMatchObject({ parcels: 1 });
    expect(await contents()).toEqual(before);
  });

  test('parcels whose events are removed are closed at the horizon', async () => {
    await bed.clear();
    await bed.write([event(1, 'POSTADO', 1), event(2, 'POSTADO', 1), event(2, 'EM TRÂNSITO', 9)]);
    await retainEvents(bed.owner, { olderThan: '100 days' });
    const before = await contents();
    expect(await close()).toMatchObject({ parcels: 2 });
    expect(await statuses()).toEqual(['EXTRAVIADO', 'EXTRAVIADO']);
    expect(await reopen()).toMatchObject({ parcels: 2 });
    expect(await contents()).toEqual(before);
  });

  test('a parcel that no event can name is left as it is, and told', async () => {
    await bed.clear();
    const { rows } = await bed.owner.query(`DELETE FROM codigos WHERE id_pacote = -3 RETURNING *`);
    expect(rows).toHaveLength(1);
    try {
      await bed.write([event(-3, 'POSTADO', 1)]);
      expect(await close()).toMatchObject({ parcels: 0, unnamed: 1, unnamed_examples: [-3] });
      expect(await statuses()).toEqual(['POSTADO']);
    } finally {
      await bed.owner.query(`INSERT INTO codigos VALUES ('CORREIOS', 'C3', -3)`);
    }
  });

  test('a parcel with a sender’s number whose places nobody has said keeps them unsaid', async () => {
    await bed.clear();
    const base = { ...coded('CORREIOS', 'N9', 'POSTADO', 1), id_pacote: 9 };
    // One code without a carrier names nothing, and stands only in the event.
    const { transportadora: _none, ...unnamed } = { ...coded('', 'N10', 'POSTADO', 1), id_pacote: 10 };
    await bed.write([base, unnamed]);
    expect(await close()).toMatchObject({ parcels: 2, unnamed: 0 });
    const places = await bed.owner.query(
      'SELECT DISTINCT origem, data_origem::text AS at, transportadora AS t FROM pacotes ORDER BY t',
    );
    expect(places.rows).toEqual([
      { origem: '(não informado)', at: 'infinity', t: 'CORREIOS' },
      { origem: '(não informado)', at: 'infinity', t: null },
    ]);
    expect(await reopen()).toMatchObject({ parcels: 2, unnamed: 0 });
    expect(await statuses()).toEqual(['POSTADO', 'POSTADO']);
  });
});

function event(
  id_pacote: number,
  status_rastreamento: string,
  day: number,
  details: Partial<ReceivedEvent> = {},
) {
  return {
    ...{ id_pacote, origem: 'Natal', destino: 'Acre', status_rastreamento },
    data_atualizacao: `2026-01-${String(day).padStart(2, '0')}T10:00:00.000000Z`,
    recebido_em: Date.UTC(2026, 1, 1),
    ...details,
  };
}

function coded(transportadora: string, codigo: string, status: string, day: number): ReceivedEvent {
  const { id_pacote: _number, origem: _from, destino: _to, ...rest } = event(0, status, day);
  return { ...rest, transportadora, codigo };
}
