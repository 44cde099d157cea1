import { type DataFrame, type Field, FieldType, formattedValueToString, toDataFrame } from '@grafana/data';
import { buildModel } from '../frame/model';
import { fillRegistries } from '../test/editors';
import { kpiFrame, optionsWith, statusFrame, THEME, withOverrides } from '../test/frames';
import { ready } from '../test/models';
import { STATUS_COLORS } from './palette';

beforeAll(fillRegistries);

const found = (frames: DataFrame[], options = optionsWith()) =>
  (ready(frames, options).statuses?.slices ?? []).map(({ id, value, percent }) => [id, value, percent]);
const titles = (frames: DataFrame[], options = optionsWith()) =>
  ready(frames, options).cards.map(({ value }) => value.title);

const TIME = { name: 'time', type: FieldType.time, values: [1, 3, 2] };
const number = (name: string, values: Array<number | null>, more: Partial<Field> = {}): Partial<Field> => ({
  name,
  type: FieldType.number,
  values,
  ...more,
});
const frameOf = (fields: Array<Partial<Field>>, more: Partial<DataFrame> = {}): DataFrame => ({
  ...toDataFrame({ refId: 'A', fields }),
  ...more,
});

const COUNTS = [
  ['ENTREGUE', 15],
  ['EXTRAVIADO', 5],
] as const;
const SHARES = [
  ['ENTREGUE', 15, 75],
  ['EXTRAVIADO', 5, 25],
];
/** A frame per status, as Prometheus and "Partition by values" give them. */
const partition = (fieldOf: (status: string, count: number) => Partial<Field>, withTime = false) =>
  COUNTS.map(([status, count]) =>
    frameOf([...(withTime ? [{ ...TIME, values: [1] }] : []), fieldOf(status, count)])
  );

