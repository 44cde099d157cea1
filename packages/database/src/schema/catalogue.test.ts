import { STATUS_CATALOGUE } from '@rastreio/contract';
import type { Pool } from 'pg';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';
import type { PlainReceived } from '../write/batch';
import { assertCatalogue, statusChanges, type RankedStatus } from './catalogue';
import { migrate } from './migrate';
import { withPoolClient } from '../connect/pool';
import { createWriterPool } from '../write/writerPool';
import { withClient } from '../connect/provision';
import { rebuildTables } from '../maintain/rebuildTables';
import { verifyTables } from '../maintain/verifyTables';
import { writeBatch } from '../write/writeBatch';

const NEW = { status: 'RETIDO NA ALFÂNDEGA', rank: 25, terminal: false };

test('what differs is told with both values, and nothing else', () => {
  const [first, ...others] = STATUS_CATALOGUE.map(ranked);
  if (first === undefined) throw new Error('the catalogue is empty');
  expect(statusChanges(STATUS_CATALOGUE, [...others, first])).toEqual([]);
  expect(statusChanges([first], [{ ...first, terminal: true }, NEW])).toEqual([
    { status: first.status, table: first, catalogue: { ...first, terminal: true } },
    { status: NEW.status, table: null, catalogue: NEW },
  ]);
  expect(statusChanges([first, NEW], [first])).toEqual([{ status: NEW.status, table: NEW, catalogue: null }]);
});

describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  let pool: Pool;
  beforeEach(async () => {
    database = await freshDatabase(server);
    pool = createWriterPool({ databaseUrl: database.writerUrl, connections: 1, applicationName: 'test' });
  });
  afterEach(async () => {
    await pool.end();
    await database.drop();
  });

  const sync = async (catalogue: readonly RankedStatus[], statusesWithEvents = false) => {
    const said: string[] = [];
    const log = {
      info: (text: string) => void said.push(text),
      warn: (text: string) => void said.push(text),
    };
    await migrate({ databaseUrl: database.ownerUrl, catalogue, statusesWithEvents, log });
    return said.join('\n');
  };
  const table = () =>
    withClient(
      database.ownerUrl,
      async (client) =>
        (
          await client.query<RankedStatus>(
            'SELECT status, ordem AS rank, terminal FROM catalogo_status ORDER BY ordem',
          )
        ).rows,
    );
  const write = (...events: readonly PlainReceived[]) =>
    withPoolClient(pool, (client) =>
      writeBatch(client, { topic: 'test', partition: 0, events, rejected: [] }),
    );
  const asWriter = () => withClient(database.writerUrl, assertCatalogue);

  test('a migrated database has the catalogue; a new status comes with migrate, one that only it has stays', async () => {
    expect(await table()).toEqual(STATUS_CATALOGUE.map(ranked));
    await asWriter();
    expect(await sync(STATUS_CATALOGUE)).toBe('the schema is up to date');

    expect(await sync([...STATUS_CATALOGUE, NEW])).toContain('statuses brought in line: RETIDO NA ALFÂNDEGA');
    expect(await table()).toEqual([...STATUS_CATALOGUE.map(ranked), NEW].sort((a, b) => a.rank - b.rank));
    await asWriter();
    expect(await sync(STATUS_CATALOGUE)).toBe('the schema is up to date');
    expect(await table()).toContainEqual(NEW);

    await withClient(database.ownerUrl, (client) =>
      client.query(`UPDATE catalogo_status SET ordem = 91 WHERE status = 'ENTREGUE'`),
    );
    await expect(asWriter()).rejects.toThrow(
      /ENTREGUE is rank 91, final in the database and rank 90, final in the catalogue/,
    );
  });

  test('ranks of statuses without events change and swap; one rank for two is refused and changes nothing', async () => {
    const swapped = STATUS_CATALOGUE.map(ranked).map((entry) => {
      if (entry.status === 'DEVOLVIDO') return { ...entry, rank: 70 };
      if (entry.status === 'EXTRAVIADO') return { ...entry, rank: 80 };
      return entry;
    });
    await sync(swapped);
    expect(await table()).toEqual([...swapped].sort((a, b) => a.rank - b.rank));

    await expect(sync([...STATUS_CATALOGUE, { ...NEW, rank: 90 }])).rejects.toThrow(
      'ENTREGUE and RETIDO NA ALFÂNDEGA would both have rank 90',
    );
    expect(await table()).toEqual([...swapped].sort((a, b) => a.rank - b.rank));
  });

  test('a rank or finality that figures rely on is refused, or taken over and then right after a rebuild', async () => {
    // At one instant: without a rank of its own the new status loses, with 25 it wins.
    await write(
      event(1, 'POSTADO', 0),
      event(1, 'EM TRÂNSITO', 1),
      event(1, NEW.status, 1),
      event(2, 'ENTREGUE', 2),
      // Notes after a final status, of which the catalogue learns one: it leaves that status then, and the other follows it.
      event(3, 'DEVOLVIDO', 0),
      event(3, NEW.status, 1),
      event(3, 'ASSINATURA RECEBIDA', 2),
    );
    const third = () =>
      withClient(database.ownerUrl, async (client) => {
        const { rows } = await client.query<object>(
          'SELECT status_atual, aberto, outro_status, outra_ordem FROM pacotes WHERE id_pacote = 3',
        );
        return rows;
      });
    expect(await third()).toEqual([
      { status_atual: 'DEVOLVIDO', aberto: false, outro_status: 'ASSINATURA RECEBIDA', outra_ordem: 0 },
    ]);
    const catalogue = [
      ...STATUS_CATALOGUE.map(ranked).map((entry) =>
        entry.status === 'ENTREGUE' ? { ...entry, rank: 55, terminal: false } : entry,
      ),
      NEW,
    ];
    const refused = await sync(catalogue).catch((error: Error) => error.message);
    expect(refused).toContain(
      'ENTREGUE is rank 90, final in the database and rank 55, not final in the catalogue',
    );
    expect(refused).toContain(
      'RETIDO NA ALFÂNDEGA is unknown (rank 0, not final) in the database and rank 25, not final in the catalogue',
    );
    expect(refused).toContain('npm run db:migrate -- --statuses-with-events');
    expect(await table()).toEqual(STATUS_CATALOGUE.map(ranked));

    expect(await sync(catalogue, true)).toContain('npm run db:rebuild');
    const wrong = await withClient(database.ownerUrl, (client) => verifyTables(client));
    expect(wrong.filter(({ differences }) => differences > 0).map(({ table: name }) => name)).toContain(
      'pacotes',
    );
    const { left } = await rebuildTables(database.ownerUrl);
    expect(left?.filter(({ differences }) => differences > 0)).toEqual([]);
    await withClient(database.ownerUrl, async (client) => {
      const { rows } = await client.query(
        'SELECT status_atual, ordem_status FROM pacotes WHERE id_pacote = 1',
      );
      expect(rows).toEqual([{ status_atual: NEW.status, ordem_status: NEW.rank }]);
    });
    expect(await third()).toEqual([
      { status_atual: 'ASSINATURA RECEBIDA', aberto: true, outro_status: NEW.status, outra_ordem: NEW.rank },
    ]);
  });
});

function ranked({ status, rank, terminal }: RankedStatus): RankedStatus {
  return { status, rank, terminal };
}

function event(id_pacote: number, status_rastreamento: string, hour: number): PlainReceived {
  return {
    ...{ id_pacote, origem: 'Natal', destino: 'Paraíba', status_rastreamento },
    data_atualizacao: new Date(Date.UTC(2026, 0, 1, hour)).toISOString().replace('Z', '000Z'),
    recebido_em: Date.UTC(2026, 10, 1),
  };
}
