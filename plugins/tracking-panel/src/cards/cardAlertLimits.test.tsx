import { type FieldConfigSource, type DataFrame } from '@grafana/data';
import { screen } from '@testing-library/react';
import { type CardOptions } from './types';
import { TEST_IDS } from '../constants';
import { fillRegistries } from '../test/editors';
import { kpiFrame, optionsWith, statusFrame, ORIGINAL, THEME } from '../test/frames';
import { showPanel } from '../test/panel';
import { DEFAULT_OPTIONS } from '../types';

beforeAll(fillRegistries);

/** Hexadecimal colors as jsdom writes them in styles. */
const rgb = (hex: string) => {
  const element = document.createElement('i');
  element.style.color = hex;
  return element.style.color;
};
const { success, warning, error, text } = THEME.colors;

function show(frames: DataFrame[], fieldConfig?: FieldConfigSource, cards: Partial<CardOptions> = {}) {
  const options = optionsWith({
    show: { pie: false, table: false },
    cards: { ...DEFAULT_OPTIONS.cards, ...cards },
  });
  return showPanel({ frames, fieldConfig, options });
}
const card = (name: string) => screen.getByTestId(TEST_IDS.card(`B/${name}`));
const valueColor = (value: string) =>
  screen.getByText(value).closest<HTMLElement>('[style*="font-size"]')?.style.color;
const ids = () =>
  [...screen.getByTestId(TEST_IDS.cards).children].map((element) => element.getAttribute('data-testid'));
const override = (properties: Record<string, unknown>, defaults: FieldConfigSource['defaults'] = {}) => ({
  defaults,
  overrides: [
    {
      matcher: { id: 'byName', options: 'n' },
      properties: Object.entries(properties).map(([id, value]) => ({ id, value })),
    },
  ],
});
const THRESHOLDS = {
  mode: 'absolute',
  steps: [
    { color: 'blue', value: Number.NEGATIVE_INFINITY },
    { color: 'purple', value: 3 },
  ],
} as FieldConfigSource['defaults']['thresholds'];
const HIGHER = override({ 'custom.betterIs': 'higher' });

