import fc from 'fast-check';
import { type LabelPlacement } from './types';
import { arcsOf } from './geometry';
import { type Label, type LabelInput, type LabelRoom, labelSize, pieRadius, placeLabels } from './labels';
import { crossesBox, crossesDisc, type Rect } from './shapes';

const LINE = 15;
const measure = (text: string) => Array.from(text).length * 7;

interface Given {
  width: number;
  height: number;
  values: number[];
  names: string[];
  parts: Array<'name' | 'value' | 'percent'>;
  placement: LabelPlacement;
  hole: number;
}

function inputsOf({ values, names, parts }: Given): LabelInput[] {
  return arcsOf(values).map((arc, index) => ({
    id: String(index),
    arc,
    value: values[index] ?? 0,
    texts: parts.map((part) =>
      part === 'name'
        ? { text: names[index % names.length] ?? '', isName: true }
        : { text: part === 'value' ? String(values[index]) : '12.3%', isName: false }
    ),
  }));
}

function roomOf({ width, height, placement, hole }: Given): LabelRoom {
  const outer = pieRadius(
    { width, height },
    placement === 'inside' ? undefined : { width: 80, height: 2 * LINE }
  );
  return { width, height, outer, inner: outer * hole, lineHeight: LINE, measure };
}

const place = (given: Given) => placeLabels(inputsOf(given), given.placement, roomOf(given));

