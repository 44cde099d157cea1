import type { ConnectionOptions } from 'node:tls';
import {
  readTlsFiles,
  wrongSettings,
  type TlsNames,
  type TlsPaths,
  type WrongSetting,
} from '@rastreio/runtime';

/** What libpq's sslmode asks for: https://www.postgresql.org/docs/17/libpq-ssl.html#LIBPQ-SSL-PROTECTION */
export const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
type SslMode = (typeof SSL_MODES)[number];

/** Those that begin without encryption or fall back to it. */
const OPPORTUNIST = new Set(['allow', 'prefer']);
/** libpq's name for the CAs of the system; here those of Node.js. */
const SYSTEM = 'system';

const URL_NAMES = { mode: 'sslmode', ca: 'sslrootcert', cert: 'sslcert', key: 'sslkey' } as const;
const ENV_NAMES = { mode: 'PGSSLMODE', ca: 'PGSSLROOTCERT', cert: 'PGSSLCERT', key: 'PGSSLKEY' } as const;
type Part = keyof typeof URL_NAMES;
/** What we read and pg is not told. */
const OURS: readonly string[] = [...Object.values(URL_NAMES), 'channel_binding', 'uselibpqcompat'];
/** pg takes care of it: whether TLS begins at once or after a request for it. */
const LEFT_TO_PG = 'sslnegotiation';

export interface Connection {
  /** The URL without what is said of TLS in it: pg understands it otherwise than libpq, and the next pg otherwise again. */
  readonly connectionString: string;
  readonly ssl: false | ConnectionOptions;
  readonly enableChannelBinding?: boolean;
}

/**
 * How to connect to the database of a URL: with its own `sslmode`, `sslrootcert`, `sslcert` and `sslkey`, and where it has none of a
 * name, with what PGSSLMODE, PGSSLROOTCERT, PGSSLCERT and PGSSLKEY say; libpq's meanings. Without any of them, without TLS.
 *
 * @throws OperatorError (exit code 78) that lists every wrong setting
 */
export function connectionOf(
  databaseUrl: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Connection {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : undefined;
  // What pg makes of such a text is its affair.
  if (url === undefined) return { connectionString: databaseUrl, ssl: false };
  const asked = new Set(url.searchParams.keys());
  const problems: WrongSetting[] = [];
  const { said, names } = readSettings(url, env);
  const binding = url.searchParams.get('channel_binding');
  if (binding === 'require')
    problems.push({
      name: 'channel_binding',
      value: binding,
      message:
        'this client cannot insist on it; use sslmode=verify-full, which protects as well, and leave this out',
    });
  for (const [name, value] of [...url.searchParams]) {
    if (name.startsWith('ssl') && !OURS.includes(name) && name !== LEFT_TO_PG)
      problems.push({
        name,
        value,
        message: `is not known here; use ${Object.values(URL_NAMES).join(', ')}`,
      });
  }
  const ssl = readSsl(said, names, problems);
  for (const name of OURS) url.searchParams.delete(name);
  // As in libpq: what stays on this machine needs none.
  const socket = url.searchParams.get('host')?.startsWith('/') === true;
  if (problems.length > 0) throw wrongSettings(problems);
  return {
    connectionString: OURS.some((name) => asked.has(name)) ? url.toString() : databaseUrl,
    ssl: !socket && ssl,
    ...(binding === 'prefer' && { enableChannelBinding: true }),
  };
}

/** What is said of TLS, unchecked, for a program that connects by itself: mode and paths. */
export function tlsSettings(
  databaseUrl: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Partial<Record<Part, string>> {
  return readSettings(new URL(databaseUrl), env).said;
}

/** What the URL says, else the environment, and by which names. */
function readSettings(url: URL, env: Readonly<Record<string, string | undefined>>) {
  const names: Record<Part, string> = { ...URL_NAMES };
  const said: Partial<Record<Part, string>> = {};
  for (const part of Object.keys(URL_NAMES) as Part[]) {
    const inUrl = url.searchParams.get(URL_NAMES[part]);
    if (inUrl === null) names[part] = ENV_NAMES[part];
    const value = inUrl ?? env[ENV_NAMES[part]];
    if (value !== undefined && value !== '') said[part] = value;
  }
  return { said, names };
}

function readSsl(
  { mode, ca, cert, key }: Partial<Record<Part, string>>,
  names: Record<Part, string>,
  problems: WrongSetting[],
): false | ConnectionOptions {
  if (mode !== undefined && !isMode(mode)) {
    problems.push({
      name: names.mode,
      value: mode,
      message: OPPORTUNIST.has(mode)
        ? 'would go on without encryption where the server has none, or somebody between says so; use disable, require, verify-ca or verify-full'
        : `needs one of ${SSL_MODES.join(', ')}`,
    });
    return false;
  }
  if (mode === undefined || mode === 'disable') {
    for (const [part, value] of Object.entries({ ca, cert, key }))
      // Of the environment, they are for another server.
      if (value !== undefined && (mode === undefined || names[part as Part] !== ENV_NAMES[part as Part]))
        problems.push({
          name: names[part as Part],
          value,
          message: `is not used ${mode === undefined ? 'without sslmode' : 'with sslmode=disable'}; set sslmode=verify-full, or leave this out`,
        });
    return false;
  }
  return tlsOptions(mode, { ca, cert, key }, names, problems);
}

function isMode(mode: string): mode is SslMode {
  return (SSL_MODES as readonly string[]).includes(mode);
}

/**
 * What tls.connect needs for a mode and files. With a CA, `require` checks as `verify-ca` does, as in libpq.
 *
 * @param problems told of each file that is of no use, under its name
 */
export function tlsOptions(
  mode: Exclude<SslMode, 'disable'>,
  { ca, cert, key }: { readonly [part in keyof TlsPaths]: string | undefined },
  names: TlsNames,
  problems: WrongSetting[],
): ConnectionOptions {
  const ofSystem = ca === SYSTEM;
  if (mode !== 'verify-full' && ofSystem)
    problems.push({
      name: names.ca,
      value: ca,
      message: 'anybody gets a certificate of a public CA; use sslmode=verify-full with it',
    });
  if (mode === 'verify-ca' && ca === undefined)
    problems.push({
      name: names.ca,
      value: ca,
      message: 'verify-ca needs the file of the CA; use sslmode=verify-full with a public one',
    });
  const read = readTlsFiles(names, {
    ...(ca !== undefined && !ofSystem && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  });
  problems.push(...read.problems);
  return {
    ...read.files,
    ...(mode === 'require' && ca === undefined && { rejectUnauthorized: false }),
    ...(mode !== 'verify-full' && { checkServerIdentity: () => undefined }),
  };
}
