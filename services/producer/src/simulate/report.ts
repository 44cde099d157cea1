import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import type { Tally } from './emit';

export interface Reporter {
  start(title: string, total: number | undefined): void;
  progress(tally: Tally): void;
  finish(tally: Tally): void;
}

const LINE_EVERY_MS = 5_000;

/** A progress bar on a terminal, a plain line now and then elsewhere. */
export function createReporter(stream: NodeJS.WriteStream): Reporter {
  const bars = stream.isTTY
    ? new MultiBar(
        {
          stream,
          hideCursor: true,
          format: '{bar} {percentage} % | {value}/{total} events | {duration_formatted}',
        },
        Presets.shades_grey,
      )
    : undefined;
  let bar: SingleBar | undefined;
  let startedAt = 0;
  let lastLineAt = 0;
  const rate = ({ sent }: Tally) => Math.round(sent / Math.max(0.001, (Date.now() - startedAt) / 1000));
  return {
    start(title, total) {
      startedAt = lastLineAt = Date.now();
      stream.write(`simulate ${title}\n`);
      if (total !== undefined) bar = bars?.create(total, 0);
    },
    progress(tally) {
      bar?.update(tally.event + tally.late);
      if (bar !== undefined || Date.now() - lastLineAt < LINE_EVERY_MS) return;
      lastLineAt = Date.now();
      stream.write(`sent ${tally.sent} messages, ${rate(tally)}/s\n`);
    },
    finish(tally) {
      bars?.stop();
      const { sent, event, late, duplicate, malformed } = tally;
      stream.write(
        `sent ${sent} messages, ${rate(tally)}/s: ${event} events, ${late} late, ${duplicate} duplicates, ${malformed} malformed\n`,
      );
    },
  };
}
