import { PanelOptionsEditorBuilder, type PanelOptionsEditorItem } from '@grafana/data';
import { fillRegistries } from '../test/editors';
import { optionsWith } from '../test/frames';
import { provideServices } from '../test/services';
import { type TrackingOptions } from '../types';
import { addSelection, addStale } from './interaction';

beforeAll(fillRegistries);

function items(): PanelOptionsEditorItem[] {
  const builder = new PanelOptionsEditorBuilder<TrackingOptions>();
  addSelection(builder);
  addStale(builder);
  return builder.getItems();
}

const ALWAYS = ['stale.afterSeconds'];

it.each([
  ['everything', {}, ['selection.enabled', 'selection.variable']],
  ['selecting switched off', { selection: { enabled: false } }, ['selection.enabled']],
  ['a table alone', { show: { pie: false } }, ['selection.enabled', 'selection.variable']],
  ['a pie alone', { show: { table: false } }, ['selection.enabled', 'selection.variable']],
  ['cards alone', { show: { pie: false, table: false } }, []],
])('%s: shows what has an effect', (_, changes, expected) => {
  const options = optionsWith(changes);
  const visible = items().filter(({ showIf }) => showIf?.(options) ?? true);
  expect(visible.map(({ path }) => path)).toEqual([...expected, ...ALWAYS]);
});

it('offers the variables of the dashboard that a user can set', async () => {
  provideServices([
    { name: 'status', type: 'query' },
    { name: 'cidade', type: 'custom' },
    { name: 'texto', type: 'textbox' },
    { name: 'fonte', type: 'datasource' },
    { name: 'intervalo', type: 'interval' },
  ]);
  const settings = items().find(({ path }) => path === 'selection.variable')?.settings;
  const choices: Array<{ value: string }> = await settings.getOptions({ data: [] });
  expect(choices.map(({ value }) => value)).toEqual(['status', 'cidade', 'texto']);
});
