import type { VariableModel } from '../model';
import { pressed, settle, settleText } from './settle';
import { ALL } from './types';

const OPTIONS = ['a', 'b', 'c'].map((value) => ({ value, text: value.toUpperCase() }));
const model = (more: Partial<VariableModel>): VariableModel => ({ name: 'v', type: 'query', ...more });
const saved = (value: string | string[]) => ({ current: { value, text: value } });
const MULTI = { multi: true, includeAll: true };

test.each<[string, Partial<VariableModel>, string[] | undefined, unknown, unknown]>([
  ['as saved', saved('b'), undefined, 'b', 'B'],
  ['as saved, several', { multi: true, ...saved(['a', 'c']) }, undefined, ['a', 'c'], ['A', 'C']],
  ['what is gone goes', { multi: true, ...saved(['a', 'x']) }, undefined, ['a'], ['A']],
  ['gone altogether: the first', saved('x'), undefined, 'a', 'A'],
  ['gone altogether: all', { ...MULTI, ...saved(['x']) }, undefined, [ALL], ['All']],
  ['all', { includeAll: true, ...saved(ALL) }, undefined, ALL, 'All'],
  ['all that there is not: the first', { multi: true, ...saved([ALL]) }, undefined, ['a'], ['A']],
  ['never saved', {}, undefined, 'a', 'A'],
  ['the address', saved('b'), ['c'], 'c', 'C'],
  ['the address, several', { multi: true, ...saved('b') }, ['c', 'x'], ['c', 'x'], ['C', 'x']],
  ['the address, unknown', saved('b'), ['x'], 'x', 'x'],
  ['the address, all', MULTI, [ALL], [ALL], ['All']],
  ['the address, all in words', MULTI, ['All'], [ALL], ['All']],
  ['the address, the value of all', { ...MULTI, allValue: '[]' }, ['[]'], [ALL], ['All']],
  ['the address, nothing', MULTI, [''], '', ''],
])('%s', (_, more, fromUrl, value, text) => {
  expect(settle(model(more), OPTIONS, fromUrl)).toMatchObject({ value, text });
});

test('without options there is nothing, or all of nothing', () => {
  expect(settle(model({}), [], undefined).value).toBe('');
  expect(settle(model({ multi: true }), [], undefined).value).toEqual([]);
  expect(settle(model(MULTI), [], undefined).value).toEqual([ALL]);
});

test('a text is itself', () => {
  expect(settleText(model({}), 'x', undefined).value).toBe('x');
  expect(settleText(model({}), 'x', ['y']).value).toBe('y');
});

test.each([
  [['a', ALL], [ALL]],
  [[ALL, 'a'], ['a']],
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  [[], [ALL]],
])('pressing %j chooses %j', (values, expected) =>
  expect(pressed(model(MULTI), OPTIONS, values)).toEqual(expected),
);
