// Every way to connect with TLS, and every way to be turned away, against a real server with certificates of its own.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAuthority } from '@rastreio/testing/certificates';
import { startSecuredDatabase, type SecuredDatabase } from '@rastreio/testing/securedDatabase';
import { Pool } from 'pg';
import { withClient } from './provision';
import { connectTo } from './pool';
import { connectionOf } from './tls';

const PASSWORD = 'segredo-escondido';
const ca = createAuthority('nossa CA');
const other = createAuthority('outra CA');

let dir: string;
let database: SecuredDatabase;
let files: Record<
  'ca' | 'otherCa' | 'cert' | 'key' | 'strangerCert' | 'strangerKey' | 'biaCert' | 'biaKey',
  string
>;
const environment = { ...process.env };

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-pg-tls-'));
  const file = async (name: string, text: string) => {
    await writeFile(path.join(dir, name), text);
    return path.join(dir, name);
  };
  const [own, stranger, bia] = [
    ca.issue({ name: 'com_certificado' }),
    other.issue({ name: 'com_certificado' }),
    ca.issue({ name: 'bia' }),
  ];
  files = {
    ca: await file('ca.pem', ca.cert),
    otherCa: await file('other.pem', other.cert),
    cert: await file('own.crt', own.cert),
    key: await file('own.key', own.key),
    strangerCert: await file('stranger.crt', stranger.cert),
    strangerKey: await file('stranger.key', stranger.key),
    biaCert: await file('bia.crt', bia.cert),
    biaKey: await file('bia.key', bia.key),
  };
  database = await startSecuredDatabase({
    certificate: ca.issue({ name: 'localhost', hosts: ['localhost'] }),
    clientCa: ca.cert,
    hba: [
      'hostssl all com_certificado 127.0.0.1/32 scram-sha-256 clientcert=verify-full',
      'hostssl all com_senha 127.0.0.1/32 scram-sha-256',
      'hostssl all so_certificado 127.0.0.1/32 cert',
    ],
  });
  await withClient(database.adminUrl, async (client) => {
    for (const role of ['com_senha', 'com_certificado', 'so_certificado'])
      await client.query(`CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}'`);
  });
});
afterEach(() => (process.env = { ...environment }));
afterAll(async () => {
  await database.remove();
  await rm(dir, { recursive: true });
});

interface Place {
  readonly role?: string;
  readonly host?: string;
  readonly password?: string;
  readonly query?: Readonly<Record<string, string>>;
}

function urlOf({ role = 'com_senha', host = 'localhost', password = PASSWORD, query = {} }: Place): string {
  return `postgresql://${role}:${password}@${host}:${database.port}/postgres?${new URLSearchParams(query).toString()}`;
}

/** Whether the connection is one with TLS. */
async function encrypted(url: string): Promise<boolean | undefined> {
  const ask = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
  const { rows } = await withClient(url, (client) => client.query<{ ssl: boolean }>(ask));
  return rows[0]?.ssl;
}

const full = () => ({ sslmode: 'verify-full', sslrootcert: files.ca });
const own = () => ({ sslcert: files.cert, sslkey: files.key });

test.each<[string, () => Place]>([
  ['require, whoever signed the certificate', () => ({ query: { sslmode: 'require' } })],
  ['require, whatever name it is of', () => ({ host: '127.0.0.1', query: { sslmode: 'require' } })],
  ['require with a CA', () => ({ query: { sslmode: 'require', sslrootcert: files.ca } })],
  [
    'verify-ca, whatever name it is of',
    () => ({ host: '127.0.0.1', query: { ...full(), sslmode: 'verify-ca' } }),
  ],
  ['verify-full', () => ({ query: full() })],
  ['a certificate of ours', () => ({ role: 'com_certificado', query: { ...full(), ...own() } })],
  [
    'a URL that is for other clients, too',
    () => ({ query: { ...full(), uselibpqcompat: 'true', channel_binding: 'prefer' } }),
  ],
])('connects: %s', async (_name, place) => {
  const warned: unknown[] = [];
  const listener = (warning: Error) => warned.push(warning.message);
  process.on('warning', listener);
  expect(await encrypted(urlOf(place()))).toBe(true);
  const pool = new Pool({ ...connectTo(urlOf(place())), max: 2 });
  await Promise.all([pool.query('SELECT 1'), pool.query('SELECT 2')]);
  await pool.end();
  process.off('warning', listener);
  // pg's own reading of sslmode warns of its next version.
  expect(warned).toEqual([]);
});

test('what the URL does not say, PGSSLMODE and its like say; the URL wins', async () => {
  Object.assign(process.env, {
    PGSSLMODE: 'verify-full',
    PGSSLROOTCERT: files.ca,
    PGSSLCERT: files.cert,
    PGSSLKEY: files.key,
  });
  expect(await encrypted(urlOf({ role: 'com_certificado' }))).toBe(true);
  expect(await encrypted(database.adminUrl)).toBe(false);
  process.env.PGSSLROOTCERT = files.otherCa;
  expect(await encrypted(urlOf({ role: 'com_certificado', query: { sslrootcert: files.ca } }))).toBe(true);
  await expect(encrypted(urlOf({ role: 'com_certificado' }))).rejects.toThrow(/signed by nobody/);
});

