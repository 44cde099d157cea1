import { isUtf8 } from 'node:buffer';

/** Controls (C0 with DEL, C1), formats such as those that turn the direction of writing, separators, lone surrogates. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Text in one line that a terminal only shows and never obeys: what a stranger sent must not move the cursor or set a title. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (c) => SHORT[c] ?? escapeUnits(c));
}

/** JSON whose texts are {@link printable}. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, escapeUnits);
}

/** Bytes for reading: text where they are UTF-8, else hexadecimal. */
export interface Shown {
  readonly encoding: 'utf-8' | 'hex';
  readonly text: string;
  readonly bytes: number;
  /** Whether the text is cut off. */
  readonly cut: boolean;
}

/** The first `maxBytes` of bytes for reading; null stays null. The text is not yet {@link printable}. */
export function showBytes(bytes: Buffer | null, maxBytes: number): Shown | null {
  if (bytes === null) return null;
  const shown = bytes.subarray(0, maxBytes);
  const cut = shown.length < bytes.length;
  // The cut may go through a character, which then shows as U+FFFD.
  if (isUtf8(bytes)) return { encoding: 'utf-8', text: shown.toString('utf8'), bytes: bytes.length, cut };
  return { encoding: 'hex', text: shown.toString('hex'), bytes: bytes.length, cut };
}

function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');
}
