import {
  freePorts,
  startDatabase,
  startShortLivedKafka,
  type ProviderName,
  type RunningDatabase,
} from '@rastreio/stack';
import { TOPIC_EVENTS } from '@rastreio/contract';
import { createKafka } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { startCluster } from '@rastreio/testing/cluster';
import { startProxy, type Proxy } from './proxy';

/** A server of ours that is stopped, killed and started again on the same data. */
interface Server {
  /** Settles when it answers. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** SIGKILL; settles when the process is gone. */
  readonly kill: () => Promise<void>;
}

export interface KafkaServer extends Server {
  readonly pid: () => number;
  /** For the services: through the proxy. */
  readonly brokers: string;
  /** For the run itself: past it. */
  readonly directBrokers: string;
  /** None where there are several brokers. */
  readonly proxy?: Proxy;
}

export interface DatabaseServer extends Server {
  readonly provider: string;
  readonly timescaledb: boolean;
  /** A superuser on the database `postgres`, past the proxy. */
  readonly adminUrl: string;
  readonly proxy: Proxy;
}

/** A broker whose clients, the run itself excepted, all go through a proxy. */
export async function kafkaServer(dir: string): Promise<KafkaServer> {
  const [internal = 0, external = 0, controller = 0] = await freePorts(3);
  const proxy = await startProxy(external);
  const options = { dir, ports: { internal, external, controller, advertised: proxy.port } };
  let running = await startShortLivedKafka(options).catch(async (error: unknown) => {
    await proxy.close();
    throw error;
  });
  return {
    brokers: running.brokers,
    directBrokers: `127.0.0.1:${internal}`,
    proxy,
    pid: () => running.pid,
    start: async () => void (running = await startShortLivedKafka(options)),
    stop: () => running.stop(),
    async kill() {
      running.kill();
      await running.ended;
    },
  };
}

/** Three brokers, of which a kill takes the leader of a partition of events. */
export async function kafkaCluster(dir: string): Promise<KafkaServer> {
  const cluster = await startCluster(dir, 3);
  let killed = 1;
  return {
    brokers: cluster.brokers,
    directBrokers: cluster.brokers,
    pid: () => cluster.pid(killed),
    start: () => cluster.start(killed),
    stop: cluster.stop,
    async kill() {
      killed = await leaderOf(cluster.brokers);
      await cluster.kill(killed);
    },
  };
}

async function leaderOf(brokers: string): Promise<number> {
  const admin = createKafka({
    brokers,
    clientId: 'rastreio-chaos',
    log: createLog('chaos', 'silent'),
  }).admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [TOPIC_EVENTS] });
  await admin.disconnect();
  return topics[0]?.partitions[0]?.leader ?? 1;
}

/** A database whose clients, the run itself excepted, go through a proxy. */
export async function databaseServer(
  dir: string,
  wanted: ProviderName,
  note: (text: string) => void,
): Promise<DatabaseServer> {
  const [port = 0] = await freePorts(1);
  const log = { info: (text: unknown) => note(String(text)) };
  const start = (provider: ProviderName) => startDatabase({ dir, port, provider, log });
  // A restart must never fall back to another provider, which would be an empty database.
  const first = await firstThatStarts(
    wanted === 'auto' ? ['installed', 'timescaledb', 'embedded'] : [wanted],
    start,
  );
  let { running } = first;
  return {
    provider: running.provider,
    timescaledb: running.timescaledb,
    adminUrl: running.adminUrl,
    proxy: await startProxy(port),
    async start() {
      running = await start(first.provider);
    },
    stop: () => running.stop(),
    async kill() {
      running.kill();
      await running.ended;
    },
  };
}

async function firstThatStarts(
  providers: readonly ProviderName[],
  start: (provider: ProviderName) => Promise<RunningDatabase>,
): Promise<{ provider: ProviderName; running: RunningDatabase }> {
  const [provider = 'embedded', ...others] = providers;
  try {
    return { provider, running: await start(provider) };
  } catch (error) {
    if (others.length === 0) throw error;
    return firstThatStarts(others, start);
  }
}
