import { access } from 'node:fs/promises';
import { readPromises } from '@rastreio/csv';
import { hasOnlyDefaultPromise, setPromises, withClient } from '@rastreio/database';
import type { Supervised } from '../supervise';
import { waitUntil } from '../waitUntil';

const TIMEOUT_MS = 90_000;

/**
 * Unless somebody has promised anything for a lane already, waits for the file in which the simulator says what its carrier promises, and
 * takes it over: what an operator wrote is not touched, and later starts wait for nothing.
 */
export async function takeOverPromises(options: {
  readonly ownerUrl: string;
  readonly file: string;
  readonly simulator: Supervised;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { ownerUrl, file, simulator: child, signal } = options;
  await withClient(ownerUrl, async (client) => {
    if (!(await hasOnlyDefaultPromise(client))) return;
    await waitUntil('the simulator', () => access(file), { timeoutMs: TIMEOUT_MS, child, signal });
    await setPromises(client, await readPromises(file));
  });
}
