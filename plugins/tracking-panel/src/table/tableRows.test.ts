import { type FieldConfig, FieldType, toDataFrame } from '@grafana/data';
import fc from 'fast-check';
import { numberFormat } from '../shared/locale';
import { fillRegistries } from '../test/editors';
import { kpiFrame, optionsWith, statusFrame, THEME, withOverrides } from '../test/frames';
import { allColumns, pickColumns, type TableColumn } from './columns';
import { rowsToCsv } from './csv';
import { findStatuses } from '../statuses/role';
import { buildSlices } from '../statuses/slices';
import { type SliceSet } from '../statuses/types';
import { foldRows, searchRows, sortRows, toggleSort } from './tableRows';

beforeAll(fillRegistries);

const TEXTS = { share: 'Share', several: '(several)' };

/** Two rows of ENTREGUE, which differ in one of the further fields. */
const wideTable = () =>
  toDataFrame({
    fields: [
      { name: 'status', type: FieldType.string, values: ['ENTREGUE', 'EM TRÂNSITO', 'ENTREGUE', '=1+1'] },
      { name: 'total', type: FieldType.number, values: [2, 3, 2, 1] },
      { name: 'desde', type: FieldType.time, values: [0, 3_600_000, 0, null] },
      { name: 'rota', type: FieldType.string, values: ['São Luís', 'Natal', 'Belém; "B"', null] },
      { name: 'atraso', type: FieldType.number, values: [1.5, 0.25, 1.5, null] },
      {
        name: 'segredo',
        type: FieldType.string,
        values: ['', '', '', ''],
        config: { custom: { hideFrom: { viz: true } } },
      },
    ],
  });

function tableOf(
  frame = wideTable(),
  language = 'en-US'
): { statuses: SliceSet; columns: TableColumn[]; of: (id: string) => TableColumn } {
  const series = withOverrides([frame]);
  const status = findStatuses(series, optionsWith().data);
  if (!status) {
    throw new Error('no statuses found');
  }
  const statuses = buildSlices(status, series, optionsWith(), THEME);
  const columns = allColumns(statuses, 1, numberFormat(language), TEXTS);
  const of = (id: string) => {
    const column = columns.find((candidate) => candidate.id === id);
    if (!column) {
      throw new Error(`no column ${id}`);
    }
    return column;
  };
  return { statuses, columns, of };
}

const idsBy = (id: string, direction: 'asc' | 'desc') => {
  const { statuses, of } = tableOf();
  return sortRows(statuses.slices, of(id), direction).map((slice) => slice.id);
};

describe('columns', () => {
  it('are status, count, share and the further fields that are not hidden', () => {
    expect(tableOf().columns.map(({ id, numeric }) => [id, numeric])).toEqual([
      ['status', false],
      ['count', true],
      ['share', true],
      ['field:desde', false],
      ['field:rota', false],
      ['field:atraso', true],
    ]);
  });

  it('show what the rows of one status agree on, and say so where they do not', () => {
    const { statuses, of } = tableOf();
    const [delivered, transit, formula] = statuses.slices;
    expect([delivered, transit, formula].map((slice) => slice && of('field:rota').text(slice))).toEqual([
      '(several)',
      'Natal',
      '',
    ]);
    expect(delivered && of('field:atraso').text(delivered)).toBe('1.50');
    expect(delivered && of('field:rota').raw(delivered)).toBeNull();
    expect(transit && of('field:desde').raw(transit)).toBe('1970-01-01T01:00:00.000Z');
  });

  it('are the three known ones for statuses in columns', () => {
    expect(tableOf(kpiFrame({ ENTREGUE: 1, EXTRAVIADO: 2 })).columns.map(({ id }) => id)).toEqual([
      'status',
      'count',
      'share',
    ]);
  });

  it('are picked in the order asked for; unknown ones are dropped, and one stays', () => {
    const { columns } = tableOf();
    expect(pickColumns(columns, ['share', 'field:nada', 'status']).map(({ id }) => id)).toEqual([
      'share',
      'status',
    ]);
    expect(pickColumns(columns, ['field:nada']).map(({ id }) => id)).toEqual(['status']);
  });
});

