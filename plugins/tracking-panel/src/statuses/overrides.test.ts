import {
  type DataFrame,
  type FieldConfigSource,
  FieldType,
  formattedValueToString,
  MappingType,
} from '@grafana/data';
import { plugin } from '../plugin';
import { fillRegistries } from '../test/editors';
import {
  kpiFrame,
  optionsWith,
  ORIGINAL,
  ORIGINAL_MEAN_SECONDS,
  statusFrame,
  THEME,
  withOverrides,
} from '../test/frames';
import { type TrackingOptions } from '../types';
import { buildModel } from '../frame/model';
import { STATUS_COLORS } from './palette';

beforeAll(fillRegistries);

function ready(frames: DataFrame[], config: FieldConfigSource, options: TrackingOptions = optionsWith()) {
  const model = buildModel(withOverrides(frames, config), options, THEME);
  if (model.kind !== 'ready') {
    throw new Error(`expected a model to draw, got ${model.kind}`);
  }
  return model;
}

/** What a new panel of this plugin has, with overrides by field name. */
const config = (...overrides: Array<[string, string, unknown]>): FieldConfigSource => ({
  defaults: { color: { mode: 'fixed', fixedColor: 'text' } },
  overrides: overrides.map(([name, id, value]) => ({
    matcher: { id: 'byName', options: name },
    properties: [{ id, value }],
  })),
});

const WIDE = () => [kpiFrame({ ENTREGUE: 3, EXTRAVIADO: 1, CANCELADO: 2 })];
const slices = (given: FieldConfigSource) => ready(WIDE(), given).statuses?.gathered ?? [];
const bySlice = (given: FieldConfigSource) => new Map(slices(given).map((slice) => [slice.id, slice]));

describe('overrides on statuses in columns', () => {
  it('set the color of one; the default color of all fields is nobody’s choice', () => {
    const found = bySlice(config(['ENTREGUE', 'color', { mode: 'fixed', fixedColor: 'purple' }]));
    expect(found.get('ENTREGUE')?.color).toBe(THEME.visualization.getColorByName('purple'));
    expect(found.get('EXTRAVIADO')?.color).toBe(STATUS_COLORS['EXTRAVIADO']);
  });

  it('set the name, and neither color nor identity with it', () => {
    expect(bySlice(config(['ENTREGUE', 'displayName', 'Entregues'])).get('ENTREGUE')).toMatchObject({
      label: 'Entregues',
      color: STATUS_COLORS['ENTREGUE'],
    });
  });

  it('hide from the visualization', () => {
    const hidden = slices(
      config(['ENTREGUE', 'custom.hideFrom', { viz: true, legend: false, tooltip: false }])
    );
    expect(hidden.map(({ id }) => id)).toEqual(['CANCELADO', 'EXTRAVIADO']);
  });

  it('hide from legend or tooltip alone', () => {
    const found = bySlice(
      config(
        ['ENTREGUE', 'custom.hideFrom', { viz: false, legend: true, tooltip: false }],
        ['CANCELADO', 'custom.hideFrom', { viz: false, legend: false, tooltip: true }]
      )
    );
    expect(found.get('ENTREGUE')?.hiddenFrom).toEqual({ legend: true, tooltip: false });
    expect(found.get('CANCELADO')?.hiddenFrom).toEqual({ legend: false, tooltip: true });
  });

  it('are offered by the editor', () => {
    expect(plugin.fieldConfigRegistry.list().map(({ id }) => id)).toEqual(
      expect.arrayContaining(['color', 'displayName', 'custom.hideFrom'])
    );
  });
});

