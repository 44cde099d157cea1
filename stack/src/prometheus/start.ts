import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startChild } from '../child';
import { oneLine } from '../oneLine';
import { REPO_ROOT } from '../paths';
import { freePorts, isFree } from '../ports';
import type { Progress } from '../progress';
import { supervise, type Supervised } from '../supervise';
import { waitUntil } from '../waitUntil';
import { localConfig } from './config';
import { findPrometheus } from './find';

const START_TIMEOUT_MS = 60_000;
/** Enough for every panel of the dashboards' usual ranges; the figures themselves are in the database. */
const RETENTION = ['--storage.tsdb.retention.time=7d', '--storage.tsdb.retention.size=256MB'];
const WITHOUT = 'service health has no figures';

export interface PrometheusOptions {
  /** Holds the data in `prometheus/`, the log in `logs/`. */
  readonly dir: string;
  /** Another free port is taken where this one is not free. */
  readonly port: number;
  /** `host:port` by job. */
  readonly targets: Readonly<Record<string, string>>;
  /** Whether there will be anything that asks it. */
  readonly wanted: () => Promise<boolean>;
  readonly progress: Pick<Progress, 'note'>;
  readonly signal: AbortSignal;
}

/** A Prometheus that may be there or not. */
export interface Prometheus {
  /** Its address, also while nothing answers there. */
  readonly url: string;
  /** Settles with whether it answers. Never rejects. */
  readonly ready: Promise<boolean>;
  readonly stop: (graceMs?: number) => Promise<void>;
}

/**
 * Gets Prometheus and starts it on loopback, beside everything else: PROMETHEUS_URL, one on PATH, or Debian's package. What
 * is missing is noted, since only the panels on service health and the rules on services that do not answer need it.
 */
export async function providePrometheus(
  { dir, port, targets, wanted, progress, signal }: PrometheusOptions,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Prometheus> {
  const set = env.PROMETHEUS_URL;
  if (set !== undefined && set !== '')
    return { url: set, ready: Promise.resolve(true), stop: () => Promise.resolve() };
  const [own = port] = (await isFree(port)) ? [port] : await freePorts(1);
  if (own !== port) progress.note(`port ${port} is taken: Prometheus listens on ${own}`);
  let kept: Supervised | undefined;
  const stopping = new AbortController();
  const ended = AbortSignal.any([signal, stopping.signal]);
  const start = async () => {
    if (!(await wanted())) return false;
    const command = await prometheusChild(await findPrometheus(ended), dir, own, targets);
    ended.throwIfAborted();
    const child = supervise(startChild(command), (text) => progress.note(text));
    kept = child;
    await waitUntil('Prometheus', () => ask(own), { timeoutMs: START_TIMEOUT_MS, child });
    void child.ended.then((how) => {
      if (!ended.aborted) progress.note(`Prometheus ended with ${how} (${child.logFile}): ${WITHOUT}`);
    });
    return true;
  };
  const ready = start().catch((error: unknown) => {
    if (!ended.aborted)
      progress.note(`no Prometheus (${oneLine(error)}): ${WITHOUT}; PROMETHEUS_URL names one that is here`);
    return false;
  });
  return {
    url: `http://127.0.0.1:${own}`,
    ready,
    async stop(graceMs) {
      stopping.abort();
      await kept?.stop(graceMs);
      await ready;
    },
  };
}

async function prometheusChild(
  binary: string,
  dir: string,
  port: number,
  targets: Readonly<Record<string, string>>,
) {
  const data = path.join(dir, 'prometheus');
  const config = path.join(data, 'prometheus.yaml');
  const jobs = await readFile(path.join(REPO_ROOT, 'provisioning', 'prometheus', 'prometheus.yaml'), 'utf8');
  await mkdir(data, { recursive: true });
  await writeFile(config, localConfig(jobs, targets));
  return {
    name: 'prometheus',
    command: binary,
    args: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${path.join(data, 'data')}`,
      ...RETENTION,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    cwd: data,
    dir,
  };
}

async function ask(port: number): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/-/ready`, { signal: AbortSignal.timeout(5_000) });
  if (!answer.ok) throw new Error(`answers ${answer.status}`);
}
