import { buildModel } from '../frame/model';
import { fillRegistries } from '../test/editors';
import { optionsWith, ORIGINAL, statusFrame, THEME, withOverrides } from '../test/frames';
import { layoutPie } from './pieLayout';

beforeAll(fillRegistries);

type Rows = Parameters<typeof statusFrame>[0];

const measureAt = (text: string, size: number) => (text.length * size) / 2;

function layout(
  rows: Rows,
  changes: Parameters<typeof optionsWith>[0] = {},
  size = { width: 600, height: 300 },
  measure = measureAt
) {
  const options = optionsWith(changes);
  const model = buildModel(withOverrides([statusFrame(rows)]), options, THEME);
  if (model.kind !== 'ready' || !model.statuses) {
    throw new Error('expected statuses');
  }
  return layoutPie(model.statuses, options, size, measure);
}

describe('layoutPie', () => {
  it('draws what counts and nothing else', () => {
    const { drawn } = layout([
      ['A', 3],
      ['B', 0],
      ['C', -1],
      ['D', null],
      ['E', 1],
    ]);
    expect(drawn.map(({ slice }) => slice.id)).toEqual(['A', 'E']);
  });

  it('draws a slice of one in a million as that', () => {
    const { drawn } = layout([
      ['A', 1e6],
      ['B', 1],
    ]);
    const tiny = drawn[1]?.arc ?? { start: 0, end: 0 };
    expect((tiny.end - tiny.start) / (2 * Math.PI)).toBeCloseTo(1 / 1_000_001, 12);
  });

  it('leaves room for labels outside, by the total and not by the counts at hand', () => {
    const outside = {
      pie: { labelPlacement: 'outside' as const, labels: ['value' as const, 'percent' as const] },
    };
    expect(layout(ORIGINAL, outside).outer).toBeLessThan(layout(ORIGINAL).outer);
    expect(
      layout(
        [
          ['A', 99],
          ['B', 1],
        ],
        outside
      ).outer
    ).toBe(
      layout(
        [
          ['A', 8],
          ['B', 150],
        ],
        outside
      ).outer
    );
  });

  it('measures few texts, however many statuses there are', () => {
    const rows = Array.from({ length: 10_000 }, (_, index) => [`STATUS ${index}`, 1 + (index % 97)] as const);
    const measure = jest.fn(measureAt);
    const { drawn } = layout(
      rows,
      { pie: { labelPlacement: 'auto' } },
      { width: 1900, height: 1000 },
      measure
    );
    expect(drawn).toHaveLength(101);
    expect(measure.mock.calls.length).toBeLessThan(500);
  });
});
