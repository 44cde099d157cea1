import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { withClient } from '@rastreio/database';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';
import { ROOT } from '../support/dashboardFiles';

const FUNCTIONS = path.join(ROOT, 'sql/functions');
const SQL = readdirSync(FUNCTIONS).map((file) => readFileSync(path.join(FUNCTIONS, file), 'utf8'));

test('the rule on missing limits looks for each that a view asks for, and for no other', () => {
  const asked = SQL.flatMap((sql) =>
    [...sql.matchAll(/\blimite(?:_da_rota)?\('(\w+)'/g)].map(([, name]) => name),
  );
  const list =
    /unnest\(ARRAY\[([^\]]*)\]/.exec(SQL.find((sql) => sql.includes('VIEW alerta_limites')) ?? '')?.[1] ?? '';
  expect([...list.matchAll(/'(\w+)'/g)].map(([, name]) => name)).toEqual([...new Set(asked)].sort());
});

describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase(server);
  });
  afterAll(() => database.drop());
  const owner = (sql: string) =>
    withClient(database.ownerUrl, async (client) => (await client.query(sql)).rows as unknown[]);

  test.each([
    `DELETE FROM limites WHERE nome = 'silencio'`,
    `UPDATE limites SET nome = 'silêncio' WHERE nome = 'silencio'`,
    'TRUNCATE limites CASCADE',
  ])('%s is refused', async (sql) => {
    await expect(owner(sql)).rejects.toThrow(/can neither be removed nor renamed/);
  });

  test.each([0, -1, `'NaN'`, `'Infinity'`])('the value %s is refused', async (value) => {
    await expect(owner(`UPDATE limites SET valor = ${value} WHERE nome = 'silencio'`)).rejects.toThrow(
      /limites_valor_positivo/,
    );
  });

  test('a lane has limits of its own of those that rules compare by lane, and of no others', async () => {
    const insert = (name: string) =>
      owner(
        `INSERT INTO limites_por_rota (nome, origem, destino, valor) VALUES ('${name}', 'Natal', 'Acre', 7)`,
      );
    await expect(insert('silencio')).rejects.toThrow(/limite_que_rotas_podem_ter/);
    await expect(insert('nenhum')).rejects.toThrow(/limite_que_rotas_podem_ter/);
    await insert('rota_p95_prazo');
    expect(
      await owner(
        `SELECT limite_da_rota('rota_p95_prazo', 'Natal', 'Acre') AS own, limite_da_rota('rota_p95_prazo', 'Acre', 'Natal') AS other`,
      ),
    ).toEqual([{ own: 7, other: 2.5 }]);
  });

  test('who changed what is kept, and nobody can say otherwise', async () => {
    const changes = `SELECT quem, nome, rota, antes, depois FROM limites_mudados ORDER BY quando, antes NULLS LAST`;
    const before = await owner(changes);
    await owner(`UPDATE limites SET valor = 900 WHERE nome = 'silencio'`);
    // No change.
    await owner(`UPDATE limites SET valor = 900 WHERE nome = 'silencio'`);
    await owner(
      `INSERT INTO limites_por_rota (nome, origem, destino, valor) VALUES ('parados_rota', 'A', 'B', 0.5)`,
    );
    await owner(`UPDATE limites_por_rota SET valor = 0.6 WHERE origem = 'A'`);
    await owner(`DELETE FROM limites_por_rota WHERE origem = 'A'`);
    const quem = 'rastreio_owner';
    const lane = { quem, nome: 'parados_rota', rota: 'A → B' };
    expect((await owner(changes)).slice(before.length)).toEqual([
      { quem, nome: 'silencio', rota: null, antes: 600, depois: 900 },
      { ...lane, antes: null, depois: 0.5 },
      { ...lane, antes: 0.5, depois: 0.6 },
      { ...lane, antes: 0.6, depois: null },
    ]);
    await expect(
      withClient(database.writerUrl, (client) => client.query(`DELETE FROM mudancas_de_limites`)),
    ).rejects.toThrow(/permission denied/);
  });

  test('a person with the rights that docs/alerts-by-hand.md gives changes limits under their own name, and nothing else', async () => {
    const page = readFileSync(path.join(ROOT, 'docs/alerts-by-hand.md'), 'utf8');
    const written = /^CREATE ROLE maria.*?(?=^```)/ms.exec(page)?.[0] ?? '';
    const databaseName = new URL(database.ownerUrl).pathname.slice(1);
    const name = `pessoa_${databaseName}`;
    const role = written
      .replaceAll('maria', name)
      .replace("'...'", "'segredo'")
      .replace('DATABASE rastreio', `DATABASE ${databaseName}`);
    await withClient(database.adminUrl, (admin) => admin.query(role));
    try {
      const url = new URL(database.ownerUrl);
      [url.username, url.password] = [name, 'segredo'];
      const person = (sql: string) => withClient(url.href, (client) => client.query(sql));
      await person(`UPDATE limites SET valor = 0.2 WHERE nome = 'em_risco'`);
      await person(
        `INSERT INTO limites_por_rota (nome, origem, destino, valor) VALUES ('parados_rota', 'C', 'D', 0.5)`,
      );
      await person(`DELETE FROM limites_por_rota WHERE origem = 'C'`);
      expect(
        await owner(`SELECT nome, rota FROM limites_mudados WHERE quem = '${name}' ORDER BY quando`),
      ).toEqual([
        { nome: 'em_risco', rota: null },
        { nome: 'parados_rota', rota: 'C → D' },
        { nome: 'parados_rota', rota: 'C → D' },
      ]);
      for (const sql of [
        `UPDATE limites SET unidade = 'x'`,
        'SELECT * FROM pacotes',
        'DELETE FROM mudancas_de_limites',
      ])
        await expect(person(sql)).rejects.toThrow(/permission denied/);
    } finally {
      await withClient(database.adminUrl, (admin) => admin.query(`DROP OWNED BY ${name}; DROP ROLE ${name}`));
    }
  });
});
