import { EXIT, OperatorError } from '@rastreio/runtime';
import { proofOf, readSecret } from '@rastreio/producer';
import type { Dialect } from '@rastreio/simulator';
import { findProfile } from '../../source/folder';
import { refusalOf, REQUEST_TIMEOUT_MS, sendAgainAndAgain, type Answer, type TryOptions } from './http';
import { NONE_REFUSED, type Outgoing, type Target } from './target';

export interface SourceTargetOptions extends TryOptions {
  readonly dialect: Dialect;
  readonly seed: number;
  /** Folder of the source profiles. */
  readonly profiles: string;
  /** Of the HTTP source, sent as `Authorization: Bearer`: for a profile without an authentication of its own. */
  readonly apiKey: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Webhooks under way at a time. */
const AT_ONCE = 32;

/**
 * Posts each message as a webhook of the source: a payload to `/fontes/{perfil}` with the profile's key or signature. An overloaded or
 * absent source is tried again; a payload that the profile cannot read is taken, too, and becomes a dead letter.
 *
 * @throws OperatorError (2) when the profile's secret is not there
 */
export async function sourceTarget(options: SourceTargetOptions): Promise<Target> {
  const { dialect, profiles, env, seed } = options;
  const { auth } = await findProfile(dialect.profile, profiles);
  const read = await readSecret(auth, env);
  if (!read.ok)
    throw new OperatorError(
      `the profile ${dialect.profile} needs a secret, and ${read.why}; give the same one to the HTTP source and to this command`,
      EXIT.usage,
    );
  const url = sourceUrl(options.url, dialect.profile);
  const send = ({ text }: Outgoing) =>
    sendAgainAndAgain(
      () => {
        const body = Buffer.from(text);
        return postPayload(url, body, proofOf(auth, read.secret, body, Date.now()), options.apiKey);
      },
      { ...options, url: url.href },
    );
  return {
    format: dialect.format(seed),
    async send(batch) {
      const waiting = batch.values();
      const failures: unknown[] = [];
      // After a failure nobody takes another one, so that what was not sent was not.
      const sendRest = async () => {
        for (const outgoing of waiting) {
          if (failures.length > 0) return;
          await send(outgoing).catch((error: unknown) => failures.push(error));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, sendRest));
      if (failures.length > 0) throw failures[0];
      return NONE_REFUSED;
    },
    close: () => Promise.resolve(),
  };
}

/** `/fontes/{perfil}` of the HTTP source at an address, which may name that path already. */
function sourceUrl(text: string, profile: string): URL {
  const path = `/fontes/${profile}`;
  if (!URL.canParse(text)) throw wrongUrl(text, path);
  const url = new URL(text);
  if (url.pathname === '/') url.pathname = path;
  if (url.pathname !== path) throw wrongUrl(text, path);
  return url;
}

function wrongUrl(text: string, path: string): OperatorError {
  return new OperatorError(
    `--url ${text} is not where these payloads go; give the HTTP source's address, such as http://localhost:8080 or http://localhost:8080${path}`,
    EXIT.usage,
  );
}

async function postPayload(
  base: URL,
  body: Buffer,
  { headers, query }: ReturnType<typeof proofOf>,
  apiKey: string | undefined,
): Promise<Answer> {
  const url = new URL(base);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      ...headers,
    },
    body,
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  const text = await response.text();
  return response.status === 202 ? NONE_REFUSED : refusalOf(response, text);
}
