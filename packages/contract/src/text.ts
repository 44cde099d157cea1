/** Whether PostgreSQL can store the text: no U+0000, no lone surrogate. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** Length in code points, as PostgreSQL's char_length and JSON Schema's maxLength count it. */
export function codePoints(text: string): number {
  let surrogatePairs = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) surrogatePairs++;
  }
  return text.length - surrogatePairs;
}

/** Orders texts by code point, as PostgreSQL's "C" collation does in UTF-8 (JavaScript's `<` orders by UTF-16 unit). */
export function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
