import { readFile } from 'node:fs/promises';
import { EXIT, OperatorError, replaceFile } from '@rastreio/runtime';
import { z } from 'zod';

const cursorSchema = z.strictObject({
  /** The address that was configured: another one starts over. */
  source: z.string(),
  /** What to ask for next. */
  url: z.string(),
  /** Of the last answer to `url`. */
  etag: z.string().nullable(),
});

/** How far a carrier's events have been read. */
export type Cursor = z.infer<typeof cursorSchema>;

/** The cursor kept in a file, or a fresh one at the source's beginning. @throws OperatorError when the file is not one of ours */
export async function readCursor(file: string, source: string): Promise<Cursor> {
  const fresh: Cursor = { source, url: source, etag: null };
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return fresh;
    throw new OperatorError(`PULL_STATE_FILE: ${(error as Error).message}; check the path`, EXIT.config, {
      cause: error,
    });
  }
  try {
    const cursor = cursorSchema.parse(JSON.parse(text));
    return cursor.source === source ? cursor : fresh;
  } catch (error) {
    throw new OperatorError(
      `${file} is no cursor of the pull source; delete it to read from the beginning, which counts nothing twice`,
      EXIT.config,
      { cause: error },
    );
  }
}

/** Keeps the cursor; call it only when everything before it is in Kafka. */
export function writeCursor(file: string, cursor: Cursor): Promise<void> {
  return replaceFile(file, `${JSON.stringify(cursor)}\n`);
}
