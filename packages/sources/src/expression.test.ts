import fc from 'fast-check';
import jsonata from 'jsonata';
import { compile } from './expression';

const name = fc.constantFrom('a', 'b', 'parent', 'length', 'constructor', 'sequence', '__proto__');
const value = fc.letrec((tie) => ({
  leaf: fc.oneof(fc.constantFrom(null, '', 'x', 0, 1.5, true), fc.constant({})),
  any: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(name, tie('any'), { maxKeys: 3 }),
  ),
})).any;

test('a path of names finds what JSONata finds', async () => {
  const path = fc.tuple(
    fc.constantFrom('', '$parent.', '$root.', '$records.'),
    fc.array(name, { minLength: 1, maxLength: 3 }),
  );
  await fc.assert(
    fc.asyncProperty(path, value, value, async ([start, names], input, bound) => {
      const text = start + names.join('.');
      const bindings = { parent: bound, root: bound, records: bound };
      const [ours, theirs] = [
        await compile(text).evaluate(input, bindings),
        (await jsonata(text).evaluate(input, bindings)) as unknown,
      ];
      expect(JSON.stringify(ours)).toBe(JSON.stringify(theirs));
    }),
    { numRuns: 3000 },
  );
});

test.each(['true', 'null', '1', '"a"', 'a or b', 'a[0]', '$', '$parent', 'a.*', '`a b`'])(
  '%s is JSONata’s',
  async (text) => {
    const input = { a: ['x', 'y'], b: 'z', 'a b': 1 };
    const bindings = { parent: { a: 1 } };
    expect(JSON.stringify(await compile(text).evaluate(input, bindings))).toBe(
      JSON.stringify(await jsonata(text).evaluate(input, bindings)),
    );
  },
);

test.each([
  '$now()',
  '$millis()',
  'a.b[c > $millis()]',
  '{ "a": [1, $random()] }',
  '$map(a, $shuffle)',
  '($f := function($x) { $x & $now("[Y]") }; $f(a))',
  'a ~> $shuffle',
  'a ? b : $now()',
  'a^(<$random())',
  'a@$x.b[$x.c = $millis()]',
])('%s would give something else each time, and is refused', (text) => {
  expect(() => compile(text)).toThrow(/\$(now|millis|random|shuffle) gives something else each time/);
});

test('what is only called like one of them is none', () => {
  for (const text of ['now', '"$now()"', 'a.millis', '`$now`', '$parent.random', '$nowhere'])
    expect(compile(text).text).toBe(text);
});
