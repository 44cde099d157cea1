import type { Rejection } from '@rastreio/contract';
import type { LoadReport, Progress } from '@rastreio/csv';
import { printable, printableLines } from '@rastreio/runtime';
import { MultiBar, Presets, type SingleBar } from 'cli-progress';

export interface ImportReporter {
  readonly progress: (progress: Progress) => void;
  readonly rejected: (line: number, rejection: Rejection) => void;
  /** Ends the bar and tells how many bad lines were not shown, and where they are if they are kept. */
  readonly finish: (rejectFile: string | null) => void;
}

const LINE_EVERY_MS = 5_000;
const SHOWN_BAD_LINES = 20;

/** An import's progress and first bad lines on stderr: a bar on a terminal, a plain line now and then elsewhere. */
export function createImportReporter(stream: NodeJS.WriteStream): ImportReporter {
  const output = stream.isTTY ? barOutput(stream) : lineOutput(stream);
  let bad = 0;
  return {
    progress: output.progress,
    rejected(line, { reason, detail }) {
      if (++bad <= SHOWN_BAD_LINES) output.write(`${printable(`line ${line}: ${reason}: ${detail}`)}\n`);
    },
    finish(rejectFile) {
      output.stop();
      if (bad <= SHOWN_BAD_LINES) return;
      const where = rejectFile === null ? '' : ` in ${rejectFile}`;
      stream.write(printableLines(`... and ${bad - SHOWN_BAD_LINES} more${where}\n`));
    },
  };
}

const SHOWN_STATUSES = 20;

/** What an import says of a file besides its bad lines, in sentences. */
export function describeFile({ blankRows, unknownStatuses, statusesOf, warnings }: LoadReport): string[] {
  const shown = unknownStatuses.slice(0, SHOWN_STATUSES);
  return [
    ...warnings.map((warning) => `warning: ${warning}`),
    ...(blankRows === 0 ? [] : [`${blankRows} rows of separators only were passed over`]),
    ...(shown.length === 0
      ? []
      : [
          statusesOf === 'database'
            ? 'words that this database does not know; say what they mean by "rastreio status map" (docs/words.md):'
            : 'statuses that are not among those that are shipped; a database may know more of them ("rastreio status list", docs/words.md):',
        ]),
    ...shown.map(
      ({ status, events, nearest }) =>
        `  ${printable(status)}: ${events} events${nearest === null ? '' : `; is ${nearest} meant?`}`,
    ),
    ...(unknownStatuses.length > shown.length ? [`  and ${unknownStatuses.length - shown.length} more`] : []),
  ];
}

interface Output {
  readonly progress: (progress: Progress) => void;
  readonly write: (text: string) => void;
  readonly stop: () => void;
}

function barOutput(stream: NodeJS.WriteStream): Output {
  const format = '{bar} {percentage} % | {text} | {eta_formatted} left';
  // The terminal's settings stay as they are, so that Ctrl-C has nothing to restore.
  const options = { stream, format, barsize: 20, etaBuffer: 50, linewrap: true };
  const bars = new MultiBar(options, Presets.shades_grey);
  const startedAt = Date.now();
  let bar: SingleBar | undefined;
  return {
    progress(progress) {
      const text = describe(progress, startedAt);
      bar ??= bars.create(progress.size, 0, { text });
      bar.update(progress.bytes, { text });
    },
    // Above the bar, which is drawn again below it.
    write: (text) => void bars.log(text),
    stop: () => bars.stop(),
  };
}

function lineOutput(stream: NodeJS.WriteStream): Output {
  const startedAt = Date.now();
  let lastAt = startedAt;
  return {
    progress(progress) {
      if (Date.now() - lastAt < LINE_EVERY_MS) return;
      lastAt = Date.now();
      const percentage = Math.floor((100 * progress.bytes) / progress.size);
      stream.write(`${percentage} % | ${describe(progress, startedAt)}\n`);
    },
    write: (text) => void stream.write(text),
    stop: () => undefined,
  };
}

function describe({ bytes, size, rows }: Progress, startedAt: number): string {
  const seconds = Math.max(0.001, (Date.now() - startedAt) / 1000);
  return `${megabytes(bytes)} of ${megabytes(size)} MB | ${rows} rows, ${Math.round(rows / seconds)}/s`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
