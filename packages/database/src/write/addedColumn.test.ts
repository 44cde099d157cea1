import { makeBed, type Bed } from '@rastreio/testing/bed';
import { tableDifferences } from '@rastreio/testing/differences';
import { SERVERS } from '@rastreio/testing/servers';
import type { ReceivedEvent } from './batch';

/** A batch of each kind that goes a way of its own through the database, for one parcel. */
function batchesOf(id_pacote: number): Record<string, ReceivedEvent> {
  const event = (day: number, status_rastreamento: string, said: object = {}): ReceivedEvent => ({
    ...{ id_pacote, origem: 'Natal', destino: `Acre ${id_pacote}`, status_rastreamento },
    data_atualizacao: `2026-01-0${day}T10:00:00.000000Z`,
    recebido_em: Date.UTC(2026, 1, 1),
    ...said,
  });
  const named = { transportadora: 'CORREIOS', codigo: `A${id_pacote}` };
  const { id_pacote: _, ...unnumbered } = event(1, 'POSTADO', named);
  return {
    new: event(1, 'POSTADO'),
    next: event(3, 'EM TRÂNSITO'),
    late: event(2, 'ENTREGUE'),
    repeated: event(3, 'EM TRÂNSITO'),
    'second report': event(3, 'EM TRÂNSITO', { transportadora: 'CORREIOS', local: 'CTE Natal' }),
    'by tracking number': unnumbered,
    'number joined': event(4, 'ENTREGUE', named),
    'taken back': event(4, 'ENTREGUE', { correcao: 'mesmo' }),
    'another place': event(1, 'CANCELADO', { origem: `Belém ${id_pacote}` }),
  };
}

describe.each(SERVERS)('on $name', (server) => {
  let bed: Bed;
  beforeAll(async () => {
    // One connection, so that what it has planned before meets the changed tables.
    bed = await makeBed(server, 1);
  });
  afterAll(() => bed.close());

  test('a column more in the tables stops no batch of any kind, on a connection that has written before', async () => {
    const writeAll = async (id: number) => {
      for (const [kind, event] of Object.entries(batchesOf(id)))
        expect([kind, (await bed.write([event])).consumed]).toEqual([kind, 1]);
    };
    for (const id of [1, 2, 3, 4, 5, 6]) await writeAll(id);
    const tables = [
      'pacotes',
      'eventos_rastreamento',
      'correcoes',
      'eventos_corrigidos',
      'codigos',
      'prazos_julgados',
    ];
    await bed.owner.query(tables.map((table) => `ALTER TABLE ${table} ADD COLUMN nota text`).join('; '));
    await writeAll(7);
    expect(await tableDifferences(bed.owner)).toEqual([]);
  });
});
