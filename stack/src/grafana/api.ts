import { OperatorError } from '@rastreio/runtime';

const TIMEOUT_MS = 30_000;
const SHOWN = 300;

/** Grafana's HTTP API as its administrator. @throws OperatorError that names the request and Grafana's own words */
export interface Api {
  /** Whether the password is right; it can be changed on the screen. */
  knowsUs(): Promise<boolean>;
  get<T>(path: string): Promise<T>;
  /** Undefined where Grafana has no such thing. */
  find<T>(path: string): Promise<T | undefined>;
  send(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<void>;
}

export interface Access {
  readonly url: string;
  readonly password: string;
}

/** The API of the Grafana at `url`, whose user `admin` has this password. */
export function createApi({ url, password }: Access): Api {
  const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
  const ask = async (method: string, path: string, body?: object) =>
    fetch(`${url}${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const taken = async (method: string, path: string, response: Response) => {
    if (response.ok) return response;
    const text = (await response.text()).slice(0, SHOWN);
    throw new OperatorError(`${method} ${url}${path} answered ${response.status}: ${text}`);
  };
  return {
    async knowsUs() {
      const response = await ask('GET', '/api/org');
      if (response.status === 401) return false;
      await taken('GET', '/api/org', response);
      return true;
    },
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
