import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { OperatorError } from '@rastreio/runtime';
import { CSV_FORMAT, CSV_HEADER, JSON_FORMAT, type Format } from '@rastreio/simulator';
import { NONE_REFUSED, type Target } from './target';

export type FileFormat = 'ndjson' | 'csv';

/**
 * Writes one message a line to a file, or to stdout for `-`.
 *
 * @param words of NDJSON
 * @throws OperatorError when the file cannot be written
 */
export async function fileTarget(file: string, format: FileFormat, words = JSON_FORMAT): Promise<Target> {
  const toStdout = file === '-';
  const stream: Writable = toStdout ? process.stdout : createWriteStream(file);
  let failure: Error | undefined;
  stream.on('error', (error) => (failure ??= error));
  // once() rejects with the stream's error, which check() tells better.
  if (!toStdout) await once(stream, 'open').catch(() => undefined);
  const check = () => {
    if (failure !== undefined)
      throw new OperatorError(
        `${file}: ${failure.message}; check the path, the permissions and the disk`,
        1,
        {
          cause: failure,
        },
      );
  };
  // The callback comes once the text is with the operating system, so memory holds one batch.
  const write = async (text: string) => {
    await new Promise<void>((resolve) => stream.write(text, () => resolve()));
    check();
  };
  check();
  if (format === 'csv') await write(`${CSV_HEADER}\n`);
  return {
    format: format === 'csv' ? CSV_FORMAT : words,
    async send(batch) {
      let text = '';
      for (const outgoing of batch) text += `${outgoing.text}\n`;
      await write(text);
      return NONE_REFUSED;
    },
    async close() {
      if (toStdout) return;
      stream.end();
      // What went wrong was kept by the listener above.
      await finished(stream).catch(() => undefined);
      check();
    },
  };
}

/** Makes the messages and sends them nowhere. */
export function dryTarget(format: Format = JSON_FORMAT): Target {
  return { format, send: () => Promise.resolve(NONE_REFUSED), close: () => Promise.resolve() };
}
