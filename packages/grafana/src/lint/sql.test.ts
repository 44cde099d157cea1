import { columns, relations, selectsAll } from './sql';

test.each<[sql: string, names: string[]]>([
  ['SELECT a FROM torre', ['torre']],
  ['SELECT a FROM public.torre t JOIN rotas USING (b)', ['public.torre', 'rotas']],
  ['SELECT a FROM x, y AS z, lista_da_torre($1, 5) WHERE a IN (SELECT b FROM w)', ['x', 'y', 'w']],
  ['WITH m AS (SELECT 1 FROM limites), n (a) AS (SELECT 2) SELECT a FROM m, n', ['limites']],
  [
    "SELECT extract(epoch FROM now() - max(a)), 'FROM texto' -- FROM nota\nFROM /* JOIN c */ ingestao",
    ['ingestao'],
  ],
  ['SELECT a FROM status_em(now(), escolhidos($origem), escolhidos($v$ FROM x$v$))', []],
  ['SELECT a IS DISTINCT FROM b FROM "Com Espaço"', ['Com Espaço']],
  [
    'SELECT a FROM (SELECT b FROM dentro) s LEFT JOIN LATERAL f(a) ON true JOIN fora ON a = b',
    ['dentro', 'fora'],
  ],
  ['SELECT $__timeGroupAlias(minuto, $__interval) FROM ingestao WHERE $__timeFilter(minuto)', ['ingestao']],
])('relations of %s', (sql, names) => {
  expect(relations(sql).toSorted()).toEqual(names.toSorted());
});

test.each<[sql: string, all: boolean]>([
  ['SELECT * FROM a', true],
  ['SELECT DISTINCT * FROM a', true],
  ['SELECT a, b.* FROM b', true],
  ['SELECT a, * FROM b', true],
  ['SELECT a FROM (SELECT * FROM b) c', true],
  ['SELECT count(*), a * 2, 2 * (b) FROM c', false],
  ["SELECT a, '*' FROM b", false],
])('%s takes all columns: %s', (sql, all) => {
  expect(selectsAll(sql)).toBe(all);
});

test('the names of columns are the last word of each item, however it is made', () => {
  expect(
    columns(
      'WITH x AS (SELECT b FROM c) SELECT x.a, sum(b)::float8 AS "Novos pacotes", (SELECT d FROM e) f FROM x ORDER BY a',
    ),
  ).toEqual(['a', 'Novos pacotes', 'f']);
});
