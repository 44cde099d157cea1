import { printableLines } from '@rastreio/runtime';

/** Tells the operator what is going on, a line per step. */
export interface Progress {
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
  note(text: string): void;
}

/** Writes "title ..." and then how long it took. */
export function createProgress(stream: NodeJS.WritableStream): Progress {
  return {
    async step(title, work) {
      const startedAt = Date.now();
      stream.write(`${title} ...\n`);
      const result = await work();
      stream.write(`  done in ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
      return result;
    },
    note: (text) => void stream.write(printableLines(`  ${text}\n`)),
  };
}
