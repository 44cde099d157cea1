import fc from 'fast-check';
import { fold } from './fold';

const WORDS = ['Objeto não entregue', 'SAIU P/ ENTREGA', 'ação', 'Straße', 'ﬁnal', 'İstanbul', 'ΑΣ'];
const word = fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: 'grapheme', maxLength: 20 }));

test.each([
  ['Saiu p/ entrega', 'SAIU  P/ ENTREGA'],
  ['Objeto não  entregue ', 'objeto nao entregue'],
  ['São\u00a0Paulo', 'Sa\u0303o Paulo'],
  ['ＥＮＴＲＥＧＵＥ', 'entregue'],
])('%s and %s are one word', (a, b) => expect(fold(a)).toBe(fold(b)));

test.each([
  ['01', '1'],
  ['BDE-01', 'BDE-10'],
  ['P/A', 'PA'],
  ['P/ ENTREGA', 'P/ENTREGA'],
])('%s and %s are two', (a, b) => expect(fold(a)).not.toBe(fold(b)));

test('case, accents, spaces and the way of composing characters never count, and folding twice is folding once', () => {
  fc.assert(
    fc.property(word, fc.constantFrom(' ', '\t', '\u00a0', '  '), (text, space) => {
      const folded = fold(text);
      expect(fold(folded)).toBe(folded);
      for (const other of [
        text.toUpperCase(),
        text.normalize('NFD'),
        text.normalize('NFC'),
        `${space}${text}${space}`,
        text.replaceAll(' ', space),
      ])
        expect(fold(other)).toBe(folded);
    }),
    { numRuns: 1000 },
  );
});
