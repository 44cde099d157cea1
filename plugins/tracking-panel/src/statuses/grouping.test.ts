import fc from 'fast-check';
import { createGrouping, MISSING_ID } from './grouping';

const statuses = fc.array(fc.constantFrom<unknown>('A', 'B', 'C', '', null, undefined, 7), { maxLength: 12 });
const idOf = (value: unknown) => (value === null || value === undefined ? MISSING_ID : String(value));

describe('createGrouping', () => {
  it('tells the status of every row, whatever it was asked before', () => {
    fc.assert(
      fc.property(fc.array(statuses, { minLength: 1, maxLength: 4 }), (refreshes) => {
        const group = createGrouping();
        for (const values of refreshes) {
          const { ids, rows, placeOfRow } = group(values);
          expect(Array.from(placeOfRow, (place) => ids[place])).toEqual(values.map(idOf));
          expect(new Set(ids).size).toBe(ids.length);
          ids.forEach((id, place) => {
            expect(rows[place]).toEqual(values.flatMap((value, row) => (idOf(value) === id ? [row] : [])));
          });
        }
      })
    );
  });

  it('gives its last answer again while the statuses are the same', () => {
    const group = createGrouping();
    const first = group(['A', 'B', 'A']);
    expect(group(['A', 'B', 'A'])).toBe(first);
    expect(group(['A', 'B'])).not.toBe(first);
  });

  it('notices a change in the array that it had before', () => {
    const group = createGrouping();
    const values = ['A', 'B'];
    group(values);
    values[1] = 'C';
    expect(group(values).ids).toEqual(['A', 'C']);
  });
});
