import { CONSUMER_GROUP, eventSettings } from '@rastreio/contract';
import { kafkaSettings } from '@rastreio/kafka';
import { LOG_LEVELS, type Failpoint } from '@rastreio/runtime';
import { z } from 'zod';

/** Settings of the consumer; each is an environment variable. */
export const configSchema = z.object({
  ...kafkaSettings,
  CONSUMER_GROUP_ID: z.string().min(1).default(CONSUMER_GROUP),
  /** Connects as rastreio_writer. */
  DATABASE_URL: z.url({
    protocol: /^postgres(ql)?$/,
    error: 'needs postgresql://USER:PASSWORD@HOST:PORT/DATABASE',
  }),
  METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  METRICS_PORT: z.coerce.number().int().min(0).max(65_535).default(9101),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  /** Most messages in one transaction. So many of a partition are written and as many wait, at the most. The more, the less each costs. */
  BATCH_MAX_MESSAGES: z.coerce.number().int().min(1).max(200_000).default(40_000),
  /** Where so many bytes of a partition wait, no more is read of it; a batch is that and one fetch of it, at the most. */
  BATCH_MAX_BYTES: z.coerce.number().int().min(1024).default(16_777_216),
  /** Where so many bytes of all partitions wait, no more is read of any. */
  WAITING_MAX_BYTES: z.coerce.number().int().min(1024).default(33_554_432),
  /** Bytes fetched from one partition at a time. Small fetches join while they wait, and cost less memory than large ones. */
  FETCH_MAX_BYTES_PER_PARTITION: z.coerce.number().int().min(1024).default(1_048_576),
  /** Bytes fetched at a time in all. Less than the partitions' own limit together lets the first ones get ahead. */
  FETCH_MAX_BYTES: z.coerce.number().int().min(1024).default(16_777_216),
  /** How long the broker may wait for more messages before it answers a fetch. */
  FETCH_MAX_WAIT_MS: z.coerce.number().int().min(1).max(10_000).default(100),
  /** Partitions written at the same time, each on a connection of its own. Two keep up with all that one process decodes. */
  WRITER_CONNECTIONS: z.coerce.number().int().min(1).max(64).default(2),
  /** How long a write waits for a lock before it is rolled back and tried again. */
  WRITER_LOCK_TIMEOUT_MS: z.coerce.number().int().min(100).default(10_000),
  /** How long an answer may take before the connection counts as dead; above the time of the slowest statement. */
  WRITER_QUERY_TIMEOUT_MS: z.coerce.number().int().min(1_000).default(60_000),
  /**
   * Without a heartbeat for this long, the group gives the partitions to another member. Several times what it takes to unpack
   * FETCH_MAX_BYTES, during which there is none.
   */
  SESSION_TIMEOUT_MS: z.coerce.number().int().min(6_000).default(30_000),
  /** How often it is looked whether Kafka removed messages before they were read, while nothing comes. */
  REMOVED_CHECK_MS: z.coerce.number().int().min(100).default(30_000),
  /**
   * How long a partition may stand still with messages before it, while Kafka answers and neither the database nor the dead-letter topic is
   * waited for. Then the group is joined again, and after as long once more the service ends with 75.
   */
  STALLED_AFTER_MS: z.coerce.number().int().min(1_000).default(120_000),
  ...eventSettings,
  /** For fault tests only: ends the process there, as `name` or `name@n` (the n-th time). */
  FAILPOINT: z.string().optional(),
});

/** Where fault tests may end the process: see createFailpoint. */
export const FAILPOINTS = ['before_database_commit', 'after_database_commit', 'after_dead_letters'] as const;
export type ConsumerFailpoint = Failpoint<(typeof FAILPOINTS)[number]>;

export type Config = z.infer<typeof configSchema>;
