import { createDecoder, createValidator, eventRules, TOPIC_EVENTS } from '@rastreio/contract';
import {
  assertAdmitted,
  createBrokerProbe,
  createKafka,
  createPublisher,
  kafkaConnection,
} from '@rastreio/kafka';
import { createLog, EXIT, loadConfig, OperatorError, startOpsServer, type Running } from '@rastreio/runtime';
import { loadProfiles } from '@rastreio/sources';
import { collectDefaultMetrics, Counter, Registry } from 'prom-client';
import type { z } from 'zod';
import { pullConfigSchema } from './config';
import type { KeyPlace } from './page';
import type { PayloadReader } from './publishPayload';
import { pull, type PullMetrics } from './pull';

/** Starts the pull source with settings from these variables. */
export async function startPull(env: Readonly<Record<string, string | undefined>>): Promise<Running> {
  const config = loadConfig(pullConfigSchema, env);
  const log = createLog('pull', config.LOG_LEVEL);
  const keyPlace = keyPlaceOf(config);
  const reader = await readerOf(config);
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
    keyPlace,
    reader,
    stateFile: config.PULL_STATE_FILE,
    intervalMs: config.PULL_INTERVAL_SECONDS * 1000,
    timeoutMs: config.PULL_TIMEOUT_SECONDS * 1000,
    publisher,
    decode: createDecoder(eventRules(config)),
    log,
    signal: stop.signal,
    metrics,
  });
  const { PULL_URL: url, PULL_PROFILE: profile, PULL_INTERVAL_SECONDS: intervalSeconds } = config;
  log.info({ url, profile, intervalSeconds }, 'polling');
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

type PullConfig = z.output<typeof pullConfigSchema>;

/** @throws OperatorError (78) for settings that contradict each other */
function keyPlaceOf({ PULL_API_KEY, PULL_KEY_HEADER, PULL_KEY_QUERY }: PullConfig): KeyPlace | undefined {
  if (PULL_KEY_HEADER !== undefined && PULL_KEY_QUERY !== undefined)
    throw new OperatorError(
      'PULL_KEY_HEADER and PULL_KEY_QUERY say two places for the key; unset one of them',
      EXIT.config,
    );
  const name = PULL_KEY_HEADER ?? PULL_KEY_QUERY;
  if (name === undefined) return undefined;
  if (PULL_API_KEY === undefined)
    throw new OperatorError(
      `${PULL_KEY_HEADER === undefined ? 'PULL_KEY_QUERY' : 'PULL_KEY_HEADER'} says where the key is sent, and there is none; set PULL_API_KEY, or PULL_API_KEY_FILE`,
      EXIT.config,
    );
  return { in: PULL_KEY_HEADER === undefined ? 'query' : 'header', name };
}

/** @throws OperatorError (78) when the profile is not there or broken */
async function readerOf(config: PullConfig): Promise<PayloadReader | undefined> {
  const { PULL_PROFILE: name, SOURCE_PROFILES: folder } = config;
  if (name === undefined) return undefined;
  const { profiles, problems } = await loadProfiles(folder);
  const profile = profiles.get(name);
  if (profile !== undefined)
    return { profile, validate: createValidator(eventRules(config)), toldWords: new Set() };
  const known = [...profiles.keys()].join(', ') || 'none';
  const broken = problems.map(({ file, line, text }) => `\n  ${file}:${line}: ${text}`).join('');
  throw new OperatorError(
    `PULL_PROFILE: there is no profile ${JSON.stringify(name)} in ${folder} (SOURCE_PROFILES) that can be used: those are ${known}${broken}`,
    EXIT.config,
  );
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
