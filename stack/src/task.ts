/** Work that goes on beside the start of the stack. */
export interface Task<T> {
  readonly name: string;
  readonly result: Promise<T>;
  /** Ends it and waits until it has ended. */
  readonly stop: () => Promise<void>;
}

/** Begins `work`, whose signal also aborts with `signal`. Its failure is for those who await `result`. */
export function startTask<T>(
  name: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Task<T> {
  const stopped = new AbortController();
  const result = work(AbortSignal.any([signal, stopped.signal]));
  const ended = result.then(
    () => undefined,
    () => undefined,
  );
  return {
    name,
    result,
    async stop() {
      stopped.abort();
      await ended;
    },
  };
}

/** Stops waiting for `work` when `signal` aborts; what becomes of the work is nobody's matter then. @throws the reason of `signal` */
export async function whileNotAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
  return Promise.race([work, aborted]);
}
