import type { Evaluation } from '../state/machine';
import { reduce } from './reduce';
import { queriesOf, REDUCERS, type Reduction, type RuleQuery, type Source } from './rule';
import { evaluate, type Answer } from './samples';

const [TEXT, NUMBER, TIME, BOOLEAN] = [25, 701, 1184, 16];
const TABLE: RuleQuery = {
  kind: 'query',
  sql: 'SELECT',
  format: 'table',
  rangeFromMs: 0,
  rangeToMs: 0,
  stepMs: 1000,
};
const LAST: Reduction = { reducer: 'last', mode: 'strict', replaceWith: 0 };
const reduced = (of: RuleQuery, change: Partial<Reduction> = {}): Source => ({
  kind: 'reduce',
  of,
  reduction: { ...LAST, ...change },
});
const SERIES = reduced({ ...TABLE, format: 'time_series' });
const ask = (source: Source, ...answers: readonly Answer[]) =>
  evaluate(source, new Map(queriesOf(source).map((query, i) => [query, answers[i] ?? answer([])])));

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

test.each<[string, Source, Answer, object]>([
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
    reduced(TABLE),
    answer(LANES, ['A', '3'], ['B', null]),
    { '{"rota":"A"}': 3, '{"rota":"B"}': NaN },
  ],
  [
    'unless missing ones are dropped',
    reduced(TABLE, { mode: 'drop' }),
    answer(LANES, ['A', '3'], ['B', null]),
    { '{"rota":"A"}': 3 },
  ],
  [
    'or replaced',
    reduced(TABLE, { mode: 'replace', replaceWith: 9 }),
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
])('%s', (_what, rule, given, expected) => expect(rowsOf(ask(rule, given))).toEqual(expected));

test.each<[RegExp, Source, Answer]>([
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
    reduced(TABLE),
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
])('refused as Grafana does: %s', (message, rule, given) => expect(() => ask(rule, given)).toThrow(message));

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

describe('math of two queries', () => {
  const [left, right] = [{ ...TABLE }, { ...TABLE }];
  const math: Source = { kind: 'math', operator: '/', left, right };

  test.each<[string, Answer, Answer, object]>([
    [
      'by equal labels; what has no partner is dropped',
      answer(LANES, ['A', '6'], ['B', '1'], ['C', '1']),
      answer(LANES, ['B', '4'], ['A', '2']),
      { '{"rota":"A"}': 3, '{"rota":"B"}': 0.25 },
    ],
    [
      'with one limit for all',
      answer(LANES, ['A', '6'], ['B', '1']),
      answer([['l', NUMBER]], ['2']),
      { '{"rota":"A"}': 3, '{"rota":"B"}': 0.5 },
    ],
    [
      'one value on each side, whatever their labels',
      answer(LANES, ['A', '6']),
      answer(LANES, ['B', '2']),
      { '{}': 3 },
    ],
    [
      'NULL makes no number',
      answer(LANES, ['A', null]),
      answer([['l', NUMBER]], ['2']),
      { '{"rota":"A"}': NaN },
    ],
    [
      'a limit of nothing',
      answer(LANES, ['A', '1']),
      answer([['l', NUMBER]], ['0']),
      { '{"rota":"A"}': Infinity },
    ],
    [
      'no partner at all is no data',
      answer(LANES, ['A', '1'], ['B', '1']),
      answer(LANES, ['C', '2']),
      { kind: 'no data' },
    ],
    [
      'a query without rows is no data of the whole',
      answer(LANES, ['A', '1']),
      answer(LANES),
      { kind: 'no data' },
    ],
  ])('%s', (_what, a, b, expected) => expect(rowsOf(ask(math, a, b))).toEqual(expected));

  test.each([
    ['+', 7],
    ['-', 5],
    ['*', 6],
    ['/', 6],
  ] as const)('with a number: %s', (operator, expected) => {
    const source: Source = { kind: 'math', operator, left, right: 1 };
    expect(rowsOf(ask(source, answer([['n', NUMBER]], ['6'])))).toEqual({ '{}': expected });
  });
});
