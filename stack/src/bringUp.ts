import { rm } from 'node:fs/promises';
import { asRole, inDatabase, ROLES } from '@rastreio/database';
import { ensureTopics } from '@rastreio/kafka';
import { createLog, OperatorError } from '@rastreio/runtime';
import { addressesOf, type Address } from './addresses';
import { buildIfOld } from './build';
import { checkPrerequisites } from './checks';
import { startChild } from './child';
import { grafanaOf, startDashboards } from './dashboards';
import { startDatabase, type RunningDatabase } from './database';
import { ownerUrlOf, prepareDatabases, withoutUser } from './database/prepare';
import { takeOverPromises } from './database/promises';
import { describeEnd } from './ends';
import { namedDashboards } from './homePage';
import { startKafka } from './kafka/start';
import type { StackOptions } from './options';
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
import { sideBySide } from './sideBySide';
import type { Stoppable } from './stopAll';
import { supervise, type Restartable, type Supervised } from './supervise';
import { startTask, whileNotAborted } from './task';
import { waitUntil } from './waitUntil';

/** What a stack that is up tells of itself. */
export interface StackParts {
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
}

const READY_TIMEOUT_MS = 90_000;

/**
 * Starts the parts of a stack, each as soon as what it needs is there, and waits until all are ready. Whatever has to be stopped is in
 * `started` from the moment it runs, in an order whose reverse is good for stopping.
 * @throws OperatorError when a part fails or ends for good; the reason of `signal`. Nothing starts any more then
 */
export async function bringUp(
  options: StackOptions,
  progress: Progress,
  signal: AbortSignal,
  started: Stoppable[],
): Promise<StackParts> {
  const { dir, ports } = options;
  const url = (port: number) => `http://localhost:${port}`;
  const [failure, dying] = [deferred<string>(), new AbortController()];
  const keep = (part: Restartable): Supervised => {
    const kept = supervise(part, (text) => progress.note(text));
    started.push(kept);
    void kept.ended.then((how) => {
      const text = describeEnd(kept, how);
      failure.resolve(text);
      // A start would wait for it in vain.
      dying.abort(new OperatorError(text));
    });
    return kept;
  };
  const ready = (title: string, part: Supervised, place: string, ends: AbortSignal) =>
    progress.step(title, () => whileNotAborted(ends, waitForHttp(place, part)));

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
  const secrets = await loadSecrets(dir);
  const parts = sideBySide(AbortSignal.any([signal, dying.signal]));

  const panel = parts.run((ends) => buildIfOld('plugins/tracking-panel', progress, ends));
  const data = parts.run((ends) =>
    progress.step(
      'Database',
      async () => {
        const database = await startDatabase({
          dir,
          port: ports.database,
          provider: options.database,
          databaseUrl: options.databaseUrl,
          signal: ends,
          log: { info: (text: unknown) => progress.note(String(text)) },
        });
        keep(database);
        await prepareDatabases(database, secrets);
        return database;
      },
      ({ provider }) => provider,
    ),
  );
  const broker = parts.run((ends) =>
    progress.step('Kafka', async () => {
      const kafka = await startKafka({
        dir,
        ports: { internal: ports.kafkaInternal, external: ports.kafka, controller: ports.kafkaController },
        signal: ends,
        tell: (text) => progress.note(text),
      });
      keep(kafka);
      const log = createLog('stack', 'silent');
      await whileNotAborted(ends, ensureTopics({ brokers: kafka.brokers, log }));
      return kafka;
    }),
  );
  const flow = parts.run(async (ends) => {
    const [database, { brokers }] = await Promise.all([data, broker]);
    const databaseUrl = writerUrlOf(database, secrets.writer);
    const env = serviceEnv({ ports, brokers, databaseUrl });
    const consumer = keep(startChild(serviceChild('consumer', 'consumer', [], dir, env.consumer)));
    const http = keep(startChild(serviceChild('http', 'rastreio', ['http'], dir, env.http)));
    const simulate = async () => {
      const file = promisesFile(dir);
      await rm(file, { force: true });
      const simulator = keep(
        startChild(serviceChild('simulator', 'rastreio', simulatorArgs(options), dir, env.simulator)),
      );
      await progress.step('Simulator, and the promises of its lanes', () =>
        takeOverPromises({ ownerUrl: ownerUrlOf(database, secrets), file, simulator, signal: ends }),
      );
    };
    await Promise.all([
      ready('Consumer', consumer, `${url(ports.metrics)}/readyz`, ends),
      ready('HTTP source', http, `${url(ports.http)}/readyz`, ends),
      options.simulator ? simulate() : undefined,
    ]);
  });
  const pages = parts.run(async (ends) => {
    // Whether there is a Grafana is told by the download itself, if there is one.
    const [database, grafana] = await Promise.all([data, fetching.result, panel]);
    if (grafana === undefined) await buildIfOld('services/preview', progress, ends);
    // Beside the preview none is started (one that is named is taken): its panels say so, rather than that nothing answers at an address.
    const answers = await prometheus.ready;
    const prometheusUrl = grafana === undefined && !answers ? '' : prometheus.url;
    const alerting = alertingEnv({ noticesPort: ports.notices, prometheus: answers });
    const env = { ...provisioningEnv(database, prometheusUrl, secrets), ...alerting };
    // Only Grafana sends alerts, and its first one is to find somebody who listens.
    const notices =
      grafana &&
      keep(startChild(serviceChild('notices', 'rastreio', noticesArgs(options), dir, noticesEnv(alerting))));
    const dashboards = await startDashboards(grafana, { options, secrets, env });
    const shown = keep(dashboards.child);
    await Promise.all([
      notices && ready('Page of alerts', notices, `${url(ports.notices)}/readyz`, ends),
      ready(grafana === undefined ? 'Preview' : 'Grafana', shown, dashboards.readyUrl, ends),
    ]);
    if (grafana !== undefined)
      await progress.step('Dashboards and alert rules in Grafana', () =>
        whileNotAborted(
          ends,
          dashboards.fill((text) => progress.note(text), ends),
        ),
      );
    return { alerting, grafana, prometheusUrl };
  });
  await parts.ended();

  const [database, { brokers }, { alerting, grafana, prometheusUrl }] = await Promise.all([
    data,
    broker,
    pages,
    flow,
  ]);
  const forget = await noteRunning(dir, {
    databaseUrl: withoutUser(inDatabase(database.adminUrl, DATABASE)),
    brokers,
    grafanaUrl: grafana === undefined ? null : url(ports.dashboards),
    alertingEnv: alerting,
    ports: { ...ports },
  });
  started.push({ stop: forget });
  const stack = {
    brokers,
    adminUrl: database.adminUrl,
    databaseUrl: writerUrlOf(database, secrets.writer),
    dashboardsUrl: url(ports.dashboards),
    httpUrl: url(ports.http),
    metricsUrl: url(ports.metrics),
    timescaledb: database.timescaledb,
    failed: failure.promise,
  };
  return {
    ...stack,
    addresses: addressesOf({
      ...stack,
      dir,
      database,
      dashboards: namedDashboards(),
      grafana: grafana !== undefined,
      noticesUrl: grafana && url(ports.notices),
      prometheusUrl: prometheusUrl === '' ? undefined : prometheusUrl,
    }),
  };
}

function writerUrlOf({ adminUrl }: RunningDatabase, password: string): string {
  return asRole(inDatabase(adminUrl, DATABASE), ROLES.writer, password);
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
