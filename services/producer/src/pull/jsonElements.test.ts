import fc from 'fast-check';
import { jsonElements } from './jsonElements';

test('the elements are those of the array, byte for byte, however it is spaced', () => {
  const space = fc.constantFrom('', ' ', '\n', '\t \r\n');
  fc.assert(
    fc.property(fc.array(fc.json()), space, (texts, gap) => {
      const array = `${gap}[${gap}${texts.map((text) => text + gap).join(`,${gap}`)}]${gap}`;
      // What surrounds an element is not part of it.
      expect(jsonElements(Buffer.from(array)).map(String)).toEqual(texts.map((text) => text.trim()));
    }),
  );
});

test('another value is one element, nothing is none, and what is no JSON is refused', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      if (!text.startsWith('[')) expect(jsonElements(Buffer.from(` ${text}\n`)).map(String)).toEqual([text]);
    }),
  );
  expect([jsonElements(Buffer.from(' \n')), jsonElements(Buffer.from('[ ]'))]).toEqual([[], []]);
  for (const text of ['[', '[1,]', '[1 2]', '[1]]', '{"a":1', '["a]'])
    expect(() => jsonElements(Buffer.from(text))).toThrow(SyntaxError);
});

test('a nesting of any depth is no trouble', () => {
  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  expect(jsonElements(Buffer.from(`[${deep},1]`)).map(({ length }) => length)).toEqual([deep.length, 1]);
});
