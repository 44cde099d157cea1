import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTopics, createKafka, ensureTopics } from '@rastreio/kafka';
import { TOPIC_EVENTS } from '@rastreio/contract';
import { inDatabase, withClient } from '@rastreio/database';
import { createLog } from '@rastreio/runtime';
import { startDatabase, type RunningDatabase } from '../../src/database';
import { prepareDatabases } from '../../src/database/prepare';
import { CHECKS, examine } from '../../src/doctor';
import { startShortLivedKafka } from '../../src/kafka/start';
import type { RunningKafka } from '../../src/kafka/broker';
import { freePorts } from '../../src/ports';
import { loadSecrets } from '../../src/secrets';
import { DATABASE } from '../../src/services';
import { begin, end, runningAt } from './context';

const log = createLog('test', 'silent');
let dir: string;
let database: RunningDatabase;
let kafka: RunningKafka;
let databaseUrl: string;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-answers-'));
  const [port = 0, internal = 0, external = 0, controller = 0] = await freePorts(4);
  [database, kafka] = await Promise.all([
    startDatabase({ provider: 'embedded', dir, port, log }),
    startShortLivedKafka({ dir, ports: { internal, external, controller } }),
  ]);
  databaseUrl = database.adminUrl;
});
afterAll(async () => {
  await Promise.all([database.stop(), kafka.stop()]);
  await rm(dir, { recursive: true, force: true });
});
beforeEach(begin);
afterEach(end);

async function look(code: string, changes: { now?: () => number } = {}) {
  const place = await runningAt({ brokers: kafka.brokers, databaseUrlAs: () => databaseUrl });
  const [finding] = await examine(
    { ...place, ...changes },
    CHECKS.filter((check) => check.code === code),
  );
  return finding;
}

test('RD031: clocks that differ', async () => {
  expect(await look('RD031')).toMatchObject({ level: 'ok' });
  const ahead = (ms: number) => ({ now: () => Date.now() + ms });
  expect(await look('RD031', ahead(30_000))).toMatchObject({
    level: 'warn',
    seen: expect.stringMatching(/^[23]\d\.\d s/) as string,
  });
  expect(await look('RD031', ahead(-3_600_000))).toMatchObject({ level: 'fail' });
});

test('RD060: a database that lacks migrations, or has those of a newer version', async () => {
  expect(await look('RD060')).toMatchObject({
    level: 'fail',
    seen: expect.stringMatching(/^pending: .*functions/) as string,
  });
  await prepareDatabases(database, await loadSecrets(dir));
  databaseUrl = inDatabase(database.adminUrl, DATABASE);
  expect(await look('RD060')).toMatchObject({ level: 'ok' });
  await withClient(databaseUrl, (client) =>
    client.query(`INSERT INTO migracoes (id, name, run_on) VALUES (9999, '9999_amanha', now())`),
  );
  expect(await look('RD060')).toMatchObject({
    level: 'fail',
    seen: expect.stringContaining('9999_amanha') as string,
  });
});

test('RD061: topics that are missing, and one that others made', async () => {
  expect(await look('RD061')).toMatchObject({
    level: 'fail',
    seen: expect.stringContaining(TOPIC_EVENTS) as string,
  });
  const admin = createKafka({ brokers: kafka.brokers, clientId: 'doctor-test', log }).admin();
  await admin.connect();
  await createTopics(admin, [{ topic: TOPIC_EVENTS, numPartitions: 1 }], log);
  await ensureTopics({ brokers: kafka.brokers, log });
  expect(await look('RD061')).toMatchObject({
    level: 'warn',
    seen: expect.stringContaining('compression.type=producer instead of uncompressed') as string,
  });
  await admin.deleteTopics({ topics: [TOPIC_EVENTS] });
  await admin.disconnect();
  await ensureTopics({ brokers: kafka.brokers, log });
  expect(await look('RD061')).toMatchObject({ level: 'ok' });
});
