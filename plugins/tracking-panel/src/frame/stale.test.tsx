import { type DataFrame, LoadingState } from '@grafana/data';
import { act, screen } from '@testing-library/react';
import { TEST_IDS } from '../constants';
import { setNumberLanguage } from '../shared/locale';
import { fillRegistries } from '../test/editors';
import { optionsWith, ORIGINAL, ORIGINAL_FRAMES, statusFrame } from '../test/frames';
import { type GivenPanel, showPanel } from '../test/panel';
import { provideServices } from '../test/services';

beforeAll(fillRegistries);
beforeEach(() => {
  provideServices();
  jest.useFakeTimers();
});
afterEach(() => {
  setNumberLanguage('en-US');
  jest.useRealTimers();
});

/** Lets time pass in steps: React arms the next timer only after each. */
function pass(seconds: number): void {
  for (let left = seconds; left > 0; left -= 1) {
    act(() => jest.advanceTimersByTime(1000));
  }
}
/** A computer that slept: the clock is ahead, the timers are not; the next one is at most a minute away. */
function sleep(seconds: number): void {
  jest.setSystemTime(Date.now() + seconds * 1000);
  pass(60);
}

const badge = () => screen.queryByTestId(TEST_IDS.staleBadge)?.textContent;
const FAILED: GivenPanel = { frames: [], state: LoadingState.Error, errors: [{ message: 'timeout' }] };
const AFTER_30 = optionsWith({ stale: { afterSeconds: 30 } });

describe('old data', () => {
  it('get no badge by age alone unless asked for', () => {
    showPanel();
    pass(1_000);
    expect(badge()).toBeUndefined();
  });

  it('get one when the time is over, that tells their age', () => {
    showPanel({ options: AFTER_30 });
    pass(29);
    expect(badge()).toBeUndefined();
    pass(1);
    expect(badge()).toBe('These data are old30 sec');
    pass(29);
    expect(badge()).toBe('These data are old59 sec');
    pass(90);
    expect(badge()).toBe('These data are old2 min');
    sleep(7_200);
    expect(badge()).toBe('These data are old2 hr');
  });

  it("tell their age in the viewer's language", () => {
    setNumberLanguage('pt-BR');
    showPanel({ options: AFTER_30 });
    pass(180);
    expect(badge()).toContain('3 min');
    sleep(86_400);
    expect(badge()).toContain('1 dia');
  });

  it('are told once to screen readers, not at each change of their age', () => {
    showPanel({ options: AFTER_30 });
    const region = screen
      .getAllByRole('status')
      .find((element) => element.getAttribute('aria-live') === 'polite');
    expect(region).toBeEmptyDOMElement();
    pass(40);
    const spoken = [...(region?.querySelectorAll('span:not([aria-hidden])') ?? [])].map(
      ({ textContent }) => textContent
    );
    expect(spoken).toEqual(['These data are old']);
  });

  it('lose it when new data come', () => {
    const { update } = showPanel({ options: AFTER_30 });
    pass(40);
    update({ options: AFTER_30, frames: [statusFrame(ORIGINAL)] });
    expect(badge()).toBeUndefined();
    pass(30);
    expect(badge()).toBe('These data are old30 sec');
  });

  it('are not new because a theme or an override made new frames of them', () => {
    const frames = ORIGINAL_FRAMES();
    const { update } = showPanel({ options: AFTER_30, frames });
    pass(40);
    update({ options: AFTER_30, frames });
    expect(badge()).toBe('These data are old40 sec');
  });

  it('are new with every frame of a stream, which may change in place', () => {
    const frames = ORIGINAL_FRAMES();
    const { update } = showPanel({ options: AFTER_30, frames });
    pass(40);
    update({ options: AFTER_30, frames, state: LoadingState.Streaming });
    expect(badge()).toBeUndefined();
  });
});

describe('a query that fails after it once answered', () => {
  it.each<[string, (frames: DataFrame[]) => DataFrame[]]>([
    ['without frames', () => []],
    ['with the frames of before', (frames) => frames],
  ])('%s: leaves the old figures under the error, with their age', (_, framesOf) => {
    const frames = ORIGINAL_FRAMES();
    const { update } = showPanel({ frames });
    const drawn = screen.getByTestId(TEST_IDS.slice('ENTREGUE'));
    pass(65);
    update({ ...FAILED, frames: framesOf(frames) });
    expect(screen.getByTestId(TEST_IDS.slice('ENTREGUE'))).toBe(drawn);
    expect(screen.getByTestId(TEST_IDS.errorBanner)).toHaveTextContent('timeout');
    pass(1);
    expect(badge()).toBe('These data are old1 min');
  });

  it('is over when it answers again', () => {
    const { update } = showPanel();
    update(FAILED);
    expect(badge()).toBeDefined();
    update({});
    expect(badge()).toBeUndefined();
    expect(screen.queryByTestId(TEST_IDS.errorBanner)).not.toBeInTheDocument();
  });

  it('is no reason for a badge on what another query has just brought', () => {
    const { update } = showPanel();
    pass(60);
    update({ ...FAILED, frames: [statusFrame(ORIGINAL)] });
    expect(badge()).toBeUndefined();
    expect(screen.getByTestId(TEST_IDS.errorBanner)).toBeInTheDocument();
  });

  it('shows the error alone if there was no answer before', () => {
    showPanel(FAILED);
    expect(badge()).toBeUndefined();
    expect(screen.getByTestId(TEST_IDS.state('error'))).toBeInTheDocument();
  });
});

it('a refresh every second moves nothing and replaces no element', () => {
  const { update } = showPanel();
  const elements = () => [...screen.getByTestId(TEST_IDS.panel).querySelectorAll('*')];
  const before = elements();
  for (const count of [16, 17, 18]) {
    update({ state: LoadingState.Loading, frames: [] });
    update({
      frames: [statusFrame([['ENTREGUE', count], ...ORIGINAL.slice(1)]), ...ORIGINAL_FRAMES().slice(1)],
    });
    pass(1);
  }
  expect(screen.getByTestId(TEST_IDS.legendValue('ENTREGUE'))).toHaveTextContent('18');
  expect(elements().filter((element) => !before.includes(element))).toEqual([]);
  expect(elements()).toHaveLength(before.length);
});
