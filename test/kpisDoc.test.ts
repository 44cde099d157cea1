import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  createWriterPool,
  withClient,
  withPoolClient,
  writeBatch,
  type ReceivedEvent,
  type RejectedMessage,
} from '@rastreio/database';
import { expandMacros } from '@rastreio/grafana/macros';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';

const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 24 * MS_PER_HOUR;
const DOCUMENT = readFileSync(path.resolve(__dirname, '../docs/kpis.md'), 'utf8');
/** Parts of others, which no panel reads by themselves. */
const INNER = new Set(
  `baldes_no_periodo cartas contas_no_periodo cortes_do_periodo final_conhecido indicadores_dos_lugares pacotes_da_torre
   entregas_das_pontas entregas_por_transportadora limites_dos_lugares pontas_do_periodo rotas_do_nivel rotas_dos_lugares somas_por_rota
   status_em_dos_lugares`.split(/\s+/),
);
/** Views and functions of rows that grafana_reader may read. */
const READABLE = `
  SELECT c.relname::text AS name, c.oid FROM pg_class c
  WHERE c.relkind = 'v' AND c.relnamespace = 'public'::regnamespace AND has_table_privilege('grafana_reader', c.oid, 'SELECT')
  UNION
  SELECT p.proname::text, p.oid FROM pg_proc p
  WHERE p.proretset AND p.pronamespace = 'public'::regnamespace AND has_function_privilege('grafana_reader', p.oid, 'EXECUTE')`;
const BLOCK = /^```sql\n([^]*?)\n```\n\n(?:Columns: ((?:[^\n]+\n?)+))?/gm;
const queries = [...DOCUMENT.matchAll(BLOCK)].map(([, sql = '', columns = '']) => ({
  sql,
  columns: [...columns.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
}));

test('every query names its columns, and every KPI says all that there is to say', () => {
  expect(queries.length).toBeGreaterThan(15);
  for (const { sql, columns } of queries) expect([sql, columns.length > 0]).toEqual([sql, true]);
  const sections = DOCUMENT.split(/^## /m).slice(2);
  for (const section of sections)
    for (const word of ['Tells', 'Formula', 'Unit', 'Source'])
      expect([section.split('\n')[0], word, section.includes(`- **${word}**`)]).toContain(true);
});

describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase(server);
    const pool = createWriterPool({
      databaseUrl: database.writerUrl,
      connections: 1,
      applicationName: 'test',
    });
    const batch = {
      topic: 'eventos_rastreamento',
      partition: 0,
      events: [...network(Date.now()), ...corrected(Date.now())],
      rejected: [REJECTED],
    };
    await withPoolClient(pool, (client) => writeBatch(client, batch));
    await pool.end();
    // So that some promises end tomorrow.
    await withClient(database.ownerUrl, (client) =>
      client.query(`
        UPDATE prazos SET prazo = '4 days';
        UPDATE limites SET valor = 1 WHERE nome LIKE '%minimo%';
        UPDATE limites SET valor = 0.2 WHERE nome = 'postagem_esperada';
        UPDATE limites SET valor = 1 WHERE nome IN ('transportadora_entregas', 'transportadora_normal', 'transportadora_eventos');
        UPDATE limites SET valor = 20 * 86400 WHERE nome = 'nunca_encerrado';
        DELETE FROM feriados;
        INSERT INTO limites_por_rota (nome, origem, destino, valor) VALUES ('rota_media_prazo', 'Acre', 'Paraíba', 2);
        UPDATE limites_por_rota SET valor = 3`),
    );
  });
  afterAll(() => database.drop());

  test('every view and function that panels may read is documented', async () => {
    const { rows } = await withClient(database.ownerUrl, (client) =>
      client.query<{ name: string }>(
        `SELECT DISTINCT name FROM (${READABLE}) AS r
         WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = r.oid AND d.deptype = 'e') ORDER BY 1`,
      ),
    );
    const names = rows.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name) => !INNER.has(name) && !new RegExp(`\\b${name}\\b`).test(DOCUMENT))).toEqual(
      [],
    );
    // A part that is gone is no longer left out.
    expect([...INNER].filter((name) => !names.includes(name))).toEqual([]);
  });

  test.each(queries)('$sql', async ({ sql, columns }) => {
    const toMs = Date.now();
    for (const timescaledb of [true, false]) {
      const context = { fromMs: toMs - 20 * MS_PER_DAY, toMs, intervalMs: 6 * MS_PER_HOUR, timescaledb };
      const text = expandMacros(sql.replaceAll('$id_pacote', '1'), context).sql;
      const { rows, fields } = await withClient(database.readerUrl, (client) =>
        client.query<Record<string, unknown>>(text),
      );
      expect(fields.map(({ name }) => name)).toEqual(columns);
      expect(rows.length).toBeGreaterThan(0);
      // Something to see in every column.
      for (const column of columns) expect(rows.some((row) => row[column ?? ''] !== null)).toBe(true);
    }
  });
});

