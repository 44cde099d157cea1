import { readFile } from 'node:fs/promises';
import { EXIT, OperatorError } from '@rastreio/runtime';
import type { ReadLimits } from '@rastreio/sources';

/** A file that an operator names may be an export of years; nobody else waits meanwhile. */
export const FILE_LIMITS: ReadLimits = { maxItems: 1_000_000 };

/** The bytes of a file that a user names. @throws OperatorError (2) when it cannot be read */
export async function payloadOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new OperatorError(
      `${file}: ${(error as Error).message}; check the path and the permissions`,
      EXIT.usage,
      { cause: error },
    );
  }
}
