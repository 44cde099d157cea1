import { printable } from '@rastreio/runtime';
import { KafkaJSConnectionError, KafkaJSNonRetriableError } from 'kafkajs';

/** What is sent to a broker as OAUTHBEARER (RFC 7628). */
export interface Token {
  readonly value: string;
  readonly extensions?: Readonly<Record<string, string>>;
}

/** Gives a token that is good now; asked for each connection, and again before the broker ends the session. */
export type TokenSource = () => Promise<Token>;

export interface TokenEndpoint {
  readonly url: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string;
}

/** Where tokens are given, nobody knows us. */
export class TokenRefusedError extends KafkaJSNonRetriableError {
  override name = 'TokenRefusedError';
}

const TIMEOUT_MS = 10_000;
/** A token is asked for anew when this part of its life is left, so that no session begins with one that is about to end. */
const LEFT = 0.2;
/** Where the endpoint does not say how long a token lives. */
const DEFAULT_LIFE_S = 300;
const MAX_TOLD = 200;

/**
 * Tokens for client credentials (RFC 6749, section 4.4), kept until a fifth of their life is left. Many connections that ask at
 * once cost one request.
 *
 * @param clock milliseconds
 * @returns rejects with an error that kafkajs tries again where the endpoint is away, and with a final one where it says no
 */
export function createTokenEndpoint(
  { url, clientId, clientSecret, scope }: TokenEndpoint,
  clock: () => number = Date.now,
): TokenSource {
  let kept: { readonly token: Token; readonly renewAt: number } | undefined;
  let asking: Promise<Token> | undefined;
  const ask = async (): Promise<Token> => {
    const asked = clock();
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        authorization: `Basic ${Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString('base64')}`,
      },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        ...(scope !== undefined && { scope }),
      }),
      // A redirect would carry the secret elsewhere.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((error: Error) => {
      throw new KafkaJSConnectionError(`no token from ${url.origin}: ${reasonOf(error)}`);
    });
    const body = await response.text().catch((error: Error) => error.message);
    if (!response.ok) throw refused(url, response.status, body);
    const { access_token: value, expires_in: life } = asObject(body);
    if (typeof value !== 'string' || value === '')
      throw new KafkaJSConnectionError(
        `no token from ${url.origin}: its answer is no JSON object with an access_token`,
      );
    const lifeMs = 1000 * (Number(life) > 0 ? Number(life) : DEFAULT_LIFE_S);
    const token = { value };
    kept = { token, renewAt: asked + lifeMs * (1 - LEFT) };
    return token;
  };
  return () => {
    if (kept !== undefined && clock() < kept.renewAt) return Promise.resolve(kept.token);
    return (asking ??= ask().finally(() => (asking = undefined)));
  };
}

/** Each of the two parts is encoded before they are joined: RFC 6749, section 2.3.1. */
function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

/** 4xx is about what we sent, but for "try later" (408, 425, 429). */
function refused({ origin }: URL, status: number, body: string): Error {
  const { error, error_description: description } = asObject(body);
  const told = [error, description].filter((part) => typeof part === 'string').join(': ');
  const text = `no token from ${origin}: ${status} ${printable(told.slice(0, MAX_TOLD))}`.trimEnd();
  const later = status >= 500 || [408, 425, 429].includes(status);
  return later ? new KafkaJSConnectionError(text) : new TokenRefusedError(text);
}

function asObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** What fetch itself says is only that it failed. */
function reasonOf(error: Error): string {
  const { cause } = error as { cause?: { message?: string; code?: string } };
  return cause?.message || cause?.code || error.message;
}
