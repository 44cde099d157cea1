import fc from 'fast-check';
import { STATUS_COLOURS } from './palette';
import { OTHERS_PATTERN, patternOf, PATTERNS } from './patterns';

describe('patterns', () => {
  it('tell all statuses of the catalogue and the gathered ones apart', () => {
    const names = [...Object.keys(STATUS_COLOURS).map(patternOf), OTHERS_PATTERN];
    expect(new Set(names).size).toBe(10);
    expect(new Set(names.map((name) => PATTERNS[name])).size).toBe(10);
  });

  it('depend on the text of the status alone, in whatever case and spacing', () => {
    expect(patternOf('  em  trânsito'.normalize('NFD'))).toBe(patternOf('EM TRÂNSITO'));
    // Pinned: dashboards rely on it across releases.
    expect(patternOf('RETIDO NA ALFÂNDEGA')).toBe('grid');
  });

  it('gives unknown statuses lines, and not those of the gathered ones', () => {
    fc.assert(
      fc.property(fc.string(), (status) => {
        expect(['plain', OTHERS_PATTERN]).not.toContain(patternOf(`? ${status}`));
      })
    );
  });
});
