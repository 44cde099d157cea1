import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { otherCharset, wideEncoding } from '../encoding';

/** How a carrier's bytes become UTF-8. */
export interface Charset {
  /** As the carrier names it; undefined for UTF-8. */
  readonly name: string | undefined;
  /** Undefined where the bytes cannot be read. */
  readonly toUtf8: (bytes: Buffer) => Buffer | undefined;
}

/** Encodings of one byte a character: in them line breaks and JSON's own characters are the bytes that they are in UTF-8. */
const SINGLE_BYTE = /^(windows-\d+|iso-8859-\d+(-i)?|koi8-[ru]|ibm866|macintosh|x-mac-cyrillic)$/;

/**
 * The charset of a Content-Type, by the names of https://encoding.spec.whatwg.org (ISO-8859-1 is read as windows-1252). Of one that
 * is not known here only ASCII can be read. UTF-16 is a matter of {@link fromUtf16}.
 */
export function charsetOf(contentType: string | null): Charset {
  const name = otherCharset(contentType);
  if (name === undefined) return { name, toUtf8: (bytes) => bytes };
  const decoder = decoderOf(name);
  return {
    name,
    toUtf8(bytes) {
      if (isAscii(bytes)) return bytes;
      try {
        return decoder === undefined ? undefined : Buffer.from(decoder.decode(bytes));
      } catch {
        // Bytes that the charset has no character for.
        return undefined;
      }
    },
  };
}

function decoderOf(name: string): TextDecoder | undefined {
  try {
    const decoder = new TextDecoder(name, { fatal: true });
    return SINGLE_BYTE.test(decoder.encoding) ? decoder : undefined;
  } catch {
    // Node does not know the name.
    return undefined;
  }
}

/** A text in UTF-16 as UTF-8, and the way back, by which parts of it are again the bytes they came in. */
export interface FromUtf16 {
  readonly utf8: Buffer;
  readonly back: (utf8: Buffer) => Buffer;
}

/** Whether an answer is in UTF-16, by its charset or by its first bytes. */
export function isUtf16(contentType: string | null, start: Buffer): boolean {
  const name = otherCharset(contentType);
  return name === undefined ? wideEncoding(start) === 'UTF-16' : /^utf-?16/.test(name);
}

/** Undefined for bytes that are not UTF-16. */
export function fromUtf16(bytes: Buffer, contentType: string | null): FromUtf16 | undefined {
  const [first, second] = bytes;
  const marked = first === 0xfe && second === 0xff;
  const bigEndian = marked || first === 0 || (/be$/.test(otherCharset(contentType) ?? '') && first !== 0xff);
  const decoder = new TextDecoder(bigEndian ? 'utf-16be' : 'utf-16le', { fatal: true });
  try {
    return {
      utf8: Buffer.from(decoder.decode(bytes)),
      back(utf8) {
        const units = Buffer.from(utf8.toString('utf8'), 'utf16le');
        return bigEndian ? units.swap16() : units;
      },
    };
  } catch {
    // An odd byte, or half a surrogate pair.
    return undefined;
  }
}
