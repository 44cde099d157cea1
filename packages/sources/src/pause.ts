import { setImmediate as turn } from 'node:timers/promises';

/** Lets others have their turn where it is due. */
export type Pause = () => Promise<void>;

const MAX_BUSY_MS = 5;

/**
 * For work that may be long in a server that has more to do. Called between its small parts, a row or an event; whether they give anything
 * does not count, only how long they took together.
 */
export function createPause(): Pause {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < MAX_BUSY_MS) return;
    await turn();
    since = performance.now();
  };
}
