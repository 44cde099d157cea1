import fc from 'fast-check';
import { cleanStatus, cleanText } from './clean';
import { isStorable } from './text';

/** All of Unicode but what is not assigned, private, or one of tens of thousands of ideographs and syllables. */
const CHARACTERS = Array.from({ length: 0x110000 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))
  .filter((c) => /[^\p{Cn}\p{Co}\p{Script=Han}\p{Script=Hangul}]|\p{Default_Ignorable_Code_Point}/u.test(c));
const all = (test: RegExp) => CHARACTERS.filter((character) => test.test(character));
const name = (c: string) => `U+${c.codePointAt(0)?.toString(16)}`;
const SEPARATORS = all(/[\p{Zs}\p{Zl}\p{Zp}\t-\r\u001c-\u001f\u0085\u2800]/u);
const SHOWING_NOTHING = all(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u).filter(
  (character) => character !== '\0' && !SEPARATORS.includes(character),
);
const FULL_WIDTH = all(/[\uff01-\uff5e]/u);

test('whatever shows nothing changes no text, wherever it stands and however often', () => {
  expect(SHOWING_NOTHING.length).toBeGreaterThan(4000);
  const wrong = SHOWING_NOTHING.filter(
    (c) =>
      cleanText(c) !== '' ||
      [`ENTREGUE${c}`, `${c}entregue`, `ENTRE${c}${c}GUE`].some((text) => cleanStatus(text) !== 'ENTREGUE'),
  );
  expect(wrong.map(name)).toEqual([]);
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...SHOWING_NOTHING), { maxLength: 5 }),
      fc.nat({ max: 9 }),
      fc.constantFrom('São Paulo', 'Parai\u0301ba', 'Água Fria'),
      (invisible, at, place) => {
        const text = place.slice(0, at) + invisible.join('') + place.slice(at);
        expect(cleanText(text)).toBe(place.normalize('NFC'));
      },
    ),
    { numRuns: 3000 },
  );
});

test('every white space is one space, and none at the ends', () => {
  expect(SEPARATORS.length).toBeGreaterThan(25);
  for (const c of SEPARATORS) expect(cleanStatus(`${c}em${c}${c} trânsito${c}`)).toBe('EM TRÂNSITO');
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...SEPARATORS, ...SHOWING_NOTHING)), (mixed) => {
      expect(cleanText(mixed.join(''))).toBe('');
    }),
  );
});

test('full-width and other forms of a letter are the letter', () => {
  const plain = (c: string) => String.fromCodePoint((c.codePointAt(0) ?? 0) - 0xfee0);
  for (const c of FULL_WIDTH) expect(cleanText(`x${c}`)).toBe(`x${plain(c)}`);
  for (const [sent, kept] of [
    ['ＥＮＴＲＥＧＵＥ', 'ENTREGUE'],
    ['ｅｎｔｒｅｇｕｅ', 'ENTREGUE'],
    ['𝐄𝐍𝐓𝐑𝐄𝐆𝐔𝐄', 'ENTREGUE'],
    ['ⓔⓝⓣⓡⓔⓖⓤⓔ', 'ENTREGUE'],
    ['EM\u3000TRÂNSITO', 'EM TRÂNSITO'],
    ['EM TRA\u0302NSITO', 'EM TRÂNSITO'],
    ['ｶﾞ', 'ガ'],
    ['ﬁm', 'FIM'],
  ] as const)
    expect(cleanStatus(sent)).toBe(kept);
});

test('what names have stays: ordinals, accents that stand alone, marks', () => {
  for (const name of ['1ª Vara', 'Nº 5', 'Santa Bárbara d´Oeste', "d'Oeste", 'Zürich', '北京', 'עִבְרִית', '🚚'])
    expect(cleanText(name)).toBe(name.normalize('NFC'));
});

test('cleaning is idempotent for every character, and gives nothing that cannot be stored', () => {
  const changes = all(/[^\0]/u).filter((c) => {
    const [text, status] = [cleanText(`a${c}b`), cleanStatus(`a${c}b`)];
    return cleanText(text) !== text || cleanStatus(status) !== status || !isStorable(text + status);
  });
  expect(changes.map(name)).toEqual([]);
});
