import { fillRegistries } from '../test/editors';
import { optionsWith } from '../test/frames';
import { choicesOf, isVisible } from '../test/optionItems';
import { provideServices } from '../test/services';

beforeAll(fillRegistries);

const OPTIONS = ['selection.enabled', 'selection.variable', 'stale.afterSeconds'];

it.each([
  ['everything', {}, ['selection.enabled', 'selection.variable']],
  ['selecting switched off', { selection: { enabled: false } }, ['selection.enabled']],
  ['a table alone', { show: { pie: false } }, ['selection.enabled', 'selection.variable']],
  ['a pie alone', { show: { table: false } }, ['selection.enabled', 'selection.variable']],
  ['cards alone', { show: { pie: false, table: false } }, []],
])('%s: shows what has an effect', (_, changes, expected) => {
  const options = optionsWith(changes);
  expect(OPTIONS.filter((path) => isVisible(path, options))).toEqual([...expected, 'stale.afterSeconds']);
});

it('offers the variables of the dashboard that a user can set', async () => {
  provideServices([
    { name: 'status', type: 'query' },
    { name: 'cidade', type: 'custom' },
    { name: 'texto', type: 'textbox' },
    { name: 'fonte', type: 'datasource' },
    { name: 'intervalo', type: 'interval' },
  ]);
  expect(await choicesOf('selection.variable', [])).toEqual(['status', 'cidade', 'texto']);
});
