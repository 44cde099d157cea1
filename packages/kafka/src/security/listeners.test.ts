// Every way to get in, and every way to be turned away, against a real broker with certificates of its own.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLog, loadConfig } from '@rastreio/runtime';
import { createAuthority } from '@rastreio/testing/certificates';
import { startSecuredBroker, type Listeners, type SecuredBroker } from '@rastreio/testing/securedBroker';
import { until } from '@rastreio/testing/until';
import { startTokenServer, unsecuredToken, type TokenServer } from '@rastreio/testing/tokenServer';
import { createKafka } from '../client';
import { createPublisher } from '../publisher';
import { assertAdmitted, reachBroker } from '../reach';
import { kafkaConnection, type KafkaConnection } from './connection';
import { kafkaSchema } from './settings';

const USER = { name: 'ana', password: 'segredo ç' };
const SECRET = 'hidden-and-wrong';
const log = createLog('test', 'silent');

let dir: string;
let broker: SecuredBroker;
let files: Record<'ca' | 'otherCa' | 'cert' | 'key' | 'otherCert' | 'otherKey', string>;
let tokens: TokenServer;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-listeners-'));
  const [ca, other] = [createAuthority('nossa CA'), createAuthority('outra CA')];
  const client = ca.issue({ name: 'ana' });
  const stranger = other.issue({ name: 'ana' });
  const file = async (name: string, text: string) => {
    const to = path.join(dir, name);
    await writeFile(to, text);
    return to;
  };
  files = {
    ca: await file('ca.pem', ca.cert),
    otherCa: await file('other-ca.pem', other.cert),
    cert: await file('client.pem', client.cert),
    key: await file('client.key', client.key),
    otherCert: await file('other.pem', stranger.cert),
    otherKey: await file('other.key', stranger.key),
  };
  tokens = await startTokenServer();
  broker = await startSecuredBroker({
    certificate: ca.issue({ name: 'localhost', hosts: ['localhost'] }),
    expired: ca.issue({ name: 'localhost', hosts: ['localhost'], until: new Date(Date.now() - 60_000) }),
    clientCa: ca.cert,
    user: USER,
  });
});
afterAll(async () => {
  await broker.remove();
  tokens.close();
  await rm(dir, { recursive: true });
});
beforeEach(() => tokens.reset());

const connection = (listener: keyof Listeners, env: Record<string, string>): KafkaConnection =>
  kafkaConnection(loadConfig(kafkaSchema, { KAFKA_BROKERS: broker.listeners[listener], ...env }));

/** Makes a topic of its own and writes to it: metadata, leader and producer all get in. */
async function write(to: KafkaConnection, topic: string): Promise<void> {
  const kafka = createKafka({ ...to, clientId: 'test', log });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic }], waitForLeaders: true });
  const publisher = await createPublisher(kafka, topic, log);
  await publisher.send([{ key: 'k', value: 'v' }]);
  await publisher.close();
  expect(await admin.fetchTopicOffsets(topic)).toMatchObject([{ offset: '1' }]);
  await admin.disconnect();
}

const tls = () => ({ KAFKA_SECURITY_PROTOCOL: 'SSL', KAFKA_SSL_CA: files.ca });
const mutual = () => ({ ...tls(), KAFKA_SSL_CERT: files.cert, KAFKA_SSL_KEY: files.key });
const sasl = (mechanism: string) => ({
  KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
  KAFKA_SSL_CA: files.ca,
  KAFKA_SASL_MECHANISM: mechanism,
  KAFKA_SASL_USERNAME: USER.name,
  KAFKA_SASL_PASSWORD: USER.password,
});
const oauth = () => ({
  KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
  KAFKA_SSL_CA: files.ca,
  KAFKA_SASL_MECHANISM: 'OAUTHBEARER',
  KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: tokens.url,
  KAFKA_SASL_OAUTHBEARER_CLIENT_ID: 'cliente:1',
  KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: 'segredo do cliente',
});

