import { isUtf8 } from 'node:buffer';
import { createCellDecoder } from '@rastreio/rows';

export type Decoded =
  | { readonly ok: true; readonly text: string }
  /** `why` says what to do. */
  | { readonly ok: false; readonly why: string };

/**
 * A payload's text. A byte order mark decides (UTF-8, UTF-16 in both orders); without one, `auto` is UTF-8 where the bytes are that, else
 * Latin-1, which is read as windows-1252. No character is replaced.
 *
 * @param utf8Only without a byte order mark `auto` is UTF-8 alone, as JSON has to be (RFC 8259, section 8.1)
 */
export function decodeText(
  payload: Uint8Array,
  encoding: 'auto' | 'utf-8' | 'latin1',
  utf8Only: boolean,
): Decoded {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16(bytes.subarray(2));
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return utf16(swapped(bytes.subarray(2)));
  const hasBom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const isText = isUtf8(bytes);
  // Files that were put together from others have several.
  if (hasBom && isText) return { ok: true, text: bytes.toString('utf8').replace(/^\uFEFF+/, '') };
  if (encoding !== 'latin1' && isText) return { ok: true, text: bytes.toString('utf8') };
  if (encoding === 'utf-8' || (encoding === 'auto' && utf8Only) || hasBom)
    return {
      ok: false,
      why: 'the bytes are not UTF-8; send UTF-8, or write encoding: latin1 into the profile if the source sends Latin-1',
    };
  const [text = ''] = createCellDecoder('latin1')(bytes, [bytes.toString('latin1')]) ?? [];
  return { ok: true, text };
}

function utf16(bytes: Buffer): Decoded {
  const text = bytes.toString('utf16le');
  if (bytes.length % 2 === 0 && text.isWellFormed()) return { ok: true, text };
  return {
    ok: false,
    why: 'the bytes begin as UTF-16 and are cut off or broken; send them whole, or as UTF-8',
  };
}

function swapped(bytes: Buffer): Buffer {
  return bytes.length % 2 === 0 ? Buffer.from(bytes).swap16() : bytes;
}
