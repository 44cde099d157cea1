import { type FieldConfig, FieldType, type Field } from '@grafana/data';
import fc from 'fast-check';
import { THEME } from '../test/frames';
import { hasOwnColor, levelOf } from './alertLimits';

const number = fc.double({ noNaN: true });
const limit = fc.option(number, { nil: undefined });
const SEVERITY = { ok: 0, warning: 1, critical: 2 } as const;

describe('level', () => {
  it.each([
    [0, 1, 5, false, 'ok'],
    [1, 1, 5, false, 'warning'],
    [4.9, 1, 5, false, 'warning'],
    [5, 1, 5, false, 'critical'],
    [9, undefined, 5, false, 'critical'],
    [4, undefined, 5, false, 'ok'],
    [9, 1, undefined, false, 'warning'],
    [0.97, 0.95, 0.9, true, 'ok'],
    [0.95, 0.95, 0.9, true, 'warning'],
    [0.9, 0.95, 0.9, true, 'critical'],
    // Limits that were mixed up: the worse level counts.
    [3, 5, 1, false, 'critical'],
    [3, undefined, undefined, false, undefined],
    [Number.NaN, 1, 5, false, undefined],
  ] as const)(
    'of %s, warning %s, critical %s, low is bad %s: %s',
    (value, warning, critical, isBelow, expected) => {
      expect(levelOf(value, { warning, critical }, isBelow)).toBe(expected);
    }
  );

  it('never gets better as the value gets worse', () => {
    fc.assert(
      fc.property(number, number, limit, limit, fc.boolean(), (a, b, warning, critical, isBelow) => {
        const worse = isBelow ? Math.min(a, b) : Math.max(a, b);
        const better = isBelow ? Math.max(a, b) : Math.min(a, b);
        const [of, than] = [worse, better].map((value) => levelOf(value, { warning, critical }, isBelow));
        expect(of === undefined).toBe(warning === undefined && critical === undefined);
        expect(SEVERITY[of ?? 'ok']).toBeGreaterThanOrEqual(SEVERITY[than ?? 'ok']);
      })
    );
  });
});

describe('a color of its own', () => {
  const TEXT = { mode: 'fixed', fixedColor: 'text' } as const;
  const steps = (...colors: string[]): FieldConfig['thresholds'] =>
    ({
      mode: 'absolute',
      steps: colors.map((color, index) => ({ color, value: index === 0 ? Number.NEGATIVE_INFINITY : index })),
    }) as FieldConfig['thresholds'];
  const saved = (thresholds: FieldConfig['thresholds']) =>
    JSON.parse(JSON.stringify(thresholds)) as typeof thresholds;
  const own = (config: FieldConfig, defaults: FieldConfig, value: number | null = 1) => {
    const field: Field = { name: 'n', type: FieldType.number, config, values: [value] };
    return hasOwnColor(field, value, defaults, THEME);
  };
  const mapping = (text: string, color?: string) =>
    ({ mappings: [{ type: 'value', options: { 1: { text, color } } }] }) as FieldConfig;

  it.each<[string, boolean, FieldConfig, FieldConfig]>([
    ['nothing set', false, {}, {}],
    ['what all fields have', false, { color: TEXT }, { color: TEXT }],
    ['another color than all', true, { color: { ...TEXT, fixedColor: 'blue' } }, { color: TEXT }],
    [
      'thresholds of all, as a dashboard saves them',
      false,
      { color: { mode: 'thresholds' }, thresholds: steps('green', 'red') },
      { color: { mode: 'thresholds' }, thresholds: saved(steps('green', 'red')) },
    ],
    [
      'thresholds of all, without a word of color',
      false,
      { color: { mode: 'thresholds' }, thresholds: steps('green', 'red') },
      { thresholds: steps('green', 'red') },
    ],
    [
      'thresholds of its own',
      true,
      { color: { mode: 'thresholds' }, thresholds: steps('blue', 'red') },
      { color: { mode: 'thresholds' }, thresholds: steps('green', 'red') },
    ],
    [
      'thresholds of its own that paint nothing',
      false,
      { color: TEXT, thresholds: steps('blue', 'red') },
      { color: TEXT, thresholds: steps('green', 'red') },
    ],
    ['a mapping with a color', true, mapping('um', 'purple'), {}],
    ['a mapping without', false, mapping('um'), {}],
  ])('%s: %s', (_, expected, config, defaults) => {
    expect(own(config, defaults)).toBe(expected);
  });

  it('is asked for this value alone', () => {
    expect(own(mapping('um', 'purple'), {}, 2)).toBe(false);
    expect(own(mapping('um', 'purple'), {}, null)).toBe(false);
  });
});
