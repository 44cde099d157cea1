import fc from 'fast-check';
import { type Slice, type SliceSet } from '../statuses/types';
import { optionsWith } from '../test/frames';
import { type TrackingOptions } from '../types';
import { type LegendLayout, layoutLegend, measureLegend } from './legendLayout';

const measure = (text: string) => text.length * 7;
const slice = (label: string, value: number): Slice => ({
  id: label,
  label,
  members: [label],
  value,
  valueText: String(value),
  percent: 12.3,
  color: '#08906A',
  textColor: '#000000',
  pattern: 'plain',
  hiddenFrom: { legend: false, tooltip: false },
});
function setOf(slices: Slice[]): SliceSet {
  const total = slices.reduce((sum, { value }) => sum + value, 0);
  return {
    role: { kind: 'wide', columns: [], frames: [] },
    slices,
    gather: () => slice('Outros', total),
    gathered: slices,
    othersName: 'Outros',
    total,
    totalDisplay: { text: String(total), numeric: total },
    columns: { status: 'status', value: 'total' },
  };
}

/** The layout of a legend of these slices. */
const layoutFor = (
  set: SliceSet,
  options: TrackingOptions,
  room: { width: number; height?: number }
): LegendLayout => layoutLegend(measureLegend(set, options, measure), options, room);

const SLICES = setOf([slice('ENTREGUE', 15), slice('AGUARDANDO RETIRADA', 1)]);
const on = (placement: 'bottom' | 'right', mode: 'list' | 'table' = 'table') =>
  optionsWith({ legend: { placement, mode } });

describe('layoutLegend', () => {
  it('stands on the right as wide as its texts where there is room', () => {
    const { placement, width } = layoutFor(SLICES, on('right'), { width: 700 });
    expect(placement).toBe('right');
    expect(width).toBeGreaterThanOrEqual(measure('AGUARDANDO RETIRADA') + measure('15') + measure('12.3%'));
  });

  it('goes to the bottom of a narrow panel, unless a low one leaves the pie more room beside it', () => {
    expect(layoutFor(SLICES, on('right'), { width: 200 }).placement).toBe('bottom');
    expect(layoutFor(SLICES, on('right'), { width: 300, height: 500 }).placement).toBe('bottom');
    expect(layoutFor(SLICES, on('right'), { width: 340, height: 120 }).placement).toBe('right');
  });

  it('below the pie, stacks numbers under names as soon as a word has no room beside them', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,15}$/), { minLength: 1, maxLength: 4 });
    const rows = fc.array(fc.tuple(words, fc.integer({ min: 0, max: 1e6 })), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        rows,
        fc.integer({ min: 100, max: 500 }),
        fc.constantFrom('list', 'table'),
        (given, width, mode) => {
          const set = setOf(given.map(([name, value]) => slice(name.join(' '), value)));
          const { isStacked = false, numberWidths } = layoutFor(set, on('bottom', mode as 'list'), { width });
          // Icon, gaps and padding of a row.
          const room = width - numberWidths.reduce((sum, one) => sum + one, 0) - 36;
          const longest = Math.max(...given.flatMap(([name]) => name.map(measure)));
          const names = Math.max(...set.slices.map(({ label }) => measure(label)));
          expect(isStacked).toBe(Math.max(longest, Math.min(names, 40)) > room);
        }
      )
    );
  });

  it('is as high as its rows', () => {
    const forty = Array.from({ length: 40 }, (_, index) => slice(`S${index}`, index));
    expect(layoutFor(setOf(forty), on('bottom'), { width: 300 }).height).toBe(40 * 24 + 8);
    // A list flows: several short items share a line.
    expect(layoutFor(setOf(forty), on('bottom', 'list'), { width: 1200 }).height).toBeLessThan(10 * 24);
  });

  it('gives a name two lines where one is too short for it', () => {
    const { placement, height } = layoutFor(SLICES, on('right'), { width: 420 });
    expect(placement).toBe('right');
    expect(height).toBe(24 + 40 + 8);
    expect(layoutFor(SLICES, on('right'), { width: 700 }).height).toBe(2 * 24 + 8);
  });

  it('keeps its width while counts change and their sum has as many digits', () => {
    const widthOf = (first: number, second: number) =>
      layoutFor(setOf([slice('ENTREGUE', first), slice('POSTADO', second)]), on('right'), { width: 700 })
        .width;
    expect(widthOf(99, 1)).toBe(widthOf(8, 150));
  });

  it('is as wide as the options say, within what numbers and pie need', () => {
    const wide = (width: number) =>
      layoutFor(SLICES, optionsWith({ legend: { placement: 'right', width } }), { width: 700 }).width;
    expect(wide(300)).toBe(300);
    expect(wide(10)).toBeGreaterThan(measure('16') + measure('100.0%') + 80);
    expect(wide(5000)).toBe(420);
  });

  it('makes room for a scrollbar where its rows are too many', () => {
    const forty = setOf(Array.from({ length: 40 }, (_, index) => slice(`S${index}`, index)));
    const widthIn = (height: number) => layoutFor(forty, on('right'), { width: 700, height }).width ?? 0;
    expect(widthIn(300) - widthIn(2000)).toBe(12);
  });

  it('leaves out what an override hides', () => {
    const hidden = { ...slice('ENTREGUE', 15), hiddenFrom: { legend: true, tooltip: false } };
    expect(layoutFor(setOf([hidden, slice('X', 1)]), on('bottom'), { width: 300 }).height).toBe(24 + 8);
  });

  it('always leaves the numbers their whole width', () => {
    const slices = fc.array(fc.record({ label: fc.string(), value: fc.integer() }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(slices, fc.integer({ min: 100, max: 2000 }), (rows, room) => {
        const given = rows.map(({ label, value }) => slice(label, value));
        const layout = layoutFor(setOf(given), on('right'), { width: room });
        if (layout.placement === 'right') {
          const numbers = Math.max(...given.map(({ valueText }) => measure(valueText))) + measure('12.3%');
          expect(layout.width).toBeGreaterThan(numbers);
          expect(layout.width).toBeLessThanOrEqual(room * 0.6);
        }
      })
    );
  });
});
