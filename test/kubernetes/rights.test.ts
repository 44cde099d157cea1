import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CONSUMER_GROUP, TOPIC_EVENTS } from '@rastreio/contract';
import { withClient } from '@rastreio/database';
import { createKafka, ensureTopics, kafkaConnection, kafkaSchema } from '@rastreio/kafka';
import { createLog, loadConfig } from '@rastreio/runtime';
import { freePorts, startShortLivedKafka, type RunningKafka } from '@rastreio/stack';
import { allow, type Right } from '@rastreio/testing/acls';
import { runRastreio } from '@rastreio/testing/command';
import { startConsumerProcess, type ConsumerProcess } from '@rastreio/testing/consumerProcess';
import { testClient } from '@rastreio/testing/letters';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';
import { until } from '@rastreio/testing/until';
import { documents } from './documents';

// The rights of kubernetes/kafka/users.yaml in a real broker that asks for them: enough for what each user's programs do.
interface Rights {
  readonly resource: { readonly type: 'topic' | 'group'; readonly name: string };
  readonly operations: readonly string[];
}

/** In place of whatever a rejected message says. */
const EVENT = [
  ...['id_pacote=1', 'origem=Natal', 'destino=Acre', 'status_rastreamento=POSTADO'],
  'data_atualizacao=2026-01-01T00:00:00Z',
];
const PASSWORD = 'segredo';
const users = documents('kafka').filter(({ kind }) => kind === 'KafkaUser');
/** As the client names them: DescribeConfigs is DESCRIBE_CONFIGS. */
const rightsOf = (spec: unknown): Right[] =>
  (spec as { authorization: { acls: Rights[] } }).authorization.acls.flatMap(({ resource, operations }) =>
    operations.map(
      (operation) =>
        [
          resource.type.toUpperCase(),
          resource.name,
          operation.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase(),
        ] as unknown as Right,
    ),
  );

let dir: string;
let broker: RunningKafka;
let brokers: string;
let database: TestDatabase;
let consumer: ConsumerProcess | undefined;

const as = (user: string) => ({
  KAFKA_BROKERS: brokers,
  KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
  KAFKA_SASL_MECHANISM: 'PLAIN',
  KAFKA_SASL_USERNAME: user,
  KAFKA_SASL_PASSWORD: PASSWORD,
});

beforeAll(async () => {
  const server = SERVERS.at(-1);
  if (server === undefined) throw new Error('no database was started');
  database = await freshDatabase(server);
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-rights-'));
  const [internal = 0, external = 0, controller = 0, named = 0] = await freePorts(4);
  const own = [`INTERNAL://127.0.0.1:${internal}`, `EXTERNAL://127.0.0.1:${external}`];
  const list = [...own, `NAMED://127.0.0.1:${named}`].join();
  broker = await startShortLivedKafka({
    dir,
    ports: { internal, external, controller },
    settings: {
      listeners: `${list},CONTROLLER://127.0.0.1:${controller}`,
      'advertised.listeners': list,
      'listener.security.protocol.map':
        'INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT,NAMED:SASL_PLAINTEXT',
      'listener.name.named.sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.named.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required ${users.map(({ metadata }) => `user_${metadata.name}="${PASSWORD}"`).join(' ')};`,
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      // The broker itself, and the test where it prepares: those without a name.
      'super.users': 'User:ANONYMOUS',
    },
  });
  brokers = `127.0.0.1:${named}`;
  await ensureTopics({ brokers: broker.brokers, log: createLog('test', 'silent') });
  for (const { metadata, spec } of users) await allow(broker.brokers, metadata.name, rightsOf(spec));
});
afterAll(async () => {
  await consumer?.kill();
  await broker.stop();
  await database.drop();
  await rm(dir, { recursive: true, force: true });
});

test('sources send, consumers write, dead letters too', async () => {
  const sent = await runRastreio(
    ['simulate', '--count', '200', '--faults', 'malformed=.1', '--seed', '3'],
    as('rastreio-sources'),
  );
  expect([sent.code, sent.code === 0 ? '' : sent.stderr]).toEqual([0, '']);
  const withoutPassword = new URL(database.writerUrl);
  const { password } = withoutPassword;
  withoutPassword.password = '';
  expect(password).not.toBe('');
  consumer = await startConsumerProcess({
    ...as('rastreio-consumer'),
    // As in its pod: the password is not in the address.
    DATABASE_URL: withoutPassword.href,
    PGPASSWORD: decodeURIComponent(password),
    CONSUMER_GROUP_ID: CONSUMER_GROUP,
  });
  const admin = testClient(broker.brokers).admin();
  await admin.connect();
  const ends = async (topic: string) =>
    (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0);
  const all = await ends(TOPIC_EVENTS);
  await until('all is written', async () => {
    consumer?.assertRunning();
    const { rows } = await withClient(database.ownerUrl, (client) =>
      client.query<{ n: number }>('SELECT coalesce(sum(consumidos), 0)::int AS n FROM ingestao'),
    );
    return rows[0]?.n === all;
  });
  expect(await ends(`${TOPIC_EVENTS}.dlq`)).toBeGreaterThan(0);
  await until('the group has said so', async () => {
    const [read] = await admin.fetchOffsets({ groupId: CONSUMER_GROUP, topics: [TOPIC_EVENTS] });
    return read?.partitions.reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0) === all;
  });
  await admin.disconnect();
});

test('maintenance sees topics and positions and sends letters again; KEDA sees the lag', async () => {
  for (const args of [
    ['topics', '--replication-factor', '1'],
    ['group', 'show'],
  ]) {
    const { code, stderr } = await runRastreio(args, as('rastreio-ops'));
    expect([args, code, code === 0 ? '' : stderr]).toEqual([args, 0, '']);
  }
  const replayed = await runRastreio(
    ['dlq', 'replay', '--since', '1d', ...EVENT.flatMap((field) => ['--set', field])],
    { ...as('rastreio-ops'), DATABASE_URL: database.writerUrl },
  );
  // Not all of them can be mended by this.
  expect(replayed.stderr).toMatch(/^[1-9]\d* sent/m);
  const { brokers: list, security } = kafkaConnection(loadConfig(kafkaSchema, as('rastreio-keda')));
  const admin = createKafka({
    brokers: list,
    security,
    clientId: 'keda',
    log: createLog('test', 'silent'),
  }).admin();
  await admin.connect();
  expect(await admin.fetchTopicOffsets(TOPIC_EVENTS)).toHaveLength(6);
  expect(await admin.fetchOffsets({ groupId: CONSUMER_GROUP, topics: [TOPIC_EVENTS] })).toHaveLength(1);
  await admin.disconnect();
});

test('and no more: who sends may not read', async () => {
  const shown = await runRastreio(['group', 'show'], as('rastreio-sources'));
  expect(shown.code).not.toBe(0);
});