test.each<[string, keyof Listeners, () => Record<string, string>]>([
  ['without anything', 'open', () => ({})],
  ['TLS', 'tls', tls],
  ['TLS with a certificate of ours', 'mutual', mutual],
  ['PLAIN', 'sasl', () => sasl('PLAIN')],
  ['SCRAM-SHA-256', 'sasl', () => sasl('SCRAM-SHA-256')],
  ['SCRAM-SHA-512', 'sasl', () => sasl('SCRAM-SHA-512')],
  [
    'SCRAM without TLS',
    'saslOpen',
    () => ({ ...sasl('SCRAM-SHA-512'), KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT', KAFKA_SSL_CA: '' }),
  ],
  ['OAUTHBEARER', 'sasl', oauth],
])('gets in: %s', async (name, listener, env) => {
  const to = connection(listener, env());
  await reachBroker({ ...to, log });
  await write(to, name.replace(/[^a-zA-Z0-9]/g, '_'));
});

const NO_PASSWORD = /does not take this name and password for SCRAM-SHA-512; correct KAFKA_SASL_USERNAME/;
const NO_CA = /signed by nobody who is trusted here .*; set KAFKA_SSL_CA to the file/;
const open = (env: Record<string, string>) => ({
  ...env,
  KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
  KAFKA_SSL_CA: '',
});

test.each<[string, keyof Listeners, () => Record<string, string>, RegExp]>([
  [
    'a wrong password',
    'sasl',
    () => ({ ...sasl('SCRAM-SHA-512'), KAFKA_SASL_PASSWORD: SECRET }),
    NO_PASSWORD,
  ],
  [
    'a user that is not known',
    'sasl',
    () => ({ ...sasl('SCRAM-SHA-512'), KAFKA_SASL_USERNAME: 'bia' }),
    NO_PASSWORD,
  ],
  [
    'a wrong password of PLAIN',
    'sasl',
    () => ({ ...sasl('PLAIN'), KAFKA_SASL_PASSWORD: SECRET }),
    /name and password for PLAIN/,
  ],
  [
    'a mechanism that is not offered',
    'saslOpen',
    () => open(sasl('PLAIN')),
    /does not offer PLAIN; set KAFKA_SASL_M/,
  ],
  ['a CA of others', 'tls', () => ({ ...tls(), KAFKA_SSL_CA: files.otherCa }), NO_CA],
  ['no CA', 'tls', () => ({ ...tls(), KAFKA_SSL_CA: '' }), NO_CA],
  ['no CA, and SASL', 'sasl', () => ({ ...sasl('PLAIN'), KAFKA_SSL_CA: '' }), NO_CA],
  ['an expired certificate', 'expired', tls, /has expired; renew it on the server/],
  [
    'no certificate of ours',
    'mutual',
    tls,
    /asks for a certificate of ours; set KAFKA_SSL_CERT and KAFKA_SSL_KEY/,
  ],
  [
    'a certificate of ours that others signed',
    'mutual',
    () => ({ ...tls(), KAFKA_SSL_CERT: files.otherCert, KAFKA_SSL_KEY: files.otherKey }),
    /does not take our certificate .*; KAFKA_SSL_CERT needs one/,
  ],
  [
    'another name',
    'tls',
    () => ({ ...tls(), KAFKA_BROKERS: broker.listeners.tls.replace('localhost', '127.0.0.1') }),
    /certificate is of another name \(.*127\.0\.0\.1.*\); use a name that stands in it/,
  ],
  [
    'a password where none is asked for',
    'tls',
    () => sasl('PLAIN'),
    /asks for no name and password; set KAFKA_SEC/,
  ],
  [
    'a client that the token endpoint does not know',
    'sasl',
    () => {
      tokens.answerWith(() => ({ error: 'invalid_client', error_description: 'unknown' }), 401);
      return { ...oauth(), KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: SECRET };
    },
    /no token from http:\/\/127[^ ]*: 401 invalid_client: unknown; correct KAFKA_SASL_OAUTHBEARER_CLIENT_ID/,
  ],
  [
    'a token that has expired',
    'sasl',
    () => {
      tokens.answerWith(() => ({ access_token: unsecuredToken(-120) }));
      return oauth();
    },
    /does not take this token \(.*invalid_token.*\); its audience, issuer, scope/,
  ],
])('is turned away at once: %s', async (_name, listener, env, message) => {
  const to = connection(listener, env());
  const told: string[] = [];
  const tell = (text: string) => told.push(text);
  const error = { exitCode: 78, message: expect.stringMatching(message) as string };
  await expect(reachBroker({ ...to, log, tell })).rejects.toMatchObject(error);
  await expect(assertAdmitted({ ...to, log })).rejects.toMatchObject(error);
  await expect(reachBroker({ ...to, log })).rejects.not.toThrow(SECRET);
  expect(told).toEqual([]);
});

test.each<[string, keyof Listeners, () => Record<string, string>, RegExp]>([
  ['TLS where there is none', 'open', tls, /cut before TLS began; is this the port of a TLS listener/],
  ['no TLS where there is', 'tls', () => ({}), /set KAFKA_SECURITY_PROTOCOL to SSL or SASL_SSL if/],
  [
    'SASL without TLS where there is',
    'sasl',
    () => open(sasl('PLAIN')),
    /set KAFKA_SECURITY_PROTOCOL to SASL_SSL if/,
  ],
  [
    'no password where one is asked for',
    'saslOpen',
    () => ({}),
    /or to SASL_PLAINTEXT if it asks for a name/,
  ],
  [
    'TLS alone where a password is asked for',
    'sasl',
    tls,
    /set KAFKA_SECURITY_PROTOCOL to SASL_SSL if it asks/,
  ],
  [
    'a token endpoint that is away',
    'sasl',
    () => ({ ...oauth(), KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: 'http://127.0.0.1:2/token' }),
    /no token from http:\/\/127.0.0.1:2: .*ECONNREFUSED/,
  ],
])(
  'looks like a broker that is away, and is told with what it may be: %s',
  async (_name, listener, env, message) => {
    const to = connection(listener, env());
    await expect(reachBroker({ ...to, log, patienceMs: 0 })).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(message) as string,
    });
    // A service starts all the same: it may pass.
    await assertAdmitted({ ...to, log });
  },
);

