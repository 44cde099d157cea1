import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAuthority } from '@rastreio/testing/certificates';
import { readTlsFiles } from './files';

const NAMES = { ca: 'THE_CA', cert: 'THE_CERT', key: 'THE_KEY' };
const authority = createAuthority('CA');
const client = authority.issue({ name: 'ana' });

let dir: string;
beforeAll(() => (dir = mkdtempSync(path.join(tmpdir(), 'rastreio-tls-'))));
afterAll(() => rmSync(dir, { recursive: true }));

const file = (name: string, text: string) => {
  writeFileSync(path.join(dir, name), text);
  return path.join(dir, name);
};

test('files that belong together are read as they are', () => {
  const paths = {
    ca: file('ca', `# ours\n${authority.cert}\n${createAuthority('next').cert}`),
    cert: file('cert', client.cert),
    key: file('key', client.key),
  };
  const { files, problems } = readTlsFiles(NAMES, paths);
  expect(problems).toEqual([]);
  expect(files.ca?.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  expect([files.cert, files.key]).toEqual([client.cert, client.key]);
});

test('no file is none', () => expect(readTlsFiles(NAMES, {})).toEqual({ files: {}, problems: [] }));

const expired = { name: 'ana', until: new Date('2026-01-02T03:04:05Z') };
const encrypted = () =>
  createPrivateKey(client.key)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hidden' })
    .toString();

test.each<[string, () => Partial<Record<'ca' | 'cert' | 'key', string>>, string, RegExp]>([
  ['a CA that is not there', () => ({ ca: '/none/ca.pem' }), 'THE_CA', /^there is no such file$/],
  ['a CA that is a folder', () => ({ ca: dir }), 'THE_CA', /^is a folder/],
  ['a CA that is empty', () => ({ ca: file('empty', '') }), 'THE_CA', /^holds no certificate in PEM form/],
  ['a CA that is a key', () => ({ ca: file('akey', client.key) }), 'THE_CA', /^holds no certificate/],
  [
    'a CA that was cut off',
    () => ({ ca: file('cut', authority.cert.replace(/\n.{20}/, '\n')) }),
    'THE_CA',
    /^holds no certificate/,
  ],
  [
    'a CA that has expired',
    () => ({ ca: file('old', authority.issue(expired).cert) }),
    'THE_CA',
    /^expired on 2026-01-02T03:04:05/,
  ],
  [
    'a CA itself for its path',
    () => ({ ca: authority.cert }),
    'THE_CA',
    /^give the path of a file with this in it$/,
  ],
  [
    'a certificate without its key',
    () => ({ cert: file('c1', client.cert) }),
    'THE_KEY',
    /private key of THE_CERT/,
  ],
  [
    'a key without its certificate',
    () => ({ key: file('k1', client.key) }),
    'THE_CERT',
    /certificate of THE_KEY/,
  ],
  [
    'a key of another certificate',
    () => ({ cert: file('c2', client.cert), key: file('k2', authority.issue({ name: 'bia' }).key) }),
    'THE_KEY',
    /is not the key of the certificate that stands first in THE_CERT/,
  ],
  [
    'a key with a password',
    () => ({ cert: file('c3', client.cert), key: file('k3', encrypted()) }),
    'THE_KEY',
    /is encrypted; write it without a password/,
  ],
  [
    'a key that is none',
    () => ({ cert: file('c4', client.cert), key: file('k4', client.cert) }),
    'THE_KEY',
    /holds no private key in PEM form/,
  ],
  [
    'a certificate that has expired',
    () => {
      const own = authority.issue(expired);
      return { cert: file('c5', own.cert), key: file('k5', own.key) };
    },
    'THE_CERT',
    /^expired on 2026-01-02/,
  ],
])('says what is wrong with %s', (_what, paths, name, message) => {
  const { problems } = readTlsFiles(NAMES, paths());
  expect(problems).toEqual([
    expect.objectContaining({ name, message: expect.stringMatching(message) as string }),
  ]);
});
