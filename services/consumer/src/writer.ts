import { setTimeout as sleep } from 'node:timers/promises';
import {
  addCounts,
  classifyDatabaseError,
  LetterRefusedError,
  remedyOf,
  sqlstate,
  WentBackError,
  type Batch,
  type RejectedMessage,
  type WrittenBatch,
} from '@rastreio/database';
import { backoffMs, EXIT, OperatorError, type Log } from '@rastreio/runtime';
import { rejectRecord, sliceEvents, type Assembled } from './assemble';
import { LOCK_NOT_AVAILABLE } from './endAbandoned';
import type { ReceivedRecord } from './record';

export interface WriterOptions {
  /** Writes one batch in one transaction. */
  readonly write: (batch: Batch) => Promise<WrittenBatch>;
  readonly log: Log;
  /** Called before each wait, so that metrics can show that the database is away. */
  readonly onRetry?: () => void;
  readonly random?: () => number;
  readonly firstDelayMs?: number;
  readonly maxDelayMs?: number;
}

/** However long others hold locks, a transaction of fewer events would not be much shorter. */
const LEAST_EVENTS = 1_000;
/** So much more may be written at once after each transaction of about as many events as might be. */
const GROWTH = 1.25;

interface Written {
  readonly counts: WrittenBatch;
  /** Everything rejected: what did not decode, and what the database refused. */
  readonly rejected: readonly RejectedMessage[];
}

/** Thrown when the service stops while the database is away: nothing of the batch may be counted as done. */
export class AbandonedError extends Error {
  override readonly name = 'AbandonedError';
}

/**
 * Writes a batch whatever it takes: waits for the database for as long as it is away, and finds the rows it refuses by
 * halving the batch, so that one bad row costs about 2 log2(n) more statements and no good row is rejected. Where others hold what it
 * needs for longer than the time limit of locks, as those do who write other events of the same parcels, it writes less at once for a while.
 *
 * @throws AbandonedError when `signal` aborts during a wait
 * @throws OperatorError (exit code 78) when the schema, a permission or the login is wrong; (1) when the database has less than was
 *   written to it: the next start reads that again
 */
export type Writer = (assembled: Assembled, signal: AbortSignal) => Promise<Written>;

