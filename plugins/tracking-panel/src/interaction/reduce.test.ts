import fc from 'fast-check';
import { NOTHING_SELECTED, pressMode, reduceSelection, type Selection, type SelectionAction } from './reduce';

const ORDER = ['a', 'b', 'c', 'd', 'e'];
const press = (id: string, mode: 'only' | 'toggle' | 'range' = 'only', order = ORDER): SelectionAction => ({
  kind: 'press',
  ids: [id],
  mode,
  order,
});
const after = (...actions: SelectionAction[]) => actions.reduce(reduceSelection, NOTHING_SELECTED).ids;

describe('selection', () => {
  it.each<[string, SelectionAction[], string[]]>([
    ['a press selects one', [press('b')], ['b']],
    ['a press elsewhere moves it', [press('b'), press('d')], ['d']],
    ['a press on the only one clears', [press('b'), press('b')], []],
    ['a press on one of several leaves that one', [press('b'), press('d', 'toggle'), press('b')], ['b']],
    ['Ctrl adds', [press('b'), press('d', 'toggle')], ['b', 'd']],
    ['Ctrl removes', [press('b'), press('d', 'toggle'), press('b', 'toggle')], ['d']],
    ['Ctrl removes the last one', [press('b', 'toggle'), press('b', 'toggle')], []],
    ['Shift selects down', [press('b'), press('d', 'range')], ['b', 'c', 'd']],
    ['Shift selects up', [press('d'), press('b', 'range')], ['b', 'c', 'd']],
    [
      'Shift again starts at the same anchor',
      [press('c'), press('e', 'range'), press('a', 'range')],
      ['a', 'b', 'c'],
    ],
    ['Shift follows the shown order', [press('a'), press('c', 'range', ['c', 'e', 'a'])], ['c', 'e', 'a']],
    ['Shift without an anchor is a press', [press('c', 'range')], ['c']],
    ['Shift with an anchor out of sight is a press', [press('a'), press('c', 'range', ['b', 'c'])], ['c']],
    ['clear clears', [press('b'), press('d', 'toggle'), { kind: 'clear' }], []],
  ])('%s', (_, actions, expected) => {
    expect(after(...actions)).toEqual(expected);
  });

  it('starts a range at the last one that a variable selected', () => {
    expect(reduceSelection({ ids: ['b', 'd'] }, press('e', 'range')).ids).toEqual(['d', 'e']);
  });

  const ids = fc.constantFrom(...ORDER);
  const action: fc.Arbitrary<SelectionAction> = fc.oneof(
    fc.record({
      kind: fc.constant('press' as const),
      ids: fc.oneof(
        ids.map((id) => [id]),
        fc.uniqueArray(ids, { minLength: 2 })
      ),
      mode: fc.constantFrom('only' as const, 'toggle' as const, 'range' as const),
      order: fc.shuffledSubarray(ORDER, { minLength: 1 }),
    }),
    fc.constant({ kind: 'clear' as const })
  );
  const reached = fc
    .array(action, { maxLength: 12 })
    .map((actions) => actions.reduce<Selection>(reduceSelection, NOTHING_SELECTED));

  it('never repeats an entry and never selects one that was not offered', () => {
    fc.assert(
      fc.property(reached, ({ ids: selected }) => {
        expect(new Set(selected).size).toBe(selected.length);
        expect(ORDER).toEqual(expect.arrayContaining([...selected]));
      })
    );
  });

  it('undoes a toggle by a second one', () => {
    fc.assert(
      fc.property(reached, ids, (selection, id) => {
        const twice = reduceSelection(reduceSelection(selection, press(id, 'toggle')), press(id, 'toggle'));
        expect(new Set(twice.ids)).toEqual(new Set(selection.ids));
      })
    );
  });

  it('selects both ends of a range and all between them, whichever end comes first', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(ORDER, { minLength: 2 }),
        fc.nat(),
        fc.nat(),
        (order, first, second) => {
          const from = first % order.length;
          const to = second % order.length;
          const selected = reduceSelection(
            { ids: [order[from] ?? ''], anchor: order[from] },
            press(order[to] ?? '', 'range', order)
          );
          expect(selected.ids).toEqual(order.slice(Math.min(from, to), Math.max(from, to) + 1));
        }
      )
    );
  });

  it('does not change what it is given', () => {
    fc.assert(
      fc.property(reached, action, (selection, next) => {
        const frozen = Object.freeze({ ...selection, ids: Object.freeze([...selection.ids]) });
        expect(() => reduceSelection(frozen, next)).not.toThrow();
      })
    );
  });
});

describe('held keys', () => {
  const keys = (held: object) => ({ ctrlKey: false, metaKey: false, shiftKey: false, ...held });

  it.each([
    [{}, 'only'],
    [{ ctrlKey: true }, 'toggle'],
    [{ metaKey: true }, 'toggle'],
    [{ shiftKey: true }, 'range'],
    [{ shiftKey: true, ctrlKey: true }, 'range'],
  ])('%j means %s', (held, mode) => {
    expect(pressMode(keys(held), true)).toBe(mode);
    expect(pressMode(keys(held), false)).toBe('only');
  });
});
