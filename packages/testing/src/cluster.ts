import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { createKafka } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { freePorts, startShortLivedKafka, type RunningKafka } from '@rastreio/stack';
import { until } from './until';

export interface Cluster {
  /** `host:port` of each broker, separated by commas. */
  readonly brokers: string;
  /** SIGKILL to one of them, by its number from 1; settles when the process is gone. */
  readonly kill: (node: number) => Promise<void>;
  readonly pid: (node: number) => number;
  /** Starts it again on its data; settles when it answers. */
  readonly start: (node: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Brokers on this machine that are one cluster: each is a controller as well, so that any minority of them may be away. */
export async function startCluster(dir: string, count: number): Promise<Cluster> {
  const ports = await freePorts(3 * count);
  const nodes = Array.from({ length: count }, (_, i) => {
    const [internal = 0, external = 0, controller = 0] = ports.slice(3 * i, 3 * i + 3);
    return { id: i + 1, ports: { internal, external, controller } };
  });
  const clusterId = randomBytes(16).toString('base64url');
  const voters = nodes.map(({ id, ports: p }) => `${id}@127.0.0.1:${p.controller}`).join();
  const copies = Math.min(3, count);
  const optionsOf = ({ id, ports: own }: (typeof nodes)[number]) => ({
    dir: path.join(dir, `kafka-${id}`),
    ports: own,
    format: { clusterId },
    settings: {
      'node.id': id,
      'controller.quorum.voters': voters,
      // Of topics that say nothing else.
      'min.insync.replicas': Math.min(2, copies),
      'offsets.topic.replication.factor': copies,
      'transaction.state.log.replication.factor': copies,
      'transaction.state.log.min.isr': Math.min(2, copies),
      'share.coordinator.state.topic.replication.factor': copies,
    },
  });
  const running = new Map<number, RunningKafka>();
  const start = async (node: number) => {
    const found = nodes.find(({ id }) => id === node);
    if (found === undefined) throw new RangeError(`there is no broker ${node} of ${count}`);
    running.set(node, await startShortLivedKafka(optionsOf(found)));
  };
  const stop = async () => void (await Promise.all([...running.values()].map((broker) => broker.stop())));
  // Each waits for the others.
  const started = await Promise.allSettled(nodes.map(({ id }) => start(id)));
  const failed = started.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  const addresses = nodes.map(({ ports: own }) => `localhost:${own.external}`);
  // One that answers may not be told of the others yet, and a topic that is made by then has fewer copies.
  for (const address of addresses)
    await until(
      `the broker at ${address} knows all ${count}`,
      async () => (await knownTo(address)) === count,
    );
  return {
    brokers: addresses.join(),
    start,
    stop,
    pid: (node) => running.get(node)?.pid ?? 0,
    async kill(node) {
      running.get(node)?.kill();
      await running.get(node)?.ended;
    },
  };
}

/** How many brokers of the cluster this one knows. */
async function knownTo(address: string): Promise<number> {
  const admin = createKafka({
    brokers: address,
    clientId: 'test',
    log: createLog('test', 'silent'),
  }).admin();
  await admin.connect();
  try {
    return (await admin.describeCluster()).brokers.length;
  } finally {
    await admin.disconnect();
  }
}
