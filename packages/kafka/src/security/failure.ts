import { isNativeError } from 'node:util/types';
import { explainTlsFailure, printable, type Explained } from '@rastreio/runtime';
import { TokenNotTakenError } from './oauthBearer';
import { TokenRefusedError } from './tokenEndpoint';
import { TLS_NAMES, type KafkaSecurity } from './connection';

interface Failure extends Error {
  readonly code?: string | undefined;
  /** Of an error that a broker answered. */
  readonly type?: string | undefined;
}

/**
 * Says why a client is not let in, and what to do about it.
 *
 * @returns undefined for a failure of another kind, such as a broker that is away
 */
export function explainFailure(error: unknown, security: KafkaSecurity = {}): Explained | undefined {
  for (let e = error; isNativeError(e); e = e.cause) {
    const found = explainOne(e, security);
    if (found !== undefined) return found;
  }
  return undefined;
}

function explainOne(error: Failure, { ssl, sasl }: KafkaSecurity): Explained | undefined {
  const { name, message, type = '' } = error;
  const code = typeof error.code === 'string' ? error.code : undefined;
  const mechanism = (sasl?.mechanism ?? '').toUpperCase();
  if (type === 'ILLEGAL_SASL_STATE')
    return {
      text: 'this listener asks for no name and password; set KAFKA_SECURITY_PROTOCOL to PLAINTEXT or SSL, or use the port of a SASL listener',
      permanent: true,
    };
  if (type === 'UNSUPPORTED_SASL_MECHANISM' || message.includes('mechanism is not supported'))
    return {
      text: `the broker does not offer ${mechanism}; set KAFKA_SASL_MECHANISM to one that it offers`,
      permanent: true,
    };
  if (error instanceof TokenRefusedError)
    return {
      text: `${message}; correct KAFKA_SASL_OAUTHBEARER_CLIENT_ID and KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET`,
      permanent: true,
    };
  if (error instanceof TokenNotTakenError)
    return {
      text: `the broker does not take this token (${printable(message)}); its audience, issuer, scope or KAFKA_SASL_OAUTHBEARER_EXTENSIONS are not what the broker expects`,
      permanent: true,
    };
  if (name === 'KafkaJSSASLAuthenticationError' || type === 'SASL_AUTHENTICATION_FAILED')
    return {
      text: `the broker does not take this name and password for ${mechanism}; correct KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD`,
      permanent: true,
    };
  if (name === 'KafkaJSConnectionClosedError') return cutOff(ssl !== undefined, sasl !== undefined);
  return explainTlsFailure({ code, message }, TLS_NAMES, ssl?.cert !== undefined);
}

/** A listener that wants something else says nothing and hangs up, as does a proxy whose broker is away. */
function cutOff(tls: boolean, sasl: boolean): Explained | undefined {
  if (tls && sasl) return undefined;
  const also = [
    ...(tls ? [] : [`to ${sasl ? 'SASL_SSL' : 'SSL or SASL_SSL'} if this is the port of a TLS listener`]),
    ...(sasl ? [] : [`to ${tls ? 'SASL_SSL' : 'SASL_PLAINTEXT'} if it asks for a name and password`]),
  ];
  return {
    text: `the connection was cut at the first request; set KAFKA_SECURITY_PROTOCOL ${also.join(', or ')}`,
    permanent: false,
  };
}
