// Apart from the rest, since the panel cleans statuses by it too.

// What shows nothing: controls, formats (of zero width, of the direction of writing, byte order marks, soft hyphens, tags), and what
// Unicode tells programs to ignore (variation selectors, fillers). U+0000 stays, since it is refused, and what separates words.
const INVISIBLE = /(?![\0\t-\r\u001c-\u001f\u0085])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
// All spaces and line breaks of Unicode, the separators of ASCII and the blank of Braille.
const SPACES = /[\s\u001c-\u001f\u0085\u2800]+/gu;
/** Most of all texts: visible letters of Latin-1 with single spaces between them, which cleaning leaves as they are. */
const CLEAN = /^[!-~\xc0-\xff]+(?: [!-~\xc0-\xff]+)*$/;
const BEYOND_LATIN_1 = /[^\0-\xff]/gu;

/**
 * The one cleaning of everything that events say in text: drops what shows nothing, turns every run of white space into one space,
 * trims, writes full-width and other compatibility forms as plain letters (Unicode NFKC) and composes characters (NFC). Two
 * texts that look the same are so mostly the same. Idempotent.
 *
 * Latin-1 keeps its forms, because names have them: "1ª Vara", "d´Oeste".
 */
export function cleanText(text: string): string {
  if (CLEAN.test(text)) return text;
  return text
    .replace(INVISIBLE, '')
    .replace(BEYOND_LATIN_1, plainForm)
    .replace(SPACES, ' ')
    .trim()
    .normalize('NFC');
}

/** NFKC of one character, unless that takes it apart into a space and a mark, which an accent of its own is not. */
function plainForm(character: string): string {
  const plain = character.normalize('NFKC');
  return plain.includes(' ') ? character : plain;
}

/** {@link cleanText} and upper case, so that "Entregue" and "ENTREGUE " are one status. Idempotent. */
export function cleanStatus(text: string): string {
  // Upper-casing needs plain letters, and may leave decomposed characters behind.
  return cleanText(cleanText(text).toUpperCase());
}

const MARKS = /\p{M}/gu;

/**
 * The key by which words of different senders are compared: {@link cleanText}, without case and without accents, so that "São Paulo",
 * "SÃO PAULO" and "Sao  Paulo" are one. Idempotent.
 */
export function foldText(text: string): string {
  const plain = cleanStatus(text).normalize('NFD').replace(MARKS, '');
  // Upper-casing once more: what a mark kept from its upper case (the dot of ŉ) has none after it.
  return cleanText(plain.toUpperCase());
}

/** A tracking number as everybody writes it: cleaned, in upper case, without the spaces that labels and people put in. Idempotent. */
export function cleanCode(text: string): string {
  return cleanStatus(text).replaceAll(' ', '');
}
