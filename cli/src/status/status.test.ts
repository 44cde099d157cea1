import { createWriterPool, withPoolClient, writeBatch, type ReceivedEvent } from '@rastreio/database';
import { runRastreio, type Ran } from '@rastreio/testing/command';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';

const resultOf = ({ stdout }: Ran) =>
  JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;

describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase(server);
    const pool = createWriterPool({
      ...{ databaseUrl: database.writerUrl, connections: 1, applicationName: 'test' },
    });
    const events = [
      event(1, 'POSTADO', 1),
      { ...event(1, 'OBJETO ENTREGUE', 2), transportadora: 'CORREIOS', codigo_evento: 'BDE' },
      event(2, 'OBJETO ENTREGUE', 30),
      event(3, 'EM TRANSITO', 3),
    ];
    await withPoolClient(pool, (client) =>
      writeBatch(client, { topic: 'test', partition: 0, events, rejected: [] }),
    );
    await pool.end();
  });
  afterAll(() => database.drop());

  const edit = (...args: string[]) => runRastreio(['status', ...args, '--database-url', database.ownerUrl]);
  const look = (...args: string[]) => runRastreio(['status', ...args, '--database-url', database.readerUrl]);

  test('from an unknown word to its meaning and back', async () => {
    const unknown = await look('unknown');
    expect(unknown.code).toBe(0);
    expect(resultOf(unknown)).toEqual({
      command: 'status:unknown',
      words: [
        {
          ...{ word: 'OBJETO ENTREGUE', events: 2, carriers: [], nearest: null },
          ...{ first: '2026-01-01T02:00:00.000Z', last: '2026-01-02T06:00:00.000Z' },
        },
        {
          ...{ word: 'EM TRANSITO', events: 1, carriers: [], nearest: 'EM TRÂNSITO' },
          ...{ first: '2026-01-01T03:00:00.000Z', last: '2026-01-01T03:00:00.000Z' },
        },
      ],
    });
    expect(unknown.stderr).toContain('rastreio status map [--carrier C] WORD STATUS');
    expect(resultOf(await look('unknown', '--limit', '1'))).toMatchObject({ words: [{ events: 2 }] });

    const mapped = await edit('map', '--carrier', 'Correios', '--code', 'bde', 'Entregue');
    expect(mapped.code).toBe(0);
    expect(resultOf(mapped)).toMatchObject({ events: 1, kind: 'codigo' });
    expect(resultOf(await edit('map', 'em transito', 'EM TRÂNSITO'))).toMatchObject({ events: 1 });
    const again = await edit('map', 'em transito', 'EM TRÂNSITO');
    expect(resultOf(again)).toMatchObject({ events: 0 });

    const list = await look('list');
    expect(list.stderr).toMatch(/code BDE.*ENTREGUE/);
    expect(resultOf(list)).toMatchObject({
      words: [
        { transportadora: '', palavra: 'EM TRANSITO', status: 'EM TRÂNSITO', aplicado: true },
        { transportadora: 'CORREIOS', tipo: 'codigo', palavra: 'BDE', status: 'ENTREGUE', aplicado: true },
      ],
    });
    expect(resultOf(await look('unknown'))).toMatchObject({
      words: [{ word: 'OBJETO ENTREGUE', events: 1 }],
    });

    expect(resultOf(await edit('unmap', '--carrier', 'CORREIOS', '--code', 'BDE'))).toMatchObject({
      events: 1,
    });
    const gone = await edit('unmap', '--carrier', 'CORREIOS', '--code', 'BDE');
    expect(gone.code).toBe(2);
    expect(gone.stderr).toContain('The code "BDE" of CORREIOS has no meaning');
  });

  test('a status is added, and what is wrong is told', async () => {
    const added = await edit('add', 'Objeto entregue', '--rank', '85', '--final');
    expect(added.code).toBe(0);
    expect(resultOf(added)).toMatchObject({ events: 2, rebuild_needed: false });
    expect((await look('list')).stderr).toMatch(/OBJETO ENTREGUE.*85.*final/);
    const wrong = await edit('add', 'Retido', '--rank', '60');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('add --final, or give a rank below 60');
    const reader = await runRastreio([
      'status',
      'add',
      'X',
      '--rank',
      '5',
      '--database-url',
      database.readerUrl,
    ]);
    expect(reader.code).toBe(78);
  });
});

function event(id_pacote: number, status_rastreamento: string, hour: number): ReceivedEvent {
  return {
    ...{ id_pacote, origem: 'Natal', destino: 'Acre', status_rastreamento },
    data_atualizacao: new Date(Date.UTC(2026, 0, 1, hour)).toISOString().replace('Z', '000Z'),
    recebido_em: Date.UTC(2026, 10, 1),
  };
}
