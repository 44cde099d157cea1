import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { asRole, inDatabase, ROLES } from '@rastreio/database';
import { ensureTopics } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { addressesOf, type Address } from './addresses';
import { buildIfOld } from './build';
import { checkPrerequisites, makeStackFolder } from './checks';
import { startChild } from './child';
import { grafanaOf, startDashboards } from './dashboards';
import { startDatabase } from './database';
import { ownerUrlOf, prepareDatabases, withoutUser } from './database/prepare';
import { takeOverPromises } from './database/promises';
import { namedDashboards } from './homePage';
import { startKafka } from './kafka/start';
import { endLeftovers } from './leftovers';
import { lockDir } from './lock';
import { assertResettable, type StackOptions } from './options';
import type { Progress } from './progress';
import { providePrometheus } from './prometheus/start';
import { noteRunning } from './running';
import { loadSecrets } from './secrets';
import {
  alertingEnv,
  DATABASE,
  noticesArgs,
  noticesEnv,
  promisesFile,
  provisioningEnv,
  serviceChild,
  serviceEnv,
  simulatorArgs,
} from './services';
import { stopAll, type Stoppable } from './stopAll';
import { supervise, type Restartable, type Supervised } from './supervise';
import { startTask, whileNotAborted } from './task';
import { waitUntil } from './waitUntil';

export interface Stack {
  readonly addresses: readonly Address[];
  readonly brokers: string;
  /** A superuser on the database `postgres`. */
  readonly adminUrl: string;
  /** Our database as rastreio_writer. */
  readonly databaseUrl: string;
  readonly dashboardsUrl: string;
  readonly httpUrl: string;
  readonly metricsUrl: string;
  readonly timescaledb: boolean;
  /** Settles when a process of the stack ends for good, with what to tell the operator. */
  readonly failed: Promise<string>;
  /** In a hurry after something has failed. */
  readonly stop: (hurry?: boolean) => Promise<void>;
}

const CHILDREN = [
  'simulator',
  'notices',
  'preview',
  'grafana',
  'prometheus',
  'http',
  'consumer',
  'kafka',
  'database',
];
const READY_TIMEOUT_MS = 90_000;

/** Deletes what a stack keeps in its folder; the downloaded programs stay. */
async function resetStack(dir: string): Promise<void> {
  const entries = await readdir(dir).catch(() => []);
  assertResettable(dir, entries);
  for (const entry of entries.filter((e) => e !== 'vendor' && e !== 'lock'))
    await rm(path.join(dir, entry), { recursive: true, force: true });
}

/**
 * Starts everything in order and waits until each part is ready. When anything fails or `signal` aborts, what has been
 * started is stopped again before the error is thrown.
 */
export async function startStack(
  options: StackOptions,
  progress: Progress,
  signal: AbortSignal,
  reset = false,
): Promise<Stack> {
  await makeStackFolder(options.dir);
  const lock = await lockDir(options.dir, (text) => progress.note(text), signal);
  const started: Stoppable[] = [];
  let stopping: Promise<void> | undefined;
  const ending = new AbortController();
  const stop = (hurry = false) => {
    ending.abort();
    const said = lock
      .saysStopping()
      // A full disk: whoever starts a stack now is told that one runs here, and this one stops all the same.
      .catch((error: Error) => progress.note(`${error.message}; a start meanwhile will not wait`));
    return (stopping ??= said.then(() => stopAll(started, hurry)).finally(lock.release));
  };
  try {
    const leftovers = await endLeftovers(options.dir, CHILDREN);
    if (leftovers.length > 0) progress.note(`ended what an earlier run left behind: ${leftovers.join(', ')}`);
    if (reset) await progress.step('Deleting the data of earlier runs', () => resetStack(options.dir));
    return await bringUp(options, progress, AbortSignal.any([signal, ending.signal]), started, stop);
  } catch (error) {
    await stop(true);
    throw error;
  }
}

