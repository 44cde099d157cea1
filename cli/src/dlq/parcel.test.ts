// Letters are found by the parcel that they name.
import { withClient } from '@rastreio/database';
import { runRastreio } from '@rastreio/testing/command';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';

const PAYLOAD = '{"objetos":[{"codObjeto":"QZ555.1BR"},{"codObjeto":"XQZ555.1BR"}],';
const LETTERS: readonly (readonly [key: string | null, value: string | Buffer])[] = [
  [null, '{"transportadora":"Correios","codigo":"qz 555.1 br","origem":5}'],
  [null, PAYLOAD],
  ['CORREIOS/QZ555.1BR', 'nothing'],
  [null, Buffer.from([0xff, 0x00, 0x5c, ...Buffer.from(';77001;')])],
  ['77001', 'nothing'],
  ['770010', '{"id_pacote":177001,"data_atualizacao":"2026-01-01T00:00:00.77001Z"}'],
];

let database: TestDatabase;
beforeAll(async () => {
  const [server] = SERVERS;
  if (server === undefined) throw new Error('no database was started');
  database = await freshDatabase(server);
  await withClient(database.ownerUrl, async (client) => {
    for (const [i, [key, value]] of LETTERS.entries())
      await client.query(
        `INSERT INTO eventos_rejeitados (topico, particao, deslocamento, chave, valor, motivo, detalhe, recebido_em)
         VALUES ('t', 0, $1, $2, $3, 'invalid_json', '-', now())`,
        [i, key === null ? null : Buffer.from(key), Buffer.from(value)],
      );
  });
});
afterAll(() => database.drop());

const list = (parcel: string) =>
  runRastreio(['dlq', 'list', '--parcel', parcel], { DATABASE_URL: database.writerUrl });

test.each<[string, readonly number[]]>([
  ['QZ555.1BR', [0, 1, 2]],
  ['qz 555.1br', [0, 1, 2]],
  ['correios/QZ555.1BR', [0, 1, 2]],
  ['77001', [3, 4]],
  ['7700', []],
  ['Z555.1BR', []],
  ['QZ555X1BR', []],
])('%s', async (parcel, expected) => {
  const { result, code } = await list(parcel);
  expect(code).toBe(0);
  const letters = result.letters as { place: string }[];
  expect(letters.map(({ place }) => Number(place.split(':').at(-1))).sort()).toEqual(expected);
});

test.each([' ', 'correios/'])('%j is refused', async (parcel) => {
  const ran = await list(parcel);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain('Use a parcel’s number, its tracking number, or CARRIER/CODE.');
});
