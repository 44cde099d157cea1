import { type DataFrame, LoadingState, toDataFrame } from '@grafana/data';
import { act, screen } from '@testing-library/react';
import { TEST_IDS } from '../constants';
import { fillRegistries } from '../test/editors';
import { kpiFrame, optionsWith, ORIGINAL, ORIGINAL_FRAMES, statusFrame } from '../test/frames';
import { type GivenPanel, showPanel } from '../test/panel';
import { provideServices } from '../test/services';
import { DEFAULT_OPTIONS } from '../types';

beforeAll(fillRegistries);
beforeEach(() => {
  provideServices();
  jest.useFakeTimers();
});
afterEach(() => jest.useRealTimers());

const CARDS_ONLY = optionsWith({ show: { pie: false, table: false } });
const FAILED: GivenPanel = { frames: [], state: LoadingState.Error, errors: [{ message: 'ECONNREFUSED' }] };
const EMPTY_TEXT = DEFAULT_OPTIONS.titles.empty;

const state = () =>
  ['loading', 'empty', 'error'].filter((kind) => screen.queryByTestId(TEST_IDS.state(kind)) !== null).join();
const badge = () => screen.queryByTestId(TEST_IDS.staleBadge);
const cards = () => screen.queryByTestId(TEST_IDS.cards);

describe.each<[string, NonNullable<GivenPanel['options']>, () => DataFrame[], DataFrame]>([
  ['all parts', optionsWith(), ORIGINAL_FRAMES, statusFrame([])],
  ['cards alone', CARDS_ONLY, () => [kpiFrame({ n: 5, n_aviso: 1 })], { ...kpiFrame({}), length: 0 }],
])('%s', (_, options, frames, noRows) => {
  it.each<[string, GivenPanel]>([
    ['loading', { frames: [], state: LoadingState.Loading }],
    ['loading', { frames: [], state: LoadingState.NotStarted }],
    ['empty', { frames: [] }],
    ['empty', { frames: [noRows] }],
    ['empty', { frames: [toDataFrame({ refId: 'A', fields: [] })] }],
    ['error', FAILED],
    ['error', { ...FAILED, frames: [noRows] }],
  ])('looks %s, and no other way', (kind, given) => {
    const { container } = showPanel({ ...given, options });
    expect(state()).toBe(kind);
    expect(cards()).not.toBeInTheDocument();
    expect(container.innerHTML).not.toMatch(/success|green/i);
  });

  it('says that the data source did not answer, and what it said', () => {
    showPanel({ ...FAILED, options });
    expect(screen.getByRole('alert')).toHaveTextContent('The data source did not answer the query');
    expect(screen.getByRole('alert')).toHaveTextContent('ECONNREFUSED');
  });

  it('keeps its figures while a refresh runs, and with their age when it fails', () => {
    const { update } = showPanel({ frames: frames(), options });
    const drawn = cards();
    update({ frames: [], state: LoadingState.Loading, options });
    expect(cards()).toBe(drawn);
    expect(badge()).not.toBeInTheDocument();
    act(() => jest.advanceTimersByTime(65_000));
    update({ ...FAILED, options });
    act(() => jest.advanceTimersByTime(1_000));
    expect(cards()).toBe(drawn);
    expect(badge()).toHaveTextContent('1 min');
    expect(state()).toBe('');
    expect(screen.getByTestId(TEST_IDS.errorBanner)).toHaveTextContent('ECONNREFUSED');
    update({ frames: frames(), options });
    expect(badge()).not.toBeInTheDocument();
  });
});

const NONE = statusFrame([]);

describe('one of several queries without rows', () => {
  it.each([
    ['with its columns', statusFrame([])],
    ['without any, as Grafana gives it', toDataFrame({ refId: 'A', fields: [] })],
  ])('%s, hides no figure that arrived: the statuses have their text in their own place', (_, none) => {
    showPanel({ frames: [none, kpiFrame({ total_pacotes: 29, erros: 0 })] });
    expect(cards()).toHaveTextContent('29');
    expect(cards()).toHaveTextContent('erros0');
    expect(screen.getAllByText(EMPTY_TEXT)).toHaveLength(1);
    expect(screen.queryByTestId(TEST_IDS.pie)).not.toBeInTheDocument();
  });

  it('stands in the place of the table where there is no pie', () => {
    showPanel({ frames: [NONE, kpiFrame({ n: 5 })], options: optionsWith({ show: { pie: false } }) });
    expect(cards()).toHaveTextContent('n5');
    expect(screen.getAllByText(EMPTY_TEXT)).toHaveLength(1);
  });

  it.each([NONE, toDataFrame({ refId: 'A', fields: [] })])(
    'is all that is said while the figures say nothing either',
    (none) => {
      showPanel({ frames: [none, kpiFrame({ tempo_medio_segundos: null, total_pacotes: 0 })] });
      expect(cards()).not.toBeInTheDocument();
      expect(screen.getAllByText(EMPTY_TEXT)).toHaveLength(1);
    }
  );

  it('is nothing to cards alone: 0 is a figure, NULL is said', () => {
    showPanel({ frames: [NONE, kpiFrame({ n: 0, m: null })], options: CARDS_ONLY });
    expect(cards()).toHaveTextContent('n0msem dados');
    expect(screen.queryByText(EMPTY_TEXT)).not.toBeInTheDocument();
  });

  it('makes no total of 0', () => {
    showPanel({ frames: [NONE, kpiFrame({ n: 5 })] });
    expect(screen.queryByTestId(TEST_IDS.card('total'))).not.toBeInTheDocument();
    showPanel({ frames: [statusFrame(ORIGINAL), kpiFrame({ n: 5 })] });
    expect(screen.getByTestId(TEST_IDS.card('total'))).toBeInTheDocument();
  });

  it('may be the one of the figures', () => {
    showPanel({ frames: [statusFrame(ORIGINAL), { ...kpiFrame({}), length: 0 }] });
    expect(screen.getByTestId(TEST_IDS.pie)).toBeInTheDocument();
    expect(state()).toBe('');
  });
});
