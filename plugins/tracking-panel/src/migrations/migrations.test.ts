import { getPanelOptionsWithDefaults } from '@grafana/data';
import fc from 'fast-check';
import { plugin } from '../plugin';
import { fillRegistries } from '../test/editors';
import { optionsWith } from '../test/frames';
import { DEFAULT_OPTIONS } from '../types';
import { adoptOptions, migrateOptions, needsMigration } from '.';

beforeAll(fillRegistries);

const PIE_CHART = {
  pieType: 'donut',
  displayLabels: ['percent', 'name'],
  legend: {
    showLegend: true,
    displayMode: 'table',
    placement: 'right',
    values: ['percent', 'value'],
    width: 200,
  },
  reduceOptions: { values: true, calcs: ['lastNotNull'], fields: '/^total\\.geral$/' },
  sort: 'asc',
  tooltip: { mode: 'single', sort: 'none', hideZeros: false },
};
const PIE_CHART_AS_OURS = {
  pie: { type: 'donut', labels: ['name', 'percent'], sort: 'valueAsc' },
  legend: { show: true, mode: 'table', placement: 'right', values: ['value', 'percent'], width: 200 },
  tooltip: { mode: 'single', hideZeros: false },
  data: { valueField: 'total.geral' },
};

/** What the panel gets, defaults included. */
const loaded = (options: unknown) =>
  getPanelOptionsWithDefaults({
    plugin,
    currentOptions: migrateOptions({ options }) as Record<string, unknown>,
    currentFieldConfig: { defaults: {}, overrides: [] },
    isAfterPluginChange: false,
  }).options;

describe('migration of saved options', () => {
  it.each<[string, unknown, object]>([
    ['nothing saved', undefined, {}],
    ['null', null, {}],
    ['a text', 'x', {}],
    ['a list', [1], {}],
    ['no group', {}, {}],
    ['missing groups', { pie: { type: 'donut' } }, { pie: { type: 'donut' } }],
    ['a group that is null', { legend: null, pie: {} }, { pie: {} }],
    ['a group that is a text', { show: 'pie' }, {}],
    ['a switch that is a text', { show: { pie: 'yes', table: false } }, { show: { table: false } }],
    ['an unknown choice', { pie: { type: 'ring', sort: 'name' } }, { pie: { sort: 'name' } }],
    ['one label as a text', { pie: { labels: 'name' } }, { pie: { labels: ['name'] } }],
    ['some unknown labels', { pie: { labels: ['name', 'x', 7] } }, { pie: { labels: ['name'] } }],
    ['unknown labels alone', { pie: { labels: ['x'] } }, { pie: {} }],
    ['no labels on purpose', { pie: { labels: [] } }, { pie: { labels: [] } }],
    ['fields by name', { data: { durationFields: ['a', 'b'] } }, { data: { durationFields: ['a', 'b'] } }],
    ['a number that is none', { pie: { percentDecimals: Number.NaN } }, { pie: {} }],
    ['a number as a text', { pie: { percentDecimals: '2' } }, { pie: {} }],
    ['an optional field', { data: { statusField: 's', valueField: null } }, { data: { statusField: 's' } }],
    [
      'what a newer version knows',
      { pie: { tilt: 3 }, extra: { a: 1 } },
      { pie: { tilt: 3 }, extra: { a: 1 } },
    ],
    ["a pie chart's options", PIE_CHART, PIE_CHART_AS_OURS],
    [
      "a pie chart's options beside ours, which win",
      { ...PIE_CHART, legend: { show: false }, pie: { type: 'pie' } },
      { ...PIE_CHART_AS_OURS, legend: { show: false }, pie: { ...PIE_CHART_AS_OURS.pie, type: 'pie' } },
    ],
  ])('%s', (_, options, expected) => {
    const migrated = migrateOptions({ options });
    expect(migrated).toEqual(expected);
    expect(migrateOptions({ options: migrated })).toEqual(expected);
    expect(needsMigration({ options: migrated })).toBe(false);
  });

  it('leaves good options alone, whatever version saved them', () => {
    const options = optionsWith({ pie: { type: 'donut' }, selection: { variable: 'status' } });
    for (const pluginVersion of [undefined, '', '0.0.9', '0.1.0', '2.0.0']) {
      expect(migrateOptions({ options, pluginVersion })).toEqual(options);
      expect(needsMigration({ options, pluginVersion })).toBe(false);
    }
  });

  it('does not change what it is given', () => {
    const options = JSON.parse(JSON.stringify({ ...PIE_CHART, show: { pie: 'x' } })) as Record<
      string,
      unknown
    >;
    const before = JSON.stringify(options);
    migrateOptions({ options });
    expect(JSON.stringify(options)).toBe(before);
  });

  it('always ends in options of the right types', () => {
    const junk = fc.oneof(fc.constant(undefined), fc.jsonValue());
    const groups = fc.constantFrom(...Object.keys(DEFAULT_OPTIONS));
    const keys = fc.constantFrom(
      ...Object.values(DEFAULT_OPTIONS).flatMap((group) => Object.keys(group)),
      'showLegend',
      'displayMode'
    );
    const anything = fc.oneof(
      junk,
      fc.dictionary(groups, fc.oneof(junk, fc.dictionary(keys, junk))),
      fc.record({ pieType: junk, displayLabels: junk, legend: junk, reduceOptions: junk, sort: junk })
    );
    fc.assert(
      fc.property(anything, (options) => {
        const result = loaded(options) as unknown as Record<string, Record<string, unknown>>;
        for (const [group, defaults] of Object.entries(DEFAULT_OPTIONS)) {
          for (const [key, value] of Object.entries(defaults as Record<string, unknown>)) {
            const found = result[group]?.[key];
            expect([group, key, Array.isArray(found) || typeof found]).toEqual([
              group,
              key,
              Array.isArray(value) || typeof value,
            ]);
          }
        }
      })
    );
  });

  it('is called for hand-written dashboards of the same version', () => {
    expect(plugin.onPanelMigration).toBe(migrateOptions);
    const fieldConfig = { defaults: {}, overrides: [] };
    expect(plugin.shouldMigrate?.({ id: 1, type: 'x', options: { legend: null }, fieldConfig })).toBe(true);
  });
});

