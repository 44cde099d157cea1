import fc from 'fast-check';
import type { Client, Pool } from 'pg';
import { runRastreio } from '@rastreio/testing/command';
import { anyBatches } from '@rastreio/testing/events';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';
import type { PlainReceived } from '../write/batch';
import type { ComparedTable } from './compareTables';
import { DERIVED_TABLES, VERIFIED_TABLES } from './derivedTables';
import { withPoolClient } from '../connect/pool';
import { createWriterPool } from '../write/writerPool';
import { withClient } from '../connect/provision';
import { rebuildTables } from './rebuildTables';
import { verifyTables } from './verifyTables';
import { writeBatch } from '../write/writeBatch';

/** Ways to falsify a table, by its name; all of them change something in any history that {@link DELIVERED}, {@link NOTED} and {@link OF_CARRIER} are part of. */
const CORRUPTIONS: readonly (readonly [string, string])[] = [
  ...DERIVED_TABLES.flatMap(({ name, sums: [sum = ''] }): [string, string][] => [
    [name, `UPDATE ${name} SET ${sum} = ${sum} + 7 WHERE ctid = (SELECT min(ctid) FROM ${name})`],
    [name, `DELETE FROM ${name}`],
  ]),
  [
    'pacotes',
    `UPDATE pacotes SET status_atual = 'EXTRAVIADO', data_status = data_status + interval '1 hour' WHERE id_pacote = 7`,
  ],
  [
    'pacotes',
    `UPDATE pacotes SET data_entrega = data_inicio, data_tentativa = data_inicio WHERE id_pacote = 7`,
  ],
  [
    'pacotes',
    `UPDATE pacotes SET outra_data = data_status + interval '1 hour', outra_ordem = 0, outro_status = 'NOTA' WHERE id_pacote = 7`,
  ],
  [
    'pacotes',
    `UPDATE pacotes SET outro_status = NULL, outra_data = NULL, outra_ordem = NULL WHERE id_pacote = 8`,
  ],
  ['pacotes', `UPDATE pacotes SET data_inicio = data_inicio - interval '3 days' WHERE id_pacote = 7`],
];

const DELIVERED = [event(7, 'POSTADO', 1), event(7, 'EM TRÂNSITO', 2), event(7, 'ENTREGUE', 3)];
const NOTED = [event(8, 'DEVOLVIDO', 1), event(8, 'ASSINATURA RECEBIDA', 2)];
const OF_CARRIER = [{ ...event(9, 'ENTREGUE', 1), transportadora: 'CORREIOS' }];

describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  let pool: Pool;
  beforeAll(async () => {
    database = await freshDatabase(server);
    pool = createWriterPool({ databaseUrl: database.writerUrl, connections: 3, applicationName: 'test' });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });
  beforeEach(async () => {
    await asOwner((client) => client.query('TRUNCATE pacotes, eventos_rastreamento'));
    await write(DELIVERED);
  });

  const asOwner = <T>(run: (client: Client) => Promise<T>) => withClient(database.ownerUrl, run);
  const corrupt = (sql: string) => asOwner((client) => client.query(sql));
  const write = (events: readonly PlainReceived[]) =>
    withPoolClient(pool, (client) =>
      writeBatch(client, { topic: 'test', partition: 0, events, rejected: [] }),
    );
  const verify = () => asOwner((client) => verifyTables(client));
  const cli = (command: string, args: readonly string[] = [], env: Record<string, string> = {}) =>
    runRastreio(['db', command, ...args], { DATABASE_URL: database.ownerUrl, ...env });

  test('whatever table is falsified, verify finds it and nothing else, and rebuild makes it right', async () => {
    await write([...NOTED, ...OF_CARRIER]);
    await fc.assert(
      fc.asyncProperty(anyBatches, fc.constantFrom(...CORRUPTIONS), async ({ batches }, [table, sql]) => {
        for (const batch of batches) await write(batch);
        expect(wrong(await verify())).toEqual([]);
        await corrupt(sql);
        expect(wrong(await verify())).toEqual([table]);
        const { parcels, corrected, left } = await rebuildTables(database.ownerUrl);
        expect([...(parcels > 0 ? ['pacotes'] : []), ...wrong(corrected)]).toEqual([table]);
        expect(wrong(left ?? [])).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('rebuild is exact while writers go on', async () => {
    let writing = true;
    let id = 1_000;
    const writer = async () => {
      // Parcels of their own and parcel 7, which is wrong at first and which all of them write to.
      for (let n = 4; writing; n++) {
        const mine = id++;
        await write([event(mine, 'POSTADO', n), event(7, n % 2 === 0 ? 'EM TRÂNSITO' : 'ENTREGUE', n)]);
        await write([event(mine, 'ENTREGUE', n + 2), event(mine, 'EM TRÂNSITO', n + 1)]);
      }
    };
    for (const [, sql] of CORRUPTIONS.filter(([table]) => table !== 'pacotes')) await corrupt(sql);
    await corrupt(`UPDATE pacotes SET status_atual = 'EXTRAVIADO' WHERE id_pacote = 7`);
    const writers = [writer(), writer()];
    try {
      for (let i = 0; i < 3; i++) {
        expect(wrong((await rebuildTables(database.ownerUrl)).left ?? [])).toEqual([]);
        await corrupt('UPDATE resumo_historico SET variacao = variacao + 1 WHERE fatia = 0');
      }
    } finally {
      writing = false;
      await Promise.all(writers);
    }
    await rebuildTables(database.ownerUrl);
    expect(wrong(await verify())).toEqual([]);
    expect(id).toBeGreaterThan(1_010);
  });

  test('a rebuild that is killed before its commit has corrected no table of sums', async () => {
    await corrupt('DELETE FROM resumo_historico');
    await corrupt('DELETE FROM resumo_atraso');
    const before = await verify();
    expect(wrong(before)).toEqual(['resumo_historico', 'resumo_atraso']);
    const killed = await cli('rebuild', [], { FAILPOINT: 'before_commit' });
    expect(killed.code).toBeNull();
    expect(untimed(await verify())).toEqual(untimed(before));
    expect((await cli('rebuild')).code).toBe(0);
    expect(wrong(await verify())).toEqual([]);
  });

  test('the commands say what they found and did, and end with 0, 1 or 2', async () => {
    const clean = await cli('verify');
    expect(clean).toMatchObject({ code: 0, result: { command: 'db:verify', differences: 0 } });
    expect(Object.keys(clean.result.tables as object)).toEqual(VERIFIED_TABLES);

    await corrupt('UPDATE resumo_status SET total = total + 2');
    expect(await cli('verify', ['--table', 'resumo_atraso', '--table', 'pacotes'])).toMatchObject({
      code: 0,
    });
    const found = await cli('verify', ['--table', 'resumo_status']);
    expect(found).toMatchObject({
      code: 1,
      result: {
        differences: 1,
        tables: {
          resumo_status: { kinds: [{ kind: 'sums', count: 1, first: [{ status: 'ENTREGUE', total: -2 }] }] },
        },
      },
    });
    expect(found.stderr).toContain('"total":-2');

    const plan = await cli('rebuild', ['--dry-run']);
    expect(plan).toMatchObject({ code: 0, result: { dry_run: true, left: null } });
    expect(wrong(await verify())).toEqual(['resumo_status']);
    const done = await cli('rebuild', ['--table', 'resumo_status']);
    expect(done).toMatchObject({
      code: 0,
      result: {
        command: 'db:rebuild',
        parcels: 0,
        corrected: { resumo_status: { differences: 1 } },
        left: { differences: 0 },
      },
    });

    expect((await cli('verify', ['--table', 'eventos'])).code).toBe(2);
    expect(await cli('rebuild', [], { DATABASE_URL: database.writerUrl })).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('rastreio_owner') as string,
    });
  });

  test('events without a parcel and parcels without events are reported and left alone', async () => {
    await write([event(8, 'POSTADO', 1)]);
    await corrupt('DELETE FROM pacotes WHERE id_pacote = 8');
    await corrupt('DELETE FROM eventos_rastreamento WHERE id_pacote = 7');
    await corrupt('DELETE FROM resumo_status');
    const { code, result } = await cli('rebuild');
    expect(code).toBe(1);
    expect(result.left).toMatchObject({
      differences: 2,
      tables: {
        pacotes: {
          kinds: [
            { kind: 'events_without_parcel', count: 1, first: [{ id_pacote: '8' }] },
            { kind: 'parcel_without_events', count: 1, first: [{ id_pacote: '7' }] },
          ],
        },
      },
    });
    // Once the parcel is known, its row is whole again, and so are all sums.
    await write([event(8, 'ENTREGUE', 2)]);
    await rebuildTables(database.ownerUrl);
    await write(DELIVERED);
    expect(wrong(await verify())).toEqual([]);
  });

  test('events that count and are taken back, and those of which no correction is left, are found and put right', async () => {
    await write(NOTED);
    await corrupt(
      `INSERT INTO correcoes SELECT id_pacote, data_evento, status_rastreamento, 'mesmo', recebido_em
       FROM eventos_rastreamento WHERE id_pacote = 7 AND status_rastreamento = 'ENTREGUE'`,
    );
    await corrupt(
      `INSERT INTO eventos_corrigidos SELECT 8, '2026-01-01 05:00Z', 'POSTADO', now(), '{"origem":"Natal","destino":"Acre"}'`,
    );
    const found = await verify();
    expect(wrong(found)).toEqual(['eventos_corrigidos']);
    expect(found[0]?.kinds).toMatchObject([
      {
        kind: 'misplaced',
        count: 2,
        first: [
          { id_pacote: '7', conta: true },
          { id_pacote: '8', conta: false },
        ],
      },
    ]);
    expect((await rebuildTables(database.ownerUrl, { dryRun: true })).events).toBe(2);
    expect(await rebuildTables(database.ownerUrl)).toMatchObject({ events: 2, parcels: 0 });
    expect(wrong(await verify())).toEqual([]);
    const { rows } = await asOwner((client) =>
      client.query(`SELECT id_pacote::int AS id, status_atual AS status, destino FROM pacotes ORDER BY 1`),
    );
    expect(rows).toEqual([
      { id: 7, status: 'EM TRÂNSITO', destino: 'Paraíba' },
      { id: 8, status: 'POSTADO', destino: 'Paraíba' },
    ]);
  });

  test('a parcel whose places are not those of its events gets them, and no event loses what it said', async () => {
    const late = { ...event(9, 'EM TRÂNSITO', 5), origem: 'Acre' };
    await write([event(9, 'POSTADO', 4), late]);
    await corrupt(`UPDATE pacotes SET origem = 'Acre' WHERE id_pacote = 9`);
    expect(wrong(await verify())).toContain('pacotes');
    await rebuildTables(database.ownerUrl);
    expect(wrong(await verify())).toEqual([]);
    const { rows } = await asOwner((client) =>
      client.query('SELECT origem FROM pacotes WHERE id_pacote = 9'),
    );
    expect(rows).toEqual([{ origem: 'Natal' }]);
  });

  test('one at a time', async () => {
    await asOwner(async (client) => {
      await client.query('SELECT pg_advisory_lock_shared(762004)');
      await expect(rebuildTables(database.ownerUrl)).rejects.toThrow(/is at work/);
    });
  });
});

function wrong(found: readonly ComparedTable[]): string[] {
  return found.filter(({ differences }) => differences > 0).map(({ table }) => table);
}

function untimed(found: readonly ComparedTable[]): object[] {
  return found.map((table) => ({ ...table, seconds: 0 }));
}

function event(id_pacote: number, status_rastreamento: string, hour: number): PlainReceived {
  return {
    ...{ id_pacote, origem: 'Natal', destino: 'Paraíba', status_rastreamento },
    data_atualizacao: new Date(Date.UTC(2026, 0, 1, hour)).toISOString().replace('Z', '000Z'),
    recebido_em: Date.UTC(2026, 10, 1),
  };
}
