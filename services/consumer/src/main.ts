import { createDecoder, eventRules, TOPIC_DEAD_LETTERS, TOPIC_EVENTS } from '@rastreio/contract';
import {
  assertSchema,
  createWriterPool,
  endAbandonedTransactions,
  readPositions,
  withPoolClient,
  writeBatch,
} from '@rastreio/database';
import { assertAdmitted, createKafka, createPublisher, kafkaConnection, notAdmitted } from '@rastreio/kafka';
import {
  createFailpoint,
  createLog,
  loadConfig,
  OperatorError,
  runService,
  startOpsServer,
} from '@rastreio/runtime';
import { createAnswers, probeDatabase } from './answers';
import { configSchema, FAILPOINTS } from './config';
import { startConsumer } from './consumer';
import { createDeadLetterTopic } from './deadLetterTopic';
import { endingAbandoned } from './endAbandoned';
import { createMetrics } from './metrics';
import { waitForDatabase } from './waitForDatabase';
import { createWriter } from './writer';

void runService('consumer', async (bootLog) => {
  const config = loadConfig(configSchema, process.env);
  const cluster = kafkaConnection(config);
  const log = createLog('consumer', config.LOG_LEVEL);
  const metrics = createMetrics();
  const answers = createAnswers(metrics.registry);
  const failpoint = createFailpoint(FAILPOINTS, config.FAILPOINT);
  const pool = createWriterPool({
    databaseUrl: config.DATABASE_URL,
    connections: config.WRITER_CONNECTIONS,
    applicationName: 'rastreio-consumer',
    lockTimeoutMs: config.WRITER_LOCK_TIMEOUT_MS,
    queryTimeoutMs: config.WRITER_QUERY_TIMEOUT_MS,
  });

  let consumer: Awaited<ReturnType<typeof startConsumer>> | undefined;
  const ops = await startOpsServer(
    { host: config.METRICS_HOST, port: config.METRICS_PORT },
    {
      notReady: () =>
        consumer?.hasJoined() === true
          ? answers.missing()
          : 'has not joined the consumer group yet; is Kafka running at KAFKA_BROKERS?',
    },
    metrics.registry,
  );
  const endProbe = probeDatabase(() => pool.query('SELECT 1'), answers);
  bootLog.info({ metrics: `http://${config.METRICS_HOST}:${config.METRICS_PORT}/metrics` }, 'starting');

  await waitForDatabase(() => assertSchema(pool), log);
  await assertAdmitted({ ...cluster, log });
  const kafka = createKafka({ ...cluster, clientId: 'rastreio-consumer', log });
  const refused = (error: unknown): never => {
    throw notAdmitted(error, cluster);
  };
  const deadLetters = createDeadLetterTopic(await createPublisher(kafka, TOPIC_DEAD_LETTERS, log), log);
  const write = createWriter({
    log,
    onRetry: metrics.retried,
    write: endingAbandoned(
      (batch) =>
        withPoolClient(pool, (client) =>
          writeBatch(client, batch, { beforeCommit: () => failpoint('before_database_commit') }),
        ),
      () => endAbandonedTransactions(pool, config.WRITER_QUERY_TIMEOUT_MS),
      log,
    ),
  });
  const decode = createDecoder(eventRules(config));
  const running = (consumer = await startConsumer({
    kafka,
    config,
    decode,
    write,
    stored: (cluster, partitions) => readPositions(pool, TOPIC_EVENTS, cluster, partitions),
    deadLetters,
    metrics,
    answers,
    log,
    failpoint,
  }).catch(refused));
  return {
    finished: running.finished.catch(refused),
    async stop() {
      await running.stop();
      await deadLetters.close();
      endProbe();
      await pool.end();
      await ops.close();
      const broken = metrics.imbalance();
      if (broken === null) return;
      log.error(broken);
      throw new OperatorError(broken);
    },
  };
});