describe('labelled series', () => {
  it.each<[string, DataFrame[]]>([
    [
      'a time series of SQL with a label per status',
      [
        frameOf([
          TIME,
          ...COUNTS.map(([status, count]) =>
            number('total_pacotes', [1, count, 2], { labels: { status_rastreamento: status } })
          ),
        ]),
      ],
    ],
    [
      'a time series of SQL whose metric names the fields',
      [frameOf([TIME, ...COUNTS.map(([status, count]) => number(status, [1, count, 2]))])],
    ],
    [
      'partition by values, as labels',
      partition((status, count) => number('total_pacotes', [count], { labels: { status } })),
    ],
    [
      'partition by values, as names of frames',
      COUNTS.map(([status, count]) => frameOf([number('total_pacotes', [count])], { name: status })),
    ],
    [
      'partition by values that keeps its field',
      COUNTS.map(([status, count]) => statusFrame([[status, count]])),
    ],
    [
      'frames of Prometheus without a legend',
      partition(
        (status, count) =>
          number('Value', [count], {
            labels: { __name__: 'pacotes', job: 'x', status },
            config: { displayNameFromDS: `pacotes{job="x", status="${status}"}` },
          }),
        true
      ),
    ],
    [
      'frames of Prometheus with another label than status, of statuses that are known',
      partition((status, count) => number('Value', [count], { labels: { job: 'x', estado: status } }), true),
    ],
  ])('%s', (_, frames) => {
    expect(found(frames)).toEqual(SHARES);
    const { statuses, cards } = ready(frames);
    expect(statuses?.slices.map(({ color }) => color)).toEqual([
      STATUS_COLORS['ENTREGUE'],
      STATUS_COLORS['EXTRAVIADO'],
    ]);
    expect(cards.map(({ value }) => formattedValueToString(value))).toEqual(['20']);
  });

  it('are named by a legend or an override, and keep their identity', () => {
    const legend = partition((status, count) =>
      number('Value', [count], {
        labels: { status },
        config: { displayNameFromDS: `${status.toLowerCase()}!` },
      })
    );
    expect(ready(legend).statuses?.slices.map(({ id, label }) => [id, label])).toEqual([
      ['ENTREGUE', 'entregue!'],
      ['EXTRAVIADO', 'extraviado!'],
    ]);
    // One name for all fields of the panel tells none of them apart.
    const shared = partition((status, count) =>
      number('Value', [count], { labels: { status }, config: { displayName: 'Pacotes' } })
    );
    expect(ready(shared).statuses?.slices.map(({ label }) => label)).toEqual(['ENTREGUE', 'EXTRAVIADO']);
  });

  it('of one status are added up, whatever else labels them', () => {
    const frames = [
      ['ENTREGUE', 'SP', 10],
      ['EXTRAVIADO', 'SP', 5],
      ['ENTREGUE', 'RJ', 5],
    ].map(([status, uf, count]) =>
      frameOf([number('total', [Number(count)], { labels: { status: String(status), uf: String(uf) } })])
    );
    expect(found(frames)).toEqual(SHARES);
  });

  it('in long form are read in all frames of the query, and links ask the frame of their row', () => {
    const link = { title: 'Detalhe', url: '/d/x?s=${__data.fields.status_rastreamento}' };
    const frames = [
      statusFrame([
        ['ENTREGUE', 10],
        ['EXTRAVIADO', 5],
      ]),
      statusFrame([['ENTREGUE', 5]], { statusConfig: { links: [link] } }),
    ];
    expect(found(frames)).toEqual(SHARES);
    expect(found([...frames, statusFrame([['CANCELADO', 1]], { refId: 'B' })])).toEqual(SHARES);
    const asked: unknown[] = [];
    const series = withOverrides(frames);
    series.forEach((frame, index) =>
      frame.fields.forEach((field) => {
        field.getLinks = ({ valueRowIndex }) => {
          asked.push([index, valueRowIndex]);
          return [];
        };
      })
    );
    const model = buildModel(series, optionsWith(), THEME);
    const source = model.kind === 'ready' ? model.statuses?.slices[0]?.source : undefined;
    for (const row of [0, 2, 3]) {
      source?.fields[0]?.getLinks?.({ valueRowIndex: row });
    }
    expect(asked).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  it('take the last value there is, and rows without a time are added up', () => {
    const series = frameOf([
      TIME,
      number('x', [1, null, 7], { labels: { status: 'A' } }),
      number('x', [2, 4, 3], { labels: { status: 'B' } }),
      number('x', [null, null, null], { labels: { status: 'C' } }),
    ]);
    expect(found([series]).map(([id, value]) => [id, value])).toEqual([
      ['A', 7],
      ['B', 4],
      ['C', 0],
    ]);
    expect(found([frameOf([number('x', [1, 2], { labels: { status: 'A' } })])])).toEqual([['A', 3, 100]]);
  });

  it('of other labels are figures unless the options say that they are statuses', () => {
    const frames = ['Natal', 'Recife'].map((rota, index) =>
      frameOf([number('total_pacotes', [index + 1], { labels: { rota } })])
    );
    expect(ready(frames).statuses).toBeUndefined();
    expect(titles(frames)).toEqual(['total_pacotes Natal', 'total_pacotes Recife']);
    expect(found(frames, optionsWith({ data: { format: 'wide' } })).map(([id]) => id)).toEqual([
      'Recife',
      'Natal',
    ]);
  });

  it('are figures for cards alone, even with a label named status', () => {
    const frames = [200, 500].map((status) =>
      frameOf([number('Value', [status], { labels: { status: String(status) } })])
    );
    const cards = optionsWith({ show: { pie: false, table: false, cards: true } });
    expect(titles(frames, cards)).toEqual(['200', '500']);
  });
});

describe('cards of one name', () => {
  it('keep the title of the options for the first and their own name for the second', () => {
    expect(titles([kpiFrame({ total_pacotes: 29 }), kpiFrame({ total_pacotes: 7 }, {}, 'C')])).toEqual([
      'Total de Pacotes Únicos no Sistema',
      'total_pacotes',
    ]);
  });

  it.each<[string, DataFrame[], string[]]>([
    ['queries', [kpiFrame({ novos: 1 }), kpiFrame({ novos: 2 }, {}, 'C')], ['novos (B)', 'novos (C)']],
    [
      'a name that an override gives both',
      [kpiFrame({ a: 1 }, { displayName: 'Novos' }), kpiFrame({ b: 2 }, { displayName: 'Novos' }, 'C')],
      ['Novos (B)', 'Novos (C)'],
    ],
    [
      'labels under one name',
      ['SP', 'RJ'].map((uf) =>
        frameOf([number('novos', [1], { labels: { uf }, config: { displayName: 'Novos' } })])
      ),
      ['Novos ({uf="SP"})', 'Novos ({uf="RJ"})'],
    ],
    ['nothing but their place', [kpiFrame({ novos: 1 }), kpiFrame({ novos: 2 })], ['novos (1)', 'novos (2)']],
    [
      'three totals',
      ['B', 'C', 'D'].map((refId) => kpiFrame({ total: 1 }, {}, refId)),
      ['Total de Pacotes Únicos no Sistema', 'total (C)', 'total (D)'],
    ],
  ])('are told apart by %s', (_, frames, expected) => {
    expect(titles(frames)).toEqual(expected);
  });
});
