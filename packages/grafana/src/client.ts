import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { authorization, type Target } from './auth';
import { asObject, asText, type Json } from './json';

const REQUEST_TIMEOUT_MS = 30_000;
const ASK_AGAIN_MS = 500;
const SHOWN_ANSWER = 500;

/** What Grafana answered when it was not what was asked for. */
export class ApiError extends OperatorError {
  readonly status: number;
  /** The answer as it came. */
  readonly body: string;

  constructor(message: string, status: number, body: string) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

/** Asks Grafana's HTTP API. Every method throws an {@link ApiError} that names the request and Grafana's own words. */
export interface Client {
  /** For messages; without user and password. */
  readonly url: string;
  get<T = Json>(path: string): Promise<T>;
  /** Undefined where Grafana has no such thing. */
  find<T = Json>(path: string): Promise<T | undefined>;
  send<T = Json>(method: 'POST' | 'PUT', path: string, body?: Json): Promise<T>;
  /** What is gone already is as wanted: a group, for example, goes with the last rule that another group takes over. */
  remove(path: string): Promise<void>;
}

/** A client that signs in on each request. What alerting resources it writes stay editable on the screen. */
export function createClient(target: Target): Client {
  const ask = async <T>(method: string, path: string, body?: Json): Promise<T> => {
    const response = await request(target, method, path, body);
    const text = await response.text();
    if (!response.ok) throw refusal(target, method, path, response.status, text);
    try {
      return (text === '' ? null : JSON.parse(text)) as T;
    } catch (error) {
      throw new OperatorError(
        `${method} ${target.url}${path} answered no JSON; is this address a Grafana?`,
        EXIT.wrong,
        { cause: error },
      );
    }
  };
  const unlessMissing = async <T>(method: string, path: string): Promise<T | undefined> => {
    try {
      return await ask<T>(method, path);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  };
  return {
    url: target.url,
    get: (path) => ask('GET', path),
    find: (path) => unlessMissing('GET', path),
    send: (method, path, body) => ask(method, path, body),
    remove: async (path) => void (await unlessMissing('DELETE', path)),
  };
}

/**
 * Waits for a Grafana that is starting.
 *
 * @throws OperatorError with the last reason when it is not ready after `timeoutMs`
 */
export async function waitForGrafana(target: Target, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const reason = await health(target);
    if (reason === undefined) return;
    if (Date.now() > deadline)
      throw new OperatorError(
        `${target.url} is not ready after ${Math.round(timeoutMs / 1000)} s: ${reason}; start Grafana or correct --url`,
      );
    await sleep(ASK_AGAIN_MS);
  }
}

/** Why Grafana cannot be asked yet; undefined when it can. */
async function health(target: Target): Promise<string | undefined> {
  try {
    const response = await request(target, 'GET', '/api/health');
    if (!response.ok) return `/api/health answers ${response.status}`;
    const { database } = asObject(await response.json());
    return database === 'ok' ? undefined : `its database is ${JSON.stringify(database)}`;
  } catch (error) {
    return (error as Error).message;
  }
}

async function request(target: Target, method: string, path: string, body?: Json): Promise<Response> {
  try {
    return await fetch(`${target.url}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        authorization: authorization(target.auth),
        'x-disable-provenance': 'true',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
  } catch (error) {
    const { cause, message } = error as Error & { cause?: NodeJS.ErrnoException };
    const reason = cause?.code ?? cause?.message ?? message;
    throw new OperatorError(
      `${method} ${target.url}${path}: no answer (${reason}); is Grafana running?`,
      EXIT.wrong,
      { cause: error },
    );
  }
}

function refusal({ url }: Target, method: string, path: string, status: number, text: string): ApiError {
  const what = `${method} ${url}${path} answered ${status}`;
  if (status === 401)
    return new ApiError(
      `${what}: Grafana does not know this user, password or token; correct GRAFANA_PASSWORD or GRAFANA_TOKEN`,
      status,
      text,
    );
  if (status === 403)
    return new ApiError(
      `${what}: this user may not; use one with role Admin (${message(text)})`,
      status,
      text,
    );
  return new ApiError(`${what}: ${message(text)}`, status, text);
}

/** Grafana's own words. */
function message(text: string): string {
  let parsed: Json;
  try {
    parsed = JSON.parse(text) as Json;
  } catch {
    return text.slice(0, SHOWN_ANSWER);
  }
  const { message, error } = asObject(parsed);
  return asText(message) || asText(error) || text.slice(0, SHOWN_ANSWER);
}
