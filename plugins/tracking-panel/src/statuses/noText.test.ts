import {
  type DataFrame,
  type FieldConfig,
  FieldType,
  formattedValueToString,
  MappingType,
  SpecialValueMatch,
  toDataFrame,
  type ValueMapping,
} from '@grafana/data';
import { fillRegistries } from '../test/editors';
import { kpiFrame, optionsWith, statusFrame } from '../test/frames';
import { ready } from '../test/models';
import { hashColor, STATUS_COLORS } from './palette';

beforeAll(fillRegistries);

/** Name, count and what a variable gets. */
const named = (frames: DataFrame[], options = optionsWith()) =>
  (ready(frames, options).statuses?.slices ?? []).map(({ label, value, members }) => [
    label,
    value,
    ...members,
  ]);
const total = (frames: DataFrame[], options = optionsWith()) => {
  const card = ready(frames, options).cards.find(({ kind }) => kind === 'total');
  return card && formattedValueToString(card.value);
};

interface Given {
  type?: FieldType;
  name?: string;
  counts?: number[];
  config?: FieldConfig;
}

const counted = (
  values: unknown[],
  { type = FieldType.number, name = 'status', counts = [15, 8, 6, 3, 2], config = {} }: Given = {}
) =>
  toDataFrame({
    refId: 'A',
    fields: [
      { name, type, values, config },
      { name: 'total_pacotes', type: FieldType.number, values: counts.slice(0, values.length) },
    ],
  });

const TO_TEXT: ValueMapping = {
  type: MappingType.ValueToText,
  options: { 1: { text: 'ENTREGUE', index: 0 }, true: { text: 'Sim', index: 1 } },
};
const RANGE: ValueMapping = {
  type: MappingType.RangeToText,
  options: { from: 2, to: 5, result: { text: 'EM TRÂNSITO', index: 1 } },
};
const NULLS: ValueMapping = {
  type: MappingType.SpecialValue,
  options: { match: SpecialValueMatch.Null, result: { text: 'Sem leitura', index: 2 } },
};

describe('a status that is no text', () => {
  it('is named by what it shows, and the total is the sum of all', () => {
    const frames = [counted([1, 2, 3])];
    expect(named(frames)).toEqual([
      ['1', 15, '1'],
      ['2', 8, '2'],
      ['3', 6, '3'],
    ]);
    expect(total(frames)).toBe('29');
  });

  it('is found among columns that nobody named, as VALUES has them', () => {
    const values = toDataFrame({
      fields: [
        { name: 'column1', type: FieldType.number, values: [1, 2, 3] },
        { name: 'column2', type: FieldType.number, values: [15, 8, 6] },
      ],
    });
    expect(named([values])).toEqual([
      ['1', 15, '1'],
      ['2', 8, '2'],
      ['3', 6, '3'],
    ]);
    expect(total([values])).toBe('29');
  });

  it.each<[string, DataFrame, unknown[][]]>([
    [
      'numbers with mappings of values, ranges and null',
      counted([1, 2, 3, null], { config: { mappings: [TO_TEXT, RANGE, NULLS] } }),
      [
        ['ENTREGUE', 15, 'ENTREGUE'],
        ['EM TRÂNSITO', 14, 'EM TRÂNSITO'],
        ['Sem leitura', 3, ''],
      ],
    ],
    [
      'numbers with a unit',
      counted([60, 7200], { config: { unit: 's' } }),
      [
        ['1 min', 15, '1 min'],
        ['2 hours', 8, '2 hours'],
      ],
    ],
    [
      'booleans and null',
      counted([true, false, null], { type: FieldType.boolean, name: 'entregue' }),
      [
        ['true', 15, 'true'],
        ['false', 8, 'false'],
        ['(no status)', 6, ''],
      ],
    ],
    [
      'booleans with a mapping',
      counted([true, false], { type: FieldType.boolean, config: { mappings: [TO_TEXT] } }),
      [
        ['Sim', 15, 'Sim'],
        ['false', 8, 'false'],
      ],
    ],
    [
      'days, by the text of their unit',
      counted([0, 3_600_000, 86_400_000], { type: FieldType.time, config: { unit: 'time:DD/MM/YYYY' } }),
      [
        ['01/01/1970', 23, '01/01/1970'],
        ['02/01/1970', 6, '02/01/1970'],
      ],
    ],
    [
      'enums',
      counted([1, 0], {
        type: FieldType.enum,
        config: { type: { enum: { text: ['ENTREGUE', 'CANCELADO'] } } },
      }),
      [
        ['CANCELADO', 15, 'CANCELADO'],
        ['ENTREGUE', 8, 'ENTREGUE'],
      ],
    ],
    [
      'enums beside a mapping',
      counted([1, 0], {
        type: FieldType.enum,
        config: { type: { enum: { text: ['ENTREGUE', 'CANCELADO'] } }, mappings: [NULLS] },
      }),
      [
        ['CANCELADO', 15, 'CANCELADO'],
        ['ENTREGUE', 8, 'ENTREGUE'],
      ],
    ],
    [
      'texts, whose variable gets them as the query gave them',
      statusFrame([['1', 4]], { statusConfig: { mappings: [TO_TEXT] } }),
      [['ENTREGUE', 4, '1']],
    ],
  ])('%s', (_, frame, expected) => {
    expect(named([frame])).toEqual(expected);
  });

  it('has the color of its text', () => {
    const config = { mappings: [TO_TEXT, RANGE] };
    const colors = (frame: DataFrame) => ready([frame]).statuses?.slices.map(({ color }) => color);
    expect(colors(counted([1, 2], { config }))).toEqual([
      STATUS_COLORS['ENTREGUE'],
      STATUS_COLORS['EM TRÂNSITO'],
    ]);
    expect(colors(counted([7]))).toEqual([hashColor('7')]);
    expect(colors(counted([true], { type: FieldType.boolean, config: { mappings: [TO_TEXT] } }))).toEqual([
      hashColor('Sim'),
    ]);
  });

  it('is a name and no number: the viewer’s locale does not change it', () => {
    const options = optionsWith({ numbers: { locale: 'pt-BR', counts: 'full' } });
    expect(named([counted([10_234, 1.5])], options)).toEqual([
      ['10234', 15, '10234'],
      ['1.50', 8, '1.50'],
    ]);
  });

  it('is the field that the options name, whatever its type, and never the count as well', () => {
    const options = optionsWith({ data: { statusField: 'total_pacotes' } });
    expect(named([counted([1, 2])], options)).toEqual([
      ['8', 2, '8'],
      ['15', 1, '15'],
    ]);
    const time = counted([0], { type: FieldType.time, name: 'dia', config: { unit: 'time:YYYY' } });
    expect(named([time], optionsWith({ data: { format: 'long' } }))).toEqual([['1970', 15, '1970']]);
  });

  it('is not looked for in one row of figures, in series, or for cards alone', () => {
    const figures = [kpiFrame({ novos: 3, atrasados: 1 })];
    expect(ready(figures).statuses).toBeUndefined();
    const series = toDataFrame({
      fields: [
        { name: 'time', type: FieldType.time, values: [0, 1] },
        { name: 'status', type: FieldType.number, values: [200, 500] },
        { name: 'novos', type: FieldType.number, values: [1, 2] },
      ],
    });
    expect(ready([series]).statuses).toBeUndefined();
    const rows = toDataFrame({
      fields: [
        { name: 'novos', type: FieldType.number, values: [1, 2] },
        { name: 'atrasados', type: FieldType.number, values: [3, 4] },
      ],
    });
    const cards = optionsWith({ show: { pie: false, table: false, cards: true } });
    expect(ready([rows], cards).cards.map(({ value }) => value.title)).toEqual(['novos', 'atrasados']);
  });

  it('stands back for texts', () => {
    const texts = statusFrame([['ENTREGUE', 1]], { statusName: 'situacao', valueName: 'total' });
    expect(named([counted([1, 2], { name: 'codigo' }), texts])).toEqual([['ENTREGUE', 1, 'ENTREGUE']]);
  });
});

