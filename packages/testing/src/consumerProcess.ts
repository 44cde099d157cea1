import { spawn } from 'node:child_process';
import path from 'node:path';
import { freePorts } from '@rastreio/stack';
import { KAFKA_BROKERS } from './kafka';
import { until } from './until';

export interface ConsumerProcess {
  /** Of /metrics and /readyz. */
  readonly url: string;
  readonly exited: Promise<number | null>;
  /** @throws Error when it has ended */
  readonly assertRunning: () => void;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Ends it at once, if it has not ended, and waits until it is gone. */
  readonly kill: () => Promise<void>;
}

/** What Node.js is told to run the consumer from its source. */
export const CONSUMER_COMMAND: readonly string[] = [
  path.resolve(__dirname, '../../../scripts/run.mjs'),
  'services/consumer/src/main.ts',
];

/** Starts the consumer as a process of its own, on the test broker, and waits until it has joined its group. */
export async function startConsumerProcess(
  env: Readonly<Record<'DATABASE_URL' | 'CONSUMER_GROUP_ID', string>> & Readonly<Record<string, string>>,
): Promise<ConsumerProcess> {
  const [port = 0] = await freePorts(1);
  const child = spawn(process.execPath, CONSUMER_COMMAND, {
    env: { ...process.env, KAFKA_BROKERS, METRICS_PORT: String(port), LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = `http://127.0.0.1:${port}`;
  const assertRunning = () => {
    if (child.exitCode !== null) throw new Error(`the consumer ended with ${child.exitCode}`);
  };
  await until('the consumer joins', async () => {
    assertRunning();
    return (await fetch(`${url}/readyz`).catch(() => undefined))?.status === 200;
  });
  return {
    url,
    exited,
    assertRunning,
    signal: (name) => void child.kill(name),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
