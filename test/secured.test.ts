// An event's whole way over TLS: HTTP source, Kafka with SASL_SSL, consumer, PostgreSQL that wants a certificate of ours.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CONSUMER_GROUP, TOPIC_DEAD_LETTERS, TOPIC_EVENTS } from '@rastreio/contract';
import { provision, withClient } from '@rastreio/database';
import { freePorts } from '@rastreio/stack';
import { allow, CLUSTER, without, type Right } from '@rastreio/testing/acls';
import { createAuthority } from '@rastreio/testing/certificates';
import { runRastreio, spawnRastreio } from '@rastreio/testing/command';
import { startSecuredBroker, type SecuredBroker } from '@rastreio/testing/securedBroker';
import { startSecuredDatabase, type SecuredDatabase } from '@rastreio/testing/securedDatabase';
import { until } from '@rastreio/testing/until';

const ROOT = path.resolve(__dirname, '..');
const PASSWORD = 'segredo-escondido';
const WRONG = 'hidden-and-wrong';
const EVENTS = 30;

/** All that our programs need, as docs/clusters.md says. */
const RIGHTS: readonly Right[] = [
  ['TOPIC', TOPIC_EVENTS, 'CREATE'],
  ['TOPIC', TOPIC_DEAD_LETTERS, 'CREATE'],
  ['TOPIC', TOPIC_EVENTS, 'DESCRIBE_CONFIGS'],
  ['TOPIC', TOPIC_DEAD_LETTERS, 'DESCRIBE_CONFIGS'],
  ['TOPIC', TOPIC_EVENTS, 'WRITE'],
  ['TOPIC', TOPIC_EVENTS, 'READ'],
  ['GROUP', CONSUMER_GROUP, 'READ'],
  ['TOPIC', TOPIC_DEAD_LETTERS, 'WRITE'],
];

let dir: string;
let broker: SecuredBroker;
let database: SecuredDatabase;
let kafka: Record<string, string>;
let files: Record<'ca' | 'otherCa' | 'cert' | 'key', string>;
const children: ChildProcess[] = [];

const databaseUrl = (role: string, tls: Record<string, string> = {}) =>
  `postgresql://${role}:${PASSWORD}@localhost:${database.port}/rastreio?${new URLSearchParams({
    sslmode: 'verify-full',
    sslrootcert: files.ca,
    ...tls,
  }).toString()}`;
const writerUrl = () => databaseUrl('rastreio_writer', { sslcert: files.cert, sslkey: files.key });

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-secured-path-'));
  const [ca, other] = [createAuthority('nossa CA'), createAuthority('outra CA')];
  const writer = ca.issue({ name: 'rastreio_writer' });
  const server = ca.issue({ name: 'localhost', hosts: ['localhost'] });
  const file = async (name: string, text: string) => {
    await writeFile(path.join(dir, name), text);
    return path.join(dir, name);
  };
  files = {
    ca: await file('ca.pem', ca.cert),
    otherCa: await file('other.pem', other.cert),
    cert: await file('writer.crt', writer.cert),
    key: await file('writer.key', writer.key),
  };
  [broker, database] = await Promise.all([
    startSecuredBroker({
      certificate: server,
      expired: server,
      clientCa: ca.cert,
      user: { name: 'rastreio', password: PASSWORD },
    }),
    startSecuredDatabase({
      certificate: server,
      clientCa: ca.cert,
      hba: [
        'host rastreio postgres 127.0.0.1/32 scram-sha-256',
        'hostssl rastreio rastreio_owner 127.0.0.1/32 scram-sha-256',
        'hostssl rastreio rastreio_writer 127.0.0.1/32 scram-sha-256 clientcert=verify-full',
      ],
    }),
  ]);
  kafka = {
    KAFKA_BROKERS: broker.listeners.sasl,
    KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
    KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
    KAFKA_SASL_USERNAME: 'rastreio',
    KAFKA_SASL_PASSWORD_FILE: await file('kafka-password', `${PASSWORD}\n`),
    KAFKA_SSL_CA: files.ca,
  };
  await provision({
    adminUrl: database.adminUrl,
    database: 'rastreio',
    ownerPassword: PASSWORD,
    writerPassword: PASSWORD,
    readerPassword: PASSWORD,
    timescaledb: false,
  });
  expect(await runRastreio(['db', 'migrate', '--database-url', databaseUrl('rastreio_owner')])).toMatchObject(
    {
      code: 0,
    },
  );
  await allow(broker.listeners.open, 'rastreio', RIGHTS);
  // So that nothing of the cluster is left to this user.
  await allow(broker.listeners.open, 'nobody', [['CLUSTER', CLUSTER, 'ALTER']]);
  expect(await runRastreio(['topics'], kafka)).toMatchObject({ code: 0 });
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all([broker.remove(), database.remove()]);
  await rm(dir, { recursive: true });
});

