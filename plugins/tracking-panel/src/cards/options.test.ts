import { plugin } from '../plugin';
import { fillRegistries } from '../test/editors';
import { kpiFrame, optionsWith, ORIGINAL_FRAMES, withOverrides } from '../test/frames';
import { choicesOf, isVisible, optionItems } from '../test/optionItems';
import { type TrackingOptions } from '../types';

beforeAll(fillRegistries);

describe('visibility', () => {
  const { cards } = optionsWith();

  it.each([
    ['cards.previousQuery', { compareWith: ['previous'] }, true],
    ['cards.previousQuery', { compareWith: ['target'] }, false],
    ['cards.changeShown', { compareWith: ['target'] }, true],
    ['cards.changeShown', { compareWith: [] }, false],
    ['cards.changeDecimals', { changeShown: 'both' }, true],
    ['cards.changeDecimals', { changeShown: 'value' }, false],
    ['cards.changeDecimals', { compareWith: [] }, false],
  ] as const)('%s with %j: %p', (path, changes, expected) => {
    expect(
      isVisible(path, { ...optionsWith(), cards: { ...cards, ...changes } as TrackingOptions['cards'] })
    ).toBe(expected);
  });
});

describe('choices', () => {
  it('offers numbers and intervals as cards, each once', async () => {
    const data = withOverrides([
      ...ORIGINAL_FRAMES(),
      kpiFrame({ espera: '2 days', nota: 'texto', total_pacotes: 1 }, {}, 'D'),
    ]);
    expect(await choicesOf('cards.fields', data)).toEqual([
      'total_pacotes',
      'tempo_medio_segundos',
      'espera',
    ]);
  });

  it('offers the queries that answered, and none', async () => {
    expect(await choicesOf('cards.previousQuery', withOverrides(ORIGINAL_FRAMES()))).toEqual([
      '',
      'A',
      'B',
      'C',
    ]);
  });

  it('offers calculations that keep the unit, all of which exist', () => {
    const item = optionItems().find(({ path }) => path === 'cards.calculation');
    const ids = item?.settings.options.map(({ value }: { value: string }) => value);
    expect(ids).toEqual(expect.arrayContaining(['lastNotNull', 'first', 'mean', 'sum', 'min', 'max', 'p95']));
    expect(ids).not.toContain('count');
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
