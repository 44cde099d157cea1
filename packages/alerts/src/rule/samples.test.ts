import type { Evaluation } from '../state/machine';
import { reduce } from './reduce';
import { REDUCERS, type Reduction, type Rule } from './rule';
import { evaluate, type Answer } from './samples';
import { sqlRule } from './sqlRule';

const [TEXT, NUMBER, TIME, BOOLEAN] = [25, 701, 1184, 16];
const TABLE = sqlRule({ sql: 'SELECT', title: 't', above: 1, forMs: 0, keepFiringMs: 0 });
const LAST: Reduction = { reducer: 'last', mode: 'strict', replaceWith: 0 };
const SERIES: Rule = { ...TABLE, query: { ...TABLE.query, format: 'time_series' }, reduce: LAST };

function answer(columns: readonly (readonly [string, number])[], ...rows: (string | null)[][]): Answer {
  return { fields: columns.map(([name, dataTypeID]) => ({ name, dataTypeID })), rows };
}

function rowsOf(evaluation: Evaluation): object {
  return evaluation.kind === 'rows' ? Object.fromEntries(evaluation.rows) : evaluation;
}

const LANES = [
  ['rota', TEXT],
  ['vezes', NUMBER],
] as const;

test.each<[string, Rule, Answer, object]>([
  [
    'a row is an instance, its texts are the labels',
    TABLE,
    answer(LANES, ['A', '1.5'], ['B', '2']),
    { '{"rota":"A"}': 1.5, '{"rota":"B"}': 2 },
  ],
  ['NULL is no number, and an empty label', TABLE, answer(LANES, [null, null]), { '{"rota":""}': NaN }],
  ['without texts there are no labels', TABLE, answer([['n', NUMBER]], ['7']), { '{}': 7 }],
  ['no row is no data', TABLE, answer(LANES), { kind: 'no data' }],
  [
    'reducing numbers leaves them',
    { ...TABLE, reduce: LAST },
    answer(LANES, ['A', '3'], ['B', null]),
    { '{"rota":"A"}': 3, '{"rota":"B"}': NaN },
  ],
  [
    'unless missing ones are dropped',
    { ...TABLE, reduce: { ...LAST, mode: 'drop' } },
    answer(LANES, ['A', '3'], ['B', null]),
    { '{"rota":"A"}': 3 },
  ],
  [
    'or replaced',
    { ...TABLE, reduce: { ...LAST, mode: 'replace', replaceWith: 9 } },
    answer(LANES, ['B', null]),
    { '{"rota":"B"}': 9 },
  ],
  [
    'series by their texts, reduced',
    SERIES,
    answer(
      [
        ['time', TIME],
        ['rota', TEXT],
        ['n', NUMBER],
      ],
      ['2026-01-01 00:00:00+00', 'A', '1'],
      ['2026-01-01 00:00:00+00', 'B', '5'],
      ['2026-01-01 00:01:00+00', 'A', '2'],
    ),
    { '{"rota":"A"}': 2, '{"rota":"B"}': null },
  ],
  [
    'a column "metric" alone is a name and no label',
    SERIES,
    answer(
      [
        ['time', TIME],
        ['metric', TEXT],
        ['n', NUMBER],
      ],
      ['2026-01-01 00:00:00+00', 'A', '4'],
    ),
    { '{}': 4 },
  ],
])('%s', (_what, rule, given, expected) => expect(rowsOf(evaluate(rule, given))).toEqual(expected));

test.each<[RegExp, Rule, Answer]>([
  [
    /exactly one column of numbers.*a \(number\), b \(number\)/,
    TABLE,
    answer(
      [
        ['a', NUMBER],
        ['b', NUMBER],
      ],
      ['1', '2'],
    ),
  ],
  [
    /exactly one column of numbers.*ok \(other\)/,
    TABLE,
    answer(
      [
        ['ok', BOOLEAN],
        ['b', NUMBER],
      ],
      ['t', '2'],
    ),
  ],
  [/two rows have the same labels/, TABLE, answer(LANES, ['A', '1'], ['A', '2'])],
  [/needs a column with a time/, SERIES, answer(LANES, ['A', '1'])],
  [
    /put a reduce expression before it/,
    TABLE,
    answer(
      [
        ['t', TIME],
        ['n', NUMBER],
      ],
      ['2026-01-01 00:00:00+00', '1'],
    ),
  ],
  [
    /use the format time series/,
    { ...TABLE, reduce: LAST },
    answer(
      [
        ['t', TIME],
        ['r', TEXT],
        ['n', NUMBER],
      ],
      ['2026-01-01 00:00:00+00', 'A', '1'],
    ),
  ],
  [
    /in the order of time/,
    SERIES,
    answer(
      [
        ['t', TIME],
        ['n', NUMBER],
      ],
      ['2026-01-02 00:00:00+00', '1'],
      ['2026-01-01 00:00:00+00', '1'],
    ),
  ],
])('refused as Grafana does: %s', (message, rule, given) =>
  expect(() => evaluate(rule, given)).toThrow(message),
);

test('reducers, with and without a missing point', () => {
  const all = (mode: Reduction['mode'], points: readonly (number | null)[]) =>
    REDUCERS.map((reducer) => reduce({ reducer, mode, replaceWith: 0 }, points));
  // last, mean, min, max, sum, count, median
  expect(all('strict', [4, 1, 2, 3])).toEqual([3, 2.5, 1, 4, 10, 4, 2.5]);
  expect(all('strict', [4, null])).toEqual([null, NaN, NaN, NaN, NaN, 2, NaN]);
  expect(all('drop', [4, null])).toEqual([4, 4, 4, 4, 4, 1, 4]);
  expect(all('drop', [null])).toEqual([null, null, null, null, 0, 0, null]);
  expect(all('replace', [4, null])).toEqual([0, 2, 0, 4, 4, 2, 2]);
});
