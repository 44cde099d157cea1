import path from 'node:path';
import { runScript } from '../support';
import { startServers, type Servers } from '../servers';
import { readBack, type Expected } from './readBack';

/** What all variants of a run share: one broker with the events, one database server. */
export interface Bed extends Servers {
  readonly events: Expected;
}

const SEED = 42;
/** Begin of the simulated 30 days. */
const WORLD_START = '2026-09-01T00:00:00Z';

/**
 * Two consumers started together must share the partitions before the first message is read. With the project's own setting (0)
 * the first one gets them all and loses half again a second later.
 */
export const BROKER_SETTINGS = { 'group.initial.rebalance.delay.ms': 3000 };

/** Starts a broker and a database server, and fills the topic with `count` events of the simulator. */
export async function makeBed(count: number): Promise<Bed> {
  const servers = await startServers(BROKER_SETTINGS);
  try {
    process.stderr.write(`sending ${count} events to Kafka\n`);
    await runScript('cli/bin/rastreio.mjs', [
      ...['simulate', '--brokers', servers.brokers, '--count', String(count)],
      ...['--seed', String(SEED), '--start', WORLD_START],
    ]);
    const events = await readBack(servers.kafka, count, path.join(servers.dir, 'events.copy'));
    return { ...servers, events };
  } catch (error) {
    await servers.stop();
    throw error;
  }
}
