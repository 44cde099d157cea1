import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createKafka } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { startChild, type Child } from '../child';
import { run } from '../run';
import { waitUntil } from '../waitUntil';
import { serverProperties, type BrokerSettings, type KafkaPorts } from './properties';
import { kafkaJars } from './vendor';

export interface KafkaOptions {
  /** Holds the data in `kafka/`, the log in `logs/`. */
  readonly dir: string;
  readonly ports: KafkaPorts;
  /** Broker settings beside ours, or instead of them. */
  readonly settings?: BrokerSettings;
}

export interface RunningKafka extends Child {
  /** `host:port` of the EXTERNAL listener, or of the proxy before it. */
  readonly brokers: string;
}

const START_TIMEOUT_MS = 90_000;
const HEAP = ['-Xms256m', '-Xmx512m'];

/** Starts a real Kafka broker on loopback and waits until it answers. Data of an earlier run are kept. */
export async function startKafka({ dir, ports, settings }: KafkaOptions): Promise<RunningKafka> {
  const jars = await kafkaJars();
  const dataDir = path.join(dir, 'kafka');
  const properties = path.join(dataDir, 'server.properties');
  const classPath = path.join(jars, '*');
  await mkdir(dataDir, { recursive: true });
  await writeFile(properties, serverProperties(dataDir, ports, settings));
  if (!existsSync(path.join(dataDir, 'log', 'meta.properties'))) {
    // The tool's own random-uuid mixes a log line into its output.
    const clusterId = randomBytes(16).toString('base64url');
    await run('java', [
      '-cp',
      classPath,
      'kafka.tools.StorageTool',
      'format',
      // One argument: an id may begin with a dash.
      `--cluster-id=${clusterId}`,
      '-c',
      properties,
    ]);
  }
  const child = startChild({
    name: 'kafka',
    command: 'java',
    args: [...HEAP, '-cp', classPath, 'kafka.Kafka', properties],
    dir,
  });
  const brokers = `localhost:${ports.advertised ?? ports.external}`;
  try {
    await waitUntil('Kafka', () => ask(brokers), { timeoutMs: START_TIMEOUT_MS, child });
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { ...child, brokers };
}

async function ask(brokers: string): Promise<void> {
  const admin = createKafka({ brokers, clientId: 'rastreio-stack', log: createLog('stack', 'silent') }).admin(
    { retry: { retries: 0 } },
  );
  try {
    await admin.connect();
    await admin.listTopics();
  } finally {
    await admin.disconnect();
  }
}
