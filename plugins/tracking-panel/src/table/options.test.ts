import { fillRegistries } from '../test/editors';
import { optionsWith, statusFrame, withOverrides } from '../test/frames';
import { choicesOf, isVisible } from '../test/optionItems';

beforeAll(fillRegistries);

it('asks what to export where there is an export', () => {
  const { table } = optionsWith();
  expect(isVisible('table.exportText', { ...optionsWith(), table: { ...table, export: true } })).toBe(true);
  expect(isVisible('table.exportText', { ...optionsWith(), table: { ...table, export: false } })).toBe(false);
  expect(
    isVisible('table.exportText', {
      ...optionsWith({ show: { table: false } }),
      table: { ...table, export: true },
    })
  ).toBe(false);
});

it('offers the further fields of the status frame as columns', async () => {
  const frame = statusFrame([['A', 1]]);
  frame.fields.push({ name: 'rota', type: frame.fields[0]!.type, values: ['x'], config: {} });
  expect(await choicesOf('table.columns', withOverrides([frame]))).toEqual([
    'status',
    'count',
    'share',
    'field:rota',
  ]);
});
