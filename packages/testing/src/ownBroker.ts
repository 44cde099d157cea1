import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts, startShortLivedKafka } from '@rastreio/stack';

export interface OwnBroker {
  /** `host:port`. */
  readonly brokers: string;
  /** Stops the broker; its data stay. */
  readonly stop: () => Promise<void>;
  /** Starts it again on the same data and ports. */
  readonly start: () => Promise<void>;
  /** Folder of the broker's data. */
  readonly dataDir: string;
  /** Stops it and removes its data. */
  readonly remove: () => Promise<void>;
}

/** A Kafka broker for one test file, whose topics nobody else writes to and which may be stopped. */
export async function startOwnBroker(): Promise<OwnBroker> {
  const dir = await mkdtemp(path.join(tmpdir(), 'rastreio-broker-'));
  const [internal = 0, external = 0, controller = 0] = await freePorts(3);
  const start = () => startShortLivedKafka({ dir, ports: { internal, external, controller } });
  let running = await start();
  return {
    brokers: running.brokers,
    stop: () => running.stop(),
    start: async () => void (running = await start()),
    dataDir: path.join(dir, 'kafka', 'log'),
    async remove() {
      await running.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
