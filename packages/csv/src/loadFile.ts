import path from 'node:path';
import { createValidator, DEFAULT_RULES, type Rejection, type TrackingEvent } from '@rastreio/contract';
import { EXIT, OperatorError } from '@rastreio/runtime';
import type { Encoding } from '@rastreio/rows';
import { withEventFile, type CsvRow, type EventFile } from './eventFile';
import { RejectFile } from './rejectFile';
import { UnknownStatuses, warningsOf, type LoadReport } from './report';

export interface LoadOptions {
  readonly file: string;
  /** UTF-8 where left out. */
  readonly encoding?: Encoding | undefined;
  /** IANA zone for timestamps without offset; left out, such rows are rejected. */
  readonly naiveTimezone?: string | undefined;
  /** Where bad rows are kept; left out, they are not. See {@link RejectFile}. */
  readonly rejectFile?: string | undefined;
  /** Called for each bad row, in order, with the line on which it starts. */
  readonly onRejected?: (line: number, rejection: Rejection) => void;
  /** Called before the first row and after each batch that the target has. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  /** Bytes of the file whose rows the target has. */
  readonly bytes: number;
  readonly size: number;
  readonly rows: number;
}

export interface RejectedRow {
  readonly row: CsvRow;
  readonly rejection: Rejection;
}

// Rejected rows are kept as they are, and may be 64 KiB each.
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** Where the rows of a file go. */
export interface Sink {
  readonly rowsPerWrite: number;
  /** Why the target cannot take an event that the contract accepts; null: it can. */
  refuse(event: TrackingEvent): Rejection | null;
  /** Whether an event's status is known, or a word for one that is. */
  knows(event: TrackingEvent): boolean;
  readonly statusesOf: LoadReport['statusesOf'];
  /** Resolves once the target has the rows; meanwhile one batch is read ahead, not more. */
  write(source: EventFile, events: readonly TrackingEvent[], rejected: readonly RejectedRow[]): Promise<void>;
}

/**
 * Reads an event file into a target, batch by batch in constant memory, and keeps its bad rows.
 *
 * @throws OperatorError when the file cannot be read or the reject file not written, and what the target throws
 */
export async function loadFile(options: LoadOptions, sink: Sink): Promise<LoadReport> {
  const { file, encoding = 'utf-8', naiveTimezone, rejectFile } = options;
  // The second is where the reject file is written first.
  if (rejectFile !== undefined && [rejectFile, `${rejectFile}.new`].some((other) => isSame(other, file)))
    throw new OperatorError(
      `${rejectFile}: the reject file would replace the imported file; give --rejects another name`,
      EXIT.usage,
    );
  const validate = createValidator({ ...DEFAULT_RULES, naiveTimezone });
  return withEventFile({ file, encoding, validate }, async (source) => {
    const rejects =
      rejectFile === undefined ? undefined : new RejectFile(rejectFile, source.layout, encoding);
    try {
      const statuses = new UnknownStatuses();
      await load(source, sink, rejects, options, statuses);
      await rejects?.finish();
      const { seen } = source;
      return {
        blankRows: seen.blank,
        unknownStatuses: statuses.list(),
        statusesOf: sink.statusesOf,
        warnings: warningsOf(seen, encoding),
      };
    } catch (error) {
      // The import's error is the one that matters; what stays of FILE.new is replaced by the next import.
      await rejects?.discard().catch(() => undefined);
      throw error;
    }
  });
}

function isSame(a: string, b: string): boolean {
  return path.resolve(a) === path.resolve(b);
}

async function load(
  source: EventFile,
  sink: Sink,
  rejects: RejectFile | undefined,
  { onRejected, onProgress }: LoadOptions,
  statuses: UnknownStatuses,
): Promise<void> {
  const { size } = source;
  let progress: Progress = { bytes: source.layout.body.offset, size, rows: 0 };
  onProgress?.(progress);
  let events: TrackingEvent[] = [];
  let rejected: RejectedRow[] = [];
  let batchStart = progress.bytes;
  let writing: Promise<void> = Promise.resolve();
  // One batch is written while the next one is read.
  const write = async (bytes: number) => {
    await writing;
    const rows = progress.rows + events.length + rejected.length;
    writing = sink.write(source, events, rejected).then(() => {
      progress = { bytes, size, rows };
      onProgress?.(progress);
    });
    // Its error is thrown where it is awaited, which may be a while from now.
    writing.catch(() => undefined);
    events = [];
    rejected = [];
    batchStart = bytes;
  };
  try {
    for await (const row of source.rows()) {
      const checked = check(row, sink);
      if (checked.ok) {
        events.push(checked.event);
        if (!sink.knows(checked.event)) statuses.add(checked.event.status_rastreamento);
      } else {
        const { rejection } = checked;
        rejected.push({ row, rejection });
        onRejected?.(row.line, rejection);
        await rejects?.add(row, rejection);
      }
      const full = events.length + rejected.length >= sink.rowsPerWrite;
      if (full || row.end - batchStart >= MAX_BATCH_BYTES) await write(row.end);
    }
    await write(size);
  } finally {
    await writing;
  }
}

type Checked = { ok: true; event: TrackingEvent } | { ok: false; rejection: Rejection };

function check({ result }: CsvRow, sink: Sink): Checked {
  if (!result.ok) return { ok: false, rejection: result.rejections[0] };
  const refused = sink.refuse(result.event);
  return refused === null ? { ok: true, event: result.event } : { ok: false, rejection: refused };
}
