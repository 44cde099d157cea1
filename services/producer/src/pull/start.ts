import { createDecoder, eventRules, TOPIC_EVENTS } from '@rastreio/contract';
import {
  assertAdmitted,
  createBrokerProbe,
  createKafka,
  createPublisher,
  kafkaConnection,
} from '@rastreio/kafka';
import { createLog, loadConfig, startOpsServer, type Running } from '@rastreio/runtime';
import { collectDefaultMetrics, Counter, Registry } from 'prom-client';
import { pullConfigSchema } from './config';
import { pull, type PullMetrics } from './pull';

/** Starts the pull source with settings from these variables. */
export async function startPull(env: Readonly<Record<string, string | undefined>>): Promise<Running> {
  const config = loadConfig(pullConfigSchema, env);
  const log = createLog('pull', config.LOG_LEVEL);
  const connection = kafkaConnection(config);
  await assertAdmitted({ ...connection, log });
  const kafka = createKafka({ ...connection, clientId: 'rastreio-pull', log });
  const publisher = await createPublisher(kafka, TOPIC_EVENTS, log, { lazy: true });
  const probe = createBrokerProbe(kafka, TOPIC_EVENTS, connection.security);
  const stop = new AbortController();
  const { registry, metrics } = createPullMetrics();
  const address = { host: config.METRICS_HOST, port: config.METRICS_PORT };
  const ops = await startOpsServer(address, { notReady: probe.check }, registry);
  const finished = pull({
    url: config.PULL_URL,
    apiKey: config.PULL_API_KEY,
    stateFile: config.PULL_STATE_FILE,
    intervalMs: config.PULL_INTERVAL_SECONDS * 1000,
    timeoutMs: config.PULL_TIMEOUT_SECONDS * 1000,
    publisher,
    decode: createDecoder(eventRules(config)),
    log,
    signal: stop.signal,
    metrics,
  });
  log.info({ url: config.PULL_URL, intervalSeconds: config.PULL_INTERVAL_SECONDS }, 'polling');
  return {
    finished,
    async stop() {
      stop.abort();
      // What it threw comes out of `finished`.
      await finished.catch(() => undefined);
      await Promise.all([ops.close(), probe.close(), publisher.close()]);
    },
  };
}

function createPullMetrics(): { registry: Registry; metrics: PullMetrics } {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const events = new Counter({
    name: 'rastreio_pull_published_events_total',
    help: 'Events read from the carrier and published, by whether they keep the contract.',
    labelNames: ['valid'],
    registers,
  });
  const repeated = new Counter({
    name: 'rastreio_pull_repeated_events_total',
    help: 'Wrong events that came again byte for byte; their dead letters exist already.',
    registers,
  });
  const polls = new Counter({
    name: 'rastreio_pull_polls_total',
    help: 'Requests to the carrier, by result.',
    labelNames: ['result'],
    registers,
  });
  return {
    registry,
    metrics: {
      published: (all, invalid) => {
        events.inc({ valid: 'true' }, all - invalid);
        events.inc({ valid: 'false' }, invalid);
      },
      repeated: (count) => repeated.inc(count),
      polled: (result) => polls.inc({ result }),
    },
  };
}
