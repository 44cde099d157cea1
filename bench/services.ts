import path from 'node:path';
import { run, startChild, waitUntil, type Child } from '@rastreio/stack';
import { endWithUs } from './interrupt';
import { benchPorts, ROOT } from './support';

const READY_TIMEOUT_MS = 90_000;

/** The bundles of scripts/bundle.mjs. */
const BUNDLES = { consumer: 'services/consumer/dist/main.js', rastreio: 'cli/dist/rastreio.js' } as const;

/** Bundles the services as the images have them: what is measured is what runs in production. */
export async function bundleServices(): Promise<void> {
  await run(process.execPath, [path.join(ROOT, 'scripts/bundle.mjs')]);
}

export interface Service {
  readonly name: string;
  readonly service: keyof typeof BUNDLES;
  readonly args?: readonly string[];
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface RunningService extends Child {
  /** Settles when /readyz says so. */
  readonly ready: () => Promise<void>;
}

/** Starts a bundled service with its default settings, quiet. */
export async function startService({ name, service, args = [], dir, env }: Service): Promise<RunningService> {
  const [port = 0] = await benchPorts(1);
  const child = endWithUs(
    startChild({
      name,
      command: process.execPath,
      args: [path.join(ROOT, BUNDLES[service]), ...args],
      dir,
      env: { NODE_ENV: 'production', LOG_LEVEL: 'warn', METRICS_PORT: String(port), ...env },
    }),
  );
  const ready = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    if (!answer.ok) throw new Error(await answer.text());
  };
  return { ...child, ready: () => waitUntil(name, ready, { timeoutMs: READY_TIMEOUT_MS, child }) };
}