describe('sort', () => {
  it('starts a column in its natural direction, turns it, lets it go', () => {
    const { of } = tableOf();
    const first = toggleSort(undefined, of('count'));
    expect(first).toEqual({ column: 'count', direction: 'desc' });
    const second = toggleSort(first, of('count'));
    expect(second).toEqual({ column: 'count', direction: 'asc' });
    expect(toggleSort(second, of('count'))).toBeUndefined();
    expect(toggleSort(second, of('status'))).toEqual({ column: 'status', direction: 'asc' });
  });

  it('orders numbers by value and texts by name, missing ones last either way', () => {
    expect(idsBy('count', 'asc')).toEqual(['=1+1', 'EM TRÂNSITO', 'ENTREGUE']);
    expect(idsBy('status', 'desc')).toEqual(['ENTREGUE', 'EM TRÂNSITO', '=1+1']);
    expect(idsBy('field:atraso', 'asc')).toEqual(['EM TRÂNSITO', 'ENTREGUE', '=1+1']);
    expect(idsBy('field:atraso', 'desc')).toEqual(['ENTREGUE', 'EM TRÂNSITO', '=1+1']);
  });

  const DAY = 86_400_000;
  const days = (...numbers: number[]) => numbers.map((day) => day * DAY);
  it.each<[string, FieldType, unknown[], FieldConfig]>([
    ['times', FieldType.time, days(40, 2, 31), { unit: 'time:DD/MM/YYYY' }],
    ['times from now', FieldType.time, days(3000, 10, 2990), { unit: 'dateTimeFromNow' }],
    ['numbers of a date unit', FieldType.number, days(40, 2, 31), { unit: 'time:DD/MM/YYYY' }],
    ['numbers of a duration', FieldType.number, [7200, 5, 90], { unit: 's' }],
    [
      'texts of a date unit',
      FieldType.string,
      ['2026-02-09', '2025-12-31', '2026-01-15'],
      { unit: 'time:DD/MM' },
    ],
    ['texts of a number', FieldType.string, ['1000', '9', '200'], { unit: 'short' }],
    ['booleans', FieldType.boolean, [true, false, true], {}],
  ])('orders %s by value, whatever their text is', (_, type, values, config) => {
    const frame = toDataFrame({
      fields: [
        { name: 'status', type: FieldType.string, values: ['A', 'B', 'C', 'D'] },
        { name: 'total', type: FieldType.number, values: [4, 3, 2, 1] },
        { name: 'x', type, values: [...values, null], config },
      ],
    });
    const { statuses, of } = tableOf(frame);
    const sorted = (direction: 'asc' | 'desc') =>
      sortRows(statuses.slices, of('field:x'), direction).map(({ id }) => id);
    const isTie = type === FieldType.boolean;
    expect(sorted('asc')).toEqual(isTie ? ['B', 'A', 'C', 'D'] : ['B', 'C', 'A', 'D']);
    expect(sorted('desc')).toEqual(isTie ? ['A', 'C', 'B', 'D'] : ['A', 'C', 'B', 'D']);
  });

  it('orders statuses that are times by value', () => {
    const frame = toDataFrame({
      fields: [
        {
          name: 'status',
          type: FieldType.time,
          values: days(40, 2, 31),
          config: { unit: 'time:DD/MM/YYYY' },
        },
        { name: 'total', type: FieldType.number, values: [1, 2, 3] },
      ],
    });
    const { statuses, of } = tableOf(frame);
    expect(sortRows(statuses.slices, of('status'), 'asc').map(({ id }) => id)).toEqual([
      '03/01/1970',
      '01/02/1970',
      '10/02/1970',
    ]);
  });
});

describe('search', () => {
  const found = (query: string) => {
    const { statuses, columns } = tableOf();
    return searchRows(statuses.slices, query, columns).map(({ id }) => id);
  };

  it.each([
    ['transito', ['EM TRÂNSITO']],
    ['TRÂNS', ['EM TRÂNSITO']],
    ['natal em', ['EM TRÂNSITO']],
    ['  ', ['ENTREGUE', 'EM TRÂNSITO', '=1+1']],
    ['entregue natal', []],
  ])('%p finds %j', (query, ids) => {
    expect(found(query)).toEqual(ids);
  });

  it('finds every row by its own text', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 8 }), (names) => {
        const { statuses, columns } = tableOf(statusFrame(names.map((name) => [name, 1] as const)));
        for (const slice of statuses.slices) {
          expect(searchRows(statuses.slices, slice.label, columns)).toContain(slice);
        }
      })
    );
  });
});

