/** Controls (C0 with DEL, C1), formats such as those that turn the direction of writing, separators, lone surrogates. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Text in one line that a terminal only shows and never obeys: what a stranger sent must not move the cursor or set a title. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (c) => SHORT[c] ?? escapeUnits(c));
}

/** Text of several lines, each of them {@link printable}. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** JSON whose texts are {@link printable}. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, escapeUnits);
}

function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');
}