describe('statuses of one name', () => {
  const renamed = (options: Record<string, string>): FieldConfig => ({
    mappings: [
      {
        type: MappingType.ValueToText,
        options: Object.fromEntries(
          Object.entries(options).map(([value, text], index) => [value, { text, index }])
        ),
      },
    ],
  });

  it('are one, and a variable gets each of them', () => {
    const frame = statusFrame(
      [
        ['ENTREGUE', 5],
        ['CANCELADO', 3],
        ['ENTREGUE AO VIZINHO', 2],
      ],
      { statusConfig: renamed({ ENTREGUE: 'Entregue', 'ENTREGUE AO VIZINHO': 'Entregue' }) }
    );
    expect(named([frame])).toEqual([
      ['Entregue', 7, 'ENTREGUE', 'ENTREGUE AO VIZINHO'],
      ['CANCELADO', 3, 'CANCELADO'],
    ]);
    expect(ready([frame]).statuses?.slices[0]?.rows).toEqual([0, 2]);
  });

  it('are one with a status that has this name by itself, and swapped names stay two', () => {
    const rows = [
      ['A', 1],
      ['B', 2],
    ] as const;
    expect(named([statusFrame(rows, { statusConfig: renamed({ A: 'B' }) })])).toEqual([['B', 3, 'A', 'B']]);
    expect(named([statusFrame(rows, { statusConfig: renamed({ A: 'B', B: 'A' }) })])).toEqual([
      ['A', 2, 'B'],
      ['B', 1, 'A'],
    ]);
  });

  it('null and an empty text are one unless they are called differently', () => {
    const rows = [
      [null, 4],
      ['', 2],
      ['  ', 1],
    ] as const;
    expect(named([statusFrame(rows)])).toEqual([['(no status)', 7, '', '  ']]);
    const apart: FieldConfig = {
      mappings: [
        NULLS,
        {
          type: MappingType.SpecialValue,
          options: { match: SpecialValueMatch.Empty, result: { text: 'Vazio', index: 0 } },
        },
      ],
    };
    const slices = ready([statusFrame(rows.slice(0, 2), { statusConfig: apart })]).statuses?.slices ?? [];
    expect(slices.map(({ label, value }) => [label, value])).toEqual([
      ['Sem leitura', 4],
      ['Vazio', 2],
    ]);
    expect(new Set(slices.map(({ id }) => id)).size).toBe(2);
  });

  it('a status called as the gathered ones are is told apart from them', () => {
    const rows: Array<[string, number]> = [
      ['ENTREGUE', 1000],
      ['outros', 100],
      ['CANCELADO', 1],
      ['EXTRAVIADO', 1],
      ['DEVOLVIDO', 1],
    ];
    const labels = (given: typeof rows) =>
      ready([statusFrame(given)]).statuses?.gathered.map(({ label }) => label);
    expect(labels(rows)).toEqual(['ENTREGUE', 'outros', 'Outros (3 statuses)']);
    expect(labels(rows.filter(([status]) => status !== 'outros'))).toEqual(['ENTREGUE', 'Outros']);
  });
});
