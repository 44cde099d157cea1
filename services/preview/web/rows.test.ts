import type { PanelModel } from './model';
import { allPanels, layRows } from './rows';

const panel = (id: number, y: number, h = 4, x = 0): PanelModel => ({
  ...{ id, type: 'stat', title: '', gridPos: { x, y, w: 12, h } },
});
const row = (id: number, y: number, inside?: PanelModel[]): PanelModel => ({
  ...{ id, type: 'row', title: '', gridPos: { x: 0, y, w: 24, h: 1 } },
  ...(inside === undefined ? { collapsed: false } : { collapsed: true, panels: inside }),
});

const PANELS = [
  panel(1, 0),
  row(2, 4, [panel(3, 5), panel(4, 9, 6)]),
  row(5, 5),
  panel(6, 6),
  panel(7, 6, 8, 12),
  row(8, 14),
  panel(9, 15),
];
const places = (...toggled: number[]) =>
  layRows(PANELS, new Set(toggled)).map(
    ({ panel: { id, gridPos }, isClosed }) => `${id}@${gridPos.y}${isClosed ? ' closed' : ''}`,
  );

test('a dashboard as it was saved', () => {
  expect(places()).toEqual(['1@0', '2@4 closed', '5@5', '6@6', '7@6', '8@14', '9@15']);
});

test('an opened row pushes down what is under it', () => {
  expect(places(2)).toEqual(['1@0', '2@4', '3@5', '4@9', '5@15', '6@16', '7@16', '8@24', '9@25']);
});

test('a closed row pulls it up', () => {
  expect(places(5)).toEqual(['1@0', '2@4 closed', '5@5 closed', '8@6', '9@7']);
});

test('both', () => {
  expect(places(2, 5, 8)).toEqual(['1@0', '2@4', '3@5', '4@9', '5@15 closed', '8@16 closed']);
});

test('a panel in a closed row can be shown alone', () => {
  expect(allPanels(PANELS).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