test.each<[string, () => Place, RegExp]>([
  [
    'a wrong password',
    () => ({ password: 'another', query: full() }),
    /does not take this user and password/,
  ],
  [
    'a role that is not there',
    () => ({ role: 'ninguem', query: full() }),
    /no pg_hba.conf entry|does not take/,
  ],
  ['no TLS', () => ({}), /lets nobody in without TLS.*; set sslmode=verify-full in the URL, or PGSSLMODE/],
  [
    'a CA of others',
    () => ({ query: { ...full(), sslrootcert: files.otherCa } }),
    /nobody who is trusted here .*set sslrootcert/,
  ],
  [
    'require with a CA of others',
    () => ({ query: { sslmode: 'require', sslrootcert: files.otherCa } }),
    /nobody who is trusted/,
  ],
  [
    'verify-ca with a CA of others',
    () => ({ query: { sslmode: 'verify-ca', sslrootcert: files.otherCa } }),
    /nobody who is/,
  ],
  [
    'verify-full with the CAs of Node.js',
    () => ({ query: { sslmode: 'verify-full' } }),
    /nobody who is trusted here/,
  ],
  [
    'another name',
    () => ({ host: '127.0.0.1', query: full() }),
    /is of another name \(.*127\.0\.0\.1.*\); use a name/,
  ],
  [
    'no certificate of ours',
    () => ({ role: 'com_certificado', query: full() }),
    /asks for a certificate of ours; set sslcert/,
  ],
  [
    'a certificate that others signed',
    () => ({
      role: 'com_certificado',
      query: { ...full(), sslcert: files.strangerCert, sslkey: files.strangerKey },
    }),
    /does not take our certificate .*; sslcert needs one/,
  ],
  [
    'a certificate of another user',
    () => ({ role: 'com_certificado', query: { ...full(), sslcert: files.biaCert, sslkey: files.biaKey } }),
    /must have the user as its common name/,
  ],
  [
    'a certificate of another user in the stead of a password',
    () => ({ role: 'so_certificado', query: { ...full(), sslcert: files.biaCert, sslkey: files.biaKey } }),
    /our certificate is of another user: its common name/,
  ],
  ['prefer', () => ({ query: { sslmode: 'prefer' } }), /sslmode=prefer: would go on without encryption/],
  ['an unknown mode', () => ({ query: { sslmode: 'on' } }), /sslmode=on: needs one of disable, require/],
  [
    'verify-ca without a CA',
    () => ({ query: { sslmode: 'verify-ca' } }),
    /verify-ca needs the file of the CA/,
  ],
  [
    'public CAs without their names',
    () => ({ query: { sslmode: 'require', sslrootcert: 'system' } }),
    /use sslmode=verify-full/,
  ],
  [
    'a CA without a mode',
    () => ({ query: { sslrootcert: files.ca } }),
    /sslrootcert=.*: is not used without sslmode/,
  ],
  [
    'a CA that is not there',
    () => ({ query: { ...full(), sslrootcert: '/none' } }),
    /sslrootcert=\/none: there is no such/,
  ],
  [
    'a certificate without its key',
    () => ({ query: { ...full(), sslcert: files.cert } }),
    /private key of sslcert/,
  ],
  [
    'a name of another program',
    () => ({ query: { ssl: 'true' } }),
    /ssl=true: is not known here; use sslmode/,
  ],
  [
    'a password of a key',
    () => ({ query: { ...full(), sslpassword: PASSWORD } }),
    /sslpassword=\(hidden\): is not known here/,
  ],
  [
    'binding that cannot be insisted on',
    () => ({ query: { ...full(), channel_binding: 'require' } }),
    /cannot insist on it/,
  ],
])('is turned away: %s', async (_name, place, message) => {
  const attempt = encrypted(urlOf(place()));
  await expect(attempt).rejects.toMatchObject({
    exitCode: 78,
    message: expect.stringMatching(message) as string,
  });
  await expect(attempt).rejects.not.toThrow(PASSWORD);
});

test('a wrong PGSSLMODE is told by that name', () => {
  const read = () => connectionOf('postgresql://h/d', { PGSSLMODE: 'prefer', PGSSLCERT: '' });
  expect(read).toThrow(/PGSSLMODE=prefer: would go on without encryption/);
});

test('of a URL that says nothing of TLS not a letter changes; a socket of this machine needs none', () => {
  const odd = "postgresql://u:p%40^ '@h/d?application_name=a b";
  expect(connectionOf(odd, {})).toEqual({ connectionString: odd, ssl: false });
  const socket = 'postgresql:///d?host=/run/postgresql';
  expect(connectionOf(socket, { PGSSLMODE: 'require' })).toEqual({ connectionString: socket, ssl: false });
  expect(connectionOf('no url', { PGSSLMODE: 'require' })).toEqual({
    connectionString: 'no url',
    ssl: false,
  });
});

test('a server without TLS is no place for a password', async () => {
  await database.speakTls(false);
  await expect(encrypted(urlOf({ query: full() }))).rejects.toMatchObject({
    exitCode: 78,
    message: expect.stringMatching(/speaks no TLS; set its ssl to on, or sslmode=disable/) as string,
  });
});
