import path from 'node:path';
import type { ChildOptions } from './child';
import type { StackOptions } from './options';
import { REPO_ROOT } from './paths';
import type { Secrets } from './secrets';

export const BATCH_DATABASE = 'rastreio_lote';
export const DATABASE = 'rastreio';
/** Where alerts go unless told otherwise: nothing listens there, and Grafana only logs that. */
const NO_WEBHOOK = 'http://127.0.0.1:9/';

/** What provisioning/datasources and provisioning/alerting interpolate. */
export function provisioningEnv(
  database: { host: string; port: number },
  prometheus: { readonly url: string; readonly answers: boolean },
  secrets: Secrets,
): Record<string, string> & { ALERT_WEBHOOK_URL: string; SEM_PROMETHEUS: string } {
  const host = `${database.host}:${database.port}`;
  return {
    RASTREIO_HOME: REPO_ROOT,
    TIMESCALE_HOST: host,
    TIMESCALE_DATABASE: DATABASE,
    GRAFANA_READER_USER: 'grafana_reader',
    GRAFANA_READER_PASSWORD: secrets.reader,
    LOTE_HOST: host,
    LOTE_DATABASE: BATCH_DATABASE,
    LOTE_USER: 'grafana_reader',
    LOTE_PASSWORD: secrets.reader,
    PROMETHEUS_URL: prometheus.url,
    // Pauses the rules on Prometheus.
    SEM_PROMETHEUS: String(!prometheus.answers),
    ALERT_WEBHOOK_URL: process.env.ALERT_WEBHOOK_URL ?? NO_WEBHOOK,
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
