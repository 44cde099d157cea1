import { LoadingState } from '@grafana/data';
import { act, fireEvent, screen, within } from '@testing-library/react';
import { TEST_IDS } from '../constants';
import { fillRegistries } from '../test/editors';
import { kpiFrame, optionsWith, ORIGINAL, ORIGINAL_FRAMES, statusFrame } from '../test/frames';
import { showPanel } from '../test/panel';

beforeAll(fillRegistries);

// React reports wrong keys, unknown attributes and the like here and draws on.
let complaints: jest.SpyInstance[];
beforeEach(() => {
  complaints = (['error', 'warn'] as const).map((level) => jest.spyOn(console, level));
});
afterEach(() => {
  complaints.forEach((spy) => {
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
  });
});

const slice = (status: string) => screen.getByTestId(TEST_IDS.slice(status));
const row = (status: string) => screen.getByTestId(TEST_IDS.tableRow(status));
const tableNames = () => screen.getAllByRole('rowheader').map(({ textContent }) => textContent);

describe('with data', () => {
  it('draws pie, legend, cards and table of the same figures', () => {
    showPanel();
    expect(within(screen.getByTestId(TEST_IDS.pie)).getAllByRole('option')).toHaveLength(6);
    for (const [status, count] of ORIGINAL) {
      expect(screen.getByTestId(TEST_IDS.legendValue(status))).toHaveTextContent(String(count));
      expect(within(row(status)).getAllByRole('cell')[0]).toHaveTextContent(String(count));
      expect(screen.getByTestId(TEST_IDS.legendPercent(status)).textContent).toBe(
        within(row(status)).getAllByRole('cell')[1]?.textContent
      );
    }
    expect(screen.getByTestId(TEST_IDS.card('mean'))).toHaveTextContent('2 dias, 08:42:00');
    expect(screen.getByTestId(TEST_IDS.card('total'))).toHaveTextContent('29');
  });

  it("carries the original's titles and drops those that are blank", () => {
    const { update } = showPanel();
    const titles = [
      'Pacotes por Status Atual',
      'Tempo Médio de Entrega',
      'Total de Pacotes',
      'Dados de Status',
    ];
    expect(screen.getAllByRole('heading').map(({ textContent }) => textContent)).toEqual(titles);
    expect(screen.getByText('Distribuição de Status')).toBeInTheDocument();
    const options = optionsWith({ titles: { pieHeading: '', pie: '', table: '' } });
    update({ options });
    expect(screen.getAllByRole('heading').map(({ textContent }) => textContent)).toEqual(titles.slice(1, 3));
  });

  it.each([
    ['pie', TEST_IDS.pie],
    ['cards', TEST_IDS.cards],
    ['table', TEST_IDS.table],
  ])('hides the %s when it is switched off', (part, testId) => {
    showPanel({ options: optionsWith({ show: { [part]: false } }) });
    expect(screen.queryByTestId(testId)).not.toBeInTheDocument();
  });

  it('draws KPI frames alone as cards alone', () => {
    showPanel({ frames: [kpiFrame({ rejeitados: 3 })] });
    expect(screen.getByTestId(TEST_IDS.cards)).toHaveTextContent('rejeitados');
    expect(screen.queryByTestId(TEST_IDS.pie)).not.toBeInTheDocument();
  });

  it.each(['list', 'table'] as const)('shows the chosen numbers in a legend as %s', (mode) => {
    showPanel({ options: optionsWith({ legend: { mode, values: ['percent'] } }) });
    expect(screen.getByTestId(TEST_IDS.legendPercent('ENTREGUE'))).toHaveTextContent('51.7%');
    expect(screen.queryByTestId(TEST_IDS.legendValue('ENTREGUE'))).not.toBeInTheDocument();
  });

  it('leaves the legend away', () => {
    showPanel({ options: optionsWith({ legend: { show: false } }) });
    expect(screen.queryByTestId(TEST_IDS.legend)).not.toBeInTheDocument();
    expect(screen.getByTestId(TEST_IDS.pie)).toBeInTheDocument();
  });

  it('writes the chosen labels on slices with room and on no others', () => {
    showPanel({
      options: optionsWith({ legend: { show: false }, pie: { labels: ['name', 'value', 'percent'] } }),
    });
    expect(screen.getByTestId(TEST_IDS.sliceLabel('ENTREGUE'))).toHaveTextContent('ENTREGUE1551.7%');
    expect(screen.queryByTestId(TEST_IDS.sliceLabel('AGUARDANDO RETIRADA'))).not.toBeInTheDocument();
  });

  it('opens a hole for a donut', () => {
    showPanel({ options: optionsWith({ pie: { type: 'donut' } }) });
    // A sector of a ring has two arcs, one of a disc has one.
    expect(slice('ENTREGUE').querySelector('path')?.getAttribute('d')?.match(/A/g)).toHaveLength(2);
  });

  it('shows no slice for a status without packages, but its row', () => {
    showPanel({ frames: [statusFrame([...ORIGINAL, ['POSTADO', 0]])] });
    expect(screen.queryByTestId(TEST_IDS.slice('POSTADO'))).not.toBeInTheDocument();
    expect(row('POSTADO')).toHaveTextContent('0.0%');
  });
});

