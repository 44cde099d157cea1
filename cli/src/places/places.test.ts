import { createWriterPool, withPoolClient, writeBatch } from '@rastreio/database';
import { runRastreio } from '@rastreio/testing/command';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';

describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase(server);
    const pool = createWriterPool({
      databaseUrl: database.writerUrl,
      connections: 1,
      applicationName: 'test',
    });
    const events = ['Bom Jesus', 'BOM JESUS', 'Sampa', 'São Paulo/SP'].map((origem, i) => ({
      ...{ id_pacote: i + 1, origem, destino: 'Natal', status_rastreamento: 'POSTADO' },
      ...{ data_atualizacao: '2026-01-05T00:00:00.000000Z', recebido_em: Date.UTC(2026, 0, 5) },
    }));
    await withPoolClient(pool, (client) =>
      writeBatch(client, { topic: 't', partition: 0, events, rejected: [] }),
    );
    await pool.end();
  });
  afterAll(() => database.drop());
  const places = (...args: string[]) => runRastreio(['places', ...args], { DATABASE_URL: database.ownerUrl });

  test('places are listed, given a region, merged, counted and taken back', async () => {
    expect(await places('list', '--several')).toMatchObject({
      code: 0,
      result: {
        command: 'places:list',
        places: [{ lugar: 'BOM JESUS', regiao: null, grafias: ['BOM JESUS', 'Bom Jesus'] }],
      },
      stderr: expect.stringContaining('"Bom Jesus"') as string,
    });
    expect(await places('set', 'bom jesus', 'pi')).toMatchObject({
      code: 0,
      result: { command: 'places:set', changed: 1, place: { regiao: 'PI' } },
    });
    expect(await places('merge', 'Sampa', 'São Paulo')).toMatchObject({
      code: 0,
      result: { command: 'places:merge', place: { regiao: 'SP', grafias: ['Sampa', 'São Paulo/SP'] } },
    });
    expect(await places('count')).toMatchObject({ code: 0, result: { changed: 0 } });
    expect(await places('undo', 'Sampa')).toMatchObject({
      code: 0,
      result: { place: { grafias: ['Sampa'] } },
    });
    const listed = await runRastreio(['places', 'list'], { DATABASE_URL: database.readerUrl });
    expect(listed.result.places).toHaveLength(4);
  });

  test('what cannot be done ends with a sentence that says what to do', async () => {
    expect(await places('undo', 'Sampa')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Nothing was said of "Sampa"\. .*places list/) as string,
    });
    expect(await places('merge', 'Nenhures', 'Natal')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/No place is spelled "Nenhures"\. .*places list/) as string,
    });
    expect(await places('set', 'Natal', 'R/N')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('without "/", such as SP') as string,
    });
    expect(await places('merge', 'Sampa', 'Natal')).toMatchObject({ code: 0 });
    // Now Sampa is Natal, so to say that Natal is Sampa says nothing new.
    expect(await places('merge', 'Natal', 'Sampa')).toMatchObject({ code: 0, result: { changed: 0 } });
    const asWriter = await runRastreio(['places', 'count'], { DATABASE_URL: database.writerUrl });
    expect(asWriter).toMatchObject({ code: 78, stderr: expect.stringContaining('rastreio_owner') as string });
  });
});
