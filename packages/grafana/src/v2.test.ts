import { beyondClassic } from './v2';

const grid = { kind: 'GridLayout', spec: { items: [{ kind: 'GridLayoutItem', spec: {} }] } };
const row = (layout: object, more: object = {}) => ({ kind: 'RowsLayoutRow', spec: { layout, ...more } });
const rows = (...list: object[]) => ({ kind: 'RowsLayout', spec: { rows: list } });

test.each([
  ['a grid', { layout: grid }, []],
  ['rows of grids', { layout: rows(row(grid), row(grid)) }, []],
  ['tabs', { layout: { kind: 'TabsLayout', spec: { tabs: [{ spec: { layout: grid } }] } } }, ['abas']],
  ['an automatic grid', { layout: { kind: 'AutoGridLayout', spec: {} } }, ['grade automática']],
  ['rows in rows', { layout: rows(row(rows(row(grid)))) }, ['linhas dentro de linhas']],
  ['a condition', { layout: rows(row(grid, { conditionalRendering: {} })) }, ['exibição condicional']],
  ['a subtitle', { layout: grid, elements: { a: { spec: { subtitle: 'x' } } } }, ['subtítulo de painel']],
  ['a layout of tomorrow', { layout: { kind: 'CircleLayout' } }, ['CircleLayout']],
])('what of %s the classic form cannot hold', (_what, spec, lost) => {
  expect(beyondClassic(spec as never)).toEqual(lost);
});