async function bringUp(
  options: StackOptions,
  progress: Progress,
  signal: AbortSignal,
  started: Stoppable[],
  stop: (hurry?: boolean) => Promise<void>,
): Promise<Stack> {
  const { dir, ports } = options;
  const failure = deferred<string>();
  const keep = (part: Restartable): Supervised => {
    const kept = supervise(part, (text) => progress.note(text));
    started.push(kept);
    void kept.ended.then((how) =>
      failure.resolve(`${kept.name} ended with ${how}. The end of ${kept.logFile}:\n${kept.tail()}`),
    );
    return kept;
  };
  const step = async <T>(title: string, work: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    return progress.step(title, work);
  };
  await checkPrerequisites(options);
  const fetching = startTask('Grafana', signal, await grafanaOf(options, progress));
  started.push(fetching);
  const prometheus = await providePrometheus({
    dir,
    port: ports.prometheus,
    targets: { consumer: `127.0.0.1:${ports.metrics}`, http: `127.0.0.1:${ports.httpMetrics}` },
    wanted: async () => (await fetching.result) !== undefined,
    progress,
    signal,
  });
  started.push(prometheus);
  await buildIfOld('plugins/tracking-panel', progress);
  const secrets = await loadSecrets(dir);
  const log = createLog('stack', 'silent');

  const database = await step('Starting the database (the first time, its programs are fetched)', () =>
    startDatabase({
      dir,
      port: ports.database,
      provider: options.database,
      databaseUrl: options.databaseUrl,
      signal,
      log: { info: (text: unknown) => progress.note(String(text)) },
    }),
  );
  keep(database);
  progress.note(database.provider);
  await step('Preparing the databases', () => prepareDatabases(database, secrets));
  const kafka = await step('Starting Kafka (the first time, its programs are fetched)', () =>
    startKafka({
      dir,
      ports: { internal: ports.kafkaInternal, external: ports.kafka, controller: ports.kafkaController },
      signal,
      tell: (text) => progress.note(text),
    }),
  );
  keep(kafka);
  await step('Creating the topics', () => ensureTopics({ brokers: kafka.brokers, log }));

  const databaseUrl = asRole(inDatabase(database.adminUrl, DATABASE), ROLES.writer, secrets.writer);
  const env = serviceEnv({ ports, brokers: kafka.brokers, databaseUrl });
  const consumer = keep(startChild(serviceChild('consumer', 'consumer', [], dir, env.consumer)));
  const http = keep(startChild(serviceChild('http', 'rastreio', ['http'], dir, env.http)));
  // Told by the download itself, if there is one.
  const grafana = await fetching.result;
  if (grafana === undefined) await buildIfOld('services/preview', progress);
  // Beside the preview none is started (one that is named is taken): its panels say so, rather than that nothing answers at an address.
  const answers = await prometheus.ready;
  const prometheusUrl = grafana === undefined && !answers ? '' : prometheus.url;
  const alerting = alertingEnv({ noticesPort: ports.notices, prometheus: answers });
  const place = {
    options,
    secrets,
    env: { ...provisioningEnv(database, prometheusUrl, secrets), ...alerting },
  };
  // Only Grafana sends alerts, and its first one is to find somebody who listens.
  const notices =
    grafana &&
    keep(startChild(serviceChild('notices', 'rastreio', noticesArgs(options), dir, noticesEnv(alerting))));
  const dashboards = await startDashboards(grafana, place);
  const shown = keep(dashboards.child);
  if (options.simulator) {
    const file = promisesFile(dir);
    await rm(file, { force: true });
    const simulator = keep(
      startChild(serviceChild('simulator', 'rastreio', simulatorArgs(options), dir, env.simulator)),
    );
    await step('Taking over the promises of the simulated lanes', () =>
      takeOverPromises({ ownerUrl: ownerUrlOf(database, secrets), file, simulator, signal }),
    );
  }
  const url = (port: number) => `http://localhost:${port}`;
  await step('Waiting for the services', () =>
    whileNotAborted(
      signal,
      Promise.all([
        waitForHttp(`${url(ports.metrics)}/readyz`, consumer),
        waitForHttp(`${url(ports.http)}/readyz`, http),
        notices && waitForHttp(`${url(ports.notices)}/readyz`, notices),
        waitForHttp(dashboards.readyUrl, shown),
      ]),
    ),
  );
  if (grafana !== undefined)
    await step('Bringing dashboards and alert rules into Grafana', () =>
      whileNotAborted(
        signal,
        dashboards.fill((text) => progress.note(text), signal),
      ),
    );
  signal.throwIfAborted();
  const forget = await noteRunning(dir, {
    databaseUrl: withoutUser(inDatabase(database.adminUrl, DATABASE)),
    brokers: kafka.brokers,
    grafanaUrl: grafana === undefined ? null : url(ports.dashboards),
    alertingEnv: alerting,
    ports: { ...ports },
  });
  started.push({ stop: forget });
  const stack = {
    brokers: kafka.brokers,
    adminUrl: database.adminUrl,
    databaseUrl,
    dashboardsUrl: url(ports.dashboards),
    httpUrl: url(ports.http),
    metricsUrl: url(ports.metrics),
    timescaledb: database.timescaledb,
    failed: failure.promise,
    stop,
  };
  return {
    ...stack,
    addresses: addressesOf({
      ...stack,
      dir,
      database,
      dashboards: namedDashboards(),
      grafana: grafana !== undefined,
      noticesUrl: notices && url(ports.notices),
      prometheusUrl: prometheusUrl === '' ? undefined : prometheusUrl,
    }),
  };
}

async function waitForHttp(url: string, child: Supervised): Promise<void> {
  await waitUntil(
    child.name,
    async () => {
      const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
      if (!response.ok)
        throw new Error(`${url} answers ${response.status}: ${(await response.text()).slice(0, 300)}`);
    },
    { timeoutMs: READY_TIMEOUT_MS, child },
  );
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
