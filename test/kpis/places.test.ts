// Shows G14 of docs/guarantees.md.
import { createWriterPool, withPoolClient, writeBatch, type ReceivedEvent } from '@rastreio/database';
import { tableDifferences } from '@rastreio/testing/differences';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';
import { CLEAR, WITHOUT_JIT } from '@rastreio/testing/statements';
import fc from 'fast-check';
import { Client, type Pool } from 'pg';
import { findDifferences, type Comparison } from './comparison';
import { DELIVERIES } from './definitions/deliveries';
import { FILTERED } from './definitions/filtered';
import { LANES } from './definitions/lanes';
import { PARCELS } from './definitions/parcels';
import { TOWER } from './definitions/tower';
import { anyHistory, type History } from './histories';
import { anyNetwork } from './networks';

/** What carriers write for one place, one list for each place. */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  Natal: ['Natal', 'NATAL', ' natal', 'Nátal/RN', 'Natal - RN', 'NATAL (RN)', 'natal, rn, Brasil'],
  Acre: ['Acre', 'ACRE', 'Ácre'],
  Paraíba: ['Paraíba', 'PARAIBA', 'Parai\u0301ba\u00a0/ PB', 'paraiba-pb'],
  Rondônia: ['Rondônia', 'RONDONIA/RO', 'Rondonia'],
};
const MS_PER_MINUTE = 60_000;
const NOW = Math.floor(Date.now() / MS_PER_MINUTE) * MS_PER_MINUTE;

describe.each(SERVERS)('on $name', (server) => {
  let database: TestDatabase;
  let pool: Pool;
  let owner: Client;
  beforeAll(async () => {
    database = await freshDatabase(server);
    pool = createWriterPool({ databaseUrl: database.writerUrl, connections: 2, applicationName: 'test' });
    owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await owner.query(WITHOUT_JIT);
    await owner.query(`
      INSERT INTO prazos VALUES ('NATAL/RN', 'paraíba', '36 hours'), ('acre', 'RONDÔNIA', '1 day 00:00:00.000001');
      UPDATE prazos SET prazo = '60 hours' WHERE origem = '*';
      UPDATE limites SET valor = 1 WHERE nome IN ('risco_minimo_entregas', 'completude_volume', 'silencio_eventos')`);
  });
  afterAll(async () => {
    await owner.end();
    await pool.end();
    await database.drop();
  });

  async function expectPlain(history: History, comparisons: readonly Comparison[]): Promise<void> {
    await owner.query(CLEAR);
    for (const events of history.batches)
      await withPoolClient(pool, (client) =>
        writeBatch(client, { topic: 't', partition: 0, events, rejected: [] }),
      );
    expect(await findDifferences(owner, comparisons, history)).toEqual([]);
    expect(await tableDifferences(owner)).toEqual([]);
    const shown = await namesOf(owner);
    await owner.query('SELECT escolhe_grafias()');
    expect(await findDifferences(owner, comparisons, history)).toEqual([]);
    expect(await mostWritten(owner)).toEqual(await namesOf(owner));
    expect(shown.size).toBe((await namesOf(owner)).size);
  }

  test('every figure of lanes and regions and the tower count places, however they are spelled', async () => {
    await fc.assert(
      fc.asyncProperty(anyNetwork(NOW).chain(respelled), (history) =>
        expectPlain(history, [...TOWER, ...LANES, ...DELIVERIES]),
      ),
      { numRuns: 12 },
    );
    const { rows } = await owner.query<{ grafias: string[] }>('SELECT grafias FROM lugares_conhecidos');
    for (const { grafias } of rows) expect(new Set(grafias.map(placeOf)).size).toBe(1);
    expect(rows).toHaveLength(Object.keys(SPELLINGS).length);
  });

  test('so do the choices of places and the figures of single parcels, in any order and repetition', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory(NOW).chain(respelled), (history) =>
        expectPlain(history, [...FILTERED, ...PARCELS]),
      ),
      { numRuns: 12 },
    );
  });
});

/** The same events, each in any spelling of its places, some of them by carriers that do not say one of the two. */
function respelled(history: History): fc.Arbitrary<History> {
  const count = history.batches.flat().length;
  return fc
    .array(
      fc.record({ origin: fc.nat(), destination: fc.nat(), says: fc.constantFrom(1, 1, 1, 1, 1, 2, 3) }),
      {
        minLength: count,
        maxLength: count,
      },
    )
    .map((choices) => {
      let at = 0;
      const respell = (event: ReceivedEvent): ReceivedEvent => {
        const { origin, destination, says } = choices[at++] ?? { origin: 0, destination: 0, says: 1 };
        const { origem, destino, id_pacote, ...rest } = event;
        const places = { origem: spelling(origem, origin), destino: spelling(destino, destination) };
        if (says === 1 || id_pacote !== 4) return { ...rest, id_pacote, ...places } as ReceivedEvent;
        const { origem: o, destino: d } = places;
        const said = says === 2 ? { destino: d } : { origem: o };
        return { ...rest, transportadora: 'CORREIOS', codigo: 'QUATRO', ...said };
      };
      return { ...history, batches: history.batches.map((batch) => batch.map(respell)) };
    });
}

function spelling(place: string | undefined, n: number): string {
  const list = SPELLINGS[place ?? ''] ?? [];
  return (list[n % list.length] ?? '').trim();
}

/** Which place a spelling is of: the first word says it. */
function placeOf(text: string): string {
  const letters = text
    .normalize('NFD')
    .replaceAll(/[^A-Za-z]/g, '')
    .toLowerCase();
  return (
    Object.keys(SPELLINGS).find((place) =>
      letters.startsWith(
        place
          .normalize('NFD')
          .replaceAll(/[^A-Za-z]/g, '')
          .toLowerCase(),
      ),
    ) ?? text
  );
}

/** What is shown of each place that has packages. */
async function namesOf(owner: Client): Promise<Map<string, string>> {
  const { rows } = await owner.query<{ grafia: string; lugar: string }>(
    `SELECT DISTINCT lugar AS grafia, lugar FROM grafias WHERE id_lugar <> 0`,
  );
  return new Map(rows.map(({ lugar }) => [placeOf(lugar), lugar]));
}

/** The spelling of most packages of each place, ties by text. */
async function mostWritten(owner: Client): Promise<Map<string, string>> {
  const { rows } = await owner.query<{ grafia: string; n: number }>(
    `SELECT g.grafia, count(u.texto)::int AS n
     FROM grafias g LEFT JOIN (SELECT origem AS texto FROM pacotes UNION ALL SELECT destino FROM pacotes) AS u ON u.texto = g.grafia
     WHERE g.id_lugar <> 0 GROUP BY 1 ORDER BY n DESC, g.grafia COLLATE "C"`,
  );
  const most = new Map<string, string>();
  for (const { grafia } of rows) if (!most.has(placeOf(grafia))) most.set(placeOf(grafia), grafia);
  return most;
}
