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

/** `letters` came later: files without it are read. */
const stateSchema = cursorSchema.extend({ letters: z.array(z.string()).default([]) });

/** What is kept across restarts. */
export interface PullState {
  readonly cursor: Cursor;
  /** Of createLetters. */
  readonly letters: readonly string[];
}

/** The state kept in a file, or a fresh one at the source's beginning. @throws OperatorError when the file is not one of ours */
export async function readState(file: string, source: string): Promise<PullState> {
  const fresh: PullState = { cursor: { source, url: source, etag: null }, letters: [] };
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
    const { letters, ...cursor } = stateSchema.parse(JSON.parse(text));
    return cursor.source === source ? { cursor, letters } : fresh;
  } catch (error) {
    throw new OperatorError(
      `${file} is no cursor of the pull source; delete it to read from the beginning, which counts nothing twice`,
      EXIT.config,
      { cause: error },
    );
  }
}

/** Keeps the state; call it only when everything before its cursor is in Kafka. */
export function writeState(file: string, { cursor, letters }: PullState): Promise<void> {
  return replaceFile(file, `${JSON.stringify({ ...cursor, letters })}\n`);
}