const GIVEN: fc.Arbitrary<Given> = fc.record({
  width: fc.integer({ min: 0, max: 2000 }),
  height: fc.integer({ min: 0, max: 1200 }),
  values: fc.array(
    fc.oneof(
      fc.integer({ min: 0, max: 1000 }),
      fc.integer({ min: 1, max: 5 }),
      fc.double({ min: 0, noNaN: true })
    ),
    { maxLength: 60 }
  ),
  names: fc.array(fc.string({ minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 60 }),
  parts: fc.uniqueArray(fc.constantFrom('name', 'value', 'percent'), { maxLength: 3 }),
  placement: fc.constantFrom('inside', 'outside', 'auto'),
  hole: fc.constantFrom(0, 0.3, 0.58, 0.9),
});

/** Where a leader line would run through a neighbour's label if nobody looked. */
const CROWDED: Given = {
  width: 1990,
  height: 959,
  values: [3, 1.45e-192, 4, 1.9394056031887463e-165, 1.2414324904166244e-76, 2, 190],
  names: ['X'],
  parts: ['value', 'percent'],
  placement: 'outside',
  hole: 0.58,
};

const overlap = (a: Rect, b: Rect) =>
  a.left + a.width > b.left + 1e-6 &&
  b.left + b.width > a.left + 1e-6 &&
  a.top + a.height > b.top + 1e-6 &&
  b.top + b.height > a.top + 1e-6;

/** Smaller on all sides, so that rounding in the last digit does not count as touching. */
const shrunk = ({ left, top, width, height }: Rect): Rect => ({
  left: left + 1e-6,
  top: top + 1e-6,
  width: width - 2e-6,
  height: height - 2e-6,
});

const everyPair = (labels: Label[], check: (a: Label, b: Label) => void) =>
  labels.forEach((a, index) => labels.slice(index + 1).forEach((b) => check(a, b)));

describe('placeLabels', () => {
  it('never lets two labels overlap, whatever the sizes, counts and texts', () => {
    fc.assert(
      fc.property(GIVEN, (given) => {
        everyPair(place(given), (a, b) => expect([a, b, overlap(a.box, b.box)]).toEqual([a, b, false]));
      }),
      { numRuns: 1000 }
    );
  });

  it('keeps every label within the drawing', () => {
    fc.assert(
      fc.property(GIVEN, (given) => {
        for (const { box } of place(given)) {
          expect(box.left).toBeGreaterThanOrEqual(-given.width / 2 - 1e-6);
          expect(box.left + box.width).toBeLessThanOrEqual(given.width / 2 + 1e-6);
          expect(box.top).toBeGreaterThanOrEqual(-given.height / 2 - 1e-6);
          expect(box.top + box.height).toBeLessThanOrEqual(given.height / 2 + 1e-6);
        }
      }),
      { numRuns: 1000 }
    );
  });

  it('draws leader lines over neither labels nor the pie, and outside labels beside the pie', () => {
    fc.assert(
      fc.property(GIVEN, (given) => {
        const { outer } = roomOf(given);
        const labels = place(given);
        for (const { leader, box } of labels) {
          leader?.forEach((segment) => {
            expect(crossesDisc(segment, outer - 1)).toBe(false);
            labels.forEach((other) => expect(crossesBox(segment, shrunk(other.box))).toBe(false));
          });
          if (leader) {
            const nearest = Math.hypot(
              Math.max(0, box.left, -(box.left + box.width)),
              Math.max(0, box.top, -(box.top + box.height))
            );
            expect(nearest).toBeGreaterThan(outer);
          }
        }
      }),
      { numRuns: 500, examples: [[CROWDED]] }
    );
  });

  it('writes numbers whole, and names whole or with an ellipsis; as wide as its box says', () => {
    fc.assert(
      fc.property(GIVEN, (given) => {
        const inputs = new Map(inputsOf(given).map((input) => [input.id, input]));
        for (const { id, lines, box } of place(given)) {
          const texts = inputs.get(id)?.texts ?? [];
          const written = lines.join('\n');
          texts.filter(({ isName }) => !isName).forEach(({ text }) => expect(written).toContain(text));
          const numbers = texts.filter(({ isName }) => !isName).map(({ text }) => text);
          const name = texts.find(({ isName }) => isName)?.text ?? '';
          lines
            .filter((line) => !line.split(' · ').every((part) => numbers.includes(part)))
            .forEach((line) =>
              expect([name, line.endsWith('…') && name.startsWith(line.slice(0, -1))]).toEqual([
                name,
                line !== name,
              ])
            );
          expect(box.width).toBe(Math.max(...lines.map(measure)));
        }
      })
    );
  });

  const EXAMPLE: Given = {
    width: 600,
    height: 300,
    values: [15, 5, 5, 2, 1, 1],
    names: [
      'ENTREGUE',
      'EM ROTA DE ENTREGA',
      'EXTRAVIADO',
      'CANCELADO',
      'AGUARDANDO RETIRADA',
      'EM TRÂNSITO',
    ],
    parts: ['name', 'value', 'percent'],
    placement: 'outside',
    hole: 0,
  };

  it("labels all of the original's slices outside, names over numbers", () => {
    const labels = place(EXAMPLE);
    expect(labels.map(({ id }) => id).sort()).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(labels.find(({ id }) => id === '4')?.lines).toEqual(['AGUARDANDO RETIRADA', '1 · 12.3%']);
  });

  it('auto: inside where the whole label fits, outside else', () => {
    const isInside = Object.fromEntries(
      place({ ...EXAMPLE, placement: 'auto' }).map((one) => [one.id, !one.leader])
    );
    expect(isInside).toEqual({ 0: true, 1: false, 2: false, 3: false, 4: false, 5: false });
  });

  it('auto: on the slice again, shortened, where there is no room outside', () => {
    const labels = place({
      ...EXAMPLE,
      placement: 'auto',
      width: 226,
      height: 226,
      parts: ['name', 'percent'],
    });
    expect(labels.find(({ id }) => id === '0')).toMatchObject({ anchor: 'middle', lines: ['12.3%'] });
  });

  it('inside: shortens a name that its slice cannot hold', () => {
    const labels = place({
      ...EXAMPLE,
      placement: 'inside',
      parts: ['name', 'percent'],
      names: ['EM ROTA DE ENTREGA FINAL'],
    });
    const lines = labels.map((label) => label.lines);
    expect(lines).toContainEqual([expect.stringMatching(/^EM ROTA.*…$/), '12.3%']);
    // Where not even that fits, the number stands alone.
    expect(lines).toContainEqual(['12.3%']);
  });

  it('spreads what it leaves out among equal slices', () => {
    const values = Array.from({ length: 40 }, () => 5);
    const labels = place({ ...EXAMPLE, values, names: ['X'], parts: ['percent'], height: 200 });
    const above = labels.filter(({ box }) => box.top + box.height / 2 < 0).length;
    expect(labels.length).toBeGreaterThan(12);
    expect(Math.abs(above - labels.length / 2)).toBeLessThanOrEqual(2);
  });

  it('leaves out the smallest first where a side is too low', () => {
    const values = Array.from({ length: 40 }, (_, index) => 40 - index);
    const ids = place({ ...EXAMPLE, values, names: ['X'], parts: ['percent'], height: 200 }).map(({ id }) =>
      Number(id)
    );
    expect(ids.length).toBeGreaterThan(10);
    expect(ids.length).toBeLessThan(40);
    // The right side holds the large ones, which all find a place.
    expect(ids).toEqual(expect.arrayContaining([0, 1, 2, 3, 4, 5, 6]));
    expect(ids).not.toContain(39);
  });
});

describe('labelSize', () => {
  it('counts names up to a limit and numbers whole, beside each other', () => {
    const texts = [
      { text: 'A'.repeat(40), isName: true },
      { text: '15', isName: false },
      { text: '51.7%', isName: false },
    ];
    expect(labelSize(texts, 100, { measure, lineHeight: LINE })).toEqual({ width: 100, height: 2 * LINE });
    expect(labelSize(texts.slice(1), 100, { measure, lineHeight: LINE }).width).toBe(measure('15 · 51.7%'));
  });
});

describe('pieRadius', () => {
  it('leaves room for the labels, but never takes more than two fifths from the pie', () => {
    expect(pieRadius({ width: 600, height: 300 })).toBe(144);
    expect(pieRadius({ width: 600, height: 300 }, { width: 100, height: 30 })).toBe(123);
    expect(pieRadius({ width: 300, height: 300 }, { width: 100, height: 30 })).toBeCloseTo(0.6 * 144, 9);
    expect(pieRadius({ width: 0, height: 0 }, { width: 100, height: 30 })).toBe(0);
  });
});