describe('a change from another visualization', () => {
  it.each<[string, string, Record<string, unknown>, object]>([
    ['a pie chart', 'piechart', PIE_CHART, PIE_CHART_AS_OURS],
    ['a pie chart with its defaults', 'piechart', { pieType: 'pie' }, { pie: { type: 'pie' } }],
    [
      'an old pie chart with a hidden legend',
      'piechart',
      { legend: { displayMode: 'hidden' } },
      { legend: { show: false } },
    ],
    ['a pie chart without labels', 'piechart', { displayLabels: [] }, { pie: { labels: [] } }],
    ['a pie chart sorted as the query', 'piechart', { sort: 'none' }, { pie: { sort: 'query' } }],
    [
      'a pie chart with a tooltip of a later version',
      'piechart',
      { tooltip: { mode: 'pinned' } },
      { tooltip: {} },
    ],
    ['a pie chart of all numbers', 'piechart', { reduceOptions: { fields: '' } }, {}],
    ['a stat', 'stat', { colorMode: 'background_solid' }, { cards: { colour: 'background' } }],
    ['a stat without color', 'stat', { colorMode: 'none', textMode: 'auto' }, { cards: { colour: 'none' } }],
    [
      'a stat without a graph, centred',
      'stat',
      { graphMode: 'none', justifyMode: 'center' },
      { cards: { align: 'center', sparkline: false } },
    ],
    ['a stat of an unknown color mode', 'stat', { colorMode: 'rainbow' }, {}],
    ['a table', 'table', { showHeader: true }, {}],
  ])('%s', (_, pluginId, previous, expected) => {
    expect(adoptOptions({ options: {} }, pluginId, previous)).toEqual(expected);
  });

  it('keeps what this panel was set to before', () => {
    const options = { pie: { type: 'pie' }, show: { table: false } };
    expect(adoptOptions({ options }, 'piechart', PIE_CHART)).toEqual({
      ...PIE_CHART_AS_OURS,
      show: { table: false },
      pie: { ...PIE_CHART_AS_OURS.pie, type: 'pie' },
    });
  });

  it('takes over nothing twice where the host hands the old options on as ours', () => {
    const first = adoptOptions({ options: PIE_CHART }, 'piechart', PIE_CHART);
    expect(first).toEqual(PIE_CHART_AS_OURS);
    expect(needsMigration({ options: first })).toBe(false);
  });
});
