import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { asRole, inDatabase, migrate, provision, ROLES } from '@rastreio/database';
import { ensureTopics } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConsumers } from './consumers';
import type { Victims } from './faults';
import { createLoad } from './load';
import type { ChaosOptions } from './options';
import { watchProgress } from './progress';
import { databaseServer, kafkaCluster, kafkaServer } from './servers';

export interface Rig extends Victims {
  readonly truthFile: string;
  /** A superuser in our database, past the proxy. */
  readonly databaseUrl: string;
  readonly stop: () => Promise<void>;
}

const DATABASE = 'rastreio';
const QUIET = { info: () => undefined, warn: () => undefined };

/** Brings up broker, database and proxies and makes ready what runs on them. Stops what it has started when something fails. */
export async function startRig(
  dir: string,
  { events, seed, brokers, database: provider }: ChaosOptions,
  note: (text: string) => void,
  signal: AbortSignal,
): Promise<Rig> {
  const started: (() => Promise<unknown> | void)[] = [];
  const stop = async () => {
    // In reverse order, so that nobody loses what it still needs.
    for (const end of started.splice(0).reverse()) await end();
  };
  try {
    const kafka = await (brokers === 1 ? kafkaServer(dir) : kafkaCluster(dir));
    if (kafka.proxy !== undefined) started.push(kafka.proxy.close);
    started.push(kafka.stop);
    const database = await databaseServer(dir, provider, note);
    started.push(database.proxy.close, database.stop);
    const { owner, writer } = await prepare(kafka.directBrokers, database.adminUrl, database.timescaledb);
    await migrate({ databaseUrl: owner, log: QUIET });
    const databaseUrl = inDatabase(database.adminUrl, DATABASE);
    const consumers = createConsumers(dir, {
      KAFKA_BROKERS: kafka.brokers,
      DATABASE_URL: throughPort(writer, database.proxy.port),
    });
    const truthFile = path.join(dir, 'truth.ndjson');
    const load = createLoad({ dir, brokers: kafka.brokers, seed, events, truthFile });
    const rig: Omit<Rig, 'progress'> = {
      ...{ kafka, database, databaseName: DATABASE, databaseUrl, consumers, load, truthFile, stop },
      allowed: Infinity,
      pause: async (ms) => {
        // The signal's own reason says more than the sleep's error.
        await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
      },
    };
    const progress = watchProgress({
      brokers: kafka.directBrokers,
      databaseUrl,
      signal,
      onSent: (sent) => load.regulate(sent, rig.allowed),
    });
    started.push(progress.close, consumers.killAll, load.stop);
    return Object.assign(rig, { progress });
  } catch (error) {
    await stop();
    throw error;
  }
}

async function prepare(
  brokers: string,
  adminUrl: string,
  timescaledb: boolean,
): Promise<{ owner: string; writer: string }> {
  const password = () => randomBytes(18).toString('base64url');
  const [ownerPassword, writerPassword, readerPassword] = [password(), password(), password()];
  await provision({
    adminUrl,
    database: DATABASE,
    ownerPassword,
    writerPassword,
    readerPassword,
    timescaledb,
  });
  await ensureTopics({ brokers, log: createLog('chaos', 'silent') });
  const url = inDatabase(adminUrl, DATABASE);
  return {
    owner: asRole(url, ROLES.owner, ownerPassword),
    writer: asRole(url, ROLES.writer, writerPassword),
  };
}

function throughPort(databaseUrl: string, port: number): string {
  const url = new URL(databaseUrl);
  url.port = String(port);
  return url.toString();
}
