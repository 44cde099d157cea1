import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isLoopback, unreadable } from '@rastreio/runtime';
import { KafkaJSConnectionError } from 'kafkajs';
import { createTokenEndpoint, type Token, type TokenSource } from './tokenEndpoint';
import type { KafkaSettings } from './settings';

type Wrong = (name: keyof KafkaSettings, message: string) => void;

const URL_NAME = 'KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL';
const MODULE_NAME = 'KAFKA_SASL_OAUTHBEARER_MODULE';
const ID_NAME = 'KAFKA_SASL_OAUTHBEARER_CLIENT_ID';

/**
 * Where the settings say that tokens come from: an endpoint, a file or a module.
 *
 * @param secret reads the client's secret, which only an endpoint needs
 * @param wrong told of each setting that cannot be used; then nothing is returned
 */
export function tokenSource(
  settings: KafkaSettings,
  secret: () => string | undefined,
  wrong: Wrong,
): TokenSource | undefined {
  const { [URL_NAME]: address, [MODULE_NAME]: module, [ID_NAME]: clientId } = settings;
  const extensions = readExtensions(settings, wrong);
  if (module !== undefined) {
    if (address !== undefined) wrong(URL_NAME, `stands beside ${MODULE_NAME}; leave one of them out`);
    return withExtensions(loadModule(module, wrong), extensions);
  }
  const url = address === undefined || !URL.canParse(address) ? undefined : new URL(address);
  if (url?.protocol === 'file:') return withExtensions(fromFile(url, wrong), extensions);
  if (
    url === undefined ||
    !(
      url.protocol === 'https:' ||
      (url.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[|\]$/g, '')))
    )
  ) {
    wrong(
      URL_NAME,
      'needs an address such as https://login.example/oauth2/token (http only on this machine: the secret would travel in the open), or file:///path/of/token',
    );
    return undefined;
  }
  if (clientId === undefined) wrong(ID_NAME, `is needed with ${URL_NAME}`);
  const clientSecret = secret();
  if (clientId === undefined || clientSecret === undefined) return undefined;
  const scope = settings.KAFKA_SASL_OAUTHBEARER_SCOPE;
  return withExtensions(
    createTokenEndpoint({ url, clientId, clientSecret, ...(scope !== undefined && { scope }) }),
    extensions,
  );
}

function withExtensions(
  source: TokenSource | undefined,
  extensions: Readonly<Record<string, string>> | undefined,
): TokenSource | undefined {
  if (source === undefined || extensions === undefined) return source;
  return async () => {
    const token = await source();
    return { ...token, extensions: { ...extensions, ...token.extensions } };
  };
}

/** Name and value of an extension: https://www.rfc-editor.org/rfc/rfc7628#section-3.1 */
const EXTENSION = /^([A-Za-z]+)=([\x20-\x7e]+)$/;

function readExtensions(
  { KAFKA_SASL_OAUTHBEARER_EXTENSIONS: text }: KafkaSettings,
  wrong: Wrong,
): Readonly<Record<string, string>> | undefined {
  if (text === undefined) return undefined;
  const pairs = text.split(',').map((pair) => EXTENSION.exec(pair.trim()));
  if (pairs.some((pair) => pair === null || pair[1] === 'auth')) {
    wrong(
      'KAFKA_SASL_OAUTHBEARER_EXTENSIONS',
      'needs NAME=VALUE, several separated by commas, names of letters alone and none of them "auth"',
    );
    return undefined;
  }
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']));
}

/** Read again each time: whoever writes tokens there replaces them before they expire. */
function fromFile(url: URL, wrong: Wrong): TokenSource | undefined {
  const file = fileURLToPath(url);
  try {
    readFileSync(file);
  } catch (error) {
    wrong(URL_NAME, unreadable(file, error as NodeJS.ErrnoException));
    return undefined;
  }
  return async () => {
    const value = await readFile(file, 'utf8').catch((error: Error) => {
      throw new KafkaJSConnectionError(`no token in ${file}: ${error.message}`);
    });
    return { value: value.trim() };
  };
}

function loadModule(file: string, wrong: Wrong): TokenSource | undefined {
  const absolute = path.resolve(file);
  try {
    const loaded = createRequire(absolute)(absolute) as { default?: unknown };
    const give = typeof loaded === 'function' ? loaded : loaded.default;
    if (typeof give === 'function') return askModule(give as () => unknown, file);
    wrong(MODULE_NAME, 'needs a default export that is a function and gives { value: TOKEN }');
  } catch (error) {
    wrong(MODULE_NAME, `cannot be loaded: ${(error as Error).message.split('\n')[0] ?? ''}`);
  }
  return undefined;
}

function askModule(give: () => unknown, file: string): TokenSource {
  return async () => {
    // Whatever it throws may pass, as where it asks a service of its own.
    const token = await Promise.resolve()
      .then(give)
      .catch((error: Error) => {
        throw new KafkaJSConnectionError(`no token from ${file}: ${error.message}`);
      });
    if (isToken(token)) return token;
    throw new KafkaJSConnectionError(`no token from ${file}: it gave no { value: TOKEN }`);
  };
}

function isToken(token: unknown): token is Token {
  return typeof token === 'object' && token !== null && 'value' in token && typeof token.value === 'string';
}
