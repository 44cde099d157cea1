import { withoutBom } from './encoding';

/** A line of a byte stream, without its line break. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** Null where the line is longer than allowed. */
  readonly bytes: Buffer | null;
  /** The first bytes of a line that is longer than allowed. */
  readonly beginning?: Buffer;
  /** Of the line as it came, without its line break. */
  readonly length: number;
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Splits a stream of bytes at line breaks (LF or CRLF) in constant memory: of a line longer than `maxBytes` only so many are
 * kept. Blank lines are left out but counted. The last line needs no line break. Byte order marks are left out at the beginning
 * of any line: files with one each may have been put together.
 */
export async function* splitLines(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Line> {
  let number = 1;
  let parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer) => {
    if (length < maxBytes) parts.push(part.subarray(0, maxBytes - length));
    length += part.length;
  };
  const take = (): Line | undefined => {
    const kept = parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts);
    const line =
      length > maxBytes
        ? { number, bytes: null, beginning: kept, length }
        : { number, bytes: trimmed(kept), length };
    [parts, length] = [[], 0];
    number++;
    return line.bytes?.length === 0 ? undefined : line;
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

function trimmed(bytes: Buffer): Buffer {
  const line = withoutBom(bytes);
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}
