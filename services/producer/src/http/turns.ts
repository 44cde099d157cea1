/** Work of many senders on one thread. */
export interface Turns {
  /** Does a small piece of work when it is its sender's turn. What it throws is thrown to the caller. */
  readonly take: <T>(who: string, work: () => T) => Promise<T>;
}

/** How long pieces are done one after another before connections, timers and answers have their turn, in milliseconds. */
const SLICE_MS = 5;

/**
 * Senders take turns, piece by piece: whoever brings much work waits behind their own, not before that of others. Between
 * slices of a few milliseconds the process turns to everything else.
 */
export function createTurns(): Turns {
  const waiting = new Map<string, (() => void)[]>();
  let scheduled = false;
  const run = () => {
    const end = performance.now() + SLICE_MS;
    do {
      const [next] = waiting;
      if (next === undefined) break;
      const [who, pieces] = next;
      // To the end of the row, if there is more of them.
      waiting.delete(who);
      const piece = pieces.shift();
      if (pieces.length > 0) waiting.set(who, pieces);
      piece?.();
    } while (performance.now() < end);
    scheduled = waiting.size > 0;
    if (scheduled) setImmediate(run);
  };
  return {
    take: (who, work) =>
      new Promise((resolve, reject) => {
        const piece = () => {
          try {
            resolve(work());
          } catch (error) {
            // What it threw, whatever that is.
            // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
            reject(error);
          }
        };
        const pieces = waiting.get(who);
        if (pieces === undefined) waiting.set(who, [piece]);
        else pieces.push(piece);
        if (scheduled) return;
        scheduled = true;
        setImmediate(run);
      }),
  };
}
