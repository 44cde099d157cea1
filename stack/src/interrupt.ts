/** What asks a stack to stop. */
export interface Interrupt {
  /** Aborts at the first of a signal, a terminal or launcher that is gone, and an error that nobody caught. */
  readonly signal: AbortSignal;
  /** Settles at the same time, with the error if it was one. */
  readonly happened: Promise<Error | undefined>;
}

/**
 * Listens for all of it, also after the first: the stop goes on then, so that no process is left. An error that nobody caught stops the
 * stack as well, since its processes are in sessions of their own and would outlive us.
 */
export function listenForInterrupts(): Interrupt {
  const stop = new AbortController();
  const happened = new Promise<Error | undefined>((resolve) => {
    const interrupt = (error?: Error) => {
      resolve(error);
      stop.abort(error);
    };
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupt());
    process.on('uncaughtException', (error) => interrupt(error));
    // The launcher, start.mjs, was killed: nobody could reach us any more.
    process.on('disconnect', () => interrupt());
  });
  // Listening alone must not keep us alive.
  process.channel?.unref();
  return { signal: stop.signal, happened };
}
