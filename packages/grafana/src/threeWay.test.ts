import fc from 'fast-check';
import { decide, type Sides, type Verdict } from './threeWay';

const A = 'a';
const B = 'b';
const C = 'c';
const none = undefined;
const keep = (reason: Extract<Verdict, { do: 'keep' }>['reason']): Verdict => ({ do: 'keep', reason });

test.each<[what: string, sides: Sides, verdict: Verdict]>([
  ['nowhere', {}, { do: 'nothing' }],
  ['new in the files', { file: A }, { do: 'create' }],
  ['as applied', { remembered: { applied: A }, file: A, screen: A }, { do: 'nothing' }],
  ['changed in the files', { remembered: { applied: A }, file: B, screen: A }, { do: 'update' }],
  ['edited on the screen', { remembered: { applied: A }, file: A, screen: B }, keep('edited')],
  ['edited on both sides', { remembered: { applied: A }, file: B, screen: C }, keep('both')],
  ['the same edit on both sides', { remembered: { applied: A }, file: B, screen: B }, { do: 'nothing' }],
  ['deleted on the screen', { remembered: { applied: A }, file: A, screen: none }, keep('deleted')],
  ['removed from the files', { remembered: { applied: A }, file: none, screen: A }, { do: 'remove' }],
  [
    'removed from the files and edited',
    { remembered: { applied: A }, file: none, screen: B },
    keep('removed'),
  ],
  ['removed on both sides', { remembered: { applied: A } }, { do: 'forget' }],
  ['there before the first apply', { file: A, screen: B }, keep('unknown')],
  ['there before the first apply, the same', { file: A, screen: A }, { do: 'nothing' }],
  ['of somebody else', { screen: A }, { do: 'nothing' }],
  [
    'an apply that was cut off',
    { remembered: { applied: A, next: B }, file: C, screen: B },
    { do: 'update' },
  ],
  ['a first apply that was cut off', { remembered: { next: B }, file: C, screen: none }, { do: 'create' }],
  [
    'pulled, then changed in the files',
    { remembered: { applied: A, pulled: B }, file: C, screen: B },
    { do: 'update' },
  ],
  ['pulled, then discarded', { remembered: { applied: A, pulled: B }, file: A, screen: B }, keep('edited')],
  ['pulled, then edited again', { remembered: { applied: A, pulled: B }, file: B, screen: C }, keep('both')],
  [
    'new on the screen, pulled, discarded',
    { remembered: { pulled: B }, file: none, screen: B },
    { do: 'forget' },
  ],
  ['new on the screen, pulled, changed', { remembered: { pulled: B }, file: C, screen: B }, { do: 'update' }],
])('%s', (_what, sides, verdict) => {
  expect(decide(sides, false)).toEqual(verdict);
});

test('with force the files win wherever something would be kept', () => {
  expect(decide({ remembered: { applied: A }, file: A, screen: B }, true)).toEqual({ do: 'update' });
  expect(decide({ remembered: { applied: A }, file: A }, true)).toEqual({ do: 'create' });
  expect(decide({ remembered: { applied: A }, screen: B }, true)).toEqual({ do: 'remove' });
});

const side = fc.option(fc.constantFrom(A, B, C), { nil: undefined });
const sides = fc.record({
  remembered: fc.record({ applied: side, next: side, pulled: side }),
  file: side,
  screen: side,
});

test('property: what neither an apply nor a pull has seen is never overwritten or removed without force', () => {
  fc.assert(
    fc.property(sides, (s) => {
      const { applied, next, pulled } = s.remembered;
      const verdict = decide(s, false);
      if (verdict.do === 'update' || verdict.do === 'remove')
        expect([applied, next, pulled]).toContain(s.screen);
      if (verdict.do === 'remove') expect([applied, next]).toContain(s.screen);
    }),
  );
});

test('property: with force the screen ends as the files say, except for what is of somebody else', () => {
  fc.assert(
    fc.property(sides, (s) => {
      const verdict = decide(s, true);
      expect(verdict.do).not.toBe('keep');
      const after = {
        nothing: s.screen,
        forget: s.screen,
        create: s.file,
        update: s.file,
        remove: undefined,
        keep: s.screen,
      }[verdict.do];
      if (s.file !== undefined) expect(after).toBe(s.file);
    }),
  );
});

test('property: a second apply finds nothing to do', () => {
  fc.assert(
    fc.property(sides, ({ remembered, file, screen }) => {
      const first = decide({ remembered, file, screen }, false);
      fc.pre(first.do === 'create' || first.do === 'update');
      expect(decide({ remembered: { applied: file }, file, screen: file }, false)).toEqual({ do: 'nothing' });
    }),
  );
});
