// Shows G2 of docs/guarantees.md.
import path from 'node:path';
import { CONSUMER_GROUP, TOPIC_EVENTS } from '@rastreio/contract';
import { findTableDifferences, withClient } from '@rastreio/database';
import { ensureTopics } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { run } from '@rastreio/stack';
import { spawnRastreio } from '@rastreio/testing/command';
import { startConsumerProcess, type ConsumerProcess } from '@rastreio/testing/consumerProcess';
import { testClient } from '@rastreio/testing/letters';
import { startOwnBroker, type OwnBroker } from '@rastreio/testing/ownBroker';
import { until } from '@rastreio/testing/until';
import type { Admin } from 'kafkajs';
import { verify } from '../../cli/src/verify/verify';
import { runPrinted } from './printed';
import { RESTORE_COMMAND, startArchivedServer, type ArchivedServer } from './rig';

// Every disaster of docs/backup.md, with the commands that it prints: real servers, a world written under load, and its ground truth.
const WORLD = [
  ...['--parcels', '2500', '--rate', '2000', '--seed', '18', '--start', '2026-01-01T00:00:00Z'],
  ...['--faults', 'dup=.02,late=.02,malformed=.004,unknown=.002'],
];
/** Of its 18,000 messages. */
const [BACKUP_AT, MOMENT_AT] = [4_000, 8_000];
const LONGEST_WAIT_MS = 240_000;

let server: ArchivedServer;
let broker: OwnBroker;
let admin: Admin;
let consumer: ConsumerProcess;
let truth: string;
/** Between the two backups and the end of the load. */
let moment: string;
let written: number;

const start = async () => {
  consumer = await startConsumerProcess({
    KAFKA_BROKERS: broker.brokers,
    DATABASE_URL: server.writerUrl,
    CONSUMER_GROUP_ID: CONSUMER_GROUP,
    BATCH_MAX_MESSAGES: '500',
    // For so long the group waits for one that was killed.
    SESSION_TIMEOUT_MS: '6000',
  });
};
const simulate = (...more: string[]) => {
  const child = spawnRastreio(['simulate', ...WORLD, ...more, '--brokers', broker.brokers]);
  let allowed = Infinity;
  return {
    ended: new Promise<number | null>((resolve) => child.once('close', resolve)),
    /** Holds it whenever Kafka has as many messages as it is allowed, about; until it is allowed all. */
    async regulate(first: number) {
      allowed = first;
      await until('all may be sent', async () => {
        child.kill((await inKafka()) < allowed ? 'SIGCONT' : 'SIGSTOP');
        return allowed === Infinity;
      });
      child.kill('SIGCONT');
    },
    allow: (messages: number) => void (allowed = messages),
  };
};
const inKafka = async () => {
  const offsets = await admin.fetchTopicOffsets(TOPIC_EVENTS);
  return offsets.reduce((sum, { high }) => sum + Number(high), 0);
};
const read = async <Row extends object>(sql: string): Promise<Row | undefined> =>
  withClient(server.ownerUrl, async (client) => (await client.query<Row>(sql)).rows[0]);
const consumed = async () =>
  (await read<{ n: number }>('SELECT coalesce(sum(consumidos), 0)::int AS n FROM ingestao'))?.n ?? 0;

/** Waits until all of the world is written; then nothing may differ from what was sent, nor any figure from its events. */
async function expectAllOfIt(): Promise<void> {
  const { ok, lost, duplicated, wrongStates, differences } = await verify({
    file: truth,
    databaseUrl: server.ownerUrl,
    waitMs: LONGEST_WAIT_MS,
    ignoreOthers: false,
    inKafka: await inKafka(),
  });
  expect({ lost, duplicated, wrongStates, differences }).toEqual({
    ...{ lost: 0, duplicated: 0, wrongStates: 0 },
    differences: [],
  });
  expect(ok).toBe(true);
  expect(await withClient(server.ownerUrl, findTableDifferences)).toEqual([]);
  expect(await read('SELECT count(*)::int AS removed FROM mensagens_perdidas')).toEqual({ removed: 0 });
}

beforeAll(async () => {
  [server, broker] = await Promise.all([startArchivedServer(), startOwnBroker()]);
  await ensureTopics({ brokers: broker.brokers, log: createLog('test', 'silent') });
  admin = testClient(broker.brokers).admin();
  await admin.connect();
  truth = path.join(server.dir, 'truth.ndjson');
  await start();
});
afterAll(async () => {
  await consumer.kill();
  await admin.disconnect();
  await broker.remove();
  await server.remove();
});

test('backups are made while the consumers write', async () => {
  const load = simulate('--ground-truth', truth);
  // However long each step takes, some of the world comes after it.
  const regulated = load.regulate(BACKUP_AT);
  await until('the consumer writes', async () => (await consumed()) > 0);
  await runPrinted('A dump', server.dir, server.env);
  await runPrinted('A base backup', server.dir, server.env);
  load.allow(MOMENT_AT);
  await until('more is written', async () => (await consumed()) >= MOMENT_AT);
  moment = (await read<{ now: string }>('SELECT clock_timestamp()::text AS now'))?.now ?? '';
  load.allow(Infinity);
  await regulated;
  expect(await load.ended).toBe(0);
  await expectAllOfIt();
  written = await consumed();
});

test('a dump is restored into an empty database, and what came after it is read from Kafka again', async () => {
  await consumer.kill();
  await runPrinted('Restore a dump', server.dir, server.env, server.timescaledb);
  expect(await consumed()).toBeGreaterThan(0);
  expect(await consumed()).toBeLessThan(written);
  await start();
  await expectAllOfIt();
  expect(await consumed()).toBe(written);
});

test('all data of the server are lost under a consumer: base backup and log bring back a moment, Kafka the rest', async () => {
  await withClient(server.adminUrl, (client) => client.query('SELECT pg_switch_wal()'));
  await until('the log is kept', () =>
    withClient(server.adminUrl, async (client) => {
      const { rows } = await client.query<{ kept: boolean }>(
        'SELECT last_archived_time > $1::timestamptz AS kept FROM pg_stat_archiver',
        [moment],
      );
      return rows[0]?.kept === true;
    }),
  );
  await server.replaceData(
    async (dataDir) => {
      await runPrinted('Restore a moment', server.dir, { ...server.env, PGDATA: dataDir });
    },
    { restore_command: RESTORE_COMMAND, recovery_target_time: moment, recovery_target_action: 'promote' },
  );
  expect(await consumed()).toBeGreaterThan(0);
  expect(await consumed()).toBeLessThan(written);
  // The next messages, of which the database has nothing to add, show the consumer what it lacks.
  consumer.assertRunning();
  expect(await simulate('--count', '200').ended).toBe(0);
  expect(await consumer.exited).toBe(1);
  await start();
  await expectAllOfIt();
});

test('without any backup an empty database is filled from Kafka by the same group', async () => {
  await consumer.kill();
  await withClient(server.adminUrl, (client) => client.query('DROP DATABASE rastreio WITH (FORCE)'));
  await run(
    process.execPath,
    ['cli/bin/rastreio.mjs', 'db', 'provision', ...(server.timescaledb ? [] : ['--no-timescaledb'])],
    {
      env: { ...process.env, ...server.env },
    },
  );
  expect(await consumed()).toBe(0);
  await start();
  await expectAllOfIt();
});