test('a session of OAUTHBEARER goes on with new tokens, and the endpoint is asked only when one is about to end', async () => {
  tokens.answerWith(() => ({ access_token: unsecuredToken(60), expires_in: 2 }));
  const kafka = createKafka({ ...connection('sasl', oauth()), clientId: 'test', log });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'renewed' }], waitForLeaders: true });
  const publisher = await createPublisher(kafka, 'renewed', log);
  // platformatic/kafka#226: a consumer whose fetches and heartbeats met with a login never went on.
  const reader = kafka.consumer({ groupId: 'renewed', maxWaitTimeInMs: 100, heartbeatInterval: 100 });
  let read = 0;
  await reader.connect();
  await reader.subscribe({ topic: 'renewed', fromBeginning: true });
  await reader.run({ eachMessage: () => Promise.resolve(void read++) });
  let sent = 0;
  while (tokens.asked.length < 4) {
    await publisher.send([{ key: 'k', value: 'v' }]);
    sent++;
  }
  await publisher.close();
  await until('the consumer has all', () => read === sent);
  await reader.disconnect();
  expect(await admin.fetchTopicOffsets('renewed')).toMatchObject([{ offset: String(sent) }]);
  await admin.disconnect();
  expect(sent).toBeGreaterThan(tokens.asked.length);
  const basic = Buffer.from('cliente%3A1:segredo+do+cliente').toString('base64');
  expect(tokens.asked[0]).toEqual({ authorization: `Basic ${basic}`, body: 'grant_type=client_credentials' });
});

test('tokens come from a file, and from a module', async () => {
  const [file, module] = [path.join(dir, 'token'), path.join(dir, 'token.cjs')];
  await writeFile(file, `${unsecuredToken(60)}\n`);
  const from = (env: Record<string, string>) => ({
    KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
    KAFKA_SSL_CA: files.ca,
    KAFKA_SASL_MECHANISM: 'OAUTHBEARER',
    ...env,
  });
  const read = from({
    KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: `file://${file}`,
    // The broker tells which of them it does not know, and lets us in.
    KAFKA_SASL_OAUTHBEARER_EXTENSIONS: 'logicalCluster=lkc-1',
  });
  await write(connection('sasl', read), 'from-file');
  await writeFile(
    module,
    `exports.default = async () => ({ value: require('node:fs').readFileSync(${JSON.stringify(file)}, 'utf8').trim() });`,
  );
  await write(connection('sasl', from({ KAFKA_SASL_OAUTHBEARER_MODULE: module })), 'from-module');
  expect(tokens.asked).toEqual([]);
});

test('a name and password that travel in the open are warned of, but not on this machine', () => {
  const warned = jest.fn();
  const to = connection('saslOpen', open(sasl('SCRAM-SHA-512')));
  const listening = { ...log, warn: warned } as unknown as typeof log;
  createKafka({ ...to, clientId: 'test', log: listening });
  expect(warned).not.toHaveBeenCalled();
  createKafka({ ...to, brokers: `${to.brokers},kafka.example:9096`, clientId: 'test', log: listening });
  expect(warned).toHaveBeenCalledWith(
    expect.stringMatching(/SASL_PLAINTEXT: .*kafka\.example:9096 .*use SASL_SSL/),
  );
});
