import { existsSync } from 'node:fs';
import { createDecoder, createValidator, eventRules, TOPIC_EVENTS } from '@rastreio/contract';
import {
  assertAdmitted,
  createBatchingPublisher,
  createBrokerProbe,
  createKafka,
  createPublisher,
  kafkaConnection,
} from '@rastreio/kafka';
import { createLog, loadConfig, startOpsServer, type Running } from '@rastreio/runtime';
import { httpConfigSchema, keysFile, servedHosts } from './config';
import { openKeyRing } from './keys';
import { createHttpMetrics } from './metrics';
import { createHttpSource } from './server';
import { openSources } from './sources/profiles';

const DEFAULT_PROFILES = 'config/sources';

/** Starts the HTTP source with settings from these variables. */
export async function startHttp(env: Readonly<Record<string, string | undefined>>): Promise<Running> {
  const config = loadConfig(httpConfigSchema, env);
  const log = createLog('http', config.LOG_LEVEL);
  const file = keysFile(config);
  const connection = kafkaConnection(config);
  await assertAdmitted({ ...connection, log });
  const kafka = createKafka({ ...connection, clientId: 'rastreio-http', log });
  // Starts without a broker, too: until there is one it is not ready and answers 503.
  const publisher = createBatchingPublisher(await createPublisher(kafka, TOPIC_EVENTS, log, { lazy: true }));
  const probe = createBrokerProbe(kafka, TOPIC_EVENTS, connection.security);
  const metrics = createHttpMetrics();
  const keys =
    file === undefined
      ? undefined
      : await openKeyRing({ file, graceMs: config.API_KEYS_GRACE_SECONDS * 1000, log, onRead: metrics.keys });
  const health = { notReady: async () => keys?.lapsed() ?? (await probe.check()) };
  const folder = config.SOURCE_PROFILES ?? (existsSync(DEFAULT_PROFILES) ? DEFAULT_PROFILES : undefined);
  const sources = folder === undefined ? undefined : await openSources(folder, env, log);
  const rules = eventRules(config);
  const app = await createHttpSource({
    publisher,
    log,
    metrics,
    health,
    keys,
    sources,
    hosts: servedHosts(config, keys !== undefined),
    validate: createValidator(rules),
    decode: createDecoder(rules),
    limits: {
      maxBodyBytes: config.MAX_BODY_BYTES,
      maxUnpackedBytes: config.MAX_UNPACKED_BYTES,
      maxEventsPerRequest: config.MAX_EVENTS_PER_REQUEST,
      maxPendingEvents: config.MAX_PENDING_EVENTS,
      maxPendingBytes: config.MAX_PENDING_BYTES,
      ackTimeoutMs: config.ACK_TIMEOUT_MS,
      requestTimeoutMs: config.REQUEST_TIMEOUT_MS,
      bodyStallMs: config.BODY_STALL_MS,
      bodyBytesPerSecond: config.BODY_BYTES_PER_SECOND,
    },
  });
  const ops = await startOpsServer(
    { host: config.METRICS_HOST, port: config.METRICS_PORT },
    health,
    metrics.registry,
  );
  const url = await app.listen({ host: config.HTTP_HOST, port: config.HTTP_PORT });
  log.info({ url: `${url}/eventos`, docs: `${url}/docs`, keys: file ?? 'none needed' }, 'listening');
  return {
    async stop() {
      // Answers what is in flight first, then lets Kafka go.
      await app.close();
      keys?.close();
      await Promise.all([ops.close(), probe.close(), publisher.close()]);
    },
  };
}