describe('names and keyboard', () => {
  it('names slices in words', () => {
    showPanel();
    expect(slice('ENTREGUE')).toHaveAccessibleName('ENTREGUE, 15 packages, 51.7 %');
    expect(slice('EM TRÂNSITO')).toHaveAccessibleName('EM TRÂNSITO, 1 package, 3.5 %');
  });

  it('does not escape what React escapes', () => {
    showPanel({ frames: [statusFrame([['EM <TRÂNSITO> & "ROTA"', 2]])] });
    expect(slice('EM <TRÂNSITO> & "ROTA"')).toHaveAccessibleName(
      'EM <TRÂNSITO> & "ROTA", 2 packages, 100.0 %'
    );
  });

  it('is one tab stop, walked by arrows, Home and End, round and round', () => {
    showPanel();
    const stops = () => screen.getAllByRole('option').filter((item) => item.getAttribute('tabindex') === '0');
    expect(stops()).toEqual([slice('ENTREGUE')]);
    act(() => slice('ENTREGUE').focus());
    for (const [key, status] of [
      ['ArrowRight', 'EM ROTA DE ENTREGA'],
      ['ArrowLeft', 'ENTREGUE'],
      ['ArrowLeft', 'EM TRÂNSITO'],
      ['ArrowRight', 'ENTREGUE'],
      ['End', 'EM TRÂNSITO'],
      ['Home', 'ENTREGUE'],
    ] as const) {
      fireEvent.keyDown(screen.getByTestId(TEST_IDS.pie), { key });
      expect(slice(status)).toHaveFocus();
      expect(stops()).toEqual([slice(status)]);
    }
  });
});

describe('highlight', () => {
  const isLit = (status: string) => row(status).className !== row('CANCELADO').className;

  it('is shared by slice, legend and row, and tells the figures in a tooltip on the pie', () => {
    showPanel();
    fireEvent.mouseMove(slice('EXTRAVIADO'), { clientX: 10, clientY: 10 });
    expect(isLit('EXTRAVIADO')).toBe(true);
    expect(screen.getByText('5 (17.2%)')).toBeInTheDocument();
    fireEvent.mouseLeave(slice('EXTRAVIADO'));
    expect(isLit('EXTRAVIADO')).toBe(false);
    expect(screen.queryByText('5 (17.2%)')).not.toBeInTheDocument();

    fireEvent.mouseEnter(screen.getByTestId(TEST_IDS.legendItem('EXTRAVIADO')));
    expect(isLit('EXTRAVIADO')).toBe(true);
    // Only pointing at the pie (or focus) opens the tooltip: beside the legend it would repeat it.
    expect(screen.queryByText('5 (17.2%)')).not.toBeInTheDocument();
  });

  it('follows the focus and goes with Escape', () => {
    showPanel();
    act(() => slice('EXTRAVIADO').focus());
    expect(isLit('EXTRAVIADO')).toBe(true);
    expect(screen.getByText('5 (17.2%)')).toBeInTheDocument();
    fireEvent.keyDown(slice('EXTRAVIADO'), { key: 'Escape' });
    expect(screen.queryByText('5 (17.2%)')).not.toBeInTheDocument();
  });
});