describe('overrides of the color by the name of a status', () => {
  const purple = THEME.visualization.getColorByName('purple');
  const fixed = { mode: 'fixed', fixedColor: 'purple' };
  const colors = (statusConfig = {}, ...overrides: Parameters<typeof config>) => {
    const given = config(...overrides);
    const model = buildModel(
      withOverrides([statusFrame(ORIGINAL, { statusConfig })], given),
      optionsWith({ others: { top: 3 } }),
      THEME,
      undefined,
      given
    );
    const slices = model.kind === 'ready' ? model.statuses?.gathered : undefined;
    return new Map(slices?.map(({ label, color }) => [label, color]));
  };

  it('are obeyed in rows, by the name that is shown or by the status itself', () => {
    expect(colors({}, ['EXTRAVIADO', 'color', fixed]).get('EXTRAVIADO')).toBe(purple);
    expect(colors({}, ['EXTRAVIADO', 'color', fixed]).get('ENTREGUE')).toBe(STATUS_COLORS['ENTREGUE']);
    const renamed = {
      mappings: [
        { type: MappingType.ValueToText, options: { ENTREGUE: { text: 'Fim', color: 'red', index: 0 } } },
      ],
    };
    // Over a mapping's color too, as in Grafana's pie.
    expect(colors(renamed, ['Fim', 'color', fixed]).get('Fim')).toBe(purple);
    expect(colors(renamed, ['ENTREGUE', 'color', fixed]).get('Fim')).toBe(purple);
    expect(colors(renamed).get('Fim')).toBe(THEME.visualization.getColorByName('red'));
  });

  it('are obeyed for the gathered ones, and other properties and matchers change nothing', () => {
    expect(colors({}, ['Outros', 'color', fixed]).get('Outros')).toBe(purple);
    expect(colors({}, ['EXTRAVIADO', 'unit', 's']).get('EXTRAVIADO')).toBe(STATUS_COLORS['EXTRAVIADO']);
    expect(colors({}, ['EXTRAVIADO', 'color', { mode: 'thresholds' }]).get('EXTRAVIADO')).toBe(
      STATUS_COLORS['EXTRAVIADO']
    );
  });
});

describe('the KPI for the hole', () => {
  const withCentre = (centreField: string, frames: DataFrame[], given = config()) => {
    const { centre } = ready(
      frames,
      given,
      optionsWith({ pie: { type: 'donut', centre: 'kpi', centreField } })
    );
    return centre && [centre.title, formattedValueToString(centre)];
  };

  it('is written as its card is', () => {
    const frames = [
      statusFrame(ORIGINAL),
      kpiFrame({ tempo_medio_segundos: ORIGINAL_MEAN_SECONDS, no_prazo: 0.934 }),
    ];
    expect(withCentre('tempo_medio_segundos', frames)).toEqual([
      'Média do Envio à Entrega',
      '2 dias, 08:42:00',
    ]);
    expect(withCentre('no_prazo', frames, config(['no_prazo', 'unit', 'percentunit']))).toEqual([
      'no_prazo',
      '93.4%',
    ]);
    expect(withCentre('No prazo', frames, config(['no_prazo', 'displayName', 'No prazo']))?.[0]).toBe(
      'No prazo'
    );
  });

  it('says which field is missing, and nothing where none is named', () => {
    expect(withCentre('espera', [statusFrame(ORIGINAL)])).toEqual(['espera', 'sem dados']);
    expect(withCentre('', [statusFrame(ORIGINAL)])).toBeUndefined();
  });
});

describe('counts', () => {
  it.each([
    ['huge', [1e300, 3e300], [25, 75]],
    ['beyond any sum', [1.7e308, 1.7e308], [50, 50]],
    ['infinite', [Number.POSITIVE_INFINITY, 4], [0, 100]],
    ['missing', [null, 4], [0, 100]],
    ['not a number', [Number.NaN, 4], [0, 100]],
    ['negative', [-4, 4], [0, 100]],
  ])('that are %s get the share they have', (_, values, percents) => {
    const frame = statusFrame(values.map((value, index) => [`S${index}`, value]));
    const { statuses } = ready([frame], config(), optionsWith({ pie: { sort: 'name' } }));
    expect(statuses?.slices.map(({ percent }) => percent)).toEqual(percents);
  });

  it('keep the order of the query where that is asked for', () => {
    const rows = [...ORIGINAL].reverse();
    const { statuses } = ready([statusFrame(rows)], config(), optionsWith({ pie: { sort: 'query' } }));
    expect(statuses?.slices.map(({ id }) => id)).toEqual(rows.map(([id]) => id));
  });

  it('as text are numbers', () => {
    const frame = statusFrame([['ENTREGUE', 1]]);
    frame.fields[1] = {
      ...frame.fields[1],
      name: 'total_pacotes',
      type: FieldType.number,
      config: {},
      values: ['7'],
    };
    expect(ready([frame], config()).statuses?.total).toBe(7);
  });
});
