import { setTimeout as sleep } from 'node:timers/promises';
import { TOPIC_EVENTS } from '@rastreio/contract';
import { isBrokerAway, type ReconnectingKafka } from '@rastreio/kafka';
import { backoffMs, EXIT, OperatorError, type Log, type Running } from '@rastreio/runtime';
import { Semaphore } from 'async-mutex';
import type { Consumer } from 'kafkajs';
import type { Answers } from './answers';
import type { Config } from './config';
import { isPassing, needsPerson } from './crash';
import { finishBatch, joinBatches, type BatchInHand, type FinishParts } from './finishBatch';
import { withHeartbeats } from './heartbeats';
import { createPipeline } from './pipeline';
import { askKafka, type KafkaPositions } from './kafkaPositions';
import { createPositions } from './positions';
import { heldFrom, inHandOf, readBatch, readFiltered, readRemoved, setStarts, type ReadParts } from './read';
import { createEnds } from './stalls/ends';
import { lookIntervalMs, watchStalls } from './stalls/watch';
import { within } from './stalls/within';
import { AbandonedError } from './writer';

export interface ConsumerParts extends Omit<FinishParts, 'commitOffset'>, Pick<ReadParts, 'config'> {
  readonly kafka: ReconnectingKafka;
  readonly config: Config;
  /** How far messages of a cluster are written, by partition: see readPositions. */
  readonly stored: (
    cluster: string,
    partitions: readonly number[],
  ) => Promise<ReadonlyMap<number, bigint | null>>;
  readonly answers: Answers;
}

export interface RunningConsumer extends Running {
  readonly hasJoined: () => boolean;
  readonly finished: Promise<void>;
}

const HEARTBEATS_PER_SESSION = 10;
const JOIN_RETRY = { firstDelayMs: 500, maxDelayMs: 10_000 };
/** Partitions that may wait for room at the same time; each waits without holding anything but its fetched bytes. */
const MAX_PARTITIONS_WAITING = 256;
/** How long leaving the group may take, before and after its connections are taken away; less where the client stands still anyway. */
const LEAVE_MS = { usual: 10_000, stalled: 3_000 };

/**
 * Reads the events topic: while one batch of a partition is written, the next is read. `finished` rejects when a
 * person must act; anything else is retried until it works.
 */
