import { asRole, inDatabase, migrate, provision, ROLES, withClient } from '@rastreio/database';
import { createKafka } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { startDatabase, type BrokerSettings } from '@rastreio/stack';
import type { Kafka } from 'kafkajs';
import { endWithUs } from './interrupt';
import { parentOf } from './processes';
import { benchKafka, benchPorts } from './support';

/** A broker with the project's topics and a database server, in one temporary folder. */
export interface Servers {
  readonly dir: string;
  readonly brokers: string;
  readonly brokerPid: number;
  readonly kafka: Kafka;
  readonly adminUrl: string;
  readonly timescaledb: boolean;
  /** Process id of the database server. */
  readonly postmaster: number;
  readonly stop: () => Promise<void>;
}

/** A database of its own for one measurement. */
export interface BenchDatabase {
  readonly ownerUrl: string;
  readonly writerUrl: string;
  /** The column of table `eventos_rastreamento` with the event's time. */
  readonly instant: 'data_evento' | 'data_atualizacao';
  readonly drop: () => Promise<void>;
}

const PASSWORDS = { ownerPassword: 'owner', writerPassword: 'writer', readerPassword: 'reader' };
const QUIET = { info: () => undefined, warn: () => undefined };

/** Starts both; the database is the best that this machine can have. */
export async function startServers(settings: BrokerSettings = {}): Promise<Servers> {
  const broker = await benchKafka(settings);
  try {
    const [port = 0] = await benchPorts(1);
    const log = { info: (text: unknown) => void process.stderr.write(`database: ${String(text)}\n`) };
    const database = endWithUs(await startDatabase({ provider: 'auto', dir: broker.dir, port, log }));
    log.info(database.provider);
    return {
      dir: broker.dir,
      brokers: broker.brokers,
      brokerPid: broker.pid,
      kafka: createKafka({
        brokers: broker.brokers,
        clientId: 'bench',
        log: createLog('bench', 'silent'),
      }),
      adminUrl: database.adminUrl,
      timescaledb: database.timescaledb,
      postmaster: await postmasterOf(database.adminUrl),
      stop: async () => {
        await database.stop();
        await broker.stop();
      },
    };
  } catch (error) {
    await broker.stop();
    throw error;
  }
}

/** A fresh database with the project's schema. */
export async function projectDatabase(
  { adminUrl, timescaledb }: Servers,
  name: string,
): Promise<BenchDatabase> {
  await provision({ adminUrl, database: name, timescaledb, ...PASSWORDS });
  const database = benchDatabase(adminUrl, name, 'data_evento');
  await migrate({ databaseUrl: database.ownerUrl, log: QUIET });
  await settle(adminUrl);
  return database;
}

/**
 * A fresh database with one plain table, as the documentation of other sinks has it: the message's own fields, and a primary key
 * that makes the upsert idempotent. No hypertable, no second index, no state of parcels, no accounting.
 */
export async function plainDatabase({ adminUrl }: Servers, name: string): Promise<BenchDatabase> {
  await provision({ adminUrl, database: name, timescaledb: false, ...PASSWORDS });
  const database = benchDatabase(adminUrl, name, 'data_atualizacao');
  await withClient(database.ownerUrl, (client) =>
    client.query(`
      CREATE TABLE eventos_rastreamento (
        id_pacote           bigint      NOT NULL,
        origem              text        NOT NULL,
        destino             text        NOT NULL,
        status_rastreamento text        NOT NULL,
        data_atualizacao    timestamptz NOT NULL,
        PRIMARY KEY (id_pacote, data_atualizacao, status_rastreamento))`),
  );
  await settle(adminUrl);
  return database;
}

function benchDatabase(adminUrl: string, name: string, instant: BenchDatabase['instant']): BenchDatabase {
  const url = inDatabase(adminUrl, name);
  return {
    ownerUrl: asRole(url, ROLES.owner, PASSWORDS.ownerPassword),
    writerUrl: asRole(url, ROLES.writer, PASSWORDS.writerPassword),
    instant,
    drop: () =>
      withClient(adminUrl, async (c) => void (await c.query(`DROP DATABASE "${name}" WITH (FORCE)`))),
  };
}

/** Writes out what the variant before has left dirty, so that the next one does not pay for it. */
async function settle(adminUrl: string): Promise<void> {
  await withClient(adminUrl, (client) => client.query('CHECKPOINT'));
}

async function postmasterOf(adminUrl: string): Promise<number> {
  return withClient(adminUrl, async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const postmaster = parentOf(rows[0]?.pid ?? 0);
    if (postmaster === undefined) throw new Error('the database server does not run on this machine');
    return postmaster;
  });
}
