import { withoutBom } from './encoding';

/** A line of a byte stream, without its line break; null where it is longer than allowed. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly bytes: Buffer | null;
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Splits a stream of bytes at line breaks (LF or CRLF) in constant memory: of a line longer than `maxBytes` nothing is kept.
 * Blank lines are left out but counted. The last line needs no line break. Byte order marks are left out at the beginning of any
 * line: files with one each may have been put together.
 */
export async function* splitLines(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Line> {
  let number = 1;
  let parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer) => {
    length += part.length;
    if (length <= maxBytes) parts.push(part);
    else parts = [];
  };
  const take = (): Line | undefined => {
    const bytes = length > maxBytes ? null : trimmed(parts.length === 1 ? parts[0] : Buffer.concat(parts));
    [parts, length] = [[], 0];
    const line = { number: number++, bytes };
    return bytes?.length === 0 ? undefined : line;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      // Millions of empty lines fit into a small packed body: they cost next to nothing.
      if (to === from && length === 0) {
        number++;
        from = to + 1;
        continue;
      }
      add(chunk.subarray(from, to));
      from = to + 1;
      const line = take();
      if (line !== undefined) yield line;
    }
    if (from < chunk.length) add(chunk.subarray(from));
  }
  if (length > 0) {
    const line = take();
    if (line !== undefined) yield line;
  }
}

function trimmed(bytes: Buffer = Buffer.alloc(0)): Buffer {
  const line = withoutBom(bytes);
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}
