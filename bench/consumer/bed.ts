import path from 'node:path';
import { asRole, inDatabase, migrate, provision, ROLES, withClient } from '@rastreio/database';
import { createKafka } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { freePorts, startDatabase } from '@rastreio/stack';
import type { Kafka } from 'kafkajs';
import { benchKafka, runScript } from '../support';
import { parentOf } from './processes';
import { readBack, type Expected } from './readBack';

/** What all variants of a run share: one broker with the events, one database server. */
export interface Bed {
  readonly dir: string;
  readonly brokers: string;
  readonly kafka: Kafka;
  readonly events: Expected;
  readonly adminUrl: string;
  /** Process id of the database server. */
  readonly postmaster: number;
  readonly stop: () => Promise<void>;
}

/** A database of one variant and one round. */
export interface RoundDatabase {
  readonly ownerUrl: string;
  readonly writerUrl: string;
  /** The column of table `eventos_rastreamento` with the event's time. */
  readonly instant: 'data_evento' | 'data_atualizacao';
  readonly drop: () => Promise<void>;
}

const PASSWORDS = { ownerPassword: 'owner', writerPassword: 'writer', readerPassword: 'reader' };
const QUIET = { info: () => undefined, warn: () => undefined };
const SEED = 42;
/** Length of the simulated past, from its start on: 30 days. */
const WORLD_START = '2026-09-01T00:00:00Z';

/**
 * Two consumers started together must share the partitions before the first message is read. With the project's own setting (0)
 * the first one gets them all and loses half again a second later.
 */
const BROKER_SETTINGS = { 'group.initial.rebalance.delay.ms': 3000 };

/** Starts a broker and a database server, and fills the topic with `count` events of the simulator. */
export async function makeBed(count: number): Promise<Bed> {
  const broker = await benchKafka(BROKER_SETTINGS);
  const started: { stop(): Promise<void> }[] = [broker];
  const stop = async () => {
    for (const part of started.reverse()) await part.stop();
  };
  try {
    const [port = 0] = await freePorts(1);
    const log = { info: (text: unknown) => void process.stderr.write(`database: ${String(text)}\n`) };
    const database = await startDatabase({ provider: 'auto', dir: broker.dir, port, log });
    started.push(database);
    process.stderr.write(`database: ${database.provider}\nsending ${count} events to Kafka\n`);
    await runScript('services/producer/src/main.ts', [
      ...['simulate', '--brokers', broker.brokers, '--count', String(count)],
      ...['--seed', String(SEED), '--start', WORLD_START],
    ]);
    const kafka = createKafka({
      brokers: broker.brokers,
      clientId: 'bench',
      log: createLog('bench', 'silent'),
    });
    return {
      dir: broker.dir,
      brokers: broker.brokers,
      kafka,
      events: await readBack(kafka, count, path.join(broker.dir, 'events.copy')),
      adminUrl: database.adminUrl,
      postmaster: await postmasterOf(database.adminUrl),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A fresh database with the project's schema. */
export async function projectDatabase({ adminUrl }: Bed, name: string): Promise<RoundDatabase> {
  const { rowCount } = await withClient(adminUrl, (client) =>
    client.query(`SELECT FROM pg_available_extensions WHERE name = 'timescaledb'`),
  );
  await provision({ adminUrl, database: name, timescaledb: rowCount !== 0, ...PASSWORDS });
  const database = roundDatabase(adminUrl, name, 'data_evento');
  await migrate({ databaseUrl: database.ownerUrl, log: QUIET });
  await settle(adminUrl);
  return database;
}

/**
 * A fresh database with one plain table, as the documentation of other sinks has it: the message's own fields, and a primary key
 * that makes the upsert idempotent. No hypertable, no second index, no state of packages, no accounting.
 */
export async function plainDatabase({ adminUrl }: Bed, name: string): Promise<RoundDatabase> {
  await provision({ adminUrl, database: name, timescaledb: false, ...PASSWORDS });
  const database = roundDatabase(adminUrl, name, 'data_atualizacao');
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

function roundDatabase(adminUrl: string, name: string, instant: RoundDatabase['instant']): RoundDatabase {
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
