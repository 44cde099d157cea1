import { type DataFrame, FieldType, formattedValueToString, MappingType, toDataFrame } from '@grafana/data';
import fc from 'fast-check';
import { fillRegistries } from '../test/editors';
import {
  kpiFrame,
  optionsWith,
  ORIGINAL,
  ORIGINAL_FRAMES,
  statusFrame,
  THEME,
  withOverrides,
} from '../test/frames';
import { ready } from '../test/models';
import { type Card } from '../cards/cards';
import { buildModel } from './model';
import { STATUS_COLORS } from '../statuses/palette';
import { type Slice } from '../statuses/types';

beforeAll(fillRegistries);

const slicesOf = (frames: DataFrame[], options = optionsWith()): Slice[] =>
  ready(frames, options).statuses?.slices ?? [];
const shown = (cards: Card[]) => cards.map(({ value }) => [value.title, formattedValueToString(value)]);

describe('slices', () => {
  it("draws the original's figures", () => {
    expect(slicesOf(ORIGINAL_FRAMES()).map(({ id, value, percent }) => [id, value, percent])).toEqual([
      ['ENTREGUE', 15, 51.7],
      ['EM ROTA DE ENTREGA', 5, 17.2],
      ['EXTRAVIADO', 5, 17.2],
      ['CANCELADO', 2, 6.9],
      ['AGUARDANDO RETIRADA', 1, 3.5],
      ['EM TRÂNSITO', 1, 3.5],
    ]);
  });

  it.each([
    ['valueDesc', ['ENTREGUE', 'EM ROTA DE ENTREGA']],
    ['valueAsc', ['AGUARDANDO RETIRADA', 'EM TRÂNSITO']],
    ['name', ['AGUARDANDO RETIRADA', 'CANCELADO']],
  ] as const)('sorts by %s, ties by name', (sort, first) => {
    const ids = slicesOf(ORIGINAL_FRAMES(), optionsWith({ pie: { sort } })).map(({ id }) => id);
    expect(ids.slice(0, 2)).toEqual(first);
  });

  it('colors by the text of the status: mapping first, then the catalogue, then a stable color', () => {
    const frame = statusFrame([...ORIGINAL, ['ALFÂNDEGA', 3]], {
      statusConfig: {
        mappings: [
          {
            type: MappingType.ValueToText,
            options: { ENTREGUE: { color: 'purple', text: 'Entregue!', index: 0 } },
          },
          { type: MappingType.ValueToText, options: { CANCELADO: { text: 'Cancelado', index: 1 } } },
        ],
      },
    });
    const bySlice = new Map(slicesOf([frame]).map((slice) => [slice.id, slice]));
    expect(bySlice.get('ENTREGUE')).toMatchObject({
      label: 'Entregue!',
      color: THEME.visualization.getColorByName('purple'),
    });
    // A mapping without a color changes the text alone.
    expect(bySlice.get('CANCELADO')).toMatchObject({ label: 'Cancelado', color: STATUS_COLORS['CANCELADO'] });
    const alone = slicesOf([statusFrame([['ALFÂNDEGA', 1]])]);
    expect(bySlice.get('ALFÂNDEGA')?.color).toBe(alone[0]?.color);
  });

  it('never recolors a status, whatever else is in the data', () => {
    const rows = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 99 })), {
      minLength: 2,
      maxLength: 12,
      selector: ([status]) => status,
    });
    fc.assert(
      fc.property(rows, (all) => {
        const colors = new Map(slicesOf([statusFrame(all)]).map(({ id, color }) => [id, color]));
        for (const slice of slicesOf([statusFrame(all.slice(1))], optionsWith({ pie: { sort: 'name' } }))) {
          expect(slice.color).toBe(colors.get(slice.id));
        }
      })
    );
  });

  it('adds up rows of one status and keeps what cannot be drawn in the list', () => {
    const slices = slicesOf([
      statusFrame([
        ['ENTREGUE', 2],
        ['ENTREGUE', 3],
        ['PARADO', 0],
        ['ESTORNO', -4],
        [null, 1],
        ['SEM CONTAGEM', null],
      ]),
    ]);
    expect(slices.map(({ id, value, percent }) => [id, value, percent])).toEqual([
      ['ENTREGUE', 5, 83.3],
      ['', 1, 16.7],
      ['PARADO', 0, 0],
      ['SEM CONTAGEM', 0, 0],
      ['ESTORNO', -4, 0],
    ]);
  });

  it('takes the unit of the count', () => {
    const frame = statusFrame([['ENTREGUE', 1234567]], { valueConfig: { unit: 'locale' } });
    expect(slicesOf([frame])[0]?.valueText).toBe((1234567).toLocaleString());
  });
});

