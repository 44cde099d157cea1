// Shows G3 of docs/guarantees.md: a carrier’s note after the delivery, in words that the catalogue lacks, from the file to the figures.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { importFile } from '@rastreio/csv';
import { withClient } from '@rastreio/database';
import { tableDifferences } from '@rastreio/testing/differences';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';

const HEADER = 'id_pacote,origem,destino,status_rastreamento,data_atualizacao';
const NOTE = 'Signature image recorded';
const CLEAN_NOTE = NOTE.toUpperCase();
/** Parcel 2 went on from its note, so that there is a limit beyond which a parcel is stuck in one. */
const FILE = [
  ['1', 'POSTADO', '2017-01-02T10:00:00Z'],
  ['1', 'ENTREGUE', '2017-01-05T10:00:00Z'],
  ['1', NOTE, '2017-03-01T10:20:00Z'],
  ['2', 'POSTADO', '2017-01-02T10:00:00Z'],
  ['2', NOTE, '2017-01-03T10:00:00Z'],
  ['2', 'ENTREGUE', '2017-01-03T12:00:00Z'],
];

describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  let dir: string;
  beforeEach(async () => {
    database = await freshDatabase(server);
    dir = await mkdtemp(path.join(tmpdir(), 'rastreio-notes-'));
  });
  afterEach(async () => {
    await database.drop();
    await rm(dir, { recursive: true });
  });

  async function importLines(lines: readonly (readonly string[])[]): Promise<void> {
    const file = path.join(dir, 'file.csv');
    const text = lines.map(([id, status, at, origin = 'Natal']) => `${id},${origin},Acre,${status},${at}`);
    await writeFile(file, [HEADER, ...text, ''].join('\n'));
    await importFile({ databaseUrl: database.writerUrl, file });
  }
  const rowsOf = (sql: string) =>
    withClient(database.ownerUrl, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);
  const state = async (id: number) =>
    (await rowsOf(`SELECT status_atual, aberto FROM pacotes WHERE id_pacote = ${id}`))[0];
  const under = async (instant: string) =>
    Object.fromEntries(
      (await rowsOf(`SELECT * FROM status_em('${instant}')`)).map((row) => [
        String(row.status_rastreamento),
        Number(row.total_pacotes),
      ]),
    );

  test('the parcel stays delivered, and is neither open nor at risk nor stuck, now and at every moment since', async () => {
    await importLines(FILE);
    expect(await state(1)).toEqual({ status_atual: 'ENTREGUE', aberto: false });
    expect(await rowsOf('SELECT * FROM status_dos_pacotes')).toEqual([
      { status_rastreamento: 'ENTREGUE', total_pacotes: '2' },
    ]);
    expect(await rowsOf('SELECT abertos FROM indicadores_abertos')).toEqual([{ abertos: '0' }]);
    for (const view of ['pacotes_em_risco', 'pacotes_parados', 'parados_por_status', 'pacotes_da_torre'])
      expect({ view, rows: await rowsOf(`SELECT * FROM ${view}`) }).toEqual({ view, rows: [] });
    expect(await rowsOf('SELECT sum(total)::int AS n FROM abertos_por_idade')).toEqual([{ n: 0 }]);
    for (const instant of [
      '2017-01-05T10:00Z',
      '2017-03-01T10:19Z',
      '2017-03-01T10:20Z',
      '2017-03-01T10:21Z',
      '2020-01-01Z',
    ])
      expect({ instant, ...(await under(instant)) }).toEqual({ instant, ENTREGUE: 2 });
    // The note is an event like any other all the same.
    expect(await rowsOf(`SELECT status_rastreamento FROM passos_do_pacote(1)`)).toEqual(
      ['POSTADO', 'ENTREGUE', CLEAN_NOTE].map((status_rastreamento) => ({ status_rastreamento })),
    );
    expect(await rowsOf(`SELECT data_status, idade_segundos FROM resumo_do_pacote(1)`)).toEqual([
      { data_status: new Date('2017-01-05T10:00Z'), idade_segundos: 3 * 86_400 },
    ]);
    expect(
      await rowsOf(`SELECT sum(eventos)::int AS n FROM resumo_historico WHERE status = '${CLEAN_NOTE}'`),
    ).toEqual([{ n: 2 }]);
  });

  test('what follows a note is counted from the note, and once', async () => {
    const notes = [
      ['5', NOTE, '2017-01-07T10:00:00Z'],
      ['5', 'Invoice sent', '2017-01-09T10:00:00Z'],
      ['5', 'EM TRÂNSITO', '2017-01-12T10:00:00Z'],
    ];
    await importLines([['5', 'ENTREGUE', '2017-01-05T10:00:00Z']]);
    for (const note of notes) await importLines([note]);
    for (const note of notes) await importLines([note]);
    expect(
      await rowsOf(
        `SELECT status, sum(passagens)::int AS n, sum(segundos)::int / 86400 AS days FROM resumo_permanencia WHERE dia = '-infinity'
         GROUP BY status ORDER BY status`,
      ),
    ).toEqual([
      { status: 'ENTREGUE', n: 1, days: 2 },
      { status: 'INVOICE SENT', n: 1, days: 3 },
      { status: CLEAN_NOTE, n: 1, days: 2 },
    ]);
    expect(await withClient(database.ownerUrl, tableDifferences)).toEqual([]);
  });

  test('of chosen places as well the past has the final status, and the list of events the note', async () => {
    await importLines([
      ['6', 'ENTREGUE', '2017-01-05T10:00:00Z'],
      ['6', NOTE, '2017-01-07T10:20:00Z'],
      ['6', 'EM TRÂNSITO', '2017-01-20T10:00:00Z'],
      ['7', 'ENTREGUE', '2017-01-05T10:00:00Z', 'Macapá'],
      ['7', NOTE, '2017-01-07T10:20:00Z', 'Macapá'],
      // So many others that the events of one place are sought by its parcels.
      ...Array.from({ length: 500 }, (_, i) => [String(100 + i), 'POSTADO', '2017-01-07T10:00:00Z', 'Belém']),
    ]);
    for (const [origin, instant] of [
      ['Natal', '2017-01-07T10:19Z'],
      ['Natal', '2017-01-07T10:20Z'],
      ['Natal', '2017-01-19T00:00Z'],
      ['Macapá', '2017-01-19T00:00Z'],
    ])
      expect({
        instant,
        rows: await rowsOf(`SELECT * FROM status_em('${instant}', '{${origin}}', '{}')`),
      }).toEqual({ instant, rows: [{ status_rastreamento: 'ENTREGUE', total_pacotes: '1' }] });
    expect(
      await rowsOf(
        `SELECT status_rastreamento FROM ultimos_eventos('2017-01-07T10:00Z', '2017-01-08T00:00Z', '{Macapá}', '{}', '{}', 10)`,
      ),
    ).toEqual([{ status_rastreamento: CLEAN_NOTE }]);
  });

  test.each([
    [
      'a delivery that comes after the note which followed it closes the parcel',
      ['ENTREGUE', '2017-01-05'],
      ['POSTADO', NOTE],
      'ENTREGUE',
    ],
    [
      'a known status between the delivery and the note shows the note again',
      ['EM TRÂNSITO', '2017-01-05'],
      ['ENTREGUE', NOTE],
      CLEAN_NOTE,
    ],
    ['a delivery at the note’s own instant', ['ENTREGUE', '2017-01-06'], ['POSTADO', NOTE], 'ENTREGUE'],
    [
      'a known status after the note reopens the parcel',
      ['EM TRÂNSITO', '2017-01-07'],
      ['ENTREGUE', NOTE],
      'EM TRÂNSITO',
    ],
  ])('%s', async (_, [late = '', day = ''], before, expected) => {
    await importLines(before.map((status, i) => ['3', status, `2017-01-0${4 + 2 * i}T00:00:00Z`]));
    await importLines([['3', late, `${day}T00:00:00Z`]]);
    expect(await state(3)).toEqual({ status_atual: expected, aberto: expected !== 'ENTREGUE' });
    expect(await withClient(database.ownerUrl, tableDifferences)).toEqual([]);
  });
});
