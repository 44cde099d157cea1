import {
  type DataFrame,
  FieldType,
  getPanelDataSummary,
  toDataFrame,
  VisualizationSuggestionScore,
} from '@grafana/data';
import { PLUGIN_ID } from './constants';
import { plugin } from './plugin';
import { kpiFrame, ORIGINAL, statusFrame } from './test/frames';
import { suggestFor, suggestionsSupplier } from './suggestions';

const { Best, OK } = VisualizationSuggestionScore;
const rows = (count: number) => Array.from({ length: count }, (_, i) => [`Cidade ${i}`, i + 1] as const);
const cities = (count: number) => statusFrame(rows(count), { statusName: 'cidade', valueName: 'pacotes' });
const series = toDataFrame({
  fields: [
    { name: 'time', type: FieldType.time, values: [1, 2] },
    { name: 'cidade', type: FieldType.string, values: ['Recife', 'Natal'] },
    { name: 'valor', type: FieldType.number, values: [1, 2] },
  ],
});

const CASES: Array<[string, DataFrame[], VisualizationSuggestionScore | undefined]> = [
  ['statuses by name of the field', [statusFrame(rows(3))], Best],
  ['statuses by their text', [statusFrame(ORIGINAL, { statusName: 'x', valueName: 'y' })], Best],
  ['statuses in columns', [kpiFrame({ ENTREGUE: 3, CANCELADO: 1 })], Best],
  ['statuses beside KPIs', [statusFrame(ORIGINAL), kpiFrame({ tempo_medio_segundos: 1 })], Best],
  ['text and number in 2 rows', [cities(2)], OK],
  ['text and number in 40 rows', [cities(40)], OK],
  ['text and number in 41 rows', [cities(41)], undefined],
  ['41 statuses', [statusFrame(rows(41))], undefined],
  ['text and number in one row', [kpiFrame({ cidade: 'Recife', pacotes: 2 })], undefined],
  ['a time series', [series], undefined],
  ['KPIs alone', [kpiFrame({ rejeitados: 3 })], undefined],
  ['no rows', [statusFrame([])], undefined],
  ['nothing', [], undefined],
];

describe('suggestions', () => {
  it.each(CASES)('%s', (_, frames, score) => {
    const suggestions = suggestFor(getPanelDataSummary(frames));
    expect(suggestions.map((suggestion) => suggestion.score)).toEqual(score === undefined ? [] : [score]);
  });

  it('reach Grafana 12.4 through the plugin', () => {
    expect(plugin.getSuggestions(getPanelDataSummary([statusFrame(ORIGINAL)]))).toEqual([
      expect.objectContaining({ name: 'Packages by status', score: Best }),
    ]);
  });

  it.each([
    ['text and numbers in few rows', { hasStringField: true, hasNumberField: true, rowCountMax: 6 }, 1],
    [
      'a time field beside',
      { hasStringField: true, hasNumberField: true, hasTimeField: true, rowCountMax: 6 },
      0,
    ],
    ['numbers alone', { hasNumberField: true, rowCountMax: 6 }, 0],
    ['text alone', { hasStringField: true, rowCountMax: 6 }, 0],
    ['no data', { hasData: false, hasStringField: true, hasNumberField: true, rowCountMax: 0 }, 0],
  ])('reach Grafana 12.2, whose builder knows no frames: %s', (_, summary, count) => {
    const appended: object[] = [];
    const supplier = suggestionsSupplier(PLUGIN_ID) as unknown as {
      getSuggestionsForData: (builder: object) => void;
    };
    supplier.getSuggestionsForData({
      dataSummary: { hasData: true, ...summary },
      getListAppender: (defaults: object) => ({
        append: (suggestion: object) => appended.push({ ...defaults, ...suggestion }),
      }),
    });
    expect(appended).toHaveLength(count);
    expect(appended).toEqual(
      Array(count).fill(
        expect.objectContaining({ pluginId: PLUGIN_ID, name: 'Packages by status', score: OK })
      )
    );
  });
});
