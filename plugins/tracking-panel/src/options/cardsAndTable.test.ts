import { type DataFrame, PanelOptionsEditorBuilder } from '@grafana/data';
import { addOptions } from '../options';
import { plugin } from '../plugin';
import { fillRegistries } from '../test/editors';
import { kpiFrame, optionsWith, SEED_FRAMES, statusFrame, withOverrides } from '../test/frames';
import { type TrackingOptions } from '../types';

beforeAll(fillRegistries);

const items = () => {
  const builder = new PanelOptionsEditorBuilder<TrackingOptions>();
  addOptions(builder);
  return builder.getItems();
};

const isVisible = (path: string, options: TrackingOptions) => {
  const item = items().find((candidate) => candidate.path === path);
  return item?.showIf?.(options);
};

async function choices(path: string, data: DataFrame[]): Promise<string[]> {
  const getOptions = items().find((item) => item.path === path)?.settings?.getOptions;
  const found: Array<{ value: string }> = await getOptions({ data, options: optionsWith() });
  return found.map(({ value }) => value);
}

describe('visibility', () => {
  const { cards, table } = optionsWith();

  it.each([
    ['cards.previousQuery', { compareWith: ['previous'] }, true],
    ['cards.previousQuery', { compareWith: ['target'] }, false],
    ['cards.changeShown', { compareWith: ['target'] }, true],
    ['cards.changeShown', { compareWith: [] }, false],
    ['cards.changeDecimals', { changeShown: 'both' }, true],
    ['cards.changeDecimals', { changeShown: 'value' }, false],
    ['cards.changeDecimals', { compareWith: [] }, false],
  ] as const)('%s with %j: %p', (path, changes, expected) => {
    expect(isVisible(path, { ...optionsWith(), cards: { ...cards, ...changes } as TrackingOptions['cards'] })).toBe(
      expected
    );
  });

  it('asks what to export where there is an export', () => {
    expect(isVisible('table.exportText', { ...optionsWith(), table: { ...table, export: true } })).toBe(true);
    expect(isVisible('table.exportText', { ...optionsWith(), table: { ...table, export: false } })).toBe(false);
    expect(
      isVisible('table.exportText', { ...optionsWith({ show: { table: false } }), table: { ...table, export: true } })
    ).toBe(false);
  });
});

describe('choices', () => {
  it('offers numbers and intervals as cards, each once', async () => {
    const data = withOverrides([
      ...SEED_FRAMES(),
      kpiFrame({ espera: '2 days', nota: 'texto', total_pacotes: 1 }, {}, 'D'),
    ]);
    expect(await choices('cards.fields', data)).toEqual(['total_pacotes', 'tempo_medio_segundos', 'espera']);
  });

  it('offers the queries that answered, and none', async () => {
    expect(await choices('cards.previousQuery', withOverrides(SEED_FRAMES()))).toEqual(['', 'A', 'B', 'C']);
  });

  it('offers calculations that keep the unit, all of which exist', () => {
    const item = items().find(({ path }) => path === 'cards.calculation');
    const ids = item?.settings.options.map(({ value }: { value: string }) => value);
    expect(ids).toEqual(expect.arrayContaining(['lastNotNull', 'first', 'mean', 'sum', 'min', 'max', 'p95']));
    expect(ids).not.toContain('count');
  });

  it('offers the further fields of the status frame as columns', async () => {
    const frame = statusFrame([['A', 1]]);
    frame.fields.push({ name: 'rota', type: frame.fields[0]!.type, values: ['x'], config: {} });
    expect(await choices('table.columns', withOverrides([frame]))).toEqual(['status', 'count', 'share', 'field:rota']);
  });
});

it('gives fields their own properties, with defaults that change nothing', () => {
  const custom = plugin.fieldConfigRegistry.list().filter(({ isCustom }) => isCustom);
  expect(custom.map(({ path, defaultValue }) => [path, defaultValue])).toEqual([
    ['hideFrom', { tooltip: false, viz: false, legend: false }],
    ['betterIs', 'auto'],
    ['duration', 'auto'],
  ]);
});
