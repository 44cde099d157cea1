import { createValidator, TOPIC_EVENTS } from '@rastreio/contract';
import { createKafka, createPublisher } from '@rastreio/kafka';
import { createLog, loadConfig, runService } from '@rastreio/runtime';
import type { Command } from 'commander';
import { httpConfigSchema } from './config';
import { createHttpMetrics } from './metrics';
import { createHttpSource } from './server';

/** Adds `http` to the program. */
export function addHttp(program: Command): void {
  program
    .command('http')
    .description(
      'take events in at POST /eventos and publish them to Kafka (settings: environment variables, see .env.example)',
    )
    .action(() => runService('http', startHttp));
}

async function startHttp() {
  const config = loadConfig(httpConfigSchema, process.env);
  const log = createLog('http', config.LOG_LEVEL);
  const publisher = await createPublisher(
    createKafka({ brokers: config.KAFKA_BROKERS, clientId: 'rastreio-http', log }),
    TOPIC_EVENTS,
    log,
  );
  const app = createHttpSource({
    publisher,
    log,
    validate: createValidator({
      now: Date.now,
      maxFutureSkewMs: config.MAX_FUTURE_SKEW_HOURS * 3_600_000,
      naiveTimezone: config.NAIVE_TIMEZONE,
    }),
    metrics: createHttpMetrics(),
    limits: {
      maxBodyBytes: config.MAX_BODY_BYTES,
      maxEventsPerRequest: config.MAX_EVENTS_PER_REQUEST,
      maxPendingEvents: config.MAX_PENDING_EVENTS,
      ackTimeoutMs: config.ACK_TIMEOUT_MS,
    },
  });
  const url = await app.listen({ host: config.HTTP_HOST, port: config.HTTP_PORT });
  log.info({ url: `${url}/eventos` }, 'listening');
  return {
    async stop() {
      // Answers what is in flight first, then lets Kafka go.
      await app.close();
      await publisher.close();
    },
  };
}
