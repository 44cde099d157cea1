import fc from 'fast-check';
import { type Slice } from '../data/slices';
import { optionsWith } from '../test/frames';
import { layoutLegend } from './legendLayout';

const measure = (text: string) => text.length * 7;
const slice = (label: string, value: number): Slice => ({
  id: label,
  label,
  value,
  valueText: String(value),
  percent: 12.3,
  colour: '#08906A',
  textColour: '#000000',
});
const SLICES = [slice('ENTREGUE', 15), slice('AGUARDANDO RETIRADA', 1)];
const on = (placement: 'bottom' | 'right', mode: 'list' | 'table' = 'table') =>
  optionsWith({ legend: { placement, mode } });

describe('layoutLegend', () => {
  it('stands on the right as wide as its texts where there is room', () => {
    const { placement, width } = layoutLegend(SLICES, on('right'), measure, { width: 700 });
    expect(placement).toBe('right');
    expect(width).toBeGreaterThanOrEqual(measure('AGUARDANDO RETIRADA') + measure('15') + measure('12.3%'));
  });

  it('goes to the bottom of a narrow panel, unless a low one leaves the pie more room beside it', () => {
    expect(layoutLegend(SLICES, on('right'), measure, { width: 200 }).placement).toBe('bottom');
    expect(layoutLegend(SLICES, on('right'), measure, { width: 300, height: 500 }).placement).toBe('bottom');
    expect(layoutLegend(SLICES, on('right'), measure, { width: 340, height: 120 }).placement).toBe('right');
  });

  it('is as high as its rows', () => {
    const forty = Array.from({ length: 40 }, (_, index) => slice(`S${index}`, index));
    expect(layoutLegend(forty, on('bottom'), measure, { width: 300 }).height).toBe(40 * 24 + 8);
    // A list flows: several short items share a line.
    expect(layoutLegend(forty, on('bottom', 'list'), measure, { width: 1200 }).height).toBeLessThan(10 * 24);
  });

  it('always leaves the numbers their whole width', () => {
    const slices = fc.array(fc.record({ label: fc.string(), value: fc.integer() }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(slices, fc.integer({ min: 100, max: 2000 }), (rows, room) => {
        const given = rows.map(({ label, value }) => slice(label, value));
        const layout = layoutLegend(given, on('right'), measure, { width: room });
        if (layout.placement === 'right') {
          const numbers = Math.max(...given.map(({ valueText }) => measure(valueText))) + measure('12.3%');
          expect(layout.width).toBeGreaterThan(numbers);
          expect(layout.width).toBeLessThanOrEqual(room * 0.6);
        }
      })
    );
  });
});
