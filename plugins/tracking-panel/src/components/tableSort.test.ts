import { toggleSort } from './tableSort';

it('starts a column in its natural direction, turns it, lets it go', () => {
  const first = toggleSort(undefined, 'value');
  expect(first).toEqual({ column: 'value', direction: 'desc' });
  const second = toggleSort(first, 'value');
  expect(second).toEqual({ column: 'value', direction: 'asc' });
  expect(toggleSort(second, 'value')).toBeUndefined();
  expect(toggleSort(second, 'status')).toEqual({ column: 'status', direction: 'asc' });
});
