import { setTimeout as sleep } from 'node:timers/promises';
import { CONSUMER_GROUP, TOPIC_EVENTS } from '@rastreio/contract';
import { connectTo, surviveDisconnects } from '@rastreio/database';
import { createKafka } from '@rastreio/kafka';
import { createLog, OperatorError } from '@rastreio/runtime';
import type { Admin } from 'kafkajs';
import { Pool } from 'pg';

/** Messages by partition. */
type Counts = readonly number[];

interface Sample {
  readonly at: number;
  readonly consumed: Counts;
}

/** An instant, and what had been consumed by then. */
export type Mark = Sample;

/** Looks at the broker and the database from outside, past the proxies. What is away is asked again. */
export interface Progress {
  /** Messages on the topic, as far as known. */
  readonly sent: () => number;
  /** Messages whose batch is committed, redelivered ones counted again, as far as known. */
  readonly consumed: () => number;
  /** Now, with the newest counts there are. */
  readonly mark: () => Promise<Mark>;
  /**
   * Milliseconds from the mark until every partition has been written to again.
   *
   * @throws OperatorError when that takes too long
   */
  readonly recovery: (since: Mark) => Promise<number>;
  /** Waits until the group has so many members and all partitions are given out. */
  readonly groupIsStable: (members: number, group?: string) => Promise<void>;
  /** Waits until a group has committed everything that is on the topic now; tells how many messages that are. */
  readonly drained: (group?: string) => Promise<number>;
  readonly withAdmin: <T>(use: (admin: Admin) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

export interface ProgressOptions {
  readonly brokers: string;
  readonly databaseUrl: string;
  readonly signal: AbortSignal;
  /** Called with every new count of messages sent. */
  readonly onSent: (sent: number) => void;
}

const SAMPLE_EVERY_MS = 100;
const RECOVERY_LIMIT_MS = 240_000;
const GROUP_LIMIT_MS = 120_000;
/** Draining is over when nothing has moved for this long, done or not. */
const STANDSTILL_MS = 180_000;

/** Starts looking. */
export function watchProgress({ brokers, databaseUrl, signal, onSent }: ProgressOptions): Progress {
  const pool = surviveDisconnects(new Pool({ ...connectTo(databaseUrl), max: 2, query_timeout: 10_000 }));
  const broker = adminOf(brokers);
  let ends: Counts = [];
  let samples: Sample[] = [{ at: Date.now(), consumed: [] }];
  const latest = () => samples[samples.length - 1] as Sample;

  const sampleConsumed = async () => {
    const { rows } = await pool.query<{ particao: number; n: number }>(
      'SELECT particao, sum(consumidos)::float8 AS n FROM ingestao WHERE topico = $1 GROUP BY particao',
      [TOPIC_EVENTS],
    );
    const consumed: number[] = ends.map(() => 0);
    for (const { particao, n } of rows) consumed[particao] = n;
    samples.push({ at: Date.now(), consumed });
  };
  const sampleEnds = async () => {
    ends = await broker.use(endOffsets);
    onSent(sum(ends));
  };
  const closed = new AbortController();
  const every = async (sample: () => Promise<void>) => {
    while (!closed.signal.aborted) {
      // Whatever it is that is away is meant to be.
      await sample().catch(() => undefined);
      await sleep(SAMPLE_EVERY_MS);
    }
  };
  const loops = [every(sampleConsumed), every(sampleEnds)];

  const until = async (limitMs: number, done: () => boolean | Promise<boolean>, complaint: () => string) => {
    for (const deadline = Date.now() + limitMs; ;) {
      signal.throwIfAborted();
      if (await done()) return;
      if (Date.now() > deadline) throw new OperatorError(complaint());
      await sleep(SAMPLE_EVERY_MS);
    }
  };

  return {
    sent: () => sum(ends),
    consumed: () => sum(latest().consumed),
    withAdmin: broker.use,
    async mark() {
      const at = Date.now();
      await sampleConsumed().catch(() => undefined);
      samples = [latest()];
      return { at, consumed: latest().consumed };
    },
    async recovery(since) {
      const behind = (s: Sample) =>
        ends.flatMap((_, p) => ((s.consumed[p] ?? 0) > (since.consumed[p] ?? 0) ? [] : [p]));
      const found = () => samples.find((s) => s.at >= since.at && ends.length > 0 && behind(s).length === 0);
      await until(
        RECOVERY_LIMIT_MS,
        () => found() !== undefined,
        () =>
          `not recovered after ${RECOVERY_LIMIT_MS / 1000} s: partitions ${behind(latest()).join(', ')} have not been written to`,
      );
      return (found()?.at ?? NaN) - since.at;
    },
    async groupIsStable(members, group = CONSUMER_GROUP) {
      let seen = 'nothing';
      await until(
        GROUP_LIMIT_MS,
        async () => {
          const found = await broker.use((admin) => admin.describeGroups([group])).catch(() => undefined);
          const [description] = found?.groups ?? [];
          seen = `${description?.state} with ${description?.members.length} members`;
          return description?.state === 'Stable' && description.members.length === members;
        },
        () => `group ${group} did not become stable with ${members} members; it is ${seen}`,
      );
    },
    async drained(group = CONSUMER_GROUP) {
      const wanted = await broker.use(endOffsets);
      let [left, before, movedAt] = [Infinity, Infinity, Date.now()];
      await until(
        Infinity,
        async () => {
          const lag = await broker.use((admin) => lagOf(admin, group, wanted)).catch(() => undefined);
          if (lag !== undefined) left = lag;
          if (left !== before) [before, movedAt] = [left, Date.now()];
          if (Date.now() - movedAt > STANDSTILL_MS)
            throw new OperatorError(`group ${group} stands still with ${left} messages left`);
          return lag === 0;
        },
        () => '',
      );
      return sum(wanted);
    },
    async close() {
      closed.abort();
      await Promise.all(loops);
      await broker.close();
      await pool.end();
    },
  };
}

async function endOffsets(admin: Admin): Promise<number[]> {
  const ends: number[] = [];
  for (const { partition, high } of await admin.fetchTopicOffsets(TOPIC_EVENTS))
    ends[partition] = Number(high);
  return ends;
}

async function lagOf(admin: Admin, groupId: string, ends: Counts): Promise<number> {
  const [committed] = await admin.fetchOffsets({ groupId, topics: [TOPIC_EVENTS] });
  const done = new Map(
    committed?.partitions.map(({ partition, offset }) => [partition, Math.max(0, Number(offset))]),
  );
  return sum(ends.map((end, partition) => Math.max(0, end - (done.get(partition) ?? 0))));
}

/** An admin client that is made anew after any failure: the broker under it comes and goes. */
function adminOf(brokers: string) {
  const kafka = createKafka({ brokers, clientId: 'rastreio-chaos', log: createLog('chaos', 'silent') });
  let admin: Admin | undefined;
  const use = async <T>(work: (admin: Admin) => Promise<T>): Promise<T> => {
    let used = admin;
    try {
      if (used === undefined) {
        used = kafka.admin({ retry: { retries: 0 } });
        await used.connect();
        admin = used;
      }
      return await work(used);
    } catch (error) {
      if (admin === used) admin = undefined;
      // It is broken anyway; the first error is the one to tell.
      await used?.disconnect().catch(() => undefined);
      throw error;
    }
  };
  return { use, close: async () => void (await admin?.disconnect()) };
}

function sum(counts: Counts): number {
  return counts.reduce((total, n) => total + n, 0);
}
