import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig, type OperatorError } from '@rastreio/runtime';
import { createAuthority } from '@rastreio/testing/certificates';
import fc from 'fast-check';
import { kafkaConnection } from './connection';
import { kafkaSchema, MECHANISMS, NO_SECURITY, PROTOCOLS } from './settings';

let dir: string;
const file = (name: string, text: string) => {
  writeFileSync(path.join(dir, name), text);
  return path.join(dir, name);
};
let ca: string;
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'rastreio-kafka-settings-'));
  ca = file('ca.pem', createAuthority('CA').cert);
});
afterAll(() => rmSync(dir, { recursive: true }));

const read = (env: Readonly<Record<string, string>>) =>
  kafkaConnection(loadConfig(kafkaSchema, { KAFKA_BROKERS: 'k:1', ...env }));

/** What is said about them; a text without any where they are right. */
function said(env: Readonly<Record<string, string>>): string {
  try {
    read(env);
    return '';
  } catch (error) {
    expect(error).toMatchObject({ name: 'OperatorError', exitCode: 78 });
    return (error as OperatorError).message;
  }
}

const plain = {
  KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
  KAFKA_SASL_MECHANISM: 'PLAIN',
  KAFKA_SASL_USERNAME: 'ana',
  KAFKA_SASL_PASSWORD: 'hidden-one',
};
const oauth = {
  KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
  KAFKA_SASL_MECHANISM: 'OAUTHBEARER',
  KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: 'https://login.example/token',
  KAFKA_SASL_OAUTHBEARER_CLIENT_ID: 'id',
  KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: 'hidden-two',
};

test('without settings there is neither TLS nor a password, and so with those of the stack', () => {
  expect(read({})).toEqual({ brokers: 'k:1', security: {} });
  expect(read({ ...plain, ...NO_SECURITY })).toEqual({ brokers: 'k:1', security: {} });
});

test('what the settings say is what kafkajs gets', () => {
  expect(read(plain).security).toEqual({
    sasl: { mechanism: 'plain', username: 'ana', password: 'hidden-one' },
  });
  expect(read({ ...oauth, KAFKA_SSL_CA: ca }).security).toMatchObject({
    ssl: { ca: expect.stringContaining('BEGIN CERTIFICATE') as string },
    sasl: { mechanism: 'oauthbearer' },
  });
  // Without a CA of their own, those of Node.js.
  expect(read({ KAFKA_SECURITY_PROTOCOL: 'SSL' }).security).toEqual({ ssl: {} });
});

