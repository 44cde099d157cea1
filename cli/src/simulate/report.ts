import { createLog, type Log } from '@rastreio/runtime';
import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import type { Emitted } from './emit';

export interface Reporter {
  start(title: string, total: number | undefined): void;
  progress(emitted: Emitted): void;
  finish(emitted: Emitted): void;
}

const LINE_EVERY_MS = 5_000;

/** Progress on stderr: a bar on a terminal, a plain line now and then elsewhere, JSON lines if asked for. */
export function createReporter(stream: NodeJS.WriteStream, json: boolean): Reporter {
  if (json) return jsonReporter(createLog('simulate', 'info', 'stderr'));
  return stream.isTTY ? barReporter(stream) : lineReporter(stream);
}

function barReporter(stream: NodeJS.WriteStream): Reporter {
  const format = '{bar} {percentage} % | {value}/{total} events | {duration_formatted}';
  const bars = new MultiBar({ stream, hideCursor: true, format }, Presets.shades_grey);
  let bar: SingleBar | undefined;
  return {
    start(title, total) {
      stream.write(`simulate ${title}\n`);
      if (total !== undefined) bar = bars.create(total, 0);
    },
    progress: ({ tally }) => bar?.update(tally.event + tally.late),
    finish(emitted) {
      bars.stop();
      stream.write(`${summary(emitted)}\n`);
    },
  };
}

function lineReporter(stream: NodeJS.WriteStream): Reporter {
  return {
    start: (title) => void stream.write(`simulate ${title}\n`),
    progress: nowAndThen((emitted) => stream.write(`sent ${emitted.sent} messages, ${rate(emitted)}/s\n`)),
    finish: (emitted) => void stream.write(`${summary(emitted)}\n`),
  };
}

function jsonReporter(log: Log): Reporter {
  return {
    start: (title, total) => log.info({ total }, title),
    progress: nowAndThen(({ skipped, sent, refused, startedAt }) =>
      log.info({ skipped, sent, refused, rate: rate({ sent, startedAt }) }, 'sending'),
    ),
    finish: (emitted) => log.info({ ...figures(emitted) }, 'finished'),
  };
}

/** What a run's last line on stdout says. Rates in messages per second, delays in milliseconds. */
export function figures({
  tally,
  skipped,
  sent,
  refused,
  notSent,
  startedAt,
  delay,
}: Emitted): Record<string, unknown> {
  const paced = delay.count > 0;
  return {
    ...tally,
    ...(skipped > 0 ? { skipped } : {}),
    sent,
    refused,
    not_sent: notSent,
    achieved_rate: rate({ sent, startedAt }),
    delay_ms: paced ? { p50: delay.percentile(50), p99: delay.percentile(99), max: delay.max } : null,
  };
}

function summary(emitted: Emitted): string {
  const { tally, sent, refused, notSent } = emitted;
  const kinds = Object.entries(tally).filter(([, n]) => n > 0);
  const parts = kinds.map(([kind, n]) => `${n} ${kind}`).join(', ');
  const further = [
    refused > 0 ? `${refused} refused by the target` : '',
    notSent > 0 ? `${notSent} due in time but not sent: the target is too slow for this rate` : '',
  ];
  return [`sent ${sent} messages, ${rate(emitted)}/s: ${parts}`, ...further]
    .filter((t) => t !== '')
    .join('; ');
}

function rate({ sent, startedAt }: Pick<Emitted, 'sent' | 'startedAt'>): number {
  return Math.round((10 * sent) / Math.max(0.001, (Date.now() - startedAt) / 1000)) / 10;
}

function nowAndThen(report: (emitted: Emitted) => void): (emitted: Emitted) => void {
  let lastAt = Date.now();
  return (emitted) => {
    if (Date.now() - lastAt < LINE_EVERY_MS) return;
    lastAt = Date.now();
    report(emitted);
  };
}
