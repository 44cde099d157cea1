import { type DataFrame, type FieldConfigSource, FieldType, toDataFrame } from '@grafana/data';
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import React from 'react';
import { type CardOptions } from './types';
import { TEST_IDS } from '../constants';
import { fillRegistries } from '../test/editors';
import { kpiFrame, optionsWith, ORIGINAL, ORIGINAL_FRAMES, statusFrame, withOverrides } from '../test/frames';
import { panelProps } from '../test/props';
import { DEFAULT_OPTIONS } from '../types';
import { TrackingPanel } from '../frame/TrackingPanel';

beforeAll(fillRegistries);

interface Given {
  fieldConfig?: FieldConfigSource;
  width?: number;
  height?: number;
}

function show(frames: DataFrame[], cards: Partial<CardOptions> = {}, { fieldConfig, ...size }: Given = {}) {
  const options = optionsWith({
    show: { pie: false, table: false },
    cards: { ...DEFAULT_OPTIONS.cards, ...cards },
  });
  return render(<TrackingPanel {...panelProps(withOverrides(frames, fieldConfig), { options, ...size })} />);
}

const custom = (properties: Record<string, unknown>): FieldConfigSource => ({
  defaults: { custom: properties },
  overrides: [],
});
const changes = () => screen.getAllByRole('listitem').map(({ textContent }) => textContent);
/** The element that BigValue gives its style, around the text. */
const valueBox = (text: string) => screen.getByText(text).closest<HTMLElement>('[style*="font-size"]')!;
const valueColor = (text: string) => valueBox(text).style.color;

describe('changes', () => {
  it.each([
    [{ n: 12, n_anterior: 10 }, 'higher', {}, '▲ +20.0% better than before'],
    [{ n: 12, n_anterior: 10 }, 'lower', {}, '▲ +20.0% worse than before'],
    [{ n: 8, n_anterior: 10 }, 'neither', {}, '▼ -20.0% vs. before'],
    [{ n: 8, n_meta: 10 }, 'lower', {}, '▼ -20.0% target met'],
    [{ n: 8, n_meta: 10 }, 'higher', {}, '▼ -20.0% target missed'],
    [{ n: 10, n_anterior: 10 }, 'lower', {}, 'Unchanged vs. before'],
    [{ n: 5, n_anterior: 0 }, 'lower', {}, '▲ +5 (from 0, no %) worse than before'],
    [{ n: 5, n_anterior: null }, 'lower', {}, ' Nothing to compare with before'],
    [{ n: null, n_meta: 5 }, 'lower', {}, ' Nothing to compare with the target'],
    [{ n: 12, n_anterior: 10 }, 'neither', { changeShown: 'value' }, '▲ +2 vs. before'],
    [
      { n: 12, n_anterior: 10 },
      'neither',
      { changeShown: 'both', changeDecimals: 0 },
      '▲ +20% (+2) vs. before',
    ],
  ] as const)('of %j, better is %s, %j: "%s"', (values, betterIs, options, text) => {
    show([kpiFrame(values)], options, { fieldConfig: custom({ betterIs }) });
    expect(changes()).toEqual([text]);
  });

  it('drop the second number on a narrow card, never the words', () => {
    const cards = { changeShown: 'both', changeDecimals: 0 } as const;
    show([kpiFrame({ n: 1_000_012, n_anterior: 10 })], cards, {
      fieldConfig: custom({ betterIs: 'lower' }),
      width: 184,
    });
    expect(changes()).toEqual(['▲ +10,000,020% worse than before']);
    expect(screen.getByRole('listitem')).toHaveAttribute(
      'title',
      '+10,000,020% (+1000002) worse than before (10)'
    );
  });

  it('of shares are in points', () => {
    const fieldConfig = { defaults: { unit: 'percent' }, overrides: [] };
    show([kpiFrame({ p: 93.4, p_anterior: 91 })], { changeShown: 'value' }, { fieldConfig });
    expect(changes()).toEqual(['▲ +2.4 pp vs. before']);
  });

  it('of a series count from its start', () => {
    const frame = toDataFrame({
      fields: [
        { name: 'time', type: FieldType.time, values: [1, 2] },
        { name: 'n', type: FieldType.number, values: [10, 11] },
      ],
    });
    show([frame], { compareWith: ['first'], sparkline: false });
    expect(changes()).toEqual(['▲ +10.0% since the start']);
  });
});

describe('look', () => {
  const red = {
    defaults: { color: { mode: 'fixed', fixedColor: '#ff0000' } },
    overrides: [],
  };
  const box = () => screen.getByText('n').parentElement?.parentElement?.parentElement;

  it('paints the value, the background or nothing', () => {
    const { unmount } = show([kpiFrame({ n: 7 })], { colour: 'value' }, { fieldConfig: red });
    expect(valueColor('7')).toBe('rgb(255, 0, 0)');
    expect(box()?.style.background).toBe('');
    unmount();
    const second = show([kpiFrame({ n: 7 })], { colour: 'background' }, { fieldConfig: red });
    expect(box()?.style.background).toBe('rgb(255, 0, 0)');
    second.unmount();
    show([kpiFrame({ n: 7 })], { colour: 'none' }, { fieldConfig: red });
    expect(valueColor('7')).not.toBe('rgb(255, 0, 0)');
    expect(box()?.style.background).toBe('');
  });

  it('takes the sizes that were set', () => {
    show([kpiFrame({ n: 7 })], { titleSize: 20, valueSize: 60 });
    expect(screen.getByText('n')).toHaveStyle({ fontSize: '20px' });
    expect(valueBox('7')).toHaveStyle({ fontSize: '60px' });
  });

  it('writes larger on a wall than on a phone', () => {
    const size = () => Number.parseFloat(valueBox('7').style.fontSize);
    const { unmount } = show([kpiFrame({ n: 7 })], {}, { width: 200, height: 200 });
    const phone = size();
    unmount();
    show([kpiFrame({ n: 7 })], {}, { width: 1900, height: 900 });
    expect(size()).toBeGreaterThan(2 * phone);
  });

  it.each([
    [180, 4],
    [500, 2],
    [600, 1],
  ])('least width %p: %p side by side', (minWidth, columns) => {
    show([kpiFrame({ a: 1, b: 2, c: 3, d: 4 })], { minWidth });
    expect(screen.getByTestId(TEST_IDS.cards).style.gridTemplateColumns).toContain(`repeat(${columns},`);
  });
});

