import { colorManipulator } from '@grafana/data';
import fc from 'fast-check';
import { inkOn, textColorOn } from '../shared/contrast';
import { FALLBACK_COLORS, hashColor, OTHERS_COLOR, STATUS_COLORS, statusColor } from './palette';

describe('status colors', () => {
  it('are a color of its own for each status', () => {
    expect(new Set(Object.values(STATUS_COLORS)).size).toBe(Object.keys(STATUS_COLORS).length);
    expect(statusColor('ENTREGUE')).toBe('#08906A');
    // Cleaned as events are, also where the rows come from another database.
    for (const status of [' entregue', 'ENTREGUE\u200b', 'ＥＮＴＲＥＧＵＥ', '\ufeffEntregue\u00a0']) {
      expect(statusColor(status)).toBe('#08906A');
    }
  });

  it.each([...Object.values(STATUS_COLORS), OTHERS_COLOR, ...FALLBACK_COLORS])(
    '%s stands out on light and dark panels',
    (color) => {
      for (const background of ['#ffffff', '#181b1f']) {
        expect(colorManipulator.getContrastRatio(color, background)).toBeGreaterThanOrEqual(3);
      }
      expect(colorManipulator.getContrastRatio(textColorOn(color), color)).toBeGreaterThanOrEqual(4.5);
    }
  );

  it.each([
    ['normal', 0.08],
    ['protanopia', 0.08],
    ['deuteranopia', 0.08],
    ['tritanopia', 0.06],
  ] as const)('keeps statuses apart for %s sight', (vision, distance) => {
    const seen = Object.values(STATUS_COLORS).map((color) => oklab(simulate(linear(color), vision)));
    seen.forEach((a, i) =>
      seen.slice(i + 1).forEach((b) => {
        expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeGreaterThanOrEqual(distance);
      })
    );
  });

  it.each(['normal', 'protanopia', 'deuteranopia', 'tritanopia'] as const)(
    'keeps the gathered ones apart from every status for %s sight',
    (vision) => {
      const [others, ...statuses] = [OTHERS_COLOR, ...Object.values(STATUS_COLORS)].map((color) =>
        oklab(simulate(linear(color), vision))
      );
      statuses.forEach((status) => {
        const distance = Math.hypot(...status.map((value, index) => value - (others?.[index] ?? Number.NaN)));
        expect(distance).toBeGreaterThanOrEqual(vision === 'normal' ? 0.09 : 0.055);
      });
    }
  );

  it('finds a status in whatever case, spacing and Unicode form it comes', () => {
    expect(statusColor('  em  trânsito'.normalize('NFD'))).toBe(STATUS_COLORS['EM TRÂNSITO']);
    expect(statusColor('RETIDO NA ALFÂNDEGA')).toBeUndefined();
  });

  it('gives an unknown status one color for ever', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (status) => {
        expect(FALLBACK_COLORS).toContain(hashColor(status));
        expect(hashColor(` ${status.toLowerCase()} `)).toBe(hashColor(` ${status.toLowerCase()} `));
        expect(hashColor(`  ${status} `)).toBe(hashColor(status));
      })
    );
    // Pinned: dashboards rely on it across releases.
    expect(hashColor('RETIDO NA ALFÂNDEGA')).toBe('#0E8C9B');
  });

  it('writes on any color without throwing', () => {
    fc.assert(
      fc.property(fc.string(), (color) => expect(['#000000', '#ffffff']).toContain(textColorOn(color)))
    );
    fc.assert(fc.property(fc.string(), (color) => expect(inkOn(color)).not.toBe('')));
  });

  it('writes on any opaque color with 4.5:1, and draws patterns on it with 3:1', () => {
    const { getContrastRatio } = colorManipulator;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), (number) => {
        const color = `#${number.toString(16).padStart(6, '0')}`;
        expect(getContrastRatio(textColorOn(color), color)).toBeGreaterThanOrEqual(4.5);
        expect(getContrastRatio(inkOn(color), color)).toBeGreaterThanOrEqual(3);
      })
    );
  });
});

type Triple = [number, number, number];

function linear(hex: string): Triple {
  const channel = (from: number) => {
    const value = parseInt(hex.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

const multiply = (rows: Triple[], [x, y, z]: Triple) =>
  rows.map(([a, b, c]) => a * x + b * y + c * z) as Triple;

/** Machado, Oliveira, Fernandes (2009), severity 1, in linear RGB. */
function simulate(color: Triple, vision: 'normal' | 'protanopia' | 'deuteranopia' | 'tritanopia'): Triple {
  const matrices: Record<string, Triple[]> = {
    protanopia: [
      [0.152286, 1.052583, -0.204868],
      [0.114503, 0.786281, 0.099216],
      [-0.003882, -0.048116, 1.051998],
    ],
    deuteranopia: [
      [0.367322, 0.860646, -0.227968],
      [0.280085, 0.672501, 0.047413],
      [-0.01182, 0.04294, 0.968881],
    ],
    tritanopia: [
      [1.255528, -0.076749, -0.178779],
      [-0.078411, 0.930809, 0.147602],
      [0.004733, 0.691367, 0.3039],
    ],
  };
  const matrix = matrices[vision];
  return matrix ? (multiply(matrix, color).map((v) => Math.min(1, Math.max(0, v))) as Triple) : color;
}

/** https://bottosson.github.io/posts/oklab/ */
function oklab(color: Triple): Triple {
  const lms = multiply(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    color
  ).map(Math.cbrt) as Triple;
  return multiply(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    lms
  );
}
