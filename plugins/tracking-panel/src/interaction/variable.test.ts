import fc from 'fast-check';
import { addressFor, ALL, expressionOf, isAtAll, selectedBy, traitsOf, valuesInAddress } from './variable';

const NAME = 'status';
const multi = { name: NAME, type: 'query', multi: true, includeAll: true };

describe('what a variable selects', () => {
  it.each<[string, string, string[]]>([
    ['several values', '["ENTREGUE","EM TRÂNSITO"]', ['ENTREGUE', 'EM TRÂNSITO']],
    ['one of several', '["ENTREGUE"]', ['ENTREGUE']],
    ['a single value, as Grafana writes it', 'ENTREGUE', ['ENTREGUE']],
    ['a single value, as JSON', '"ENTREGUE"', ['ENTREGUE']],
    ['a number', '42', ['42']],
    ['text that only looks like JSON', '[aberto', ['[aberto']],
    ['repeats', '["A","A"]', ['A']],
    ['empty', '', []],
    ['an empty value among several: that of rows without a status', '["","A"]', ['', 'A']],
    ['all', '$__all', []],
    ['no such variable', expressionOf(NAME), []],
  ])('%s', (_, interpolated, expected) => {
    expect(selectedBy(NAME, undefined, interpolated, undefined)).toEqual(expected);
  });

  it('is nothing where the model says "All", although that interpolates to every value', () => {
    const at = (value: unknown) => ({ ...multi, current: { value } });
    expect(selectedBy(NAME, undefined, '["A","B"]', at([ALL]))).toEqual([]);
    expect(selectedBy(NAME, undefined, '.*', at(ALL))).toEqual([]);
    expect(selectedBy(NAME, undefined, '["A","B"]', at(['A', 'B']))).toEqual(['A', 'B']);
    expect(isAtAll({ name: NAME, current: 'A' })).toBe(false);
  });

  it('is what the address says where it says something', () => {
    expect(selectedBy(NAME, ['B'], '["A"]', { ...multi, current: { value: [ALL] } })).toEqual(['B']);
    expect(selectedBy(NAME, [ALL], '["A"]', undefined)).toEqual([]);
    expect(selectedBy(NAME, [''], 'A', undefined)).toEqual([]);
  });

  it('reads its own parameter of the address only', () => {
    expect(valuesInAddress('?var-status=A&var-status=B%20C&var-x=D', NAME)).toEqual(['A', 'B C']);
    expect(valuesInAddress('?var-status=', NAME)).toEqual(['']);
    expect(valuesInAddress('?var-statuses=A', NAME)).toBeUndefined();
  });
});

describe('what is written to it', () => {
  it.each([
    ['several values', multi, ['A', 'B'], ['A', 'B']],
    ['none, with "All"', multi, [], ALL],
    ['none, without "All"', { ...multi, includeAll: false }, [], ''],
    ['a single-value variable', { ...multi, multi: false }, ['A'], 'A'],
    ['a text variable', { name: NAME, type: 'textbox' }, ['A'], 'A'],
    ['a text variable, none', { name: NAME, type: 'textbox' }, [], ''],
    ['a variable of unknown kind', undefined, ['A'], ['A']],
    ['a variable of unknown kind, none', undefined, [], ALL],
  ] as const)('%s', (_, model, ids, expected) => {
    expect(addressFor(NAME, ids, traitsOf(model))).toEqual({ 'var-status': expected });
  });

  it('is read back as it was written', () => {
    const id = fc.string({ minLength: 1 }).filter((text) => text !== ALL);
    fc.assert(
      fc.property(fc.uniqueArray(id), (ids) => {
        const query = new URLSearchParams();
        for (const value of [addressFor(NAME, ids, traitsOf(multi))['var-status'] ?? []].flat()) {
          query.append('var-status', value);
        }
        expect(selectedBy(NAME, valuesInAddress(`?${query}`, NAME), '', multi)).toEqual(ids);
      })
    );
  });
});
