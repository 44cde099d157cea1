import fc from 'fast-check';
import { ellipsise, remembering, steadyDigits } from './text';

const measure = (text: string) => Array.from(text).length * 7;

describe('ellipsise', () => {
  it('leaves what fits, else keeps as much as does', () => {
    expect(ellipsise('ENTREGUE', 56, measure)).toBe('ENTREGUE');
    expect(ellipsise('ENTREGUE', 55, measure)).toBe('ENTREG…');
    expect(ellipsise('EM ROTA', 28, measure)).toBe('EM…');
    expect(ellipsise('ENTREGUE', 13, measure)).toBe('');
  });

  it('never exceeds the width, nor breaks a character in two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 200 }), (text, width) => {
        const shown = ellipsise(text, width, measure);
        expect(measure(shown)).toBeLessThanOrEqual(width);
        expect(shown).not.toMatch(/\p{Surrogate}/u);
      })
    );
  });
});

it('steadyDigits keeps length and signs', () => {
  expect(steadyDigits('-1.234,5 kg')).toBe('-0.000,0 kg');
});

it('remembering asks once', () => {
  const ask = jest.fn(measure);
  const remembered = remembering(ask);
  expect([remembered('AB'), remembered('AB'), remembered('C')]).toEqual([14, 14, 7]);
  expect(ask).toHaveBeenCalledTimes(2);
});
