import { access } from 'node:fs/promises';
import { readPromises } from '@rastreio/csv';
import { hasOnlyDefaultPromise, setPromises, withClient } from '@rastreio/database';
import type { Child } from '../child';
import { waitUntil } from '../waitUntil';

const TIMEOUT_MS = 90_000;

/**
 * Waits for the file in which the simulator says what its carrier promises, and takes it over unless somebody has promised anything
 * for a lane already: what an operator wrote is not touched.
 */
export async function takeOverPromises(options: {
  readonly ownerUrl: string;
  readonly file: string;
  readonly simulator: Child;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { ownerUrl, file, simulator: child, signal } = options;
  await waitUntil('the simulator', () => access(file), { timeoutMs: TIMEOUT_MS, child, signal });
  const promises = await readPromises(file);
  await withClient(ownerUrl, async (client) => {
    if (await hasOnlyDefaultPromise(client)) await setPromises(client, promises);
  });
}
