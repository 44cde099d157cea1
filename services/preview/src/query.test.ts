import type { DataSource } from './dataSources';
import { POSTGRES_TYPE } from './dataSources';
import { createQueryRunner, type QueryRunner } from './query';
import { queryRequestSchema } from './queryRequest';
import { SERVERS } from '@rastreio/testing/servers';

const [database] = SERVERS;
const { host, pathname, username, password } = new URL(database?.adminUrl ?? '');
const source = (uid: string, more: Partial<DataSource>): DataSource => ({
  ...{ name: uid, uid, type: POSTGRES_TYPE, url: host, user: username, isDefault: false },
  jsonData: { database: pathname.slice(1) },
  secureJsonData: { password: decodeURIComponent(password) },
  ...more,
});

let runner: QueryRunner;
beforeAll(() => {
  const sources = [
    source('db', {}),
    source('gone', { url: '127.0.0.1:1' }),
    source('prom', { type: 'prometheus', url: '' }),
    source('other', { type: 'loki' }),
  ];
  runner = createQueryRunner(sources, { rows: 1000, points: 5000, bytes: 100_000 });
});
afterAll(() => runner.close());

const HOUR = { from: Date.parse('2026-11-25T10:00:00Z'), to: Date.parse('2026-11-25T11:00:00Z') };

async function ask(rawSql: string, more: object = {}, range = HOUR) {
  const request = queryRequestSchema.parse({
    from: String(range.from),
    to: String(range.to),
    queries: [{ refId: 'A', datasource: { uid: 'db' }, rawSql, ...more }],
  });
  const { A } = await runner.run(request);
  return A;
}

test('an answer arrives whole', async () => {
  const answer = await ask(
    'SELECT i, i::text AS texto, NULL::float8 AS nada FROM generate_series(1, 3) AS i',
  );
  expect(answer?.error).toBeUndefined();
  expect(answer?.frames[0]?.data.values).toEqual([
    [1, 2, 3],
    ['1', '2', '3'],
    [null, null, null],
  ]);
});

test('no rows have no columns, as in Grafana', async () => {
  const answer = await ask('SELECT 1 AS n, now() AS t WHERE false');
  expect(answer?.frames).toMatchObject([{ schema: { refId: 'A', fields: [] }, data: { values: [] } }]);
});

test.each([
  ['too many rows', 'SELECT generate_series(1, 100000000)', {}, /mais de 1\.000 linhas.*LIMIT/],
  ['too many bytes', "SELECT repeat('x', 10000) FROM generate_series(1, 900)", {}, /mais de .* MB/],
  [
    'a step of a millisecond since 1970',
    "SELECT $__timeGroup(t, '1ms', 0) AS time, 1 AS n FROM (SELECT now() AS t) AS x",
    { format: 'time_series' },
    /1\.\d{3}\.\d{3}\.\d{3}\.\d{3} pontos \(passos de 1 ms\)/,
  ],
  [
    'many series',
    "SELECT now() + i * interval '1 s' AS time, j::text AS metric, 1 AS n FROM generate_series(1, 90) AS i, generate_series(1, 9) AS j",
    { format: 'time_series' },
    undefined,
  ],
  [
    'a table that is not there',
    'SELECT 1 FROM nao_existe',
    {},
    /^Uma tabela ou visão da consulta não existe .*nao_existe.*posição 15/,
  ],
  ['two columns of one name', 'SELECT 1 AS a, 2 AS a', {}, /identical name "a" at column indices 0 and 1/],
  ['a write', 'CREATE TABLE x (i int)', {}, /^A consulta quer escrever; aqui só se lê/],
  ['two statements', 'SELECT 1; SELECT 2', {}, /multiple commands/],
  ['a macro that is none', 'SELECT $__nada(1)', {}, /is no macro/],
  ['no time', 'SELECT 1 AS n', { format: 'time_series' }, /no column "time"/],
  ['no database', 'SELECT 1', { datasource: { uid: 'gone' } }, /^O banco de dados não responde/],
  ['no data source', 'SELECT 1', { datasource: { uid: 'x' } }, /Não há fonte de dados "x"/],
])('%s is said in words', async (_, sql, more, message) => {
  const answer = await ask(sql, more, { from: 0, to: HOUR.to });
  if (message === undefined) expect(answer?.error).toBeUndefined();
  else expect(answer).toMatchObject({ error: expect.stringMatching(message) as string, frames: [] });
});

test('one cell larger than an answer may be is refused, and the next query has another connection', async () => {
  // More than the connection itself would take: a row is whole in memory before it can be looked at.
  expect(await ask("SELECT repeat('x', 20000000) AS t")).toMatchObject({
    error: expect.stringMatching(/dão mais de .* MB/) as string,
  });
  expect((await ask('SELECT 1 AS n'))?.frames[0]?.data.values).toEqual([[1]]);
});

test('the queries of a request share its points', async () => {
  const rawSql = "SELECT $__timeGroup(t, '1s', 0) AS time, 1 AS n FROM (SELECT now() AS t) AS x";
  const queries = ['A', 'B', 'C'].map((refId) => ({
    ...{ refId, datasource: { uid: 'db' }, rawSql, format: 'time_series' },
  }));
  const answers = Object.values(await runner.run(queryRequestSchema.parse({ ...HOUR, queries })));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  // Of the second and the third with those before them, in whatever order they are answered.
  for (const { status, error } of answers)
    if (status !== 200) expect(error).toMatch(/dá (7|10)\.\d{3} pontos; são no máximo 5\.000/);
});

test('an answer that was cut off leaves no connection behind that is still reading it', async () => {
  for (let i = 0; i < 6; i++) await ask('SELECT generate_series(1, 100000000)');
  const answer = await ask(
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'rastreio-preview'",
  );
  expect(answer?.frames[0]?.data.values[0]?.[0]).toBeLessThanOrEqual(4);
});

test.each([
  ['prom', 'Este painel precisa de um Prometheus: diga o seu endereço em PROMETHEUS_URL.'],
  ['other', 'Este painel precisa do Grafana (loki).'],
])('what only Grafana can ask is no error: %s', async (uid, text) => {
  expect(await ask('', { datasource: { uid }, expr: 'up' })).toEqual({
    status: 200,
    unavailable: text,
    frames: [],
  });
});

test('a range that no date can hold is refused', () => {
  const of = (from: string) => queryRequestSchema.safeParse({ from, to: '1', queries: [] }).success;
  expect([of('0'), of('-8640000000000000'), of('-8640000000000001'), of('x'), of('Infinity')]).toEqual([
    ...[true, true, false, false, false],
  ]);
});
