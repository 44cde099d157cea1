import { OperatorError } from '@rastreio/runtime';
import type { Bytes, LineBreak, Position } from './form';

// Most lines fit the first; the second is what still can be a line of a CSV file.
const READ_BYTES = [4 * 1024, 1024 * 1024] as const;

export interface Line {
  /** Without the line break at its end. */
  readonly raw: Buffer;
  /** Where the next line begins; the file's end after its last line. */
  readonly next: Position;
}

/**
 * The first line from a position on that is not empty, whatever its quotes say; null at the file's end.
 *
 * @throws OperatorError when the line is longer than 1 MiB
 */
export async function readLine(
  handle: Bytes,
  file: string,
  from: Position,
  lineBreak: LineBreak,
): Promise<Line | null> {
  for (let at = from; ;) {
    const found = await lineAt(handle, file, at, lineBreak);
    if (found === null || found.raw.length > 0) return found;
    at = found.next;
  }
}

async function lineAt(
  handle: Bytes,
  file: string,
  { offset, line }: Position,
  lineBreak: LineBreak,
): Promise<Line | null> {
  for (const size of READ_BYTES) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, offset);
    if (bytesRead === 0) return null;
    const found = buffer.subarray(0, bytesRead).indexOf(lineBreak === '\r' ? '\r' : '\n');
    if (found < 0 && bytesRead === size) continue;
    const end = found < 0 ? bytesRead : found;
    let last = end;
    while (last > 0 && buffer[last - 1] === 13) last--;
    const raw = buffer.subarray(0, last);
    return { raw, next: { offset: offset + Math.min(end + 1, bytesRead), line: line + 1 } };
  }
  throw new OperatorError(
    `${file}: line ${line} is longer than ${READ_BYTES[1]} bytes; correct or remove it and import the file again`,
  );
}