export async function startConsumer(parts: ConsumerParts): Promise<RunningConsumer> {
  const { kafka, config, log, metrics } = parts;
  const heartbeatMs = config.SESSION_TIMEOUT_MS / HEARTBEATS_PER_SESSION;
  const stopping = new AbortController();
  let consumer: Consumer | undefined;
  let membership = new AbortController();
  /** Ends what still reads for an earlier assignment: put behind what was given up since, its offset would cover that. */
  let assignment = new AbortController();
  const committing = new Set<number>();
  let patienceMs = LEAVE_MS.usual;
  let joined = false;
  let assigned: ReadonlySet<number> = new Set();
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<void>((_resolve, reject) => (fail = reject));

  const finishing: FinishParts = {
    ...parts,
    async commitOffset(partition, offset) {
      // It went to another member meanwhile, which reads on from its own offset.
      if (!assigned.has(partition)) return;
      committing.add(partition);
      try {
        await consumer?.commitOffsets([{ topic: TOPIC_EVENTS, partition, offset }]);
      } finally {
        committing.delete(partition);
      }
    },
  };
  const finish = async (batch: BatchInHand, done: () => void) => {
    // After a failure nothing more may be committed: the rest is read again after the next start.
    if (stopping.signal.aborted) return;
    try {
      await finishBatch(batch, finishing, stopping.signal, done);
    } catch (error) {
      if (error instanceof AbandonedError) return log.info({ partition: batch.partition }, error.message);
      stopping.abort();
      fail(error as Error);
    }
  };
  // One for each connection of the pool, whose own queue has a time limit.
  const writers = new Semaphore(config.WRITER_CONNECTIONS);
  const pipeline = createPipeline(finish, {
    turn: async () => (await writers.acquire())[1],
    sizeOf: ({ records }) => records.length,
    limit: config.BATCH_MAX_MESSAGES,
    bytesOf: ({ bytes }) => bytes,
    maxBytes: config.BATCH_MAX_BYTES,
    maxBytesInAll: config.WAITING_MAX_BYTES,
    join: joinBatches,
  });

  metrics.lagFrom((partition) => inHandOf(pipeline, partition));
  let asked: KafkaPositions | undefined;
  const ask = () => {
    if (asked === undefined) throw new Error('Kafka is asked before the group is joined');
    return asked;
  };
  const positions = createPositions(
    {
      kept: () => ask().kept(),
      before: () => ask().before,
      committed: () => ask().committed(),
      stored: (partitions) => parts.stored(ask().cluster, partitions),
      held: (partition, from) => heldFrom(pipeline, partition, from),
    },
    log,
  );
  let ready = Promise.resolve();
  const reading: ReadParts = {
    ...parts,
    pipeline,
    positions,
    cluster: () => ask().cluster,
    isAssigned: (partition) => assigned.has(partition),
    ready: () => ready,
    reached: (partition, next) => watch.read(partition, next),
    readFrom(partition, offset) {
      log.warn(
        { partition, offset: String(offset) },
        'what comes before was not read: the group is further on than the database, or changed meanwhile; reading from there',
      );
      consumer?.seek({ topic: TOPIC_EVENTS, partition, offset: String(offset) });
    },
  };
  const watch = watchStalls({
    afterMs: config.STALLED_AFTER_MS,
    ends: createEnds(kafka, lookIntervalMs(config.STALLED_AFTER_MS)),
    pipeline,
    assigned: () => assigned,
    from: (partition) => positions.next(partition),
    committing: (partition) => committing.has(partition),
    databaseMissing: () => parts.answers.missing('database'),
    log,
    reported: metrics.stalled,
    rejoin: () => rejoin().catch(fail),
    end(message) {
      patienceMs = LEAVE_MS.stalled;
      fail(new OperatorError(message, EXIT.stalled));
    },
  });
  metrics.stalledFrom(watch.seconds);
  const stopLooking = lookForRemoved(reading, stopping.signal, log);
  const join = async () => {
    membership = new AbortController();
    const { signal: left } = membership;
    const member = kafka.consumer({
      groupId: config.CONSUMER_GROUP_ID,
      sessionTimeout: config.SESSION_TIMEOUT_MS,
      heartbeatInterval: heartbeatMs,
      maxBytesPerPartition: config.FETCH_MAX_BYTES_PER_PARTITION,
      maxBytes: config.FETCH_MAX_BYTES,
      maxWaitTimeInMs: config.FETCH_MAX_WAIT_MS,
      // kafkajs calls this for what it cannot retry within; only an error that needs a person ends the service.
      retry: {
        retries: 30,
        maxRetryTime: 10_000,
        restartOnFailure: (error) => Promise.resolve(!left.aborted && !needsPerson(error)),
      },
    });

    consumer = member;
    member.on(member.events.GROUP_JOIN, ({ payload }) => {
      if (left.aborted) return;
      joined = true;
      assigned = new Set(payload.memberAssignment[TOPIC_EVENTS]);
      assignment.abort();
      assignment = new AbortController();
      // Whoever has the others reads them again: written by both it would only keep both waiting for the same rows.
      pipeline.keepOnly(assigned);
      metrics.assigned(assigned);
      watch.joined();
      ready = positions
        .assign([...assigned], AbortSignal.any([left, stopping.signal]))
        .then((starts) => {
          setStarts(member, starts, log);
          const missing = [...starts].flatMap(([partition, { removed }]) =>
            removed === undefined ? [] : [[partition, removed] as const],
          );
          return readRemoved(TOPIC_EVENTS, new Map(missing), reading, stopping.signal);
        })
        // A stop, or a member that has ended meanwhile; what reading was not set back to, it is at its next batch (backTo).
        .catch((err: unknown) => log.debug({ err }, 'what was missing at the start is not noted'));
      log.info({ partitions: [...assigned] }, 'joined the group');
    });
    for (const event of [member.events.FETCH, member.events.HEARTBEAT] as const)
      member.on(event, () => parts.answers.answered('kafka'));
    // Given for each fetched batch. One without a message, such as the end of a transaction, comes by no other way.
    member.on(member.events.START_BATCH_PROCESS, ({ payload }) => {
      if (!left.aborted) readFiltered(payload, reading);
    });
    member.on(member.events.CRASH, ({ payload }) => {
      if (left.aborted) return;
      joined = false;
      assigned = new Set();
      if (payload.restart || stopping.signal.aborted) return;
      if (isBrokerAway(payload.error)) void joinWhenPossible().catch(fail);
      else fail(payload.error);
    });

    asked ??= await askKafka(kafka, config.CONSUMER_GROUP_ID);
    await member.connect();
    await member.subscribe({ topics: [TOPIC_EVENTS], fromBeginning: true });
    await member.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: MAX_PARTITIONS_WAITING,
      eachBatch: async (payload) => {
        const { signal: changed } = assignment;
        try {
          await withHeartbeats(
            () => payload.heartbeat(),
            heartbeatMs,
            (lost) => readBatch(payload, reading, AbortSignal.any([lost, left, changed, stopping.signal])),
          );
        } catch (error) {
          // Stopped, left or assigned anew while it waited for room: leaving the offsets alone is all there is to do.
          if (!stopping.signal.aborted && !left.aborted && !changed.aborted) throw error;
        }
      },
    });
  };
  // kafkajs gives up on a coordinator that is not found at once, as while a broker starts.
  const joinWhenPossible = async () => {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      try {
        return await join();
      } catch (err) {
        if (!isBrokerAway(err) && !isPassing(err)) throw err;
        const delayMs = backoffMs(attempt, JOIN_RETRY);
        log.warn(
          { err, attempt, delayMs: Math.round(delayMs) },
          'no broker answers, joining the group again',
        );
        // A stop ends the wait as well as the loop.
        await sleep(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };
  // A fetch that never ends would keep kafkajs from leaving: without its connections it ends.
  const leave = async (limitMs: number) => {
    membership.abort();
    const leaving = consumer?.disconnect().then(
      () => true,
      (err: unknown) => (log.warn({ err }, 'the group was not left properly'), true),
    );
    if ((await within(limitMs, leaving)) === true) return;
    kafka.dropConnections();
    if ((await within(limitMs, leaving)) !== true) log.warn('the client does not stop; it is left alone');
  };
  const rejoin = async () => {
    log.warn('leaving the group and joining it again');
    joined = false;
    await leave(LEAVE_MS.stalled);
    await joinWhenPossible();
  };
  await joinWhenPossible();

  return {
    hasJoined: () => joined,
    finished: failed,
    async stop() {
      // What is in the database's hands is finished and committed; retries and what waits are given up.
      stopping.abort();
      stopLooking();
      await watch.stop();
      await pipeline.idle();
      await leave(patienceMs);
      await asked?.close();
    },
  };
}

/** Looks for removed messages again and again; the next look waits for the one before. @returns what ends it */
function lookForRemoved(reading: ReadParts, signal: AbortSignal, log: Log): () => void {
  let looking = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    try {
      await reading.ready();
      await readRemoved(TOPIC_EVENTS, await reading.positions.look(), reading, signal);
    } catch (err) {
      log.debug({ err }, 'the broker did not say what it keeps, asking again');
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), reading.config.REMOVED_CHECK_MS);
  return () => clearInterval(timer);
}