test.each<[string, Record<string, string>, RegExp]>([
  [
    'an unknown protocol',
    { KAFKA_SECURITY_PROTOCOL: 'TLS' },
    /KAFKA_SECURITY_PROTOCOL=TLS: needs one of PLAINTEXT, SSL/,
  ],
  [
    'a protocol in small letters',
    { KAFKA_SECURITY_PROTOCOL: 'ssl' },
    /KAFKA_SECURITY_PROTOCOL=ssl: needs one of/,
  ],
  [
    'an unknown mechanism',
    { ...plain, KAFKA_SASL_MECHANISM: 'GSSAPI' },
    /MECHANISM=GSSAPI: needs one of PLAIN, SCRAM/,
  ],
  [
    'no mechanism',
    { ...plain, KAFKA_SASL_MECHANISM: '' },
    /MECHANISM=\(not set\): is needed with .*SASL_PLAINTEXT/,
  ],
  [
    'no user',
    { ...plain, KAFKA_SASL_USERNAME: '' },
    /USERNAME=\(not set\): is needed with KAFKA_SASL_MECHANISM=PLAIN/,
  ],
  [
    'no password',
    { ...plain, KAFKA_SASL_PASSWORD: '' },
    /PASSWORD=\(not set\): is needed, or KAFKA_SASL_PASSWORD_FILE/,
  ],
  [
    'a password without SASL',
    { KAFKA_SASL_PASSWORD: 'hidden' },
    /PASSWORD=\(hidden\): is not used with .*=PLAINTEXT/,
  ],
  [
    'a CA without TLS',
    { KAFKA_SSL_CA: '/ca.pem' },
    /KAFKA_SSL_CA=\/ca.pem: is not used with .*=PLAINTEXT; set that to SSL/,
  ],
  [
    'SASL settings with TLS alone',
    { ...plain, KAFKA_SECURITY_PROTOCOL: 'SSL' },
    /USERNAME=ana: is not used with .*=SSL/,
  ],
  [
    'a user of OAUTHBEARER',
    { ...oauth, KAFKA_SASL_USERNAME: 'ana' },
    /USERNAME=ana: is not used with .*OAUTHBEARER/,
  ],
  [
    'a token endpoint of PLAIN',
    { ...oauth, ...plain },
    /TOKEN_ENDPOINT_URL=https.*: is not used with .*=PLAIN/,
  ],
  [
    'a token endpoint in the open',
    { ...oauth, KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: 'http://login.example/t' },
    /needs an address such as https/,
  ],
  [
    'a token endpoint that is none',
    { ...oauth, KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: 'login.example' },
    /needs an address such as https/,
  ],
  [
    'a token file that is not there',
    { ...oauth, KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: 'file:///none' },
    /there is no such file/,
  ],
  ['no client', { ...oauth, KAFKA_SASL_OAUTHBEARER_CLIENT_ID: '' }, /CLIENT_ID=\(not set\): is needed/],
  [
    'no client secret',
    { ...oauth, KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: '' },
    /CLIENT_SECRET=\(not set\): is needed, or/,
  ],
  [
    'extensions that are none',
    { ...oauth, KAFKA_SASL_OAUTHBEARER_EXTENSIONS: 'logicalCluster' },
    /needs NAME=VALUE/,
  ],
  [
    'an extension of that name',
    { ...oauth, KAFKA_SASL_OAUTHBEARER_EXTENSIONS: 'a=1,auth=2' },
    /none of them "auth"/,
  ],
  [
    'a module that is not there',
    { ...oauth, KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: '', KAFKA_SASL_OAUTHBEARER_MODULE: '/none.cjs' },
    /MODULE=\/none.cjs: cannot be loaded/,
  ],
  [
    'a module beside an endpoint',
    { ...oauth, KAFKA_SASL_OAUTHBEARER_MODULE: '/none.cjs' },
    /_URL=https.*: stands beside/,
  ],
  ['a broker without a port', { KAFKA_BROKERS: 'k' }, /KAFKA_BROKERS=k: needs HOST:PORT/],
  [
    'a broker with a protocol',
    { KAFKA_BROKERS: 'SASL_SSL://k:9093' },
    /KAFKA_BROKERS=.*without a protocol before/,
  ],
  ['a comma too many', { KAFKA_BROKERS: 'k:1,' }, /KAFKA_BROKERS=k:1,: needs HOST:PORT/],
])('is refused, by name, with what is valid: %s', (_what, env, message) => {
  expect(said(env)).toMatch(message);
  expect(said(env)).not.toMatch(/hidden-/);
});

test('a module that gives no function is refused', () => {
  const module = file('nothing.cjs', 'module.exports = { token: 1 };');
  const env = {
    ...oauth,
    KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: '',
    KAFKA_SASL_OAUTHBEARER_MODULE: module,
  };
  expect(said(env)).toMatch(/needs a default export that is a function/);
});

test('whatever is set, it is used or refused, and no secret is told', () => {
  const some = <T extends string>(...values: T[]) => fc.constantFrom('', ...values);
  const settings = fc.record({
    KAFKA_SECURITY_PROTOCOL: some(...PROTOCOLS),
    KAFKA_SASL_MECHANISM: some(...MECHANISMS),
    KAFKA_SASL_USERNAME: some('ana'),
    KAFKA_SASL_PASSWORD: some('hidden-1'),
    KAFKA_SSL_CERT: some('/none'),
    KAFKA_SSL_KEY: some('-----BEGIN PRIVATE KEY-----\nhidden-2'),
    KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: some('https://u:hidden-3@login.example/', 'nowhere'),
    KAFKA_SASL_OAUTHBEARER_CLIENT_ID: some('id'),
    KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: some('hidden-4'),
    KAFKA_SASL_OAUTHBEARER_SCOPE: some('kafka'),
  });
  fc.assert(
    fc.property(settings, (env) => {
      const message = said(env);
      expect(message).not.toMatch(/hidden-/);
      if (message !== '') return;
      const { ssl, sasl } = read(env).security;
      expect(ssl !== undefined).toBe(env.KAFKA_SECURITY_PROTOCOL.endsWith('SSL'));
      expect(sasl !== undefined).toBe(env.KAFKA_SECURITY_PROTOCOL.startsWith('SASL'));
      // What was set and is not used would have been refused.
      if (env.KAFKA_SASL_PASSWORD !== '') expect(sasl).toMatchObject({ password: 'hidden-1' });
      if (env.KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET !== '') expect(sasl?.mechanism).toBe('oauthbearer');
    }),
  );
});
