import { OperatorError } from '@rastreio/runtime';
import { waitUntil } from '../waitUntil';

const TIMEOUT_MS = 30_000;
const FIRST_TIMEOUT_MS = 10_000;
const FIRST_PATIENCE_MS = 120_000;
const SHOWN = 300;

/** Grafana's HTTP API as its administrator. @throws OperatorError that names the request and Grafana's own words */
export interface Api {
  /**
   * Waits until Grafana answers who is asking, and whether the password is right, which can be changed on the screen. A Grafana that
   * has just started is healthy before it can: while it makes its first encryption key, it and the first request may wait for one
   * another ("database is locked") until one of them gives up.
   */
  knowsUs(): Promise<boolean>;
  get<T>(path: string): Promise<T>;
  /** Undefined where Grafana has no such thing. */
  find<T>(path: string): Promise<T | undefined>;
  send(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<void>;
  /** Asks again until `check` no longer throws, for at most this long. */
  until<T>(what: string, check: () => Promise<T>, timeoutMs: number): Promise<T>;
}

export interface Access {
  readonly url: string;
  readonly password: string;
  /** Ends what is going on. */
  readonly signal?: AbortSignal | undefined;
}

/** The API of the Grafana at `url`, whose user `admin` has this password. */
export function createApi({ url, password, signal }: Access): Api {
  const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
  const ask = async (method: string, path: string, body?: object, timeoutMs = TIMEOUT_MS) =>
    fetch(`${url}${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const taken = async (method: string, path: string, response: Response) => {
    if (response.ok) return response;
    const text = (await response.text()).slice(0, SHOWN);
    throw new OperatorError(`${method} ${url}${path} answered ${response.status}: ${text}`);
  };
  const until = <T>(what: string, check: () => Promise<T>, timeoutMs: number) =>
    waitUntil(what, check, { timeoutMs, signal });
  return {
    until,
    knowsUs: () =>
      until(
        'Grafana',
        async () => {
          const response = await ask('GET', '/api/org', undefined, FIRST_TIMEOUT_MS);
          if (response.status === 401) return false;
          await taken('GET', '/api/org', response);
          return true;
        },
        FIRST_PATIENCE_MS,
      ),
    async get<T>(path: string) {
      return (await taken('GET', path, await ask('GET', path))).json() as Promise<T>;
    },
    async find<T>(path: string) {
      const response = await ask('GET', path);
      if (response.status === 404) return undefined;
      return (await taken('GET', path, response)).json() as Promise<T>;
    },
    async send(method, path, body) {
      await taken(method, path, await ask(method, path, body));
    },
  };
}
