const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** The bytes without the byte order marks of UTF-8 before them; editors and exports put them there, and they say nothing. */
export function withoutBom(bytes: Buffer): Buffer {
  let from = 0;
  while (bytes[from] === BOM[0] && bytes.subarray(from, from + BOM.length).equals(BOM)) from += BOM.length;
  return from === 0 ? bytes : bytes.subarray(from);
}

/** The encoding of JSON that is in none of one byte a letter, by its mark or by its zero bytes (RFC 4627 section 3); else undefined. */
export function wideEncoding(bytes: Buffer): 'UTF-16' | 'UTF-32' | undefined {
  const start = bytes.subarray(0, 4).toString('hex');
  if (/^(fffe0000|0000feff|000000..|..000000)$/.test(start)) return 'UTF-32';
  return /^(fffe|feff|00..00..$|..00..00$)/.test(start) ? 'UTF-16' : undefined;
}

/** The charset of a Content-Type in lower case, undefined where it names none or one whose texts are UTF-8. */
export function otherCharset(contentType: string | null | undefined): string | undefined {
  const [, name] = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '') ?? [];
  const charset = name?.toLowerCase();
  return charset === undefined || /^(utf-?8|(us-)?ascii)$/.test(charset) ? undefined : charset;
}