describe('table', () => {
  it('sorts by a clicked header, the other way on the next click, and back', () => {
    showPanel();
    const header = screen.getByRole('columnheader', { name: /status_/ });
    const click = () => fireEvent.click(within(header).getByRole('button'));
    const inOrder = tableNames();
    click();
    expect(header).toHaveAttribute('aria-sort', 'ascending');
    expect(tableNames()[0]).toBe('AGUARDANDO RETIRADA');
    click();
    expect(header).toHaveAttribute('aria-sort', 'descending');
    expect(tableNames()[5]).toBe('AGUARDANDO RETIRADA');
    click();
    expect(header).toHaveAttribute('aria-sort', 'none');
    expect(tableNames()).toEqual(inOrder);
  });

  it('sorts numbers as numbers', () => {
    showPanel({
      frames: [
        statusFrame([
          ['A', 9],
          ['B', 100],
          ['C', 20],
        ]),
      ],
      options: optionsWith({ pie: { sort: 'name' } }),
    });
    fireEvent.click(screen.getByRole('button', { name: /total_pacotes/ }));
    expect(tableNames()).toEqual(['B', 'C', 'A']);
  });

  it('heads its columns with the names of the query', () => {
    showPanel({
      frames: [statusFrame(ORIGINAL, { statusName: 'situacao', valueConfig: { displayName: 'Pacotes' } })],
    });
    // The legend is a table too.
    const table = within(screen.getByTestId(TEST_IDS.table));
    expect(table.getAllByRole('columnheader').map(({ textContent }) => textContent)).toEqual([
      'situacao',
      'Pacotes',
      'Share',
    ]);
  });
});

describe('without data', () => {
  it.each([
    ['no frame', []],
    ['no row', [statusFrame([])]],
  ])('%s: says that it waits', (_, frames) => {
    showPanel({ frames });
    expect(screen.getByRole('status')).toHaveTextContent(
      'Aguardando dados... Verifique se o consumidor Kafka e o banco de dados estão em execução.'
    );
  });

  it('says that it loads, until the first frame', () => {
    const { update } = showPanel({ frames: [], state: LoadingState.Loading });
    expect(screen.getByTestId(TEST_IDS.state('loading'))).toBeInTheDocument();
    update();
    expect(screen.getByTestId(TEST_IDS.pie)).toBeInTheDocument();
  });

  it.each([
    ['kept by the host', ORIGINAL_FRAMES()],
    ['cleared by the host', []],
  ])('keeps the last figures while a refresh loads (frames %s)', (_, frames) => {
    const { update } = showPanel();
    const drawn = slice('ENTREGUE');
    update({ frames, state: LoadingState.Loading });
    expect(slice('ENTREGUE')).toBe(drawn);
    // A refresh that then ends without rows is believed.
    update({ frames: [statusFrame([])] });
    expect(screen.getByTestId(TEST_IDS.state('empty'))).toBeInTheDocument();
  });

  it('says what failed, in the words of the data source', () => {
    const errors = [{ message: 'pq: relation "x" does not exist' }, { data: { message: 'timeout' } }];
    showPanel({ frames: [], state: LoadingState.Error, errors });
    const alert = screen.getByRole('alert');
    expect(alert).toHaveTextContent('pq: relation "x" does not exist');
    expect(alert).toHaveTextContent('timeout');
  });

  it('says how to learn more if the data source gave no reason', () => {
    showPanel({ frames: [], state: LoadingState.Error });
    expect(screen.getByRole('alert')).toHaveTextContent('query inspector');
  });

  it('keeps drawing what arrived beside a failed query, under a notice', () => {
    showPanel({ state: LoadingState.Error, errors: [{ message: 'B timed out' }] });
    expect(screen.getByTestId(TEST_IDS.errorBanner)).toHaveTextContent('B timed out');
    expect(screen.getByTestId(TEST_IDS.pie)).toBeInTheDocument();
  });

  it('shows a query to start from when it finds no status', () => {
    showPanel({
      frames: [statusFrame([['A', 1]]), statusFrame([['B', 1]])].map((frame) => ({
        ...frame,
        fields: frame.fields.slice(0, 1),
      })),
    });
    expect(
      screen.getByText(/SELECT status_atual AS status_rastreamento,\s+COUNT\(\*\) AS total_pacotes/)
    ).toBeInTheDocument();
  });
});

it.each([
  [344, 260],
  [184, 400],
  [60, 40],
  [1900, 900],
])('draws at %i x %i without complaint', (width, height) => {
  showPanel({ width, height });
  expect(screen.getByTestId(TEST_IDS.panel)).toBeInTheDocument();
});

it('draws forty statuses with long names', () => {
  const rows = Array.from(
    { length: 40 },
    (_, index) => [`STATUS DE UM NOME MUITO COMPRIDO ${index}`, index + 1] as const
  );
  showPanel({ frames: [statusFrame(rows)], width: 344 });
  expect(screen.getAllByRole('rowheader')).toHaveLength(40);
});
