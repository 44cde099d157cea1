import { EXIT, OperatorError } from '@rastreio/runtime';

/** How to sign in: a service account's token, or a user. */
export type Auth = { readonly token: string } | { readonly user: string; readonly password: string };

export interface Target {
  /** Without user and password, without a slash at the end. */
  readonly url: string;
  readonly auth: Auth;
}

/**
 * Where Grafana is and who asks: user and password stand in the URL or in GRAFANA_USER (default admin) and GRAFANA_PASSWORD; a token
 * of a service account with role Admin stands in GRAFANA_TOKEN.
 *
 * @throws OperatorError usage when the URL is none, configuration when nothing says who asks
 */
export function readTarget(
  text: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Target {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol))
    // The text itself may hold a password.
    throw new OperatorError(
      'The URL of Grafana is none; give --url http://localhost:3000 or set GRAFANA_URL',
      EXIT.usage,
    );
  const url = `${parsed.origin}${parsed.pathname}`.replace(/\/+$/, '');
  if (parsed.username !== '')
    return {
      url,
      auth: { user: decodeURIComponent(parsed.username), password: decodeURIComponent(parsed.password) },
    };
  const { GRAFANA_TOKEN: token, GRAFANA_USER: user, GRAFANA_PASSWORD: password } = env;
  if (isSet(token)) return { url, auth: { token } };
  if (isSet(password)) return { url, auth: { user: isSet(user) ? user : 'admin', password } };
  throw new OperatorError(
    `${url}: nobody is signed in; set GRAFANA_PASSWORD (and GRAFANA_USER unless it is admin) or GRAFANA_TOKEN`,
    EXIT.config,
  );
}

/** The value of the header Authorization. */
export function authorization(auth: Auth): string {
  if ('token' in auth) return `Bearer ${auth.token}`;
  return `Basic ${Buffer.from(`${auth.user}:${auth.password}`).toString('base64')}`;
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
