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
    query: { format: 'table', rangeFromMs: 86_400_000, rangeToMs: 0, stepMs: 60_000 },
    fires: { type: 'gt', params: [1] },
    ends: { type: 'lt', params: [0.95] },
    intervalMs: 60_000,
    forMs: 300_000,
    keepFiringMs: 600_000,
    noData: 'OK',
    onError: 'Error',
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
    query: { sql: 'SELECT 1', stepMs: 1000 },
    reduce: { reducer: 'mean', mode: 'drop' },
    fires: { type: 'gt', params: [3] },
    ends: undefined,
    settings: undefined,
  });
});

test.each<[RegExp, FoundRule]>([
  [
    /its expression B is of type "math"; only reduce/,
    rule(A, item('B', { type: 'math', expression: '$A * 2' }), C('B')),
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
