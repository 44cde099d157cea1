import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts, startDatabase, startShortLivedKafka } from '@rastreio/stack';

/** What the tests of one run share: real servers, started once, for whichever of jest's projects comes first. */
interface Shared {
  dir?: Promise<string>;
  databases?: Promise<void>;
  kafka?: Promise<void>;
  readonly stops: (() => Promise<void>)[];
}

// jest loads setup and teardown apart from each other.
const holder = globalThis as { testServers?: Shared };
const shared = (holder.testServers ??= { stops: [] });
const log = { info: (text: unknown) => void process.stderr.write(`test servers: ${String(text)}\n`) };

/** Starts plain PostgreSQL and, where this machine can have it, TimescaleDB; tells the tests by TEST_DATABASES. */
export function startDatabases(): Promise<void> {
  return (shared.databases ??= (async () => {
    const dir = await sharedDir();
    const ports = await freePorts(2);
    const [plain, best] = await Promise.all(
      (['embedded', 'auto'] as const).map(async (provider, i) => {
        const server = await startDatabase({
          provider,
          dir: path.join(dir, provider),
          port: ports[i] ?? 0,
          log,
        });
        shared.stops.push(() => server.stop());
        return server;
      }),
    );
    const databases = [{ name: 'plain PostgreSQL', adminUrl: plain?.adminUrl, timescaledb: false }];
    if (best?.timescaledb === true)
      databases.push({ name: 'TimescaleDB', adminUrl: best.adminUrl, timescaledb: true });
    else log.info('no TimescaleDB on this machine: the database tests run on plain PostgreSQL only');
    process.env.TEST_DATABASES = JSON.stringify(databases);
  })());
}

/** Starts a Kafka broker; tells the tests by TEST_KAFKA_BROKERS. */
export function startBroker(): Promise<void> {
  return (shared.kafka ??= (async () => {
    const [internal = 0, external = 0, controller = 0] = await freePorts(3);
    const kafka = await startShortLivedKafka({
      dir: path.join(await sharedDir(), 'kafka'),
      ports: { internal, external, controller },
    });
    shared.stops.push(() => kafka.stop());
    process.env.TEST_KAFKA_BROKERS = kafka.brokers;
  })());
}

/** Stops what was started, the first time it is called. */
export async function stopServers(): Promise<void> {
  await Promise.all(shared.stops.splice(0).map((stop) => stop()));
  if (shared.dir !== undefined) await rm(await shared.dir, { recursive: true, force: true });
}

function sharedDir(): Promise<string> {
  return (shared.dir ??= (async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'rastreio-test-'));
    // As root, the plain server runs as another user, who has to get in.
    await chmod(dir, 0o711);
    return dir;
  })());
}
