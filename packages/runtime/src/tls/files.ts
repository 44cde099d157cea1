import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { WrongSetting } from '../config';

/** The names of the settings that say where the files of a TLS connection are, for telling people which to correct. */
export interface TlsNames {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Paths of files in PEM form: the CA's certificates, this client's certificate with those above it, its key. */
export type TlsPaths = Readonly<Partial<Record<keyof TlsNames, string>>>;

/** The files' text, as tls.connect takes it. */
export interface TlsFiles {
  ca?: string;
  cert?: string;
  key?: string;
}

const CERTIFICATE = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END (?:TRUSTED )?CERTIFICATE-----/g;

/**
 * Reads the files and looks whether a connection can be made with them: TLS itself would say so only when it is made, and of a CA
 * that is none not even then.
 *
 * @returns the files and what is wrong with them; with a problem the files are of no use
 */
export function readTlsFiles(
  names: TlsNames,
  paths: TlsPaths,
  now: Date = new Date(),
): { readonly files: TlsFiles; readonly problems: readonly WrongSetting[] } {
  const problems: WrongSetting[] = [];
  const files: TlsFiles = {};
  const wrong = (part: keyof TlsNames, message: string) =>
    problems.push({ name: names[part], value: paths[part], message });
  const read = (part: keyof TlsNames) => {
    const path = paths[part];
    if (path === undefined) return undefined;
    try {
      return (files[part] = readFileSync(path, 'utf8'));
    } catch (error) {
      wrong(part, unreadable(path, error as NodeJS.ErrnoException));
      return undefined;
    }
  };
  const certificates = (part: 'ca' | 'cert') => {
    const text = read(part);
    if (text === undefined) return [];
    const found = parseCertificates(text);
    if (found.length === 0)
      wrong(part, 'holds no certificate in PEM form (it begins with -----BEGIN CERTIFICATE-----)');
    const dates = found.map(({ validTo }) => new Date(validTo));
    const last = part === 'ca' ? dates.sort((a, b) => b.getTime() - a.getTime())[0] : dates[0];
    if (last !== undefined && last < now)
      wrong(part, `expired on ${last.toISOString()}; put a valid one there`);
    return found;
  };
  certificates('ca');
  const [own] = certificates('cert');
  const key = toKey(read('key'), (message) => wrong('key', message));
  if (paths.cert !== undefined && paths.key === undefined)
    wrong('key', `needs the path of the private key of ${names.cert}`);
  if (paths.key !== undefined && paths.cert === undefined)
    wrong('cert', `needs the path of the certificate of ${names.key}`);
  if (own !== undefined && key !== undefined && !own.checkPrivateKey(key))
    wrong('key', `is not the key of the certificate that stands first in ${names.cert}`);
  return { files, problems };
}

function parseCertificates(text: string): X509Certificate[] {
  try {
    return [...text.matchAll(CERTIFICATE)].map(([pem]) => new X509Certificate(pem));
  } catch {
    return [];
  }
}

function toKey(text: string | undefined, wrong: (message: string) => void): KeyObject | undefined {
  if (text === undefined) return undefined;
  try {
    return createPrivateKey(text);
  } catch {
    wrong(
      text.includes('ENCRYPTED')
        ? 'is encrypted; write it without a password (openssl pkey -in KEY -out FILE) into a file that only this user can read'
        : 'holds no private key in PEM form (it begins with -----BEGIN PRIVATE KEY-----)',
    );
    return undefined;
  }
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'is a folder; give the path of a file',
  ENAMETOOLONG: 'is no path of a file',
};

/** Why a file that a setting names cannot be read. */
export function unreadable(path: string, { code = '', message }: NodeJS.ErrnoException): string {
  if (path.includes('-----BEGIN')) return 'give the path of a file with this in it';
  return UNREADABLE[code] ?? message;
}
