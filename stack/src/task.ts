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
