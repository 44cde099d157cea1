import { createDecoder, TOPIC_DEAD_LETTERS } from '@rastreio/contract';
import { assertSchema, createWriterPool, writeBatch } from '@rastreio/database';
import { createKafka, createPublisher } from '@rastreio/kafka';
import { createFailpoint, createLog, loadConfig, runService, startOpsServer } from '@rastreio/runtime';
import { configSchema, FAILPOINTS } from './config';
import { startConsumer } from './consumer';
import { createDeadLetterTopic } from './deadLetterTopic';
import { createMetrics } from './metrics';
import { waitForDatabase } from './waitForDatabase';
import { createWriter } from './writer';

void runService('consumer', async (bootLog) => {
  const config = loadConfig(configSchema, process.env);
  const log = createLog('consumer', config.LOG_LEVEL);
  const metrics = createMetrics();
  const failpoint = createFailpoint(FAILPOINTS, config.FAILPOINT);
  const pool = createWriterPool({
    databaseUrl: config.DATABASE_URL,
    connections: config.WRITER_CONNECTIONS,
    applicationName: 'rastreio-consumer',
  });

  let consumer: Awaited<ReturnType<typeof startConsumer>> | undefined;
  const ops = await startOpsServer(
    { host: config.METRICS_HOST, port: config.METRICS_PORT },
    {
      notReady: async () => {
        if (consumer?.hasJoined() !== true)
          return 'has not joined the consumer group yet; is Kafka running at KAFKA_BROKERS?';
        return pool.query('SELECT 1').then(
          () => null,
          (error: Error) => `the database does not answer: ${error.message}`,
        );
      },
    },
    metrics.registry,
  );
  bootLog.info({ metrics: `http://${config.METRICS_HOST}:${config.METRICS_PORT}/metrics` }, 'starting');

  await waitForDatabase(() => assertSchema(pool), log);
  const kafka = createKafka({ brokers: config.KAFKA_BROKERS, clientId: 'rastreio-consumer', log });
  const deadLetters = createDeadLetterTopic(await createPublisher(kafka, TOPIC_DEAD_LETTERS, log), log);
  const write = createWriter({
    log,
    onRetry: metrics.retried,
    write: async (batch) => {
      const client = await pool.connect();
      // A connection that failed is closed rather than reused: its state is unknown.
      return writeBatch(client, batch, { beforeCommit: () => failpoint('before_database_commit') }).then(
        (counts) => (client.release(), counts),
        (error: Error) => {
          client.release(error);
          throw error;
        },
      );
    },
  });
  const decode = createDecoder({
    now: Date.now,
    maxFutureSkewMs: config.MAX_FUTURE_SKEW_HOURS * 3_600_000,
    naiveTimezone: config.NAIVE_TIMEZONE,
  });
  const running = (consumer = await startConsumer({
    kafka,
    config,
    decode,
    write,
    deadLetters,
    metrics,
    log,
    failpoint,
  }));
  return {
    finished: running.finished,
    async stop() {
      await running.stop();
      await deadLetters.close();
      await pool.end();
      await ops.close();
    },
  };
});
