import { isKnownStatus, TOPIC_EVENTS, type Decoder } from '@rastreio/contract';
import type { Publisher } from '@rastreio/kafka';
import { OperatorError, type Log, type Running } from '@rastreio/runtime';
import type { EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { assemble } from './assemble';
import type { Config, ConsumerFailpoint } from './config';
import { toDeadLetters } from './deadLetters';
import { withHeartbeats } from './heartbeats';
import type { ConsumerMetrics } from './metrics';
import { AbandonedError, type Writer } from './writer';

export interface ConsumerParts {
  readonly kafka: Kafka;
  readonly config: Config;
  readonly decode: Decoder;
  readonly write: Writer;
  readonly deadLetters: Publisher;
  readonly metrics: ConsumerMetrics;
  readonly log: Log;
  readonly failpoint: ConsumerFailpoint;
}

export interface RunningConsumer extends Running {
  readonly hasJoined: () => boolean;
  readonly finished: Promise<void>;
}

const HEARTBEATS_PER_SESSION = 10;

/**
 * Reads the events topic in batches: database commit, then the dead letters' acknowledgement, then the offsets.
 * `finished` rejects when a person must act; anything else is retried until it works.
 */
export async function startConsumer(parts: ConsumerParts): Promise<RunningConsumer> {
  const { kafka, config, log } = parts;
  const stopping = new AbortController();
  let joined = false;
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<void>((_resolve, reject) => (fail = reject));

  const consumer = kafka.consumer({
    groupId: config.CONSUMER_GROUP_ID,
    sessionTimeout: config.SESSION_TIMEOUT_MS,
    heartbeatInterval: config.SESSION_TIMEOUT_MS / HEARTBEATS_PER_SESSION,
    maxBytesPerPartition: config.FETCH_MAX_BYTES_PER_PARTITION,
    maxWaitTimeInMs: config.FETCH_MAX_WAIT_MS,
    // kafkajs calls this for what it cannot retry within; only an error that needs a person ends the service.
    retry: {
      retries: 30,
      maxRetryTime: 10_000,
      restartOnFailure: (error) => Promise.resolve(!needsPerson(error)),
    },
  });
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    joined = true;
    log.info({ partitions: payload.memberAssignment[TOPIC_EVENTS] ?? [] }, 'joined the group');
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    joined = false;
    if (!payload.restart) fail(payload.error);
  });

  await consumer.connect();
  await consumer.subscribe({ topics: [TOPIC_EVENTS], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: config.WRITER_CONNECTIONS,
    eachBatch: async (payload) => {
      try {
        await processBatch(payload, parts, stopping.signal, (offset) =>
          consumer.commitOffsets([{ topic: TOPIC_EVENTS, partition: payload.batch.partition, offset }]),
        );
      } catch (error) {
        // Stopped in the middle: leaving the offsets alone is all there is to do.
        if (!(error instanceof AbandonedError)) throw error;
        log.info({ partition: payload.batch.partition }, error.message);
      }
    },
  });

  return {
    hasJoined: () => joined,
    finished: failed,
    async stop() {
      stopping.abort();
      await consumer.stop();
      await consumer.disconnect();
    },
  };
}

type CommitOffset = (nextOffset: string) => Promise<void>;

async function processBatch(
  payload: EachBatchPayload,
  parts: ConsumerParts,
  signal: AbortSignal,
  commit: CommitOffset,
): Promise<void> {
  const { batch } = payload;
  const { config, log } = parts;
  const beat = config.SESSION_TIMEOUT_MS / HEARTBEATS_PER_SESSION;
  for (const messages of slices(batch.messages, config.BATCH_MAX_MESSAGES)) {
    if (!payload.isRunning() || payload.isStale()) return;
    const last = messages[messages.length - 1];
    if (last === undefined) return;
    const startedAt = performance.now();
    const assembled = assemble(batch.topic, batch.partition, messages, parts.decode);
    const written = await withHeartbeats(
      () => payload.heartbeat(),
      beat,
      async () => {
        const result = await parts.write(assembled, signal);
        parts.failpoint('after_database_commit');
        await parts.deadLetters.send(toDeadLetters(result.rejected, messages));
        parts.failpoint('after_dead_letters');
        return result;
      },
    );
    payload.resolveOffset(last.offset);
    await commit(String(BigInt(last.offset) + 1n));
    const durationSeconds = (performance.now() - startedAt) / 1000;
    const lagMessages = Number(BigInt(batch.highWatermark) - BigInt(last.offset) - 1n);
    parts.metrics.batchDone({
      partition: batch.partition,
      ...written,
      unknownStatuses: assembled.accepted.filter(({ event }) => !isKnownStatus(event.status_rastreamento))
        .length,
      lagMessages,
      receivedAtSeconds: Number(last.timestamp) / 1000,
      durationSeconds,
    });
    log.debug(
      { partition: batch.partition, ...written.counts, lagMessages, ms: Math.round(durationSeconds * 1000) },
      'batch',
    );
    if (written.rejected.length > 0) {
      log.warn(
        {
          partition: batch.partition,
          rejected: written.rejected.length,
          first: written.rejected[0]?.detalhe,
        },
        'dead-lettered',
      );
    }
  }
}

function* slices(messages: readonly KafkaMessage[], size: number): Generator<readonly KafkaMessage[]> {
  for (let from = 0; from < messages.length; from += size) yield messages.slice(from, from + size);
}

function needsPerson(error: unknown): boolean {
  for (let e: unknown = error; e instanceof Error; e = e.cause) if (e instanceof OperatorError) return true;
  // A batch packed with a codec that is not built in: restarting would meet it again for ever.
  return error instanceof Error && error.name === 'KafkaJSNotImplemented';
}
