import { isUtf8 } from 'node:buffer';

/** Bytes for reading: text where they are UTF-8, else hexadecimal. */
export interface Shown {
  readonly encoding: 'utf-8' | 'hex';
  readonly text: string;
  readonly bytes: number;
  /** Whether the text is cut off. */
  readonly cut: boolean;
}

/** The first `maxBytes` of bytes for reading; null stays null. The text is not yet printable. */
export function showBytes(bytes: Buffer | null, maxBytes: number): Shown | null {
  if (bytes === null) return null;
  const shown = bytes.subarray(0, maxBytes);
  const cut = shown.length < bytes.length;
  // The cut may go through a character, which then shows as U+FFFD.
  if (isUtf8(bytes)) return { encoding: 'utf-8', text: shown.toString('utf8'), bytes: bytes.length, cut };
  return { encoding: 'hex', text: shown.toString('hex'), bytes: bytes.length, cut };
}
