import type { VariableModel } from '../model';
import { AUTO, customOptions, intervalOptions, queryOptions, queryText } from './options';

const model = (more: Partial<VariableModel> = {}): VariableModel => ({ name: 'v', type: 'query', ...more });
const column = (name: string, ...values: unknown[]) => ({ name, values });
const texts = (options: readonly { text: string }[]) => options.map(({ text }) => text);

test('custom options have texts, and may have commas', () => {
  expect(customOptions('a, Um texto : b ,c\\,d,')).toEqual([
    { text: 'a', value: 'a' },
    { text: 'Um texto', value: 'b' },
    { text: 'c,d', value: 'c,d' },
  ]);
});

test('an interval may choose itself', () => {
  expect(intervalOptions(model({ query: '1m,1h', auto: true })).map(({ value }) => value)).toEqual([
    AUTO,
    '1m',
    '1h',
  ]);
  expect(texts(intervalOptions(model({ query: '1m,1h' })))).toEqual(['1m', '1h']);
});

test('a query is a text or has one', () => {
  expect([
    queryText(model({ query: 'a' })),
    queryText(model({ query: { rawSql: 'b' } })),
    queryText(model({ definition: 'c' })),
  ]).toEqual(['a', 'b', 'c']);
});

test('an answer gives texts and values, or every cell of it, each text once', () => {
  expect(queryOptions([column('__value', 1, 2), column('__text', 'um', 'dois')], model())).toEqual([
    { text: 'um', value: '1' },
    { text: 'dois', value: '2' },
  ]);
  expect(texts(queryOptions([column('a', 'x', 'y', 'x'), column('b', 'z')], model()))).toEqual([
    'x',
    'y',
    'z',
  ]);
});

test.each([
  ['/^r-(.*)/', ['Natal', 'Acre']],
  ['r-N', ['r-Natal']],
  ['/^r-(?<text>.)(?<value>.*)/', ['N', 'A']],
])('regex %s', (regex, expected) => {
  expect(texts(queryOptions([column('a', 'r-Natal', 'r-Acre', 'x')], model({ regex })))).toEqual(expected);
});

test.each([
  [0, ['b10', 'a9', 'B1']],
  [1, ['B1', 'a9', 'b10']],
  [2, ['b10', 'a9', 'B1']],
  [3, ['B1', 'a9', 'b10']],
  [4, ['b10', 'a9', 'B1']],
  [5, ['a9', 'B1', 'b10']],
  [8, ['b10', 'B1', 'a9']],
])('order %s', (sort, expected) => {
  expect(texts(queryOptions([column('a', 'b10', 'a9', 'B1')], model({ sort })))).toEqual(expected);
});
