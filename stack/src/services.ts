import path from 'node:path';
import { notificationEnv, type NotificationEnv } from '@rastreio/grafana';
import { ROLES, tlsSettings } from '@rastreio/database';
import { NO_SECURITY } from '@rastreio/kafka';
import type { ChildOptions } from './child';
import type { StackOptions } from './options';
import { REPO_ROOT } from './paths';
import type { Secrets } from './secrets';

export const BATCH_DATABASE = 'rastreio_lote';
export const DATABASE = 'rastreio';

/** What provisioning/alerting interpolates: alerts go to our page of notices unless somebody says otherwise. */
export function alertingEnv(
  { noticesPort, prometheus }: { readonly noticesPort: number; readonly prometheus: boolean },
  env: Readonly<Record<string, string | undefined>> = process.env,
) {
  return {
    ALERT_WEBHOOK_URL: env.ALERT_WEBHOOK_URL || `http://127.0.0.1:${noticesPort}/avisos`,
    ...notificationEnv(env),
    // Pauses the rules on Prometheus.
    SEM_PROMETHEUS: String(!prometheus),
  };
}

/** What provisioning/datasources interpolates. */
export function provisioningEnv(
  database: { host: string; port: number; adminUrl: string },
  prometheusUrl: string,
  secrets: Secrets,
): Record<string, string> {
  const host = `${database.host}:${database.port}`;
  const { mode = 'disable', ca, cert, key } = tlsSettings(database.adminUrl);
  // Grafana runs in another folder.
  const absolute = (file = '') => (file === '' || file === 'system' ? '' : path.resolve(file));
  const tls = (prefix: string) => ({
    [`${prefix}_SSLMODE`]: mode,
    [`${prefix}_SSL_CA`]: absolute(ca),
    [`${prefix}_SSL_CERT`]: absolute(cert),
    [`${prefix}_SSL_KEY`]: absolute(key),
  });
  return {
    RASTREIO_HOME: REPO_ROOT,
    TIMESCALE_HOST: host,
    TIMESCALE_DATABASE: DATABASE,
    ...tls('TIMESCALE'),
    ...tls('LOTE'),
    GRAFANA_READER_USER: ROLES.reader,
    GRAFANA_ALERTS_USER: ROLES.alerts,
    GRAFANA_READER_PASSWORD: secrets.reader,
    LOTE_HOST: host,
    LOTE_DATABASE: BATCH_DATABASE,
    LOTE_USER: ROLES.reader,
    LOTE_PASSWORD: secrets.reader,
    PROMETHEUS_URL: prometheusUrl,
  };
}

/** What each service is told: its own addresses and no more, so that whoever gets hold of one has no more than it needs. */
export function serviceEnv({
  ports,
  brokers,
  databaseUrl,
}: Pick<StackOptions, 'ports'> & { readonly brokers: string; readonly databaseUrl: string }) {
  // Settings of the environment are for another Kafka.
  const common = { ...NO_SECURITY, KAFKA_BROKERS: brokers, LOG_LEVEL: 'info' };
  return {
    consumer: { ...common, DATABASE_URL: databaseUrl, METRICS_PORT: String(ports.metrics) },
    http: { ...common, HTTP_PORT: String(ports.http), METRICS_PORT: String(ports.httpMetrics) },
    simulator: common,
  };
}

const PROGRAMS = {
  consumer: 'services/consumer/src/main.ts',
  preview: 'services/preview/src/main.ts',
  rastreio: 'cli/src/main.ts',
} as const;

/** How to run one of our programs from its source. */
export function serviceChild(
  name: string,
  program: keyof typeof PROGRAMS,
  args: readonly string[],
  dir: string,
  env: Readonly<Record<string, string>>,
): ChildOptions {
  return {
    name,
    command: process.execPath,
    args: [path.join(REPO_ROOT, 'scripts', 'run.mjs'), PROGRAMS[program], ...args],
    cwd: REPO_ROOT,
    dir,
    env,
  };
}

/** Where the simulator writes what its carrier promises. */
export function promisesFile(dir: string): string {
  return path.join(dir, 'prazos.csv');
}

/** The command line of the page of alerts, which are kept beside the data. */
export function noticesArgs({ dir, ports }: Pick<StackOptions, 'dir' | 'ports'>): string[] {
  return ['notices', '--port', String(ports.notices), '--file', path.join(dir, 'avisos.jsonl')];
}

/** Its settings: on loopback, and with the token that Grafana sends. */
export function noticesEnv({ ALERT_WEBHOOK_TOKEN }: NotificationEnv): Record<string, string> {
  return { NOTICES_HOST: '127.0.0.1', NOTICES_TOKEN: ALERT_WEBHOOK_TOKEN, LOG_LEVEL: 'info' };
}

/** The simulator's command line: history first, then live, going on where an earlier start of the stack stopped. */
export function simulatorArgs({
  dir,
  backfill,
  rate,
}: Pick<StackOptions, 'dir' | 'backfill' | 'rate'>): string[] {
  return [
    'simulate',
    '--backfill',
    backfill,
    '--rate',
    String(rate),
    '--state',
    path.join(dir, 'simulator.json'),
    '--promises',
    promisesFile(dir),
  ];
}