it('draws a line under the value of a series', () => {
  const frame = toDataFrame({
    refId: 'S',
    fields: [
      { name: 'time', type: FieldType.time, values: [1, 2, 3] },
      { name: 'n', type: FieldType.number, values: [10, null, 11] },
    ],
  });
  show([frame]);
  expect(screen.getByTestId(TEST_IDS.card('S/n')).querySelector('.uplot')).toBeInTheDocument();
});

describe('what is missing', () => {
  it('is said over what can be drawn, with a query to copy', async () => {
    const options = optionsWith({ cards: { ...DEFAULT_OPTIONS.cards, fields: ['<x> & "y"'] } });
    render(<TrackingPanel {...panelProps(withOverrides(ORIGINAL_FRAMES()), { options })} />);
    const banner = screen.getByTestId(TEST_IDS.missing);
    expect(banner).toHaveTextContent(
      'There is no number <x> & "y"; there are: total_pacotes, tempo_medio_segundos.'
    );
    expect(screen.getByTestId(TEST_IDS.pie)).toBeInTheDocument();
    await act(async () => fireEvent.click(within(banner).getByRole('button', { name: 'Example query' })));
    expect(screen.getByText(/AS tempo_medio_segundos/)).toBeInTheDocument();
  });

  it('is said instead of cards', () => {
    show([kpiFrame({ nota: 'texto' })]);
    expect(screen.getByText(/needs a number/)).toBeInTheDocument();
    expect(screen.getByText(/AS tempo_medio_segundos/)).toBeInTheDocument();
  });
});

describe('time comparison', () => {
  const compared = (frame: DataFrame): DataFrame => ({
    ...frame,
    refId: `${frame.refId}-compare`,
    meta: { timeCompare: { diffMs: -86_400_000, isTimeShiftQuery: true } },
  });

  it('is what a figure is compared with, and no card of its own', () => {
    show([kpiFrame({ novos: 12 }), compared(kpiFrame({ novos: 10 }))]);
    expect(screen.getAllByTestId(/rastreio-tracking card /)).toHaveLength(1);
    expect(changes()).toEqual(['▲ +20.0% vs. before']);
  });

  it('is of the same query and the same labels', () => {
    const labelled = (refId: string, uf: string, value: number): DataFrame =>
      toDataFrame({
        refId,
        fields: [{ name: 'n', type: FieldType.number, values: [value], labels: { uf } }],
      });
    show([
      labelled('A', 'SP', 12),
      labelled('A', 'RJ', 6),
      kpiFrame({ n: 1 }, {}, 'B'),
      compared(labelled('A', 'RJ', 3)),
      compared(labelled('A', 'SP', 10)),
      compared(kpiFrame({ n: 2 }, {}, 'B')),
    ]);
    expect(changes()).toEqual(['▲ +20.0% vs. before', '▲ +100.0% vs. before', '▼ -50.0% vs. before']);
  });

  it('of statuses compares their sum and adds nothing to it', () => {
    const options = optionsWith({ show: { pie: true, table: true, cards: true } });
    const rows = [statusFrame(ORIGINAL), compared(statusFrame([['ENTREGUE', 20]]))];
    render(<TrackingPanel {...panelProps(withOverrides(rows), { options })} />);
    expect(screen.getByTestId(TEST_IDS.card('total'))).toHaveTextContent(/29.*\+45\.0% vs\. before/);
    expect(screen.getByTestId(TEST_IDS.table).querySelectorAll('tbody tr')).toHaveLength(ORIGINAL.length);
  });
});

describe('small panels', () => {
  it.each([20, 36, 52, 68])('show the value first, %d pixels high', (height) => {
    show([kpiFrame({ tempo_medio_segundos: 204_120 })], {}, { width: 270, height });
    const value = valueBox('2 dias, 08:42:00');
    expect(parseFloat(value.style.fontSize)).toBeGreaterThanOrEqual(12);
    expect(parseFloat(value.style.fontSize) * 1.2).toBeLessThanOrEqual(height);
    const card = screen.getByTestId(TEST_IDS.card('mean'));
    expect(card.querySelector('h3')).toBeNull();
    expect(card).toHaveTextContent('Média do Envio à Entrega');
  });

  it('show heading and changes again where there is room', () => {
    const compared = kpiFrame({ tempo_medio: 60, tempo_medio_anterior: 50 });
    const draw = (height: number) => {
      const { unmount } = show([compared], {}, { width: 270, height });
      const card = screen.getByTestId(TEST_IDS.card('mean'));
      const shown = [card.querySelector('h3') !== null, card.querySelector('li') !== null];
      unmount();
      return shown;
    };
    expect([60, 112, 160].map(draw)).toEqual([
      [false, false],
      [true, false],
      [true, true],
    ]);
  });

  it('put two cards side by side where a second row would be out of sight', () => {
    show([kpiFrame({ a: 1, b: 2 })], {}, { width: 270, height: 40 });
    expect(screen.getByTestId(TEST_IDS.cards).style.gridTemplateColumns).toBe('repeat(2, 127px)');
  });
});
