import { parse } from 'lossless-json';

/** A number of a JSON text that JavaScript would not write as it was sent: rounded, beyond all bounds, or of another form. */
export class SentNumber {
  constructor(
    /** As it was sent. */
    readonly text: string,
  ) {}
}

// Whether a number may come out of JSON.parse other than it went in: many digits, an exponent, -0, decimals that end with 0. Texts in
// quotes may look so too; then only the slower reader is asked in vain.
const MAY_DIFFER = /\d[\d.]{15}|\d[eE]|-0(?:[.,}\]\s]|$)|\.\d*0\s*(?:[,}\]]|$)/;

/**
 * Reads a JSON text without changing its numbers: those that would differ are {@link SentNumber}. A byte order mark before it is
 * passed over (RFC 8259, section 8.1); of a key that comes twice the last value counts, as with JSON.parse.
 *
 * @throws SyntaxError when it is not JSON, or when it has such a number and is nested too deeply to look for it
 */
export function parseJson(text: string): unknown {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  // First, since its messages are those that people know.
  const value: unknown = JSON.parse(json);
  if (!MAY_DIFFER.test(json)) return value;
  try {
    return parse(json, undefined, { parseNumber, onDuplicateKey: ({ newValue }) => newValue });
  } catch (error) {
    // JSON.parse reads any depth, this reader recurses.
    if (error instanceof RangeError) throw new SyntaxError('nested too deeply', { cause: error });
    throw error;
  }
}

function parseNumber(text: string): number | SentNumber {
  const value = Number(text);
  return String(value) === text ? value : new SentNumber(text);
}

export type WholeNumber =
  | { readonly ok: true; readonly value: number }
  /** `fraction`: it is not whole; `range`: it is, and no safe integer of JavaScript. */
  | { readonly ok: false; readonly problem: 'fraction' | 'range' };

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
const SAFE_DIGITS = String(Number.MAX_SAFE_INTEGER).length;

/** The exact value of a decimal number, by its digits; null: the text is none. Nothing is rounded. */
export function readWholeNumber(text: string): WholeNumber | null {
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  const [, sign, whole = '', decimals = '', exponent = '0'] = match;
  const digits = (whole + decimals).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return { ok: true, value: 0 };
  const zeros = Number(exponent) - decimals.length + digits.length - significant.length;
  if (zeros < 0) return { ok: false, problem: 'fraction' };
  if (significant.length + zeros > SAFE_DIGITS) return { ok: false, problem: 'range' };
  const value = Number(`${sign}${significant}${'0'.repeat(zeros)}`);
  return Number.isSafeInteger(value) ? { ok: true, value } : { ok: false, problem: 'range' };
}