describe('foldRows', () => {
  const rows = (count: number) =>
    tableOf(statusFrame(Array.from({ length: count }, (_, index) => [`S${index}`, 1000 - index] as const)))
      .statuses;

  it.each([0, 1, 100, 101])('lists all of %d rows', (count) => {
    const { slices, gather } = rows(count);
    expect(foldRows(slices, gather)).toEqual({ shown: slices });
  });

  it('lists a hundred of more and sums up the rest, in whatever order they are', () => {
    const { slices, gather, total } = rows(103);
    for (const given of [slices, [...slices].reverse()]) {
      const { shown, rest } = foldRows(given, gather);
      expect(shown).toEqual(given.slice(0, 100));
      expect(rest?.parts).toEqual(given.slice(100));
      expect([...shown, ...(rest ? [rest] : [])].reduce((sum, { value }) => sum + value, 0)).toBe(total);
    }
  });
});

describe('CSV', () => {
  const csv = (
    ids: Array<'status' | 'share' | 'field:rota' | 'field:atraso'>,
    text: 'shown' | 'raw',
    language: string
  ) => {
    const { statuses, columns } = tableOf(undefined, language);
    return rowsToCsv(pickColumns(columns, ids), statuses.slices, text, numberFormat(language)).split('\r\n');
  };

  it('is as shown, with commas for a locale with a decimal point', () => {
    expect(csv(['status', 'share'], 'shown', 'en-US')).toEqual([
      '\uFEFF"status","Share"',
      'ENTREGUE,50.0%',
      'EM TRÂNSITO,37.5%',
      "'=1+1,12.5%",
    ]);
  });

  it('is as shown, with semicolons for a locale with a decimal comma', () => {
    expect(csv(['status', 'share'], 'shown', 'pt-BR')[1]).toBe('ENTREGUE;50,0%');
  });

  it('is in plain values, with semicolons for a locale with a decimal comma', () => {
    expect(csv(['status', 'share', 'field:atraso'], 'raw', 'pt-BR')).toEqual([
      '\uFEFF"status";"Share";"atraso"',
      'ENTREGUE;50;1,5',
      'EM TRÂNSITO;37,5;0,25',
      "'=1+1;12,5;",
    ]);
  });

  it('quotes what would break a row', () => {
    const { statuses, columns } = tableOf(statusFrame([['a;b "c"\nd', 1]]));
    expect(
      rowsToCsv(pickColumns(columns, ['status']), statuses.slices, 'raw', numberFormat('pt-BR'))
    ).toContain('"a;b ""c""\nd"');
  });

  it('is quoted where a carriage return alone would break a row', () => {
    const { statuses, columns } = tableOf(statusFrame([['a\r=1', 1]]));
    const file = rowsToCsv(pickColumns(columns, ['status']), statuses.slices, 'raw', numberFormat('pt-BR'));
    expect(file.split('\r\n')[1]).toBe('"a\n=1"');
  });

  it.each([
    ...['=1', '+1', '-1', '@x', '\t=1', '\n=1', '\r=1', '＝1', '＋1', '－1', '＠x'],
    ...[' =1', '\u00A0+1', '\u200B=1', '\uFEFF@x', '\0=1'],
  ])('makes %j harmless in texts, titles and mapped numbers', (text) => {
    const frame = withOverrides([
      statusFrame([[text, 7]], {
        statusConfig: { displayName: text },
        valueConfig: { mappings: [{ type: 'value', options: { 7: { text: `${text}()` } } }] as never },
      }),
    ])[0]!;
    const { statuses, columns } = tableOf(frame);
    const file = rowsToCsv(
      pickColumns(columns, ['status', 'count']),
      statuses.slices,
      'shown',
      numberFormat('en-US')
    );
    const cells = file
      .slice(1)
      .split(/,|\r\n|"/)
      .filter((cell) => cell.includes(text.slice(-1)));
    expect(cells.filter((cell) => !cell.startsWith("'"))).toEqual([]);
  });
});
