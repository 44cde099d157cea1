import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createKafka } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { startChild, type Child } from '../child';
import { run } from '../run';
import { waitUntil } from '../waitUntil';
import { JAVA_ENV } from './java';
import { LOG_FOLDER, serverProperties, type BrokerSettings, type KafkaPorts } from './properties';

export interface KafkaOptions {
  /** Holds the data in `kafka/`, the log in `logs/`. */
  readonly dir: string;
  readonly ports: KafkaPorts;
  /** Broker settings beside ours, or instead of them. */
  readonly settings?: BrokerSettings;
  /** Of the first start alone, which makes the data. */
  readonly format?: KafkaFormat;
  /** Ends the start. */
  readonly signal?: AbortSignal | undefined;
  /** Told while the start takes long, and why. */
  readonly tell?: ((text: string) => void) | undefined;
}

interface KafkaFormat {
  /** One for all brokers of a cluster; left out, one is drawn. */
  readonly clusterId?: string;
  /** Users that are known from the beginning, such as `SCRAM-SHA-512=[name=ana,password=secret]`. */
  readonly scram?: readonly string[];
}

export interface RunningKafka extends Child {
  /** `host:port` of the EXTERNAL listener, or of the proxy before it. */
  readonly brokers: string;
}

const HEAP = ['-Xms256m', '-Xmx512m'];
const PROPERTIES = 'server.properties';

const kafkaDir = (dir: string) => path.join(dir, 'kafka');

/** Where the broker of a folder keeps its data. */
export const logDir = (dir: string): string => path.join(kafkaDir(dir), LOG_FOLDER);

/** Writes the settings of a broker into its folder. */
export async function writeProperties({ dir, ports, settings }: KafkaOptions): Promise<void> {
  await mkdir(kafkaDir(dir), { recursive: true });
  await writeFile(path.join(kafkaDir(dir), PROPERTIES), serverProperties(ports, settings));
}

/** Gives a folder that has its settings the first files of a new cluster. @throws OperatorError when Kafka's tool fails */
export async function formatLog(
  jars: string,
  { dir, format: { clusterId, scram = [] } = {}, signal }: Pick<KafkaOptions, 'dir' | 'format' | 'signal'>,
): Promise<void> {
  await run(
    'java',
    [
      '-cp',
      path.join(jars, '*'),
      'kafka.tools.StorageTool',
      'format',
      // One argument: an id may begin with a dash.
      // The tool's own random-uuid mixes a log line into its output.
      `--cluster-id=${clusterId ?? randomBytes(16).toString('base64url')}`,
      ...scram.flatMap((user) => ['--add-scram', user]),
      '-c',
      PROPERTIES,
    ],
    { cwd: kafkaDir(dir), env: { ...process.env, ...JAVA_ENV }, signal },
  );
}

/**
 * Starts the broker of a formatted folder and waits until it answers, for as long as its process lives: after a crash it reads its log
 * again. `java`: options of the virtual machine beside ours.
 * @throws OperatorError when it ends; the reason of the signal
 */
export async function launch(
  jars: string,
  { dir, ports, signal, tell }: KafkaOptions,
  java: readonly string[] = [],
): Promise<RunningKafka> {
  const child = startChild({
    name: 'kafka',
    command: 'java',
    args: [...HEAP, ...java, '-cp', path.join(jars, '*'), 'kafka.Kafka', PROPERTIES],
    cwd: kafkaDir(dir),
    env: JAVA_ENV,
    dir,
  });
  const brokers = `localhost:${ports.advertised ?? ports.external}`;
  try {
    await waitUntil('Kafka', () => ask(brokers), { child, signal, tell });
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { ...child, brokers };
}

/** A broker that starts again answers before it leads the partitions that it has; then it refuses to read and write them. */
async function ask(brokers: string): Promise<void> {
  // Asked again by who waits: the client's own tries come later and later, up to three seconds.
  const retry = { retries: 0 };
  const log = createLog('stack', 'silent');
  const admin = createKafka({ brokers, clientId: 'rastreio-stack', log, retry }).admin({ retry });
  try {
    await admin.connect();
    const topics = await admin.listTopics();
    // Asked of each partition's leader.
    await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)));
  } finally {
    await admin.disconnect();
  }
}
