import { type DataFrame, LoadingState } from '@grafana/data';
import { act, fireEvent, screen } from '@testing-library/react';
import axe from 'axe-core';
import { TEST_IDS } from './constants';
import { axeOptions, describeViolations } from './test/axe';
import { fillRegistries } from './test/editors';
import { kpiFrame, optionsWith, ORIGINAL, ORIGINAL_FRAMES, statusFrame } from './test/frames';
import { type GivenPanel, showPanel } from './test/panel';
import { provideServices } from './test/services';

beforeAll(fillRegistries);
beforeEach(() => provideServices());

async function violations(element: Element): Promise<string[]> {
  let found: string[] = [];
  // The panel's clock may tick meanwhile.
  await act(async () => {
    found = describeViolations(await axe.run(element, axeOptions({ judgesColors: false })));
  });
  return found;
}

const links = [
  { title: 'Detalhe', url: '/d/pacotes' },
  { title: 'Mapa', url: '/d/mapa' },
];
/** Enough to see each kind of element; axe takes its time for each of them. */
const FEW = () => [statusFrame(ORIGINAL.slice(0, 3)), ...ORIGINAL_FRAMES().slice(1)];
const textOnly = (): DataFrame => {
  const frame = statusFrame([
    ['A', 1],
    ['B', 1],
  ]);
  return { ...frame, fields: frame.fields.slice(0, 1) };
};

const STATES: Array<[string, GivenPanel]> = [
  ['everything', {}],
  [
    'a donut with a list below',
    { options: optionsWith({ pie: { type: 'donut' }, legend: { mode: 'list' } }) },
  ],
  ['a narrow panel', { width: 200 }],
  ['no table', { options: optionsWith({ show: { table: false } }) }],
  ['no pie', { options: optionsWith({ show: { pie: false } }) }],
  ['no legend', { options: optionsWith({ legend: { show: false } }) }],
  ['no titles', { options: optionsWith({ titles: { pieHeading: '', pie: '', table: '' } }) }],
  ['cards alone', { frames: [kpiFrame({ rejeitados: 3 })] }],
  ['cards with limits', { frames: [kpiFrame({ n: 3, n_aviso: 1, m: null })] }],
  ['cards with a link', { frames: [kpiFrame({ n: 3, n_aviso: 1 }, { links: links.slice(0, 1) })] }],
  ['cards with links', { frames: [kpiFrame({ n: 3, n_anterior: 2 }, { links })] }],
  ['one status', { frames: [statusFrame([['ENTREGUE', 1]])] }],
  [
    'a status without a name',
    {
      frames: [
        statusFrame([
          [null, 2],
          ['ENTREGUE', 1],
        ]),
      ],
    },
  ],
  [
    'many statuses',
    { frames: [statusFrame(Array.from({ length: 12 }, (_, i) => [`STATUS ${i}`, i] as const))] },
  ],
  ['selecting switched off', { options: optionsWith({ selection: { enabled: false } }) }],
  ['data links', { frames: [statusFrame(ORIGINAL.slice(0, 3), { statusConfig: { links } })] }],
  [
    'data links without selecting',
    {
      frames: [statusFrame(ORIGINAL.slice(0, 3), { statusConfig: { links } })],
      options: optionsWith({ selection: { enabled: false } }),
    },
  ],
  ['a failed query beside data', { state: LoadingState.Error, errors: [{ message: 'B timed out' }] }],
  ['a failed query', { frames: [], state: LoadingState.Error, errors: [{ message: 'timeout' }] }],
  ['loading', { frames: [], state: LoadingState.Loading }],
  ['empty', { frames: [] }],
  ['unusable', { frames: [textOnly(), textOnly()] }],
];

describe('axe finds nothing', () => {
  it.each(STATES)('in the state "%s"', async (_, given) => {
    const { container } = showPanel({ frames: FEW(), ...given });
    expect(await violations(container)).toEqual([]);
  });

  it('while something is selected, focused and explained by a tooltip', async () => {
    showPanel({ frames: FEW() });
    fireEvent.click(screen.getByTestId(TEST_IDS.slice('ENTREGUE')));
    act(() => screen.getByTestId(TEST_IDS.slice('EXTRAVIADO')).focus());
    expect(screen.getByTestId(TEST_IDS.tooltip)).toBeInTheDocument();
    expect(await violations(screen.getByTestId(TEST_IDS.panel))).toEqual([]);
  });

  it('while the menu of links is open', async () => {
    showPanel({ frames: [statusFrame(ORIGINAL.slice(0, 3), { statusConfig: { links } })] });
    fireEvent.contextMenu(screen.getByTestId(TEST_IDS.slice('ENTREGUE')), { clientX: 5, clientY: 5 });
    expect(await violations(screen.getByRole('menu'))).toEqual([]);
  });

  it('while old data are shown for a query that failed', async () => {
    const { update } = showPanel({ frames: FEW() });
    update({ frames: [], state: LoadingState.Error, errors: [{ message: 'timeout' }] });
    expect(screen.getByTestId(TEST_IDS.staleBadge)).toBeInTheDocument();
    expect(await violations(screen.getByTestId(TEST_IDS.panel))).toEqual([]);
  });

  it('but does find what is wrong', async () => {
    const { container } = showPanel({ frames: FEW() });
    screen.getByTestId(TEST_IDS.pie).setAttribute('role', 'list');
    expect((await violations(container)).join()).toContain('aria-required-parent');
  });
});

describe('the table for screen readers', () => {
  it('stands in for a visible one, with the same figures', () => {
    showPanel({ options: optionsWith({ show: { table: false } }) });
    const rows = screen.getAllByRole('row').map(({ textContent }) => textContent);
    expect(screen.getByRole('table', { name: 'Dados de Status' })).toBeInTheDocument();
    expect(rows).toContain('status_rastreamentototal_pacotesShare');
    expect(rows).toContain('ENTREGUE1551.7%');
  });

  it('is not there beside a visible one, nor without statuses', () => {
    const { update } = showPanel();
    expect(screen.queryByTestId(TEST_IDS.hiddenTable)).not.toBeInTheDocument();
    update({ frames: [kpiFrame({ rejeitados: 3 })] });
    expect(screen.queryByTestId(TEST_IDS.hiddenTable)).not.toBeInTheDocument();
  });

  it('has every status, also those that the pie does not draw', () => {
    showPanel({
      frames: [statusFrame([...ORIGINAL, ['POSTADO', 0]]), ...ORIGINAL_FRAMES().slice(1)],
      options: optionsWith({ show: { table: false }, legend: { show: false } }),
    });
    expect(screen.getByRole('rowheader', { name: 'POSTADO' })).toBeInTheDocument();
  });
});
