import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts, startDatabase, startKafka } from '@rastreio/stack';

interface Stoppable {
  stop(): Promise<void>;
}

/** What the tests of one run share: real servers, started once. */
const running: { parts: Stoppable[]; dir: string } = { parts: [], dir: '' };

/**
 * Starts plain PostgreSQL and, where this machine can have it, TimescaleDB, and a Kafka broker; tells the tests by
 * environment variables (see servers.ts).
 */
export default async function globalSetup(): Promise<void> {
  running.dir = await mkdtemp(path.join(tmpdir(), 'rastreio-test-'));
  // As root, the plain server runs as another user, who has to get in.
  await chmod(running.dir, 0o711);
  const [plainPort = 0, timescalePort = 0, internal = 0, external = 0, controller = 0] = await freePorts(5);
  const log = { info: (text: unknown) => void process.stderr.write(`test servers: ${String(text)}\n`) };
  const databases: { name: string; adminUrl: string; timescaledb: boolean }[] = [];
  const plain = await startDatabase({
    provider: 'embedded',
    dir: path.join(running.dir, 'plain'),
    port: plainPort,
    log,
  });
  running.parts.push(plain);
  databases.push({ name: 'plain PostgreSQL', adminUrl: plain.adminUrl, timescaledb: false });
  const best = await startDatabase({
    provider: 'auto',
    dir: path.join(running.dir, 'best'),
    port: timescalePort,
    log,
  });
  running.parts.push(best);
  if (best.timescaledb) databases.push({ name: 'TimescaleDB', adminUrl: best.adminUrl, timescaledb: true });
  else log.info('no TimescaleDB on this machine: the database tests run on plain PostgreSQL only');
  const kafka = await startKafka({
    dir: path.join(running.dir, 'kafka'),
    ports: { internal, external, controller },
  });
  running.parts.push(kafka);
  process.env.TEST_DATABASES = JSON.stringify(databases);
  process.env.TEST_KAFKA_BROKERS = kafka.brokers;
  (globalThis as { stopTestServers?: () => Promise<void> }).stopTestServers = async () => {
    for (const part of running.parts.reverse()) await part.stop();
    await rm(running.dir, { recursive: true, force: true });
  };
}
