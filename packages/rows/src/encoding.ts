import { isAscii, isUtf8 } from 'node:buffer';

/** The encodings a file may have; `latin1` is read as windows-1252. */
export const ENCODINGS = ['utf-8', 'latin1'] as const;
export type Encoding = (typeof ENCODINGS)[number];

// What Windows programs export as Latin-1 holds these at 0x80 to 0x9F. A table, since TextDecoder('windows-1252') of some
// Node releases (22.13, 23.4 and after) reads those bytes as control characters.
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const TO_BYTE = new Map([...WINDOWS_1252].map((character, i) => [character, 0x80 + i]));

/** Turns the cells of one row from binary strings (a character per byte) into text; null: the row's bytes are not UTF-8. */
export type CellDecoder = (raw: Buffer, cells: readonly string[]) => readonly string[] | null;

/** A decoder for a file's encoding. It never replaces a character: what it cannot read is answered with null. */
export function createCellDecoder(encoding: Encoding): CellDecoder {
  if (encoding === 'latin1')
    return (raw, cells) => (isAscii(raw) ? cells : cells.map((cell) => decodeWindows1252(cell)));
  return (raw, cells) => {
    if (isAscii(raw)) return cells;
    if (!isUtf8(raw)) return null;
    return cells.map((cell) => Buffer.from(cell, 'latin1').toString('utf8'));
  };
}

/** Whether a text is UTF-8 that was read as windows-1252: as that its bytes are UTF-8, which is hardly ever so by chance. */
export function isMisread(text: string): boolean {
  if (isAscii(Buffer.from(text))) return false;
  const codes = Array.from(text, (character) => TO_BYTE.get(character) ?? character.codePointAt(0) ?? 0);
  return codes.every((code) => code <= 0xff) && isUtf8(Buffer.from(codes));
}

/** A text in a file's encoding; in `latin1` a character that it lacks becomes `?`. */
export function encodeText(text: string, encoding: Encoding): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text);
  return Buffer.from(
    Array.from(text, (character) => TO_BYTE.get(character) ?? latin1Byte(character.codePointAt(0) ?? 0)),
  );
}

function decodeWindows1252(cell: string): string {
  return cell.replace(/[\x80-\x9f]/g, (byte) => WINDOWS_1252[byte.charCodeAt(0) - 0x80] ?? byte);
}

function latin1Byte(code: number): number {
  return code < 0x80 || (code >= 0xa0 && code <= 0xff) ? code : '?'.charCodeAt(0);
}