describe('limits beside a value', () => {
  it.each([
    [{ n: 0 }, undefined, success.text],
    [{ n: 1 }, undefined, warning.text],
    [{ n: 5 }, undefined, error.text],
    [{ n: 6 }, HIGHER, success.text],
    [{ n: 5 }, HIGHER, error.text],
  ])('color the card of %j', (value, fieldConfig, color) => {
    show([kpiFrame({ ...value, n_aviso: 1, n_critico: 5 })], fieldConfig);
    expect(valueColor(String(value.n))).toBe(rgb(color));
    expect(ids()).toEqual([TEST_IDS.card('B/n')]);
  });

  it('have English names too, in any case, and one of them is enough', () => {
    show([kpiFrame({ n: 3, N_WARNING: 2, m: 3, m_critical: 3 })]);
    expect([card('n').dataset.level, card('m').dataset.level]).toEqual(['warning', 'critical']);
  });

  it('paint the background', () => {
    show([kpiFrame({ n: 5, n_critico: 5 })], undefined, { colour: 'background' });
    expect(card('n').querySelector<HTMLElement>('[style*="background"]')?.style.background).toBe(
      rgb(error.main)
    );
  });

  it('paint no background of a card without them that nobody gave a color', () => {
    const text: FieldConfigSource = {
      defaults: { color: { mode: 'fixed', fixedColor: 'text' } as never },
      overrides: [],
    };
    show([kpiFrame({ n: 0, n_critico: 5, m: 7 })], text, { colour: 'background' });
    const backgroundOf = (name: string) =>
      card(name).querySelector<HTMLElement>('[style*="padding-top"]')?.style.background;
    expect([backgroundOf('n'), backgroundOf('m')]).toEqual([rgb(success.main), '']);
    expect(card('m').innerHTML).not.toMatch(/background(-color)?: ?(rgb|#)/);
  });

  it('are cards of their own where there is no value that they could limit', () => {
    show([kpiFrame({ outro: 1, n_aviso: 2 })]);
    expect(ids()).toEqual([TEST_IDS.card('B/outro'), TEST_IDS.card('B/n_aviso')]);
  });

  it.each([
    [{ n: 5 }, undefined, '!!', 'Critical (warning at 1 or more, critical at 5 or more)'],
    [{ n: 1 }, undefined, '!', 'Warning (warning at 1 or more, critical at 5 or more)'],
    [{ n: 0 }, undefined, '', 'Within its limits (warning at 1 or more, critical at 5 or more)'],
    [{ n: 1 }, HIGHER, '!!', 'Critical (warning at 1 or less, critical at 5 or less)'],
  ])('are named with the card of %j', (value, fieldConfig, mark, words) => {
    show([kpiFrame({ ...value, n_aviso: 1, n_critico: 5 })], fieldConfig);
    expect(screen.getByTitle(words)).toHaveTextContent(`n${value.n}${words}${mark}`);
    expect(screen.queryByText(mark || '!')?.getAttribute('aria-hidden') ?? 'none').toBe(
      mark ? 'true' : 'none'
    );
  });

  it("are written in the field's unit", () => {
    show([kpiFrame({ n: 7200, n_aviso: 3600 })], { defaults: { unit: 's' }, overrides: [] });
    expect(screen.getByTitle('Warning (warning at 01:00:00 or more)')).toBeInTheDocument();
  });

  it('that are NULL limit nothing: nothing is green that nobody judged', () => {
    show([kpiFrame({ n: 7, n_aviso: null, n_critico: null })]);
    expect(card('n').dataset.level).toBeUndefined();
    expect(valueColor('7')).not.toBe(rgb(success.text));
  });

  it.each<[string, FieldConfigSource, string]>([
    ['a color', override({ color: { mode: 'fixed', fixedColor: '#123456' } }), '#123456'],
    [
      'thresholds',
      override({ color: { mode: 'thresholds' }, thresholds: THRESHOLDS }),
      THEME.visualization.getColorByName('purple'),
    ],
    [
      'a mapping',
      override({ mappings: [{ type: 'value', options: { 5: { text: '5', color: '#654321' } } }] }),
      '#654321',
    ],
  ])('give way to %s that an override sets', (_, fieldConfig, color) => {
    show([kpiFrame({ n: 5, n_aviso: 1 })], fieldConfig);
    expect(valueColor('5')).toBe(rgb(color));
  });

  it('win over thresholds of all fields', () => {
    show([kpiFrame({ n: 5, n_critico: 1, m: 5 })], {
      defaults: { color: { mode: 'thresholds' as never }, thresholds: THRESHOLDS },
      overrides: [],
    });
    expect([card('n').dataset.level, card('m').dataset.level]).toEqual(['critical', undefined]);
  });
});

describe('a value that nobody knows', () => {
  const GREEN = {
    defaults: {
      color: { mode: 'thresholds' as never },
      thresholds: { mode: 'absolute', steps: [{ color: 'green', value: Number.NEGATIVE_INFINITY }] } as never,
    },
    overrides: [],
  };

  it.each(['none', 'value', 'background'] as const)(
    'is grey and said, never green: color paints %s',
    (color) => {
      show([kpiFrame({ n: null, n_aviso: 1 })], GREEN, { colour: color });
      expect(valueColor('sem dados')).toBe(text.secondary.replaceAll(' ', '').replaceAll(',', ', '));
      expect(card('n').dataset.level).toBe('unknown');
      expect(card('n').innerHTML).not.toContain(rgb(THEME.visualization.getColorByName('green')));
    }
  );

  it("has the option's text, or the field's own", () => {
    const options = optionsWith({
      show: { pie: false, table: false },
      titles: { ...DEFAULT_OPTIONS.titles, unknown: 'N/A' },
    });
    showPanel({
      frames: [kpiFrame({ n: null, m: null })],
      options,
      fieldConfig: override({ noValue: 'nada' }),
    });
    expect([card('n').textContent, card('m').textContent]).toEqual(['nnada', 'mN/A']);
  });

  it('of statuses that came is another thing: 0 is 0', () => {
    show([statusFrame(ORIGINAL), kpiFrame({ n: 0, n_aviso: 1 })]);
    expect(card('n').dataset.level).toBe('ok');
  });
});