const isReady = (port: number) =>
  fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );

function startConsumer(env: Record<string, string>) {
  const child = spawn(process.execPath, ['scripts/run.mjs', 'services/consumer/src/main.ts'], {
    cwd: ROOT,
    env: { ...process.env, METRICS_PORT: '0', NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}

test('events go from the HTTP source to the database, encrypted all the way', async () => {
  const [http = 0, metrics = 0] = await freePorts(2);
  const source = spawnRastreio(['http'], {
    ...kafka,
    HTTP_PORT: String(http),
    METRICS_PORT: String(metrics),
  });
  const consumer = startConsumer({ ...kafka, DATABASE_URL: writerUrl() });
  children.push(source);
  for (const child of [source, consumer]) for (const stream of [child.stdout, child.stderr]) stream.resume();
  await until('the source is ready', () => isReady(http));
  const events = Array.from({ length: EVENTS }, (_, i) => ({
    id_pacote: i + 1,
    origem: 'Natal',
    destino: 'Acre',
    status_rastreamento: 'POSTADO',
    data_atualizacao: '2026-01-02T03:04:05Z',
  }));
  const answer = await fetch(`http://127.0.0.1:${http}/eventos`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(events),
  });
  expect(answer.status).toBe(202);
  const url = databaseUrl('rastreio_owner');
  const count = 'SELECT count(*)::int AS n FROM eventos_rastreamento';
  await until('the events are in the database', async () => {
    const { rows } = await withClient(url, (client) => client.query<{ n: number }>(count));
    return rows[0]?.n === EVENTS;
  });
  const { rows } = await withClient(database.adminUrl, (client) =>
    client.query(`SELECT DISTINCT ssl, client_dn FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                  WHERE application_name = 'rastreio-consumer'`),
  );
  expect(rows).toEqual([{ ssl: true, client_dn: '/CN=rastreio_writer' }]);
  for (const child of [source, consumer]) child.kill();
});

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

async function consumerEnds(env: Record<string, string>): Promise<Ended> {
  const child = startConsumer(env);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

async function commandEnds(args: readonly string[], env: Record<string, string>): Promise<Ended> {
  const { code, stdout, stderr } = await runRastreio(args, env);
  return { code, output: stdout + stderr };
}

const wrongPassword = () => ({ ...kafka, KAFKA_SASL_PASSWORD: WRONG, KAFKA_SASL_PASSWORD_FILE: '' });
const wrongCa = () => ({ ...kafka, KAFKA_SSL_CA: files.otherCa });
const NO_PASSWORD = /does not take this name and password for SCRAM-SHA-512/;
const NO_CA = /signed by nobody who is trusted here/;

test.each<[string, () => Promise<Ended>, RegExp]>([
  [
    'consumer: password of Kafka',
    () => consumerEnds({ ...wrongPassword(), DATABASE_URL: writerUrl() }),
    NO_PASSWORD,
  ],
  ['consumer: CA of Kafka', () => consumerEnds({ ...wrongCa(), DATABASE_URL: writerUrl() }), NO_CA],
  [
    'consumer: CA of the database',
    () =>
      consumerEnds({
        ...kafka,
        DATABASE_URL: databaseUrl('rastreio_writer', { sslrootcert: files.otherCa }),
      }),
    NO_CA,
  ],
  [
    'consumer: certificate of ours',
    () => consumerEnds({ ...kafka, DATABASE_URL: databaseUrl('rastreio_writer') }),
    /asks for a certificate of ours/,
  ],
  [
    'consumer: settings',
    () => consumerEnds({ ...kafka, KAFKA_SASL_MECHANISM: 'GSSAPI', DATABASE_URL: writerUrl() }),
    /KAFKA_SASL_MECHANISM=GSSAPI: needs one of/,
  ],
  [
    'http',
    () => commandEnds(['http'], { ...wrongPassword(), HTTP_PORT: '0', METRICS_PORT: '0' }),
    NO_PASSWORD,
  ],
  [
    'pull',
    () =>
      commandEnds(['pull'], {
        ...wrongCa(),
        METRICS_PORT: '0',
        PULL_URL: 'http://127.0.0.1:2/',
        PULL_STATE_FILE: path.join(dir, 'pull.json'),
      }),
    NO_CA,
  ],
  ['topics', () => commandEnds(['topics'], wrongPassword()), NO_PASSWORD],
  ['simulate', () => commandEnds(['simulate', '--count', '1'], wrongCa()), NO_CA],
  [
    'import',
    () => commandEnds(['import', 'fixtures/rastreamento.csv', '--to', 'kafka'], wrongPassword()),
    NO_PASSWORD,
  ],
  [
    'dlq replay',
    () =>
      commandEnds(['dlq', 'replay', '--reason', 'invalid_json'], {
        ...wrongPassword(),
        DATABASE_URL: writerUrl(),
      }),
    NO_PASSWORD,
  ],
  [
    'dlq list',
    () => commandEnds(['dlq', 'list', '--database-url', databaseUrl('rastreio_writer')], {}),
    /asks for a certificate of ours/,
  ],
  [
    'db status',
    () =>
      commandEnds(['db', 'status'], {
        DATABASE_URL: databaseUrl('rastreio_owner', { sslrootcert: files.otherCa }),
      }),
    NO_CA,
  ],
])('ends with 78 and says why: %s', async (_name, run, message) => {
  const { code, output } = await run();
  expect(output).toMatch(message);
  expect(code).toBe(78);
  for (const secret of [PASSWORD, WRONG]) expect(output).not.toContain(secret);
});

const sends = ['simulate', '--count', '3'];
const imports = ['import', 'fixtures/rastreamento.csv', '--to', 'kafka'];
const consumes = () => consumerEnds({ ...kafka, DATABASE_URL: writerUrl() });
const consumesRejected = async () => {
  await commandEnds([...sends, '--faults', 'malformed=1'], kafka);
  return consumes();
};
const command = (args: readonly string[]) => () => commandEnds(args, kafka);
const TOPIC = /lacks a right \(.*topic.*\): give it READ of the topic for a consumer, WRITE for a source/i;
const GROUP = /lacks a right \(.*group.*\): give it READ of the consumer group/i;

test.each<[string, Right, () => Promise<Ended>, RegExp]>([
  ['consumer: READ of the group', ['GROUP', CONSUMER_GROUP, 'READ'], consumes, GROUP],
  ['consumer: READ of the events', ['TOPIC', TOPIC_EVENTS, 'READ'], consumes, TOPIC],
  [
    'consumer: WRITE of dead letters',
    ['TOPIC', TOPIC_DEAD_LETTERS, 'WRITE'],
    consumesRejected,
    /let this service write to it/,
  ],
  ['simulate: WRITE of the events', ['TOPIC', TOPIC_EVENTS, 'WRITE'], command(sends), TOPIC],
  ['simulate: DESCRIBE of the events', ['TOPIC', TOPIC_EVENTS, 'DESCRIBE'], command(sends), TOPIC],
  ['import: WRITE of the events', ['TOPIC', TOPIC_EVENTS, 'WRITE'], command(imports), TOPIC],
  ['topics: DESCRIBE of the events', ['TOPIC', TOPIC_EVENTS, 'DESCRIBE'], command(['topics']), TOPIC],
])('ends with 78 and names the right that is missing: %s', async (_name, right, run, message) => {
  const { code, output } = await without(broker.listeners.open, 'rastreio', right, run);
  expect([code, output]).toEqual([78, expect.stringMatching(message)]);
});

test('a command that may not ask for the group says so', async () => {
  const right: Right = ['GROUP', CONSUMER_GROUP, 'DESCRIBE'];
  const { code, output } = await without(
    broker.listeners.open,
    'rastreio',
    right,
    command(['group', 'show']),
  );
  expect(output).toMatch(/^Kafka: no broker says who coordinates.*DESCRIBE or READ of the group/m);
  expect([code, output]).toEqual([1, expect.not.stringContaining('    at ')]);
});

test('a consumer that may not ask for its group says so, and goes on as soon as it may', async () => {
  const [metrics = 0] = await freePorts(1);
  const consumer = startConsumer({ ...kafka, DATABASE_URL: writerUrl(), METRICS_PORT: String(metrics) });
  let output = '';
  for (const stream of [consumer.stdout, consumer.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  await without(broker.listeners.open, 'rastreio', ['GROUP', CONSUMER_GROUP, 'DESCRIBE'], () =>
    until('it says which right it lacks', () => GROUP.test(output)),
  );
  await until('it has joined', () => isReady(metrics));
});