describe('roles', () => {
  it('finds the fields under other names, between other fields and frames', () => {
    const frame = toDataFrame({
      fields: [
        { name: 'hora', type: FieldType.time, values: [1, 2] },
        { name: 'outra', type: FieldType.number, values: [7, 7] },
        { name: 'status', type: FieldType.string, values: ['A', 'B'] },
        { name: 'count', type: FieldType.number, values: [2, 1] },
      ],
    });
    expect(
      slicesOf([kpiFrame({ tempo_medio_segundos: 1 }), frame]).map(({ id, value }) => [id, value])
    ).toEqual([
      ['A', 2],
      ['B', 1],
    ]);
  });

  it('prefers the frame with a known status name over an earlier one', () => {
    const other = statusFrame([['Natal', 9]], { refId: 'Z', statusName: 'origem', valueName: 'n' });
    expect(slicesOf([other, statusFrame(ORIGINAL)])).toHaveLength(6);
  });

  it('follows the fields chosen in the options, by display name too', () => {
    const frame = toDataFrame({
      fields: [
        { name: 'status', type: FieldType.string, values: ['A'] },
        {
          name: 'rota',
          type: FieldType.string,
          values: ['Natal - Paraíba'],
          config: { displayName: 'Rota' },
        },
        { name: 'total', type: FieldType.number, values: [1] },
        { name: 'atrasados', type: FieldType.number, values: [4] },
      ],
    });
    const options = optionsWith({ data: { statusField: 'Rota', valueField: 'atrasados' } });
    expect(slicesOf([frame], options)).toMatchObject([{ id: 'Natal - Paraíba', value: 4 }]);
  });

  it('reads statuses in columns: unasked where the names are known, asked for any', () => {
    const known = kpiFrame({ ENTREGUE: 3, EXTRAVIADO: 1, OUTRO: 1 });
    expect(slicesOf([known]).map(({ id, value }) => [id, value])).toEqual([
      ['ENTREGUE', 3],
      ['EXTRAVIADO', 1],
      ['OUTRO', 1],
    ]);
    const unknown = kpiFrame({ a: 3, b: 1 });
    expect(ready([unknown]).statuses).toBeUndefined();
    expect(slicesOf([unknown], optionsWith({ data: { format: 'wide' } }))).toHaveLength(2);
  });

  it('leaves out fields that an override hides', () => {
    const frame = statusFrame([['A', 1]], { valueConfig: { custom: { hideFrom: { viz: true } } } });
    expect(buildModel(withOverrides([frame]), optionsWith(), THEME).kind).toBe('unusable');
  });
});

