import statuses from '@rastreio/contract/statuses.json';
import fc from 'fast-check';
import { OTHERS_PATTERN, patternOf, PATTERNS } from './patterns';

describe('patterns', () => {
  it('tell all statuses of the catalogue and the gathered ones apart', () => {
    expect(statuses.map(({ status }) => patternOf(status))).toEqual(statuses.map(({ pattern }) => pattern));
    const names = [...statuses.map(({ status }) => patternOf(status)), OTHERS_PATTERN];
    expect(new Set(names.map((name) => PATTERNS[name])).size).toBe(statuses.length + 1);
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