const REJECTED: RejectedMessage = {
  ...{ topic: 'eventos_rastreamento', partition: 0, offset: '1711', key: Buffer.from('1') },
  ...{ value: Buffer.from('{"id_pacote":1}'), headers: {}, reason: 'missing_field', field: 'origem' },
  ...{ detail: 'origem is missing', recebido_em: Date.now() },
};

/** A parcel of a carrier, and what was taken back of it. */
function corrected(now: number): ReceivedEvent[] {
  const event = (status_rastreamento: string, days: number) => ({
    ...{ transportadora: 'CORREIOS', codigo: 'AA123456785BR', origem: 'Natal', destino: 'Paraíba' },
    ...{ status_rastreamento, local: 'CTE Natal', descricao: 'Objeto em transferência' },
    data_atualizacao: new Date(now - days * MS_PER_DAY).toISOString().replace('Z', '000Z'),
    recebido_em: now - days * MS_PER_DAY,
  });
  const wrong = event('EXTRAVIADO', 1);
  return [event('POSTADO', 2), wrong, { ...wrong, correcao: 'mesmo' }];
}

/** Ten parcels a day for sixty days: most delivered, some returned, lost or forgotten. The first one has a promise of its own, which is over. */
function network(now: number): ReceivedEvent[] {
  return Array.from({ length: 600 }, (_, i) => {
    const posted = now - (60 * MS_PER_DAY * (i + 1)) / 600;
    const end = ['ENTREGUE', 'ENTREGUE', 'ENTREGUE', 'DEVOLVIDO', 'EXTRAVIADO', 'CANCELADO'][i % 6] as string;
    const forgotten = i % 5 === 4;
    const promise = new Date(posted + MS_PER_HOUR).toISOString().replace('Z', '000Z');
    const steps = [
      ['POSTADO', 0],
      ['EM TRÂNSITO', 5 + (i % 7)],
      [i % 4 === 0 ? 'TENTATIVA DE ENTREGA' : 'EM ROTA DE ENTREGA', 30 + (i % 24)],
      ...(forgotten ? [] : [[end, 40 + (i % 90)] as const]),
    ] as const;
    return steps
      .map(([status, hours]) => ({ status, at: Math.floor(posted + hours * MS_PER_HOUR) }))
      .filter(({ at }) => at < now)
      .map(({ status, at }) => ({
        ...{ id_pacote: i + 1, origem: ['Natal', 'Acre'][i % 2] as string, destino: 'Paraíba' },
        ...(i % 2 === 0 ? {} : { transportadora: 'JADLOG' }),
        status_rastreamento: status,
        data_atualizacao: new Date(at).toISOString().replace('Z', '000Z'),
        ...(i === 0 ? { prazo: promise } : {}),
        recebido_em: at + 60_000 * (i % 30),
      }));
  }).flat();
}