/** A {@link Writer} with capped, jittered, endless retries. */
export function createWriter({
  write,
  log,
  onRetry,
  random = Math.random,
  firstDelayMs = 100,
  maxDelayMs = 10_000,
}: WriterOptions): Writer {
  let mostEvents = Infinity;

  async function writeSlice(assembled: Assembled, signal: AbortSignal): Promise<Written> {
    const { length } = assembled.events;
    for (let attempt = 0; ;) {
      if (length > mostEvents) return writeParts(assembled, signal);
      try {
        const counts = await write(assembled);
        if (length >= mostEvents / 2) mostEvents = Math.ceil(mostEvents * GROWTH);
        return { counts, rejected: assembled.rejected };
      } catch (error) {
        if (error instanceof OperatorError) throw error;
        if (error instanceof WentBackError)
          throw new OperatorError(
            `${error.message}. It was restored, or a server took over that lacks the newest. ` +
              'Start the consumer again: it then reads on from where the database is.',
            EXIT.wrong,
            { cause: error },
          );
        const kind = classifyDatabaseError(error);
        if (error instanceof LetterRefusedError) return bisectLetters(assembled, error, signal);
        if (kind === 'data') return bisect(assembled, error, signal);
        if (kind === 'fatal') throw fatal(error);
        onRetry?.();
        // It has waited in the queue of the lock already. Who stayed away for longer and longer would be overtaken by whoever comes
        // anew, for minutes.
        const isLocked = sqlstate(error) === LOCK_NOT_AVAILABLE;
        if (isLocked) mostEvents = Math.min(mostEvents, Math.max(LEAST_EVENTS, Math.ceil(length / 2)));
        const delay = backoffMs(isLocked ? 0 : attempt++, { firstDelayMs, maxDelayMs, random });
        log.warn(
          { err: error, attempt, delayMs: Math.round(delay) },
          isLocked
            ? 'another transaction has locked what this batch needs, trying again; pg_locks shows which'
            : 'database away, trying the same batch again',
        );
        await wait(delay, signal);
      }
    }
  }

  /** One after the other, each of as many events as may be written at once by then. */
  async function writeParts(assembled: Assembled, signal: AbortSignal): Promise<Written> {
    const { length } = assembled.events;
    const parts: Written[] = [];
    for (let at = 0; at < length;) {
      const to = Math.min(at + mostEvents, length);
      parts.push(await writeSlice(sliceEvents(assembled, at, to), signal));
      at = to;
    }
    return parts.reduce(joined);
  }

  async function bisect(assembled: Assembled, error: unknown, signal: AbortSignal): Promise<Written> {
    const { length } = assembled.events;
    const [only] = assembled.records;
    if (only === undefined) throw fatal(error);
    if (length === 1) {
      const rejected = [...assembled.rejected, refused(assembled, only, error)];
      return writeSlice({ ...assembled, events: [], records: [], rejected }, signal);
    }
    const left = await writeSlice(sliceEvents(assembled, 0, length >> 1), signal);
    const right = await writeSlice(sliceEvents(assembled, length >> 1, length), signal);
    return joined(left, right);
  }

  /** No letter is known that the database refuses. Should there be one, it is kept without what a stranger filled it with. */
  async function bisectLetters(assembled: Assembled, error: unknown, signal: AbortSignal): Promise<Written> {
    const { rejected, position } = assembled;
    const [only] = rejected;
    if (only === undefined || isBare(only)) throw fatal(error);
    if (rejected.length === 1)
      return writeSlice({ ...assembled, rejected: [withoutContent(only, error)] }, signal);
    const half = rejected.length >> 1;
    const left = await writeSlice(
      { ...assembled, rejected: rejected.slice(0, half), position: undefined },
      signal,
    );
    const rest = { events: [], records: [], untimed: 0, position };
    const right = await writeSlice({ ...assembled, ...rest, rejected: rejected.slice(half) }, signal);
    return joined(left, right);
  }

  return writeSlice;
}

function joined(left: Written, right: Written): Written {
  return {
    counts: { ...addCounts(left.counts, right.counts), unknown: left.counts.unknown + right.counts.unknown },
    rejected: [...left.rejected, ...right.rejected],
  };
}

function refused(assembled: Assembled, record: ReceivedRecord, error: unknown): RejectedMessage {
  const reason = error instanceof Error ? error.message : String(error);
  return rejectRecord(assembled, record, {
    reason: 'database_rejected',
    field: null,
    detail: `the database refused the event (SQLSTATE ${sqlstate(error) ?? 'none'}): ${reason}; correct it and replay it`,
  });
}

function withoutContent(letter: RejectedMessage, error: unknown): RejectedMessage {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    ...letter,
    key: null,
    value: null,
    headers: {},
    detail: `${letter.reason}; the database refused the letter itself (SQLSTATE ${sqlstate(error) ?? 'none'}): ${reason}; its bytes are in the dead-letter topic`,
  };
}

function isBare({ key, value, headers }: RejectedMessage): boolean {
  return key === null && value === null && Object.keys(headers).length === 0;
}

function fatal(error: unknown): OperatorError {
  const message = error instanceof Error ? error.message : String(error);
  return new OperatorError(
    `The database refused the write for a reason no retry mends (SQLSTATE ${sqlstate(error) ?? 'none'}): ${message}. ` +
      `${remedyOf(error)}, then start again; no message was lost.`,
    EXIT.config,
    { cause: error },
  );
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    throw new AbandonedError('stopped while the database was away; the batch will be read again');
  }
}
