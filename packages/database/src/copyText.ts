/** A value of a row for COPY: numbers and texts as they are, null as SQL NULL. */
export type CopyValue = string | number | bigint | null;

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/**
 * Rows in COPY's text format: tab-separated, `\N` for null, backslash escapes.
 * Format: https://www.postgresql.org/docs/17/sql-copy.html, section "Text Format".
 */
export function toCopyText(rows: Iterable<readonly CopyValue[]>): string {
  let text = '';
  for (const row of rows) {
    let separator = '';
    for (const value of row) {
      text +=
        separator + (value === null ? '\\N' : typeof value === 'string' ? escape(value) : String(value));
      separator = '\t';
    }
    text += '\n';
  }
  return text;
}

function escape(value: string): string {
  return /[\\\t\n\r]/.test(value) ? value.replace(/[\\\t\n\r]/g, (c) => ESCAPES[c] ?? c) : value;
}
