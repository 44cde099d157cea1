import fc from 'fast-check';
import { type Box, computeLayout, type LayoutInput } from './layout';

const input = (changes: Partial<LayoutInput> = {}): LayoutInput => ({
  width: 1100,
  height: 600,
  showPie: true,
  cardCount: 2,
  cardHeight: 112,
  tableHeight: 250,
  pieExtra: () => 42,
  ...changes,
});

const boxes = (of: LayoutInput): Box[] => {
  const { pie, cards, table } = computeLayout(of);
  return [pie, cards, table].filter((box) => box !== undefined);
};

const overlap = (a: Box, b: Box) =>
  a.left < b.left + b.width &&
  b.left < a.left + a.width &&
  a.top < b.top + b.height &&
  b.top < a.top + a.height;

describe('computeLayout', () => {
  it("puts the pie left, the cards right and the table below, as on the original's page", () => {
    const { pie, cards, table, height } = computeLayout(input());
    expect(height).toBe(600);
    expect(cards?.left).toBeGreaterThan((pie?.left ?? 0) + (pie?.width ?? 0));
    expect(cards?.top).toBe(pie?.top);
    expect(table).toEqual({ left: 0, top: 350, width: 1100, height: 250 });
  });

  it('stacks the parts in a narrow panel and lets it scroll', () => {
    const { pie, cards, table, height, mode } = computeLayout(input({ width: 344, height: 300 }));
    expect(mode).toBe('stacked');
    expect([pie?.left, cards?.left, table?.left]).toEqual([0, 0, 0]);
    expect(height).toBeGreaterThan(300);
  });

  it('gives a part that is alone the whole panel', () => {
    const alone = { left: 0, top: 0, width: 1100, height: 600 };
    expect(boxes(input({ cardCount: 0, tableHeight: 0 }))).toEqual([alone]);
    expect(boxes(input({ cardCount: 0, showPie: false }))).toEqual([alone]);
    expect(boxes(input({ showPie: false, tableHeight: 0 }))).toEqual([alone]);
  });

  it('never lets parts overlap, leave the panel sideways or lose their least size', () => {
    const anyInput = fc.record({
      width: fc.integer({ min: 120, max: 3000 }),
      height: fc.integer({ min: 60, max: 2000 }),
      showPie: fc.boolean(),
      cardCount: fc.integer({ min: 0, max: 12 }),
      cardHeight: fc.integer({ min: 88, max: 130 }),
      tableHeight: fc.oneof(fc.constant(0), fc.integer({ min: 60, max: 4000 })),
      pieExtra: fc.nat({ max: 400 }).map((extra) => () => extra),
    });
    fc.assert(
      fc.property(anyInput, (given) => {
        const layout = computeLayout(given);
        const all = boxes(given);
        expect(all).toHaveLength(
          [given.showPie, given.cardCount > 0, given.tableHeight > 0].filter(Boolean).length
        );
        all.forEach((box, index) => {
          expect(box.left).toBeGreaterThanOrEqual(0);
          expect(box.left + box.width).toBeLessThanOrEqual(given.width);
          expect(box.top + box.height).toBeLessThanOrEqual(layout.height);
          expect(Math.min(box.width, box.height)).toBeGreaterThan(0);
          all.slice(index + 1).forEach((other) => expect(overlap(box, other)).toBe(false));
        });
        if (layout.cards) {
          const rows = Math.ceil(given.cardCount / layout.cardColumns);
          // One row of cards and nothing else makes do with what there is.
          const alone = rows === 1 && !given.showPie && given.tableHeight === 0;
          expect(layout.cards.height).toBeGreaterThanOrEqual(alone ? given.height : rows * given.cardHeight);
        }
      })
    );
  });
});
