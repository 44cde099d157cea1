import { getPanelOptionsWithDefaults } from '@grafana/data';
import { plugin } from './plugin';
import { fillRegistries } from './test/editors';
import { optionsWith } from './test/frames';
import { optionItems } from './test/optionItems';
import { DEFAULT_OPTIONS, type TrackingOptions } from './types';

beforeAll(fillRegistries);

const visible = (options: TrackingOptions) =>
  optionItems()
    .filter(({ showIf }) => showIf?.(options) ?? true)
    .map(({ path }) => path)
    // Groups with a file of their own have a test of their own.
    .filter((path) => !/^(selection|stale)\./.test(path));

const leaves = (value: object, prefix = ''): string[] =>
  Object.entries(value).flatMap(([key, child]) =>
    typeof child === 'object' && !Array.isArray(child)
      ? leaves(child, `${prefix}${key}.`)
      : [`${prefix}${key}`]
  );

/** Unset until somebody sets them. */
const WITHOUT_DEFAULT = [
  'data.statusField',
  'data.valueField',
  'pie.centreField',
  'legend.width',
  'cards.titleSize',
  'cards.valueSize',
];

const PARTS = ['show.pie', 'show.cards', 'show.table'];
const NUMBERS = ['numbers.locale', 'numbers.counts'];
const DATA = ['data.format', 'data.statusField', 'data.valueField', ...NUMBERS];
const PIE = [
  'pie.type',
  'pie.labels',
  'pie.labelPlacement',
  'pie.labelSize',
  'pie.patterns',
  'others.top',
  'others.minShare',
  'tooltip.mode',
  'tooltip.hideZeros',
];
const STATUSES = ['pie.sort', 'pie.percentDecimals'];
const LEGEND = ['legend.mode', 'legend.placement', 'legend.width', 'legend.values'];
const PIE_TITLES = ['titles.pieHeading', 'titles.pie', 'titles.others'];
const CARDS = [
  'data.durationFields',
  'cards.colour',
  'cards.fields',
  'cards.calculation',
  'cards.durationFormat',
  'cards.sparkline',
  'cards.compareWith',
  'cards.previousQuery',
  'cards.changeShown',
  'cards.changeDecimals',
  'cards.align',
  'cards.minWidth',
  'cards.titleSize',
  'cards.valueSize',
];
const TABLE = [
  'table.columns',
  'table.chooseColumns',
  'table.search',
  'table.shareBars',
  'table.export',
  'titles.table',
];
const CARD_TITLES = [
  'titles.meanHeading',
  'titles.mean',
  'titles.totalHeading',
  'titles.total',
  'titles.unknown',
];

describe('options', () => {
  it('offers an editor for every option there is, and no other', () => {
    const paths = optionItems().map(({ path }) => path);
    expect(new Set(paths)).toEqual(new Set([...leaves(DEFAULT_OPTIONS), ...WITHOUT_DEFAULT]));
    expect(paths).toHaveLength(new Set(paths).size);
  });

  it('names and groups each of them', () => {
    for (const { name, category, path } of optionItems()) {
      expect([path, name]).not.toContain('');
      expect(category).toHaveLength(1);
    }
  });

  it('gives a new panel the defaults that the types promise', () => {
    const { options } = getPanelOptionsWithDefaults({
      plugin,
      currentOptions: {},
      currentFieldConfig: { defaults: {}, overrides: [] },
      isAfterPluginChange: false,
    });
    expect(options).toEqual(DEFAULT_OPTIONS);
  });

  it.each([
    [
      'everything',
      {},
      [
        ...PARTS,
        ...DATA,
        ...PIE,
        ...STATUSES,
        'legend.show',
        ...LEGEND,
        ...PIE_TITLES,
        ...CARDS,
        ...CARD_TITLES,
        ...TABLE,
        'titles.empty',
      ],
    ],
    [
      'no pie',
      { show: { pie: false } },
      [...PARTS, ...DATA, ...STATUSES, ...CARDS, ...CARD_TITLES, ...TABLE, 'titles.empty'],
    ],
    [
      'no legend',
      { legend: { show: false } },
      [
        ...PARTS,
        ...DATA,
        ...PIE,
        ...STATUSES,
        'legend.show',
        ...PIE_TITLES,
        ...CARDS,
        ...CARD_TITLES,
        ...TABLE,
        'titles.empty',
      ],
    ],
    [
      'no cards',
      { show: { cards: false } },
      [
        ...PARTS,
        ...DATA,
        ...PIE,
        ...STATUSES,
        'legend.show',
        ...LEGEND,
        ...PIE_TITLES,
        ...TABLE,
        'titles.empty',
      ],
    ],
    [
      'no table',
      { show: { table: false } },
      [
        ...PARTS,
        ...DATA,
        ...PIE,
        ...STATUSES,
        'legend.show',
        ...LEGEND,
        ...PIE_TITLES,
        ...CARDS,
        ...CARD_TITLES,
        'titles.empty',
      ],
    ],
    [
      'cards alone',
      { show: { pie: false, table: false } },
      [...PARTS, ...DATA, ...CARDS, ...CARD_TITLES, 'titles.empty'],
    ],
    [
      'statuses in columns',
      { data: { format: 'wide' as const } },
      [
        ...PARTS,
        'data.format',
        ...NUMBERS,
        ...PIE,
        ...STATUSES,
        'legend.show',
        ...LEGEND,
        ...PIE_TITLES,
        ...CARDS,
        ...CARD_TITLES,
        ...TABLE,
        'titles.empty',
      ],
    ],
  ])('%s: shows what has an effect', (_, changes, expected) => {
    expect(new Set(visible(optionsWith(changes)))).toEqual(new Set(expected));
  });
});
