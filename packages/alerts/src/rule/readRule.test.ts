import path from 'node:path';
import { rulesOfFiles, type FoundRule, type JsonObject } from '@rastreio/grafana/rules';
import { readRule } from './readRule';

const FILES = path.resolve(__dirname, '../../../../provisioning/alerting');

async function found(uid: string): Promise<FoundRule> {
  const { rules } = await rulesOfFiles(FILES, {});
  const rule = rules.find((one) => one.uid === uid);
  if (rule === undefined) throw new Error(`${uid} is gone`);
  return rule;
}

test('a rule of the files', async () => {
  expect(readRule(await found('rastreio-tempo-medio-rota'))).toMatchObject({
    source: {
      kind: 'math',
      operator: '/',
      left: { kind: 'query', format: 'table', rangeFromMs: 600_000, rangeToMs: 0, stepMs: 60_000 },
      right: { kind: 'query' },
    },
    fires: { type: 'gt', params: [1] },
    ends: { type: 'lt', params: [0.95] },
    intervalMs: 300_000,
    forMs: 600_000,
    keepFiringMs: 1_800_000,
    noData: 'KeepLast',
    onError: 'KeepLast',
    missingEvaluations: 2,
    labels: { gravidade: 'aviso' },
    folder: 'Rastreio',
  });
});

const item = (refId: string, model: JsonObject, datasourceUid = '__expr__'): JsonObject => ({
  refId,
  datasourceUid,
  model,
});
const A = item('A', { rawSql: 'SELECT 1', format: 'table' }, 'db');
const C = (expression: string) =>
  item('C', { type: 'threshold', expression, conditions: [{ evaluator: { type: 'gt', params: [3] } }] });
const rule = (...data: readonly JsonObject[]): FoundRule => ({
  uid: 'u',
  folder: 'Rastreio',
  intervalMs: 60_000,
  content: { condition: 'C', data, noDataState: 'NoData', execErrState: 'Error' },
});

test('Grafana’s simple mode: query, reduce, threshold', () => {
  const B = item('B', { type: 'reduce', expression: '$A', reducer: 'Mean', settings: { mode: 'dropNN' } });
  expect(readRule(rule(A, B, C('B')))).toMatchObject({
    source: {
      kind: 'reduce',
      of: { kind: 'query', sql: 'SELECT 1', stepMs: 1000 },
      reduction: { reducer: 'mean', mode: 'drop' },
    },
    fires: { type: 'gt', params: [3] },
    ends: undefined,
    settings: undefined,
  });
});

test.each<[RegExp, FoundRule]>([
  [
    /its math is "abs\(\$A\)"; use two names or numbers/,
    rule(A, item('B', { type: 'math', expression: 'abs($A)' }), C('B')),
  ],
  [
    /its expression B is of type "resample"; only reduce and math/,
    rule(A, item('B', { type: 'resample', expression: 'A' }), C('B')),
  ],
  [
    /its condition C is of type "classic_conditions"; only threshold/,
    rule(A, item('C', { type: 'classic_conditions' })),
  ],
  [/it has no query or expression "X"/, rule(A, C('X'))],
  [/its query A is not in SQL/, rule(item('A', { expr: 'up' }, 'prometheus'), C('A'))],
  [
    /its reducer is "p99"; use one of last, mean/,
    rule(A, item('B', { type: 'reduce', expression: 'A', reducer: 'p99' }), C('B')),
  ],
  [
    /its threshold C has 0 conditions instead of one/,
    rule(A, item('C', { type: 'threshold', expression: 'A', conditions: [] })),
  ],
  [
    /its evaluator within_range needs 2 numbers and has \[1\]/,
    rule(
      A,
      item('C', {
        type: 'threshold',
        expression: 'A',
        conditions: [{ evaluator: { type: 'within_range', params: [1] } }],
      }),
    ),
  ],
])('refused by name: %s', (message, given) => {
  expect(() => readRule(given)).toThrow(message);
  expect(() => readRule(given)).toThrow(/^Rule u cannot be tried on the past/);
});
