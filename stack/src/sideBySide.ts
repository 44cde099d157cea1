/** Parts of a start that go on at the same time. */
export interface Group {
  /** Begins a part. Its result may be waited for by another one; its failure ends them all. */
  run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Settles when every part has ended. @throws the first failure, or the reason of the outer signal */
  ended(): Promise<void>;
}

/**
 * When one part fails, the others are told by their signal, and waited for: nothing of them starts any more once `ended` has settled. All
 * parts are begun before it is asked for.
 */
export function sideBySide(outer: AbortSignal): Group {
  const failed = new AbortController();
  const signal = AbortSignal.any([outer, failed.signal]);
  const parts: Promise<void>[] = [];
  return {
    run(work) {
      const result = signal.aborted ? Promise.reject(signal.reason as Error) : work(signal);
      parts.push(
        result.then(
          () => undefined,
          (error: unknown) => failed.abort(error),
        ),
      );
      return result;
    },
    async ended() {
      await Promise.all(parts);
      signal.throwIfAborted();
    },
  };
}