describe('cards', () => {
  it("shows the original's two", () => {
    const { cards } = ready(ORIGINAL_FRAMES());
    expect(shown(cards)).toEqual([
      ['Média do Envio à Entrega', '2 dias, 08:42:00'],
      ['Total de Pacotes Únicos no Sistema', '29'],
    ]);
    expect(cards.map(({ heading }) => heading)).toEqual(['Tempo Médio de Entrega', 'Total de Pacotes']);
  });

  it("reads the original's own query, whose mean is an interval as text", () => {
    const { cards } = ready([statusFrame(ORIGINAL), kpiFrame({ tempo_medio_de_entrega: '2 days 08:42:00' })]);
    expect(shown(cards)[0]).toEqual(['Média do Envio à Entrega', '2 dias, 08:42:00']);
  });

  it('says so while nothing was delivered', () => {
    expect(
      shown(ready([statusFrame(ORIGINAL), kpiFrame({ tempo_medio_segundos: null })]).cards)[0]?.[1]
    ).toBe('sem dados');
  });

  it('sums the statuses where no query gives the total', () => {
    expect(shown(ready([statusFrame(ORIGINAL)]).cards)).toEqual([
      ['Total de Pacotes Únicos no Sistema', '29'],
    ]);
  });

  it('gives every other number its own card with the standard options', () => {
    const frames = withOverrides([kpiFrame({ p95_segundos: 90_000, no_prazo: 0.934, nota: 'texto' })], {
      defaults: {},
      overrides: [
        {
          matcher: { id: 'byName', options: 'no_prazo' },
          properties: [
            { id: 'unit', value: 'percentunit' },
            { id: 'decimals', value: 2 },
            { id: 'displayName', value: 'No prazo' },
          ],
        },
        {
          matcher: { id: 'byName', options: 'p95_segundos' },
          properties: [{ id: 'unit', value: 'dtdurations' }],
        },
      ],
    });
    const model = buildModel(frames, optionsWith(), THEME);
    expect(model.kind === 'ready' && shown(model.cards)).toEqual([
      ['p95_segundos', '1 dia, 01:00:00'],
      ['No prazo', '93.40%'],
    ]);
  });

  it('shows fields chosen as durations in that format, and lets a mapping win', () => {
    const options = optionsWith({ data: { durationFields: ['espera'] } });
    const mapped = kpiFrame(
      { espera: 0 },
      { mappings: [{ type: MappingType.ValueToText, options: { 0: { text: 'sem espera', index: 0 } } }] }
    );
    expect(shown(ready([kpiFrame({ espera: 3661 })], options).cards)).toEqual([['espera', '01:01:01']]);
    expect(shown(ready([mapped], options).cards)).toEqual([['espera', 'sem espera']]);
  });

  it('keeps a second total as a card with its own name and an own identity', () => {
    const { cards } = ready([
      statusFrame(ORIGINAL),
      kpiFrame({ total: 29 }),
      kpiFrame({ total: 7 }, { displayName: 'Ontem' }, 'C'),
    ]);
    expect(shown(cards)).toEqual([
      ['Total de Pacotes Únicos no Sistema', '29'],
      ['Ontem', '7'],
    ]);
    expect(new Set(cards.map(({ id }) => id)).size).toBe(2);
  });
});

describe('what the data allow', () => {
  it.each([
    ['no frame', []],
    ['frames without rows', [statusFrame([]), toDataFrame({ fields: [] })]],
    ['no package yet', [statusFrame([['ENTREGUE', 0]]), kpiFrame({ tempo_medio_segundos: null })]],
    [
      'no status yet beside KPIs',
      [statusFrame([]), kpiFrame({ tempo_medio_segundos: null, total_pacotes: 0 })],
    ],
  ])('%s: empty', (_, frames) => {
    expect(buildModel(withOverrides(frames), optionsWith(), THEME).kind).toBe('empty');
  });

  it('rows without a status or a number: unusable', () => {
    const times = toDataFrame({ fields: [{ name: 'time', type: FieldType.time, values: [1, 2] }] });
    expect(buildModel(withOverrides([times]), optionsWith(), THEME).kind).toBe('unusable');
  });

  it('KPIs alone: cards alone, zeros included', () => {
    const model = ready([kpiFrame({ rejeitados: 0 })]);
    expect(model.statuses).toBeUndefined();
    expect(shown(model.cards)).toEqual([['rejeitados', '0']]);
  });
});
