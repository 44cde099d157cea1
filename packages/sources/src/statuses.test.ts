import fc from 'fast-check';
import { translate, wordsByStatus } from './statuses';

const WORDS = ['Objeto não entregue', 'SAIU P/ ENTREGA', 'ação', 'Straße', 'ﬁnal', 'İstanbul', 'ΑΣ', '01'];
const word = fc
  .oneof(fc.constantFrom(...WORDS), fc.string({ unit: 'grapheme', maxLength: 20 }))
  .filter((text) => text.trim() !== '');

const tables = (codes: Record<string, string[]>, texts: Record<string, string[]>) => ({
  codes: wordsByStatus.parse(codes),
  texts: wordsByStatus.parse(texts),
});

test('the code is looked for first, then the text; what neither has is passed on as it came', () => {
  const both = tables({ ENTREGUE: ['01'] }, { POSTADO: ['Coletado'] });
  expect(translate('01', 'Coletado', both)).toEqual({ status: 'ENTREGUE', known: true });
  expect(translate('99', ' coletado', both)).toEqual({ status: 'POSTADO', known: true });
  expect(translate('99', 'Na esteira', both)).toEqual({ status: 'Na esteira', known: false });
  expect(translate('99', null, both)).toEqual({ status: '99', known: false });
  expect(translate('1', null, both)).toEqual({ status: '1', known: false });
  expect(translate(null, 'Em trânsito', both)).toEqual({ status: 'Em trânsito', known: true });
  expect(translate(null, null, both)).toBeNull();
});

test('a word is found however it is spelt: case, accents, how it is composed and how many spaces never count', () => {
  fc.assert(
    fc.property(word, fc.constantFrom(' ', '\t', '\u00a0', '  '), (text, space) => {
      const both = tables({}, { DEVOLVIDO: [text] });
      for (const other of [
        text,
        text.toUpperCase(),
        text.normalize('NFD'),
        text.normalize('NFC'),
        `${space}${text}${space}`,
        text.replaceAll(' ', space),
      ])
        expect([other, translate(null, other, both)]).toEqual([other, { status: 'DEVOLVIDO', known: true }]);
    }),
    { numRuns: 1000 },
  );
});

test('words that differ in a letter or sign are two', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Z0-9/-]{1,8}$/), fc.stringMatching(/^[A-Z0-9/-]{1,8}$/), (a, b) => {
      fc.pre(a !== b);
      expect(translate(a, null, tables({ DEVOLVIDO: [b] }, {}))).toMatchObject({ status: a });
    }),
  );
});
