import { setTimeout as sleep } from 'node:timers/promises';
import type { Decoder } from '@rastreio/contract';
import type { ReadPosition } from '@rastreio/database';
import type { Publisher } from '@rastreio/kafka';
import { backoffMs, OperatorError, type Log } from '@rastreio/runtime';
import { assemble, joinPositions, type ReadRecords } from './assemble';
import type { ConsumerFailpoint } from './config';
import { toDeadLetters } from './deadLetters';
import type { ConsumerMetrics } from './metrics';
import { AbandonedError, type Writer } from './writer';

/** A batch on its way from Kafka to the database. Until its turn to be written it is bytes: events beside them would take more memory. */
export interface BatchInHand extends ReadRecords {
  /** Its offset `next` is after the batch and after what Kafka keeps behind it for itself: what is committed when the batch is done. */
  readonly position: ReadPosition;
  /** Of all of its records. */
  readonly bytes: number;
  /** When it was fetched, by `performance.now()`. */
  readonly fetchedAtMs: number;
}

/** Two batches of a partition as one, undefined where they have to stay apart. */
export function joinBatches(earlier: BatchInHand, later: BatchInHand): BatchInHand | undefined {
  const position = joinPositions(earlier.position, later.position);
  if (position === undefined) return undefined;
  const bytes = earlier.bytes + later.bytes;
  return { ...earlier, position, records: [...earlier.records, ...later.records], bytes };
}

export interface FinishParts {
  readonly decode: Decoder;
  readonly write: Writer;
  readonly deadLetters: Publisher;
  readonly metrics: ConsumerMetrics;
  readonly log: Log;
  readonly failpoint: ConsumerFailpoint;
  /** @throws what Kafka says when it does not take the offset */
  readonly commitOffset: (partition: number, nextOffset: string) => Promise<void>;
}

const DEAD_LETTER_RETRY = { firstDelayMs: 500, maxDelayMs: 30_000 };

/**
 * Takes a batch to its end, in the order on which nothing-is-lost rests: database commit, dead letters acknowledged, offset
 * committed. What is transient is tried again for as long as it takes.
 *
 * @param onWritten called when the database has it: it can take another batch
 * @throws AbandonedError when `signal` aborts while something is waited for; OperatorError when a person must act
 */
export async function finishBatch(
  batch: BatchInHand,
  parts: FinishParts,
  signal: AbortSignal,
  onWritten: () => void,
): Promise<void> {
  const { partition, position } = batch;
  const { next: nextOffset } = position;
  const { log, metrics, failpoint } = parts;
  const assembled = await assemble(batch, parts.decode);
  const written = await parts.write(assembled, signal);
  onWritten();
  failpoint('after_database_commit');
  await sendDeadLetters(parts, toDeadLetters(written.rejected, batch.records), signal);
  failpoint('after_dead_letters');
  try {
    await parts.commitOffset(partition, nextOffset);
  } catch (err) {
    // The group has changed or the broker is away. Whoever reads the batch again finds it in the database.
    log.warn({ err, partition, nextOffset }, 'offset not committed; reading the batch again changes nothing');
  }
  const [from, to] = position.removed ?? ['0', '0'];
  const removed = Number(BigInt(to) - BigInt(from));
  if (removed > 0)
    log.warn(
      { partition, removed, from, to },
      'Kafka removed messages before they were read; see "Messages that were removed unread" in docs/operations.md',
    );
  const durationSeconds = (performance.now() - batch.fetchedAtMs) / 1000;
  metrics.batchDone({
    partition,
    received: batch.records.length,
    ...written,
    untimed: assembled.untimed,
    removed,
    newestEvent: assembled.events.reduce((n, e) => (e.data_atualizacao > n ? e.data_atualizacao : n), ''),
    receivedMs: batch.records.at(-1)?.receivedMs,
    durationSeconds,
  });
  const { counts, rejected } = written;
  const line = { partition, ...counts, ms: Math.round(durationSeconds * 1000) };
  if (rejected.length > 0) log.warn({ ...line, first: rejected[0]?.detail }, 'batch with dead letters');
  else log.debug(line, 'batch');
}

async function sendDeadLetters(
  { deadLetters, log }: FinishParts,
  letters: ReturnType<typeof toDeadLetters>,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await deadLetters.send(letters);
    } catch (err) {
      if (err instanceof OperatorError) throw err;
      const delayMs = backoffMs(attempt, DEAD_LETTER_RETRY);
      log.warn({ err, attempt, delayMs: Math.round(delayMs) }, 'dead letters not taken, sending them again');
      await sleep(delayMs, undefined, { signal }).catch(() => {
        throw new AbandonedError(
          'stopped while the dead-letter topic was away; the batch will be read again',
        );
      });
    }
  }
}
