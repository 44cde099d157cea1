import { setTimeout as sleep } from 'node:timers/promises';
import { printableLines } from '@rastreio/runtime';

/** Tells the operator what is going on, a line for each part. */
export interface Progress {
  /** @param describe what came of it, in words */
  step<T>(title: string, work: () => Promise<T>, describe?: (result: T) => string): Promise<T>;
  note(text: string): void;
}

/** What takes longer is said before it has ended, too. */
const LONG_MS = 2_000;

/** Writes one line for each part, once it has ended, with how long it took; parts may go on at the same time. */
export function createProgress(stream: NodeJS.WritableStream, longMs = LONG_MS): Progress {
  const write = (line: string) => void stream.write(printableLines(`${line}\n`));
  return {
    async step(title, work, describe) {
      const startedAt = Date.now();
      const ended = new AbortController();
      void sleep(longMs, undefined, { signal: ended.signal }).then(
        () => write(`${title} ...`),
        () => undefined,
      );
      try {
        const result = await work();
        const words = describe === undefined ? '' : `, ${describe(result)}`;
        write(`${title}: ${((Date.now() - startedAt) / 1000).toFixed(1)} s${words}`);
        return result;
      } finally {
        ended.abort();
      }
    },
    note: (text) => write(`  ${text}`),
  };
}
